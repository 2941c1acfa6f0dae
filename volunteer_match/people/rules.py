"""Who may be a volunteer, and how an application moves."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from volunteer_match.actor import Role

ADULT_AGE = 18
MINIMUM_AGE = 13
MAX_HOURS_PER_WEEK = 6
MAX_SESSIONS_PER_WEEK = 3


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
        E.SCREEN: (S.SCREENING,), E.ADMIT: (*WAITING, S.ACTIVE), E.REJECT: (S.REJECTED,), E.WITHDRAW: (S.WITHDRAWN,),
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
