"""Keeps a proposal in coming plans, or keeps two apart and takes their proposals off the desk."""

from volunteer_match.actor import Actor
from volunteer_match.errors import RuleBrokenError
from volunteer_match.matching import pair_service as pairs
from volunteer_match.matching.models import Pair
from volunteer_match.people.queries import volunteer
from volunteer_match.placements import pair_queries, queries, transitions
from volunteer_match.placements.rules import MatchEvent


def keep(actor: Actor, opening_id: str, volunteer_id: str) -> Pair:
    """Let a proposal that is on the desk stay in coming plans."""
    transitions.lock_pair(opening_id, volunteer_id)
    if not pair_queries.is_proposed(opening_id, volunteer_id):
        raise RuleBrokenError("not_proposed")
    return pairs.keep(actor, opening_id, volunteer_id)


def keep_apart(
    actor: Actor, session_id: str, volunteer_id: str, *, everywhere: bool, reason: str
) -> tuple[Pair, int]:
    """Keep a person from a need or from its whole institution; return what is agreed there all the same."""
    need, person = queries.session_by_id(session_id).need, volunteer(volunteer_id)
    # Before the decision: a proposal made at this moment is either in the list below or sees the decision.
    transitions.lock_volunteer(person.id)
    if everywhere:
        made = pairs.never_at_partner(actor, person.id, need.posted_by_id, reason)
    else:
        made = pairs.never_at_need(actor, person.id, need.id, reason)
    proposed, agreed = pair_queries.matches_between(person.id, made.need_id, made.partner_id)
    for match_id in proposed:
        transitions.apply(actor, match_id, MatchEvent.SUPERSEDE)
    return made, agreed
