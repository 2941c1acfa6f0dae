"""The life of a match, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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


class MendCause(StrEnum):
    """Why people are looked for again."""

    FREED = "freed"
    """Somebody declined, did not answer, was taken back or lost the ground."""
    ASKED = "asked"
    """A coordinator asked for it."""


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
# Proposals and what became of them, as long as something may still follow.
LIVE = OCCUPYING | {S.PROPOSED}
# A person said no, or did not answer: a run does not ask the same pair again.
SETTLED = frozenset({S.REJECTED, S.DECLINED, S.EXPIRED})
_COORDINATOR = frozenset({Role.COORDINATOR})
_ANSWER = frozenset({Role.VOLUNTEER, Role.COORDINATOR})
WHO: Mapping[MatchEvent, frozenset[Role]] = {
    E.PROPOSE: frozenset({Role.VOLUNTEER, Role.COORDINATOR}),
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

NEEDS_REASON = frozenset({E.REJECT, E.CANCEL})
# Nobody decides about themselves in the name of the club; a run and the way it is laid out decide nothing.
DECIDES_NOTHING = frozenset({E.PROPOSE, E.SUPERSEDE})
# What the system may do without a person; an approval is never among it.
BY_SYSTEM = frozenset({E.PROPOSE, E.SUPERSEDE, E.EXPIRE, E.HOLD, E.RELEASE, E.CANCEL})

ANSWER_WITHIN = timedelta(hours=72)
CUT_OFF_BEFORE = timedelta(hours=24)
AT_RISK_BEFORE = timedelta(hours=72)


MEND_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""After how long gaps are looked at again when that failed once, twice and so on."""


def mend_again(tries: int) -> timedelta:
    """Return how long to wait after so many failures."""
    return MEND_AGAIN[min(tries, len(MEND_AGAIN)) - 1]


def answer_deadline(offered_at: datetime, starts_at: datetime) -> datetime:
    """Return by when an offer must be answered: 72 hours, at the latest a day before, never in the past."""
    latest = max(starts_at - CUT_OFF_BEFORE, min(offered_at + timedelta(hours=2), starts_at))
    return min(offered_at + ANSWER_WITHIN, latest)


def cut_off(starts_at: datetime, deadline: datetime) -> datetime:
    """Return until when an answer may still be changed."""
    return max(starts_at - CUT_OFF_BEFORE, min(deadline, starts_at))


def may(roles: frozenset[Role], system: bool, event: MatchEvent) -> bool:
    """Tell whether somebody with these roles, or the system itself, may cause the event."""
    return event in BY_SYSTEM if system else not roles.isdisjoint(WHO[event])


@dataclass(frozen=True)
class Ground:
    """What a match stands on, as plain facts of one moment."""

    starts_at: datetime
    last_day: date
    """The local day the session ends on; papers must hold until then."""
    session_scheduled: bool
    need_published: bool
    partners_verified: bool
    volunteer_state: str
    paused: bool
    children: bool
    cleared_until: date | None
    agreed: bool


_GONE = frozenset({"ended", "withdrawn", "rejected"})
# The coordinator takes these away; a paper that lapses only holds the match until it is there again.
HOLDING = frozenset({"clearance_missing", "clearance_expires", "agreement_missing", "volunteer_not_ready"})


# Every cause the system itself gives for a cancellation or a hold; anything else is a person's own words.
AUTOMATIC = HOLDING | {
    "need_withdrawn", "session_cancelled", "partner_not_verified", "volunteer_ended", "volunteer_paused",
    "papers_not_in_time", "crowded_out",
}  # fmt: skip


SELF_APPLIED = "self_applied"
"""The reason of a proposal that a volunteer asked for."""


def applied(reasons: Iterable[Mapping[str, object]]) -> bool:
    """Tell from the reasons of a match whether the volunteer asked for it."""
    return any(each.get("code") == SELF_APPLIED for each in reasons)


# What a coordinator can say with one press when turning down or taking back; a note replaces it.
REJECT_CODES = ("knows_better", "spare", "other_person", "no_match", "other")
CANCEL_CODES = ("mistake", "person_called", "not_needed", "other")
KNOWN_REASONS = AUTOMATIC | {*REJECT_CODES, *CANCEL_CODES, "session_started"}


def lost_ground(ground: Ground) -> str | None:
    """Return the code of what takes the ground from under a match, if anything."""
    if not ground.need_published:
        return "need_withdrawn"
    if not ground.session_scheduled:
        return "session_cancelled"
    if not ground.partners_verified:
        return "partner_not_verified"
    if ground.volunteer_state in _GONE:
        return "volunteer_ended"
    if ground.paused:
        return "volunteer_paused"
    if ground.volunteer_state != "active":
        return "volunteer_not_ready"
    if ground.children and _papers(ground):
        return _papers(ground)
    return None if ground.agreed else "agreement_missing"


def _papers(ground: Ground) -> str | None:
    if ground.cleared_until is None:
        return "clearance_missing"
    if ground.cleared_until < ground.last_day:
        return "clearance_expires"
    return None


def too_late(event: MatchEvent, now: datetime, starts_at: datetime, answer_by: datetime | None) -> str | None:
    """Return the code of the deadline that has passed for this event, if any."""
    if event in (E.APPROVE, E.ACCEPT, E.DECLINE) and now >= starts_at:
        return "session_started"
    if event == E.ACCEPT and answer_by is not None and now >= cut_off(starts_at, answer_by):
        return "answer_too_late"
    return None


def urgency(now: datetime, starts_at: datetime, below_minimum: bool) -> int:
    """Return how pressing a gap is: 0 in danger now, 1 below the minimum, 2 more hands would be good."""
    if not below_minimum:
        return 2
    return 0 if starts_at - now <= AT_RISK_BEFORE else 1


def consequence(state: MatchState, ground: Ground, now: datetime) -> tuple[MatchEvent, str] | None:
    """Return what must happen to a match on this ground, with the cause, or None when it stands."""
    code = lost_ground(ground)
    late = ground.starts_at - now <= CUT_OFF_BEFORE
    if state == MatchState.PROPOSED:
        return (MatchEvent.SUPERSEDE, code or "session_started") if code or ground.starts_at <= now else None
    if code is None:
        return (MatchEvent.RELEASE, "") if state == MatchState.HELD else None
    if code not in HOLDING or state == MatchState.OFFERED:
        return MatchEvent.CANCEL, code
    if late:
        return MatchEvent.CANCEL, "papers_not_in_time"
    return (MatchEvent.HOLD, code) if state == MatchState.CONFIRMED else None
