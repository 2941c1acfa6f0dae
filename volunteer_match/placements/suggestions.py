"""Puts people on the desk: from a plan, or the next best one when a place came free."""

from collections.abc import Iterable

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.i18n import to_local
from volunteer_match.matching import pair_queries
from volunteer_match.matching import service as matching
from volunteer_match.matching.service import Place, Proposal
from volunteer_match.needs.models import NeedSession, Opening
from volunteer_match.placements import history_queries, queries, transitions
from volunteer_match.placements.models import Match


def put(actor: Actor, opening: Opening, each: Proposal, run_id: str | None) -> Match:
    """Put one pair on the desk with its reasons."""
    return transitions.propose(
        actor,
        opening,
        each.volunteer_id,
        run_id=run_id,
        score=each.score,
        reasons=each.reasons,
        runner_up=each.runner_up,
    )


def suggest_next(actor: Actor, opening: Opening) -> Match | None:
    """Put the best person who is left on the desk, when a place is open and nobody is proposed for it."""
    waiting = queries.waiting_for(opening.id)
    if opening.filled + waiting >= opening.capacity or opening.session.starts_at <= clock.now():
        return None
    history = history_queries.history(clock.now())
    taken = queries.volunteers_of(opening.id)
    place = place_of(opening, opening.session)
    for each in matching.ranked(place, history, count=20):
        if each.volunteer_id in taken:
            continue
        transitions.lock_pair(opening.id, each.volunteer_id)
        if not kept_apart([(opening, each.volunteer_id)]):
            return put(actor, opening, each, None)
    return None


def kept_apart(pairs: Iterable[tuple[Opening, str]]) -> set[tuple[str, str]]:
    """Return which of these places and people are kept apart by now; final once the people are held."""
    apart = set(pair_queries.kept_apart())
    return {
        (opening.id, who)
        for opening, who in pairs
        if {(who, opening.session.need.id), (who, opening.session.need.posted_by_id)} & apart
    }


def place_of(opening: Opening, meeting: NeedSession) -> Place:
    """Return the opening as the matching is asked about it."""
    return Place(opening.id, meeting.id, to_local(meeting.starts_at).date())
