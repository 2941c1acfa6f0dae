"""Lending as data: what is offered, how a loan moves, when it loses its ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from volunteer_match.actor import Role
from volunteer_match.people.availability import Interval, free_intervals
from volunteer_match.people.rules import MINUTES_OF_DAY, WeeklySpan


class OfferState(StrEnum):
    """Whether something is on offer."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class LoanState(StrEnum):
    """Where a loan for one session stands."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class LoanEvent(StrEnum):
    """What moves a loan."""

    PROPOSE = "propose"
    REJECT = "reject"
    SUPERSEDE = "supersede"
    ASK = "ask"
    """A coordinator approves: the thing's time is taken and its owner is asked by mail."""
    AGREE = "agree"
    REFUSE = "refuse"
    EXPIRE = "expire"
    CANCEL = "cancel"


S, E = LoanState, LoanEvent
TRANSITIONS: Mapping[LoanState, Mapping[LoanEvent, LoanState]] = {
    S.PROPOSED: {E.REJECT: S.REJECTED, E.SUPERSEDE: S.SUPERSEDED, E.ASK: S.ASKED},
    S.SUPERSEDED: {E.PROPOSE: S.PROPOSED},
    S.ASKED: {E.AGREE: S.AGREED, E.REFUSE: S.REFUSED, E.EXPIRE: S.EXPIRED, E.CANCEL: S.CANCELLED},
    S.AGREED: {E.REFUSE: S.REFUSED, E.CANCEL: S.CANCELLED},
    S.REFUSED: {E.AGREE: S.AGREED},
    S.EXPIRED: {E.AGREE: S.AGREED, E.PROPOSE: S.PROPOSED},
    S.REJECTED: {E.PROPOSE: S.PROPOSED},
    S.CANCELLED: {E.PROPOSE: S.PROPOSED},
}
# In these states the thing is taken for the time of the session.
HOLDING = frozenset({S.ASKED, S.AGREED})
STANDING = HOLDING | {S.PROPOSED}
# Somebody said no or nothing: a run does not bring the same pair again.
SETTLED = frozenset({S.REJECTED, S.REFUSED, S.EXPIRED})
_COORDINATOR = frozenset({Role.COORDINATOR})
_OWNER = frozenset({Role.PARTNER, Role.COORDINATOR})
WHO: Mapping[LoanEvent, frozenset[Role]] = {
    E.PROPOSE: _COORDINATOR,
    E.REJECT: _COORDINATOR,
    E.SUPERSEDE: _COORDINATOR,
    E.ASK: _COORDINATOR,
    E.AGREE: _OWNER,
    E.REFUSE: _OWNER,
    E.EXPIRE: frozenset(),
    E.CANCEL: _COORDINATOR,
}
BY_SYSTEM = frozenset({E.PROPOSE, E.SUPERSEDE, E.EXPIRE, E.CANCEL})

ANSWER_WITHIN = timedelta(hours=72)
LATEST_BEFORE = timedelta(hours=24)
SHORTEST = timedelta(hours=2)


def may(roles: frozenset[Role], system: bool, event: LoanEvent) -> bool:
    """Tell whether somebody with these roles, or the system itself, may cause the event."""
    return event in BY_SYSTEM if system else not roles.isdisjoint(WHO[event])


def may_return(state: LoanState, *, by_person: bool) -> bool:
    """Tell whether a run may bring a loan back to the desk: what a person decided stays decided."""
    return state == LoanState.SUPERSEDED or (state == LoanState.CANCELLED and not by_person)


def answer_deadline(asked_at: datetime, starts_at: datetime) -> datetime:
    """Return by when the owner must answer: 72 hours, at the latest a day before, never in the past."""
    latest = max(starts_at - LATEST_BEFORE, min(asked_at + SHORTEST, starts_at))
    return min(asked_at + ANSWER_WITHIN, latest)


@dataclass(frozen=True)
class Hours:
    """When something is on offer: weekdays (none means all), hours (none means all day), days."""

    weekdays: str
    starts: time | None
    ends: time | None
    first_day: date | None
    last_day: date | None

    @property
    def weekly(self) -> tuple[WeeklySpan, ...]:
        """Return the stretches of a usual week."""
        begins = _minutes(self.starts) if self.starts else 0
        until = _minutes(self.ends) if self.ends else MINUTES_OF_DAY
        return tuple(WeeklySpan(int(day), begins, until) for day in self.weekdays or "0123456")


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def open_intervals(hours: Hours, first: date, last: date, zone: ZoneInfo) -> tuple[Interval, ...]:
    """Return when something is on offer on those local days, as UTC intervals."""
    first = max(first, hours.first_day or first)
    last = min(last, hours.last_day or last)
    return free_intervals(hours.weekly, (), first, last, zone)


@dataclass(frozen=True)
class Ground:
    """What a loan stands on, as plain facts of one moment."""

    starts_at: datetime
    session_scheduled: bool
    need_published: bool
    asking_partner_verified: bool
    offer_active: bool
    lending_partner_verified: bool
    serves: bool
    """The offer still is of that kind, quantity and time."""


def lost_ground(ground: Ground) -> str | None:
    """Return the code of what takes the ground from under a loan, if anything."""
    if not ground.need_published:
        return "need_withdrawn"
    if not ground.session_scheduled:
        return "session_cancelled"
    if not ground.asking_partner_verified:
        return "partner_not_verified"
    if not ground.offer_active:
        return "lending_withdrawn"
    if not ground.lending_partner_verified:
        return "lender_not_verified"
    return None if ground.serves else "lending_changed"


# The owner's own doing, of which they need not be told.
BY_OWNER = frozenset({"lending_withdrawn", "lending_changed"})


def consequence(state: LoanState, ground: Ground, now: datetime) -> tuple[LoanEvent, str] | None:
    """Return what must happen to a loan on this ground, with the cause, or None when it stands."""
    code = lost_ground(ground)
    if state == LoanState.PROPOSED:
        over = ground.starts_at <= now
        return (LoanEvent.SUPERSEDE, code or "session_started") if code or over else None
    return (LoanEvent.CANCEL, code) if code and state in HOLDING else None


def too_late(event: LoanEvent, now: datetime, starts_at: datetime) -> bool:
    """Tell whether the session has begun, so that nobody can ask or answer any more."""
    return event in (E.ASK, E.AGREE, E.REFUSE) and now >= starts_at
