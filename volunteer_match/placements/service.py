"""The coordinator's decisions: run, approve, decline, swap, undo, and the next suggestion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from volunteer_match import clock, queue
from volunteer_match.actor import SYSTEM, Actor
from volunteer_match.db import db
from volunteer_match.errors import RuleBrokenError
from volunteer_match.matching import queries as runs
from volunteer_match.matching import service as matching
from volunteer_match.matching.models import MatchRun
from volunteer_match.matching.rules import AT_ONCE_PAIRS
from volunteer_match.matching.service import Proposal
from volunteer_match.needs.queries import day_bounds
from volunteer_match.placements import history_queries, queries, suggestions, transitions
from volunteer_match.placements.models import Match
from volunteer_match.placements.reconcile_service import reconcile
from volunteer_match.placements.rules import SELF_APPLIED, MatchEvent

__all__ = ["approve", "approve_many", "decline", "propose", "reconcile", "run_waiting", "swap", "undo"]


def propose(actor: Actor, first_day: date, last_day: date, *, wait: bool = False) -> MatchRun:
    """Match all open places of those days: at once when that is quick (or `wait`), else by the worker."""
    run = matching.queue_run(actor, first_day, last_day)
    if wait or queries.open_places(*day_bounds(first_day, last_day)) * queries.pool_size() <= AT_ONCE_PAIRS:
        _perform(actor, run)
    else:
        queue.wake("match")
    return run


def run_waiting(_now: datetime) -> None:
    """Do the runs that were too big for a request."""
    for run in runs.waiting_runs():
        try:
            with db.session.begin_nested():
                _perform(SYSTEM, run)
        except Exception as error:  # noqa: BLE001 - a run that fails must not be tried for ever
            matching.fail(run, f"{type(error).__name__}: {error}")


def _perform(actor: Actor, run: MatchRun) -> None:
    history = history_queries.history(clock.now())
    problem = matching.gather(run.first_day, run.last_day, history)
    proposals = matching.solve_into(run, problem)
    _put_on_desk(actor, run, proposals)


def _put_on_desk(actor: Actor, run: MatchRun, proposals: Sequence[Proposal]) -> None:
    kept = {(each.opening_id, each.volunteer_id) for each in proposals}
    for match in queries.proposals_between(*day_bounds(run.first_day, run.last_day)):
        wish = any(each.get("code") == SELF_APPLIED for each in match.reasons)
        if (match.opening_id, match.volunteer_id) not in kept and not wish:
            transitions.apply(actor, match.id, MatchEvent.SUPERSEDE)
    openings = queries.openings(each.opening_id for each in proposals)
    for each in proposals:
        suggestions.put(actor, openings[each.opening_id], each, run.id)


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
    return suggestions.suggest_next(actor, match.opening)


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
