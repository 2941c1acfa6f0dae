"""Ranks everybody for one place as things stand now, and counts what keeps the others from it."""

from dataclasses import dataclass
from typing import Any

from volunteer_match import clock
from volunteer_match.matching import feed
from volunteer_match.matching.core import api
from volunteer_match.matching.rules import History
from volunteer_match.matching.service import Place, Proposal


@dataclass(frozen=True)
class Found:
    """The best people for a place, how many could take it, and whom which rule keeps from it."""

    best: tuple[Proposal, ...]
    eligible: int
    blocked: tuple[dict[str, Any], ...]


def people_for(place: Place, history: History, count: int) -> Found | None:
    """Return who could take a place, best first; None when it is not open."""
    days = feed.Days(place.day, place.day, clock.now())
    problem = feed.problem(days, history, only_session=place.session_id)
    if place.opening_id not in {role.id for role in problem.roles}:
        return None
    ranking = api.prepare(problem)
    best = tuple(
        Proposal(
            place.opening_id,
            each.volunteer,
            each.score,
            tuple({"code": part.code, "points": part.points, **part.facts} for part in each.reasons),
            None,
        )
        for each in ranking.rank(place.opening_id, count)
    )
    blocked = tuple({"code": each.code, **each.facts} for each in ranking.blocked(place.opening_id))
    return Found(best, ranking.eligible(place.opening_id), blocked)
