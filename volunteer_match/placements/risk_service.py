"""Warns of sessions that soon have too few people, and tells coordinators each morning what waits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from volunteer_match.i18n import from_local, to_local
from volunteer_match.needs.models import NeedSession
from volunteer_match.needs.rules import adults_needed
from volunteer_match.notifications import outbox
from volunteer_match.notifications.message import Message, Recipient
from volunteer_match.partners import queries as partners
from volunteer_match.people.rules import ADULT_AGE, age_on
from volunteer_match.placements import messages, notices, phone_queries, reconcile_queries
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import AT_RISK_BEFORE, MatchState

DIGEST_AT = time(7)
DIGEST_UNTIL = time(12)


@dataclass(frozen=True)
class Danger:
    """What a session is short of, counting only people who confirmed."""

    people: int
    adults: int

    @property
    def real(self) -> bool:
        """Tell whether anything is missing."""
        return self.people > 0 or self.adults > 0


def warn(now: datetime) -> int:
    """Mark the sessions of the next days that are in danger and tell people once; return how many are new."""
    meetings = reconcile_queries.soon(now, now + AT_RISK_BEFORE)
    dangers = dangers_of(meetings)
    fresh = 0
    for meeting in meetings:
        danger = dangers[meeting.id]
        if not danger.real:
            meeting.at_risk_since = None
        elif meeting.at_risk_since is None:
            meeting.at_risk_since = now
            _tell(meeting, danger)
            fresh += 1
    return fresh


def dangers_of(meetings: Sequence[NeedSession]) -> dict[str, Danger]:
    """Return what each session is short of."""
    people = reconcile_queries.confirmed_people([meeting.id for meeting in meetings])
    return {m.id: _danger(m, [row for row in people if row.session_id == m.id]) for m in meetings}


def _danger(meeting: NeedSession, people: Sequence[Any]) -> Danger:
    heads = Counter(row.opening_id for row in people)
    short = sum(max(0, opening.minimum - heads[opening.id]) for opening in meeting.openings)
    day = to_local(meeting.starts_at).date()
    adults = [r for r in people if r.birth_date is not None and age_on(r.birth_date, day) >= ADULT_AGE]
    need = meeting.need
    needed = adults_needed(need.contact, need.supervision, need.children_count, need.age_from)
    return Danger(short, max(0, needed - need.staff_adults - len(adults)))


def _tell(meeting: NeedSession, danger: Danger) -> None:
    facts = {
        "title": meeting.need.title,
        "partner": meeting.need.posted_by.name,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "people": danger.people,
        "adults": danger.adults,
    }
    staff = partners.coordinators()
    for to in staff:
        outbox.put(_message(meeting, to, facts | {"staff": True}))
    known = {to.user_id for to in staff}
    for to in notices.contacts(meeting.need):
        if to.user_id not in known:
            outbox.put(_message(meeting, to, facts | {"staff": False}))


def _message(meeting: NeedSession, to: Recipient, facts: Mapping[str, Any]) -> Message:
    # A session that was safe in between and is not any more is a new occasion.
    occasion = meeting.at_risk_since.isoformat() if meeting.at_risk_since else ""
    return messages.session_at_risk(meeting.id, to, facts, occasion, meeting.starts_at)


def tell_what_waits(now: datetime) -> None:
    """Write to each coordinator once in the morning, when something waits."""
    local = to_local(now)
    if not DIGEST_AT <= local.time() < DIGEST_UNTIL:
        return
    facts = what_waits(now)
    if not any(facts.values()):
        return
    expires_at = from_local(local.date() + timedelta(days=1), DIGEST_AT)
    for to in partners.coordinators():
        outbox.put(messages.desk_digest(to, local.date().isoformat(), facts, expires_at))


def what_waits(now: datetime) -> dict[str, Any]:
    """Return what a coordinator should know in the morning."""
    endangered = [m for m in reconcile_queries.soon(now, now + AT_RISK_BEFORE) if m.at_risk_since]
    return {
        "proposals": reconcile_queries.waiting_proposals(now),
        "calls": phone_queries.calls(now),
        "endangered": [_line(meeting) for meeting in endangered[:20]],
        "released": [_released(m) for m in reconcile_queries.released_since(now - timedelta(days=1), now)],
    }


def _line(meeting: NeedSession) -> dict[str, Any]:
    return {"title": meeting.need.title, "starts_at": meeting.starts_at.isoformat()}


def _released(match: Match) -> dict[str, Any]:
    how = {MatchState.DECLINED: "declined", MatchState.EXPIRED: "expired"}
    line = _line(match.session)
    return line | {"how": how.get(MatchState(match.state), "cancelled"), "name": match.volunteer.user.name}
