"""Data at the edge of the matching core: what a problem says and what a plan answers.

Everything is frozen and compares by value. Times are aware UTC datetimes, ids are strings that are unique
within their kind. Nothing here is worded for people: reasons are codes with facts, the pages word them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Point = tuple[float, float]
Interval = tuple[datetime, datetime]
Fact = str | int | float | bool | None
Facts = dict[str, Fact]

FORMAT_VERSION = 1
MODEL_VERSION = "1"
ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting at one time and place; `partner` posted it, `organiser` answers for clearances."""

    id: str
    need: str
    partner: str
    starts: datetime
    ends: datetime
    organiser: str | None = None
    week: str | None = None
    children: int = 0
    min_cleared_adults: int = 0
    staff_cleared_adults: int = 0
    priority: int = 1
    place: Point | None = None
    remote: bool = False
    step_free: bool = False
    newcomers_alone: bool = False
    rotating: bool = False
    """One of its places goes to somebody new to the group, as far as only the fit decides."""


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of place in a session: how many people and what they must or may bring.

    `resource` asks for a room or a thing instead, by kind and quantity: `required_skills={"chairs": 20}`.
    """

    id: str
    session: str
    min: int
    preferred: int
    required_skills: dict[str, int] = field(default_factory=dict)
    wanted_skills: dict[str, float] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    min_age: int = 0
    driving_licence: bool = False
    resource: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What a volunteer already gives in a week outside this problem; counts towards the weekly caps."""

    week: str
    hours: float
    sessions: int


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A person who may serve; `None` limits mean no limit, `available=None` means at any time.

    `resource` marks a room or a thing that somebody lends; its skills are its kind with the quantity.
    """

    id: str
    age: int | None = None
    born: date | None = None
    cleared_until: date | None = None
    cleared_for: dict[str, date] = field(default_factory=dict)
    agreed_until: date | None = None
    skills: dict[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    available: tuple[Interval, ...] | None = None
    away: tuple[Interval, ...] = ()
    busy: tuple[Interval, ...] = ()
    max_hours_per_week: float | None = None
    max_sessions_per_week: int | None = None
    max_new: int | None = None
    used: tuple[Use, ...] = ()
    place: Point | None = None
    radius_km: float | None = None
    needs_step_free: bool = False
    driving_licence: bool = False
    recent_sessions: int = 0
    recent_asks: int = 0
    last_asked: date | None = None
    newcomer: bool = False
    withheld: tuple[str, ...] = ()
    resource: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much inside the last level; never above coverage, places and extras."""

    wanted_skill: float = 1.0
    continuity: float = 1.0
    distance: float = 0.5
    newcomer_first: float = 0.5
    interest: float = 0.5
    waiting: float = 0.5
    keep_offers: float = 1.0
    spread_load: float = 1.0


@dataclass(frozen=True, slots=True)
class Familiar:
    """How many times a volunteer has served a need before.

    Where one place of a session rotates, only regulars are liked better for it.
    """

    volunteer: str
    need: str
    times: int
    regular: bool = True


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A volunteer who must not serve a partner, need, session or role (`target` is any of their ids)."""

    volunteer: str
    target: str
    reason: str = "conflict"


@dataclass(frozen=True, slots=True)
class Override:
    """Hours or quality of one pair when they differ from the session's length or the usual components."""

    role: str
    volunteer: str
    hours: float | None = None
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything one matching run decides about."""

    now: datetime
    sessions: tuple[Session, ...]
    roles: tuple[Role, ...]
    volunteers: tuple[Volunteer, ...]
    seed: int = 1
    familiar: tuple[Familiar, ...] = ()
    interested: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    pairs: tuple[Override, ...] = ()
    partner_deficit: dict[str, float] = field(default_factory=dict)
    travel_buffer_minutes: int = 0
    availability_buffer_minutes: int = 0
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with its facts: a hard rule that blocks, a cause, or a change that would help."""

    code: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Component:
    """One named part of a pair's quality; the parts sum exactly to the score."""

    code: str
    points: int
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loss:
    """What the whole plan would lose on one level."""

    level: str
    amount: float


@dataclass(frozen=True, slots=True)
class Regret:
    """What the plan loses by taking another person; `exact` from a proved re-solve, else an upper bound."""

    losses: tuple[Loss, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The next best eligible person for a place; `free` if nothing else in the plan keeps them."""

    volunteer: str
    score: int
    free: bool
    regret: Regret | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One person proposed (or already confirmed, `fixed`) for one role."""

    role: str
    volunteer: str
    score: int
    reasons: tuple[Component, ...]
    fixed: bool = False
    runner_up: RunnerUp | None = None


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Places of a role that stay empty below its minimum, why, and what would open them."""

    role: str
    missing: int
    why: tuple[Reason, ...]
    openers: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SessionState:
    """Whether a session can run under the plan: all minimums and the joint rules."""

    session: str
    runnable: bool
    cleared_adults: int
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the objective: what the plan reaches and the most any plan could, given those before."""

    name: str
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Return the distance to the bound, relative to the bound."""
        if self.bound <= self.value:
            return 0.0
        return (self.bound - self.value) / max(1.0, abs(self.bound))


PlanStatus = Literal["optimal", "feasible", "infeasible"]
LEVELS = ("coverage", "places", "extras", "quality")


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer: who serves where, what stays open, and how far from the best possible this is."""

    status: PlanStatus
    assignments: tuple[Assignment, ...]
    unfilled: tuple[Unfilled, ...]
    sessions: tuple[SessionState, ...]
    levels: tuple[Level, ...]
    solver: str
    seed: int
    inputs_sha256: str
    seconds: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """One eligible person for a role: `score` is quality less the cost of load, `reasons` sum to it."""

    volunteer: str
    score: int
    reasons: tuple[Component, ...]


Outcome = Literal["fixed", "proposed", "blocked", "elsewhere", "capped", "friends", "unstaffed", "no_place"]


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why a volunteer is, or is not, at a role in a plan.

    `blocked`: hard rules (`blockers`); `elsewhere`: serves `reasons` role at that time; `capped`: the plan
    already uses up a cap; `friends`: would separate people who come together; `unstaffed`: the session's
    joint rule cannot be met; `no_place`: eligible, others were better for the whole plan.
    """

    role: str
    volunteer: str
    outcome: Outcome
    score: int
    components: tuple[Component, ...]
    blockers: tuple[Reason, ...]
    reasons: tuple[Reason, ...]
