"""Ranks everybody for one place as things stand now, and counts what keeps the others from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_match.matching import club_service, feed
from volunteer_match.matching.club_service import Histories
from volunteer_match.matching.core import api
from volunteer_match.matching.core.types import Ranked
from volunteer_match.matching.rules import History
from volunteer_match.matching.service import Place, Proposal

__all__ = ["Found", "Place", "fits", "people_for", "person_for"]


@dataclass(frozen=True)
class Found:
    """The best people for a place, how many could take it, and whom which rule keeps from it."""

    best: tuple[Proposal, ...]
    eligible: int
    blocked: tuple[dict[str, Any], ...]


def people_for(place: Place, now: datetime, history: Histories, count: int) -> Found | None:
    """Return who could take a place, best first; None when it is not open."""
    ranking = club_service.ranking(place.day, now, history)
    if not ranking.knows(place.opening_id):
        return None
    return Found(
        tuple(_proposal(place, each) for each in ranking.rank(place.opening_id, count)),
        ranking.eligible(place.opening_id),
        tuple({"code": each.code, **each.facts} for each in ranking.blocked(place.opening_id)),
    )


def person_for(place: Place, volunteer_id: str, now: datetime, history: Histories) -> Proposal | None:
    """Return what speaks for one person at a place; None when a rule keeps them from it."""
    ranking = club_service.ranking(place.day, now, history)
    found = ranking.one(place.opening_id, volunteer_id) if ranking.knows(place.opening_id) else None
    return None if found is None else _proposal(place, found)


def fits(place: Place, volunteer_id: str, now: datetime, history: History) -> bool:
    """Tell from the tables themselves whether no rule keeps a person from a place."""
    days = feed.Days(place.day, place.day, now)
    problem = feed.problem(days, history, only_session=place.session_id, only_volunteer=volunteer_id)
    ranking = api.prepare(problem)
    return ranking.knows(place.opening_id) and ranking.one(place.opening_id, volunteer_id) is not None


def _proposal(place: Place, each: Ranked) -> Proposal:
    parts = tuple({"code": part.code, "points": part.points, **part.facts} for part in each.reasons)
    return Proposal(place.opening_id, each.volunteer, each.score, parts, None)
