"""What matching is fed with beside needs and people, as plain data, and the limits of a run."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from volunteer_match.matching.core.types import Weights
from volunteer_match.people.rules import WeeklySpan

DEFAULT_WEEKS = 4
MAX_WEEKS = 12
TRAVEL_BUFFER_MINUTES = 15
TIME_LIMIT_SECONDS = 20.0
PRICE_LIMIT_SECONDS = 10.0
"""For one exchange somebody waits for on a page."""
MEND_LIMIT_SECONDS = 5.0
"""For filling the gaps of one week again, in the worker."""
GIVEN_UP_AFTER = timedelta(minutes=10)
"""A run begun longer ago lost its worker and may be taken by another."""
AT_ONCE_PAIRS = 100_000
"""Up to so many (place, person) pairs a run is done while the coordinator waits; above, by the worker."""
SHARDED_SESSIONS = 1_000
"""A run over more sessions is solved in shards, by as many workers as there are."""
SHARD_SECONDS = 30.0
SHARD_GRACE = timedelta(seconds=60)
"""A shard begun this much longer ago than its time limit lost its worker and is solved by another."""
SHARD_TRIES = 3
"""After so many workers were lost over a shard it is planned without a solver."""
RECENT = timedelta(days=56)
NEWCOMER_SESSIONS = 1


class RunKind(StrEnum):
    """What a run is for."""

    DESK = "desk"
    """Its proposals go to the desk."""
    TRIAL = "trial"
    """Other wishes tried out; nothing on the desk changes."""
    REPLAY = "replay"
    """A stored problem solved once more, to see whether the plan is the same."""


class PairKind(StrEnum):
    """What a coordinator wants of a pair."""

    KEEP = "keep"
    NEVER = "never"


WISHES = (
    "spread_load",
    "wanted_skill",
    "distance",
    "continuity",
    "interest",
    "newcomer_first",
    "waiting",
)
"""What coordinators may weigh against each other; safety, coverage and places are not among it."""
_TIMES = (0.0, 0.5, 1.0, 2.0, 4.0)
USUAL_STEP = 2
STEPS = range(len(_TIMES))


def weights_of(steps: Mapping[str, int]) -> Weights:
    """Return the weights for steps from 0 (does not count) over 2 (as usual) to 4 (very much)."""
    usual = Weights()
    changed = {name: getattr(usual, name) * _TIMES[steps.get(name, USUAL_STEP)] for name in WISHES}
    return replace(usual, **changed)


NEVER_CODES = ("wish_person", "wish_partner", "no_match", "other")
"""Why two are kept apart; codes, since words about a person would outlive them here."""


@dataclass(frozen=True)
class Taken:
    """A place somebody holds: asked and not yet answered, confirmed, or past."""

    opening_id: str
    session_id: str
    volunteer_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Settled:
    """A pair that a person has decided about and that is not to be proposed again."""

    opening_id: str
    volunteer_id: str
    state: str


@dataclass(frozen=True)
class Lendable:
    """A room or a thing on offer: its kind, how many, where, and when in a usual week and on which days."""

    offer_id: str
    partner_id: str
    kind: str
    quantity: int
    place: tuple[float, float] | None
    """Where it is fetched; None for a room, to which the people come."""
    weekly: tuple[WeeklySpan, ...]
    first_day: date | None = None
    last_day: date | None = None
    last_asked: date | None = None


@dataclass(frozen=True)
class Lent:
    """A thing that is asked for or agreed for one request of one session."""

    session_id: str
    item_id: str
    offer_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Lending:
    """What there is to lend, what is lent, and which pairs somebody has decided about."""

    offers: tuple[Lendable, ...] = ()
    lent: tuple[Lent, ...] = ()
    settled: tuple[tuple[str, str, str, str], ...] = ()
    """(session, item, offer, state) not to be proposed again."""
    familiar: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """How often an offer has served a need."""


def request_id(session_id: str, item_id: str) -> str:
    """Return the role of the core that asks for a thing in a session."""
    return f"{session_id}:{item_id}"


def request_of(role_id: str) -> tuple[str, str] | None:
    """Return the session and the item a role asks for, or None when it asks for people."""
    session_id, colon, item_id = role_id.partition(":")
    return (session_id, item_id) if colon else None


@dataclass(frozen=True)
class History:
    """What placements know: who holds which place, who was asked how often, who knows which need."""

    taken: tuple[Taken, ...] = ()
    settled: tuple[Settled, ...] = ()
    wishes: tuple[tuple[str, str], ...] = ()
    """(volunteer, need) pairs of people who applied themselves."""
    recent_sessions: Mapping[str, int] = field(default_factory=dict)
    recent_asks: Mapping[str, int] = field(default_factory=dict)
    last_asked: Mapping[str, date] = field(default_factory=dict)
    familiar: Mapping[tuple[str, str], int] = field(default_factory=dict)
    unfilled_share: Mapping[str, float] = field(default_factory=dict)
    """Share of recent places per partner that stayed empty."""
    lending: Lending = field(default_factory=Lending)


def guests(
    familiar: Mapping[tuple[str, str], int], known: Collection[str], places: Mapping[str, int]
) -> frozenset[tuple[str, str]]:
    """Return who has served which need without being a regular there.

    A need with so many places has one regular fewer: those of the known people who have served it most.
    """
    by_need: dict[str, list[tuple[int, str]]] = {}
    for (who, need), times in familiar.items():
        if who in known and need in places:
            by_need.setdefault(need, []).append((-times, who))
    return frozenset(
        (who, need) for need, people in by_need.items() for _times, who in sorted(people)[places[need] - 1 :]
    )


def monday_of(day: date) -> date:
    """Return the Monday of the week a day falls into."""
    return day - timedelta(days=day.weekday())


def week_key(day: date) -> str:
    """Return the key of the local week a day falls into: its Monday."""
    return monday_of(day).isoformat()


def horizon(first_day: date, weeks: int) -> tuple[date, date]:
    """Return the first day and the last day of that many weeks, the present one counting as the first."""
    weeks = min(max(weeks, 1), MAX_WEEKS)
    monday = first_day - timedelta(days=first_day.weekday())
    return first_day, monday + timedelta(days=7 * weeks - 1)
