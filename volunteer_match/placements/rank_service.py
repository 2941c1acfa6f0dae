"""Who could take one place: the engine's ranking with names, and a proposal from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.matching import rank_service
from volunteer_match.matching.service import Proposal
from volunteer_match.needs.models import Opening
from volunteer_match.placements import (
    desk_queries,
    history_queries,
    mend_queries,
    queries,
    rank_queries,
    suggestions,
)
from volunteer_match.placements.models import Match

MOST = 20
EVERYBODY = 1_000_000


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take the place, with what speaks for it in points."""

    volunteer_id: str
    name: str
    points: int
    reasons: tuple[dict[str, Any], ...]
    here: bool
    """Is proposed for this session already."""
    elsewhere: str
    """The title of another session at that time for which the person is proposed."""


@dataclass(frozen=True)
class Place:
    """One place of a session with everybody who could take it, the best first."""

    opening_id: str
    session_id: str
    title: str
    role: str
    where: str
    starts_at: datetime
    ends_at: datetime
    filled: int
    minimum: int
    capacity: int
    candidates: tuple[Candidate, ...]
    eligible: int
    blocked: tuple[dict[str, Any], ...]
    open: bool


def place(opening_id: str) -> Place:
    """Return the people for one place, or raise NotFoundError."""
    opening = _opening(opening_id)
    meeting, need = opening.session, opening.session.need
    found = _found(opening, MOST)
    return Place(
        opening_id=opening.id,
        session_id=meeting.id,
        title=need.title,
        role=opening.role.name,
        where=need.venue.name if need.venue else "",
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        filled=opening.filled,
        minimum=opening.minimum,
        capacity=opening.capacity,
        candidates=_named(opening, found.best if found else ()),
        eligible=found.eligible if found else 0,
        blocked=found.blocked if found else (),
        open=found is not None and opening.filled < opening.capacity,
    )


def propose(actor: Actor, opening_id: str, volunteer_id: str) -> Match:
    """Put somebody on the desk for a place; nobody is told before the approval."""
    opening = _opening(opening_id)
    if opening.filled >= opening.capacity:
        raise RuleBrokenError("place_taken")
    found = _found(opening, EVERYBODY)
    each = next((e for e in (found.best if found else ()) if e.volunteer_id == volunteer_id), None)
    if each is None:
        raise RuleBrokenError("not_for_this_place")
    return suggestions.put(actor, opening, each, None)


def _opening(opening_id: str) -> Opening:
    opening = queries.openings([opening_id]).get(opening_id)
    if opening is None:
        raise NotFoundError("opening")
    return opening


def _found(opening: Opening, count: int) -> rank_service.Found | None:
    now = clock.now()
    if not mend_queries.open_now([opening.id], now):
        return None
    asked = suggestions.place_of(opening, opening.session)
    return rank_service.people_for(asked, history_queries.history(now), count)


def _named(opening: Opening, best: tuple[Proposal, ...]) -> tuple[Candidate, ...]:
    ids = [each.volunteer_id for each in best]
    names, meeting = desk_queries.volunteer_names(ids), opening.session
    proposed = rank_queries.proposed_at(ids, meeting.starts_at, meeting.ends_at)
    return tuple(
        Candidate(
            volunteer_id=each.volunteer_id,
            name=names.get(each.volunteer_id, "–"),
            points=each.score,
            reasons=each.reasons,
            here=(each.volunteer_id, meeting.id) in proposed,
            elsewhere=next(
                (t for (who, at), t in proposed.items() if who == each.volunteer_id and at != meeting.id), ""
            ),
        )
        for each in best
    )
