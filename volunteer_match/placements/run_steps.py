"""A matching run in three steps, so that nothing is locked while the solver thinks: read, solve, show.

Each step opens its own transaction; inside one that is open already (tests, the demo) they join it.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from volunteer_match import clock, queue
from volunteer_match.actor import SYSTEM, Actor
from volunteer_match.db import let_go, retrying
from volunteer_match.i18n import today
from volunteer_match.lending import service as loans
from volunteer_match.matching import pair_queries, wish_queries, wish_service
from volunteer_match.matching import queries as runs
from volunteer_match.matching import service as matching
from volunteer_match.matching.core.types import Problem
from volunteer_match.matching.models import MatchRun
from volunteer_match.matching.rules import AT_ONCE_PAIRS, RunKind, request_of
from volunteer_match.matching.service import Proposal, Solved
from volunteer_match.needs.models import Opening
from volunteer_match.needs.queries import day_bounds
from volunteer_match.placements import history_queries, queries, suggestions, transitions
from volunteer_match.placements.rules import MatchEvent, applied

log = logging.getLogger(__name__)


def propose(actor: Actor, first_day: date, last_day: date, *, wait: bool = False) -> MatchRun:
    """Match all open places of those days: at once when that is quick (or `wait`), else by the worker."""
    run_id, quick = _queue(actor, first_day, last_day)
    if quick or wait:
        _perform(actor, run_id)
    return runs.run(run_id)


def try_out(actor: Actor, first_day: date, last_day: date, steps: Mapping[str, int]) -> MatchRun:
    """Make two plans of those days that never reach the desk: with the wishes in force and with others."""
    run_ids, quick = _queue_trial(actor, first_day, last_day, steps)
    for run_id in run_ids if quick else ():
        _perform(actor, run_id)
    return runs.run(run_ids[-1])


def use(actor: Actor, trial: MatchRun) -> MatchRun:
    """Put the wishes of a trial in force and match what is left of its days for the desk."""
    first_day, last_day, steps = max(trial.first_day, today()), trial.last_day, dict(trial.steps or {})
    retrying(wish_service.save)(actor, steps)
    return propose(actor, first_day, last_day)


def replay(actor: Actor, run_id: str) -> MatchRun:
    """Solve the problem of a finished run again, to see whether the plan is the same."""
    replay_id, quick = _queue_replay(actor, run_id)
    if quick:
        _perform(actor, replay_id)
    return runs.run(replay_id)


def run_waiting(now: datetime) -> None:
    """Do the runs that were too big for a request."""
    for run_id in runs.waiting_runs(now):
        _perform(SYSTEM, run_id)


@retrying
def _queue(actor: Actor, first_day: date, last_day: date) -> tuple[str, bool]:
    return matching.queue_run(actor, first_day, last_day).id, _quick(first_day, last_day)


@retrying
def _queue_trial(
    actor: Actor, first_day: date, last_day: date, steps: Mapping[str, int]
) -> tuple[tuple[str, str], bool]:
    present = matching.queue_trial(actor, first_day, last_day, wish_queries.steps())
    other = matching.queue_trial(actor, first_day, last_day, steps, present.id)
    return (present.id, other.id), _quick(first_day, last_day)


@retrying
def _queue_replay(actor: Actor, run_id: str) -> tuple[str, bool]:
    run = runs.run(run_id)
    stored = run.problem or {}
    quick = len(stored["roles"]) * len(stored["volunteers"]) <= AT_ONCE_PAIRS
    if not quick:
        queue.wake("match")
    return matching.queue_replay(actor, run).id, quick


def _quick(first_day: date, last_day: date) -> bool:
    """Tell whether the caller may do the run; else wake the worker."""
    pairs = queries.open_places(*day_bounds(first_day, last_day)) * queries.pool_size()
    if pairs > AT_ONCE_PAIRS:
        queue.wake("match")
    return pairs <= AT_ONCE_PAIRS


def _perform(actor: Actor, run_id: str) -> None:
    if not _claim(run_id):
        return
    try:
        if runs.run(run_id).kind == RunKind.REPLAY:
            _repeat(run_id)
        else:
            _plan(actor, run_id)
    except matching.StoppedError:
        _fail(run_id, matching.STOPPED)
    except Exception as error:  # a run that fails must not be tried for ever
        log.exception("matching run failed")
        _fail(run_id, f"{type(error).__name__}: {error}")


class _Watch:
    """Keeps a run's progress at most once a second, and looks whether somebody wants it to stop."""

    def __init__(self, run_id: str) -> None:
        self.run_id, self.looked, self.goes_on = run_id, time.monotonic(), True

    def __call__(self, told: Mapping[str, Any] | None) -> bool:
        now = time.monotonic()
        if self.goes_on and now - self.looked >= 1:
            self.looked = now
            self.goes_on = retrying(matching.note_progress)(self.run_id, told)
        return self.goes_on


def _plan(actor: Actor, run_id: str) -> None:
    problem, wanted = _read(run_id), matching.wanted()
    let_go()
    _show(actor, run_id, matching.solved(problem, wanted, _Watch(run_id)))


def _repeat(run_id: str) -> None:
    problem = matching.stored_problem(runs.run(str(runs.run(run_id).based_on_id)))
    let_go()
    _keep(run_id, matching.solved_again(problem, _Watch(run_id)))


@retrying
def _keep(run_id: str, plan: dict[str, Any]) -> None:
    matching.finish_replay(runs.run(run_id), plan)


_claim = retrying(matching.claim)


def _read(run_id: str) -> Problem:
    return matching.gather(runs.run(run_id), history_queries.history(clock.now()))


@retrying
def _show(actor: Actor, run_id: str, found: Solved) -> None:
    run = runs.run(run_id)
    proposals = matching.finish(run, found)
    if run.kind == RunKind.DESK:
        _put_on_desk(actor, run, proposals)


@retrying
def _fail(run_id: str, error: str) -> None:
    matching.fail(runs.run(run_id), error)


def _put_on_desk(actor: Actor, run: MatchRun, proposals: Sequence[Proposal]) -> None:
    loans.put_on_desk(actor, run.id, proposals, day_bounds(run.first_day, run.last_day))
    proposals = [each for each in proposals if request_of(each.opening_id) is None]
    openings = queries.openings(each.opening_id for each in proposals)
    proposals = _still_possible(proposals, openings)
    kept = {(each.opening_id, each.volunteer_id) for each in proposals}
    for match in queries.proposals_between(*day_bounds(run.first_day, run.last_day)):
        if (match.opening_id, match.volunteer_id) not in kept and not applied(match.reasons):
            transitions.apply(actor, match.id, MatchEvent.SUPERSEDE)
    made = {
        (each.opening_id, each.volunteer_id): suggestions.put(actor, openings[each.opening_id], each, run.id)
        for each in proposals
    }
    # Decided since the look above, before the person was held here.
    for pair in sorted(suggestions.kept_apart((openings[opening], who) for opening, who in made)):
        transitions.apply(actor, made[pair].id, MatchEvent.SUPERSEDE)


def _still_possible(proposals: Sequence[Proposal], openings: Mapping[str, Opening]) -> list[Proposal]:
    """Leave out what people decided while the solver was thinking."""
    answered = history_queries.settled_pairs(openings)
    apart = set(pair_queries.kept_apart())
    left = {opening.id: opening.capacity - opening.filled for opening in openings.values()}
    found = []
    for each in (each for each in proposals if each.opening_id in openings):
        who, opening = each.volunteer_id, openings[each.opening_id]
        need = opening.session.need
        banned = {(who, need.id), (who, need.posted_by_id)} & apart
        if left[opening.id] > 0 and (opening.id, who) not in answered and not banned:
            left[opening.id] -= 1
            found.append(each)
    return found
