"""A volunteer applies for a published need: through the same desk, and only where the hard rules hold."""

from dataclasses import dataclass
from typing import Any

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.matching import service as matching
from volunteer_match.needs.models import Need, Opening
from volunteer_match.needs.rules import NeedState, SessionState
from volunteer_match.people import queries as people
from volunteer_match.people.rules import OPEN
from volunteer_match.placements import history_queries, queries, suggestions, transitions
from volunteer_match.placements.rules import SELF_APPLIED, MatchState, applied

MOST_SESSIONS = 8


@dataclass(frozen=True)
class Applied:
    """What came of an application: how many dates were noted, or what stands in the way."""

    need_id: str
    title: str
    count: int
    blockers: tuple[dict[str, Any], ...]


def apply_for(actor: Actor, need_id: str) -> Applied:
    """Put the acting volunteer on the desk for each coming date of a need that the hard rules allow."""
    need = db.session.get(Need, need_id)
    if need is None or need.state != NeedState.PUBLISHED:
        raise NotFoundError("need")
    volunteer = people.volunteer_of_user(actor.user_id)
    if volunteer is None:
        raise RuleBrokenError("not_a_volunteer")
    if volunteer.state not in OPEN:
        return Applied(need.id, need.title, 0, ({"code": "withheld"},))
    openings = _coming(need)
    if not openings:
        raise RuleBrokenError("nothing_open")
    sessions, found = set(), {}
    history = history_queries.history(clock.now())
    for opening in openings:
        place = suggestions.place_of(opening, opening.session)
        blockers = matching.blockers(place, volunteer.id, history)
        if not blockers:
            _note(actor, opening, volunteer.id)
            sessions.add(opening.session_id)
        found.update({str(sorted(each.items(), key=str)): each for each in blockers})
    return Applied(need.id, need.title, len(sessions), () if sessions else tuple(found.values()))


def _coming(need: Need) -> list[Opening]:
    now = clock.now()
    meetings = [m for m in need.sessions if m.starts_at > now and m.state == SessionState.SCHEDULED]
    openings = [o for m in meetings[:MOST_SESSIONS] for o in m.openings if o.filled < o.capacity]
    return openings


def _note(actor: Actor, opening: Opening, volunteer_id: str) -> None:
    wish = {"code": SELF_APPLIED, "points": 0}
    known = queries.live_of(opening.session_id, volunteer_id)
    if known is None:
        transitions.propose(actor, opening, volunteer_id, reasons=[wish])
    elif known.state == MatchState.PROPOSED and not applied(known.reasons):
        # A run was first: from now on it is the person's own wish as well.
        known.reasons = [wish, *known.reasons]
        known.decided_by_id = actor.user_id
