"""The life of a match, as data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from volunteer_match.actor import Role


class MatchState(StrEnum):
    """Where a match stands."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    OFFERED = "offered"
    DECLINED = "declined"
    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    HELD = "held"
    """Accepted, but a safeguarding condition stopped holding."""
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    EXCUSED = "excused"
    NO_SHOW = "no_show"


class MatchEvent(StrEnum):
    """What moves a match."""

    PROPOSE = "propose"
    REJECT = "reject"
    SUPERSEDE = "supersede"
    APPROVE = "approve"
    """A coordinator approves: the place and the volunteer's time are taken, the offer is mailed."""
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    COMPLETE = "complete"
    EXCUSE = "excuse"
    MISS = "miss"


S, E = MatchState, MatchEvent
TRANSITIONS: Mapping[MatchState, Mapping[MatchEvent, MatchState]] = {
    S.PROPOSED: {E.REJECT: S.REJECTED, E.SUPERSEDE: S.SUPERSEDED, E.APPROVE: S.OFFERED},
    S.SUPERSEDED: {E.PROPOSE: S.PROPOSED},
    S.OFFERED: {E.ACCEPT: S.CONFIRMED, E.DECLINE: S.DECLINED, E.EXPIRE: S.EXPIRED, E.CANCEL: S.CANCELLED},
    S.CONFIRMED: {
        E.DECLINE: S.DECLINED, E.HOLD: S.HELD, E.CANCEL: S.CANCELLED,
        E.COMPLETE: S.COMPLETED, E.EXCUSE: S.EXCUSED, E.MISS: S.NO_SHOW,
    },
    S.HELD: {E.RELEASE: S.CONFIRMED, E.CANCEL: S.CANCELLED, E.DECLINE: S.DECLINED},
    S.DECLINED: {E.ACCEPT: S.CONFIRMED, E.PROPOSE: S.PROPOSED},
    S.EXPIRED: {E.PROPOSE: S.PROPOSED, E.ACCEPT: S.CONFIRMED},
    S.REJECTED: {E.PROPOSE: S.PROPOSED},
    S.CANCELLED: {E.PROPOSE: S.PROPOSED},
    S.COMPLETED: {},
    S.EXCUSED: {},
    S.NO_SHOW: {},
}  # fmt: skip
# In these states a place is taken and the volunteer's time is booked.
OCCUPYING = frozenset({S.OFFERED, S.CONFIRMED, S.HELD, S.COMPLETED, S.EXCUSED, S.NO_SHOW})
_COORDINATOR = frozenset({Role.COORDINATOR})
_ANSWER = frozenset({Role.VOLUNTEER, Role.COORDINATOR})
WHO: Mapping[MatchEvent, frozenset[Role]] = {
    E.PROPOSE: _COORDINATOR,
    E.REJECT: _COORDINATOR,
    E.SUPERSEDE: _COORDINATOR,
    E.APPROVE: _COORDINATOR,
    E.ACCEPT: _ANSWER,
    E.DECLINE: _ANSWER,
    E.EXPIRE: frozenset(),
    E.HOLD: frozenset({Role.COORDINATOR, Role.OFFICER}),
    E.RELEASE: frozenset({Role.COORDINATOR, Role.OFFICER}),
    E.CANCEL: frozenset({Role.VOLUNTEER, Role.PARTNER, Role.COORDINATOR}),
    E.COMPLETE: frozenset({Role.PARTNER, Role.COORDINATOR}),
    E.EXCUSE: frozenset({Role.PARTNER, Role.COORDINATOR}),
    E.MISS: frozenset({Role.PARTNER, Role.COORDINATOR}),
}

ANSWER_WITHIN = timedelta(hours=72)
CUT_OFF_BEFORE = timedelta(hours=24)
AT_RISK_BEFORE = timedelta(hours=72)
SLOT = timedelta(minutes=15)


def answer_deadline(offered_at: datetime, starts_at: datetime) -> datetime:
    """Return by when an offer must be answered: 72 hours, at the latest a day before, never in the past."""
    latest = max(starts_at - CUT_OFF_BEFORE, min(offered_at + timedelta(hours=2), starts_at))
    return min(offered_at + ANSWER_WITHIN, latest)


def cut_off(starts_at: datetime, deadline: datetime) -> datetime:
    """Return until when an answer may still be changed."""
    return max(starts_at - CUT_OFF_BEFORE, min(deadline, starts_at))


def slots(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the quarter-hours the span touches, aligned to the clock."""
    first = starts_at - timedelta(minutes=starts_at.minute % 15, seconds=starts_at.second)
    found = []
    while first < ends_at:
        found.append(first)
        first += SLOT
    return found
