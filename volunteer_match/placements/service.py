"""The coordinator's decisions: approve, decline, swap, undo, and the next suggestion."""

from collections.abc import Iterable
from dataclasses import dataclass

from volunteer_match import clock, queue
from volunteer_match.actor import Actor
from volunteer_match.errors import RuleBrokenError
from volunteer_match.matching import service as matching
from volunteer_match.placements import history_queries, queries, suggestions, transitions
from volunteer_match.placements.models import Match
from volunteer_match.placements.reconcile_service import reconcile
from volunteer_match.placements.rules import MatchEvent

__all__ = ["approve", "approve_many", "decline", "reconcile", "swap", "undo"]


def approve(actor: Actor, match_id: str, version: int | None = None) -> Match:
    """Take the place and send the offer."""
    return transitions.apply(actor, match_id, MatchEvent.APPROVE, expected=version)


@dataclass(frozen=True)
class Refused:
    """One of many that could not be approved, and the rule that stood in the way."""

    name: str
    error: RuleBrokenError


def approve_many(actor: Actor, chosen: Iterable[tuple[str, int]]) -> tuple[int, list[Refused]]:
    """Approve each that can be approved; one that cannot does not hold up the others."""
    done, refused = 0, []
    # The same order for everybody, so that two coordinators do not wait for each other in a circle.
    for match_id, version in sorted(chosen):
        name = queries.match(match_id).volunteer.user.name
        try:
            approve(actor, match_id, version)
            done += 1
        except RuleBrokenError as error:
            refused.append(Refused(name, error))
    return done, refused


def decline(actor: Actor, match_id: str, reason: str, version: int | None = None) -> Match | None:
    """Turn a proposal down and put the next suggestion on the desk; return that, if there is one."""
    match = transitions.apply(actor, match_id, MatchEvent.REJECT, reason=reason, expected=version)
    following = suggestions.suggest_next(actor, match.opening)
    if following is None:
        # Nobody who is free: the worker looks whether somebody can change places.
        match.refill = True
        queue.wake("mend")
    return following


def swap(actor: Actor, match_id: str, version: int | None = None) -> Match:
    """Put the runner-up on the desk in place of the proposed person."""
    match = queries.match(match_id)
    other = match.runner_up
    if other is None or not other.get("volunteer"):
        raise RuleBrokenError("no_runner_up")
    place = suggestions.place_of(match.opening, match.session)
    history = history_queries.history(clock.now())
    best = {each.volunteer_id: each for each in matching.ranked(place, history, count=200)}
    found = best.get(str(other["volunteer"]))
    if found is None:
        raise RuleBrokenError("runner_up_gone")
    transitions.apply(actor, match_id, MatchEvent.SUPERSEDE, expected=version)
    return suggestions.put(actor, match.opening, found, match.run_id)


def undo(actor: Actor, match_id: str, reason: str, version: int | None = None) -> Match:
    """Take an offer or a confirmed place back and tell everyone concerned."""
    return transitions.apply(actor, match_id, MatchEvent.CANCEL, reason=reason, expected=version)
