"""Who may be a volunteer, how an application moves, and when a person is free."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from volunteer_match.actor import Role

ADULT_AGE = 18
MINIMUM_AGE = 13
MAX_HOURS_PER_WEEK = 6
MAX_SESSIONS_PER_WEEK = 3
USUAL_LANGUAGE = "pl"


class VolunteerState(StrEnum):
    """Where a volunteer's application stands."""

    DRAFT = "draft"
    """Signing up: address not confirmed yet, or the steps not finished."""
    SUBMITTED = "submitted"
    SCREENING = "screening"
    AWAITING_GUARDIAN = "awaiting_guardian"
    AWAITING_CLEARANCE = "awaiting_clearance"
    AWAITING_AGREEMENT = "awaiting_agreement"
    ACTIVE = "active"
    PAUSED = "paused"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class VolunteerEvent(StrEnum):
    """What moves an application."""

    SUBMIT = "submit"
    SCREEN = "screen"
    ADMIT = "admit"
    """The coordinator admits; the next state follows from what is still missing."""
    REASSESS = "reassess"
    """A paper was recorded or withdrawn."""
    PAUSE = "pause"
    RESUME = "resume"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    END = "end"


S, E = VolunteerState, VolunteerEvent
WAITING = (S.AWAITING_GUARDIAN, S.AWAITING_CLEARANCE, S.AWAITING_AGREEMENT)
# From -> event -> possible targets. ADMIT and REASSESS choose among theirs by what is missing.
TRANSITIONS: Mapping[VolunteerState, Mapping[VolunteerEvent, tuple[VolunteerState, ...]]] = {
    S.DRAFT: {E.SUBMIT: (S.SUBMITTED,), E.WITHDRAW: (S.WITHDRAWN,)},
    S.SUBMITTED: {
        E.SCREEN: (S.SCREENING,), E.ADMIT: (*WAITING, S.ACTIVE), E.REJECT: (S.REJECTED,),
        E.WITHDRAW: (S.WITHDRAWN,),
    },
    S.SCREENING: {E.ADMIT: (*WAITING, S.ACTIVE), E.REJECT: (S.REJECTED,), E.WITHDRAW: (S.WITHDRAWN,)},
    **{
        state: {
            E.REASSESS: (*WAITING, S.ACTIVE), E.REJECT: (S.REJECTED,), E.WITHDRAW: (S.WITHDRAWN,),
        }
        for state in WAITING
    },
    S.ACTIVE: {E.PAUSE: (S.PAUSED,), E.END: (S.ENDED,), E.REASSESS: (*WAITING, S.ACTIVE)},
    S.PAUSED: {E.RESUME: (S.ACTIVE,), E.END: (S.ENDED,)},
    S.REJECTED: {E.SCREEN: (S.SCREENING,)},
    S.WITHDRAWN: {E.SUBMIT: (S.SUBMITTED,)},
    S.ENDED: {},
}  # fmt: skip
WHO: Mapping[VolunteerEvent, frozenset[Role]] = {
    E.SUBMIT: frozenset({Role.VOLUNTEER, Role.COORDINATOR}),
    E.SCREEN: frozenset({Role.COORDINATOR}),
    E.ADMIT: frozenset({Role.COORDINATOR}),
    E.REASSESS: frozenset({Role.COORDINATOR, Role.OFFICER}),
    E.PAUSE: frozenset({Role.VOLUNTEER, Role.COORDINATOR}),
    E.RESUME: frozenset({Role.VOLUNTEER, Role.COORDINATOR}),
    E.REJECT: frozenset({Role.COORDINATOR}),
    E.WITHDRAW: frozenset({Role.VOLUNTEER, Role.COORDINATOR}),
    E.END: frozenset({Role.VOLUNTEER, Role.COORDINATOR}),
}


def age_on(birth: date, day: date) -> int:
    """Return the full years of age on the day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


WHEN_STAFF_MUST_SAY_WHY = frozenset({E.REJECT, E.END})
SERVING = frozenset({S.ACTIVE, S.PAUSED})
ADMITTED = frozenset({*WAITING, *SERVING})
OPEN = frozenset({S.SUBMITTED, S.SCREENING, *WAITING, *SERVING})


def possible_events(state: VolunteerState, roles: Collection[Role]) -> frozenset[VolunteerEvent]:
    """Return what somebody with the roles may do to an application in the state."""
    return frozenset(event for event in TRANSITIONS[state] if not WHO[event].isdisjoint(roles))


@dataclass(frozen=True)
class Answers:
    """What of a sign-up decides whether it can be sent."""

    birth_date: date | None
    skills: int
    """Skills chosen and suggestions written."""
    weekly_hours: int
    """Stretches of the weekly grid."""


def missing_answers(answers: Answers) -> tuple[str, ...]:
    """Return the sections of the sign-up that still need an answer."""
    missing = []
    if not answers.skills:
        missing.append("skills")
    if not answers.weekly_hours:
        missing.append("week")
    if answers.birth_date is None:
        missing.append("limits")
    return tuple(missing)


def birth_date_problem(birth: date, today: date) -> str | None:
    """Return the code of what is wrong with a birth date, if anything."""
    if birth > today:
        return "birth_date_in_future"
    age = age_on(birth, today)
    if age > 110:
        return "birth_date_too_old"
    return "too_young" if age < MINIMUM_AGE else None


def is_minor(birth: date | None, day: date) -> bool:
    """Tell whether a person of at least 13 still needs a guardian's consent on the day."""
    return birth is not None and age_on(birth, day) < ADULT_AGE


@dataclass(frozen=True)
class Deciding:
    """The answers that decide which papers and whose consent are due."""

    birth_date: date | None
    foreign_citizen: bool
    lived_abroad: bool


def unsays(before: Deciding, after: Deciding, day: date) -> bool:
    """Tell whether the new answers could make a paper or a consent unnecessary that the old ones ask for."""
    minor = is_minor(before.birth_date, day) and before.birth_date != after.birth_date
    less_foreign = before.foreign_citizen and not after.foreign_citizen
    return minor or less_foreign or (before.lived_abroad and not after.lived_abroad)


def paused_on(paused_from: date | None, paused_until: date | None, day: date) -> bool:
    """Tell whether a pause covers the day; one without an end lasts until it is taken back."""
    if paused_from is None:
        return False
    return paused_from <= day and (paused_until is None or day <= paused_until)


def seen_state(
    state: VolunteerState, paused_from: date | None, paused_until: date | None, day: date
) -> VolunteerState:
    """Return how the state looks on the day: who is active but on a planned break is seen as on a break."""
    on_break = state is VolunteerState.ACTIVE and paused_on(paused_from, paused_until, day)
    return VolunteerState.PAUSED if on_break else state


@dataclass(frozen=True)
class DayPart:
    """A column of the weekly grid, in minutes of the local day."""

    code: str
    starts: int
    ends: int


DAY_PARTS = (
    DayPart("morning", 8 * 60, 12 * 60),
    DayPart("noon", 12 * 60, 15 * 60),
    DayPart("afternoon", 15 * 60, 18 * 60),
    DayPart("evening", 18 * 60, 21 * 60),
)
GRID_CELLS = tuple(f"{day}-{part.code}" for day in range(7) for part in DAY_PARTS)
MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, order=True)
class WeeklySpan:
    """A stretch of local time on a weekday (Monday is 0), in minutes of the day."""

    weekday: int
    starts: int
    ends: int


def spans_of_cells(cells: Iterable[str]) -> tuple[WeeklySpan, ...]:
    """Turn ticked cells of the grid into stretches; neighbours become one."""
    parts = {part.code: part for part in DAY_PARTS}
    spans = []
    for cell in cells:
        day, _, code = cell.partition("-")
        spans.append(WeeklySpan(int(day), parts[code].starts, parts[code].ends))
    return joined_spans(spans)


def cells_of_spans(spans: Iterable[WeeklySpan]) -> tuple[str, ...]:
    """Return the cells of the grid that the stretches cover whole."""
    spans = joined_spans(spans)
    return tuple(
        f"{day}-{part.code}"
        for day in range(7)
        for part in DAY_PARTS
        if any(s.weekday == day and s.starts <= part.starts and part.ends <= s.ends for s in spans)
    )


def joined_spans(spans: Iterable[WeeklySpan]) -> tuple[WeeklySpan, ...]:
    """Return the stretches in order, with those that touch or overlap made one."""
    joined: list[WeeklySpan] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last and last.weekday == span.weekday and span.starts <= last.ends:
            joined[-1] = WeeklySpan(span.weekday, last.starts, max(last.ends, span.ends))
        else:
            joined.append(span)
    return tuple(joined)


EVERY_DAY = spans_of_cells(GRID_CELLS)
"""The week of somebody who can come at any reasonable time."""
