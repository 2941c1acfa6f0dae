"""Runs the matching and explains it: the only place that calls the core."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select, update

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db, let_go
from volunteer_match.matching import feed, figures, pair_queries, queries, shard_service, solver
from volunteer_match.matching.core import api, format, instance, reader
from volunteer_match.matching.core import types as core
from volunteer_match.matching.core.price import plan_from_json
from volunteer_match.matching.models import MatchRun
from volunteer_match.matching.rules import (
    GIVEN_UP_AFTER,
    PRICE_LIMIT_SECONDS,
    SHARDED_SESSIONS,
    TIME_LIMIT_SECONDS,
    History,
    RunKind,
    weights_of,
)

SEED = 1


@dataclass(frozen=True)
class Proposal:
    """One new pair of a plan, ready for the desk."""

    opening_id: str
    volunteer_id: str
    score: int
    reasons: tuple[dict[str, Any], ...]
    runner_up: dict[str, Any] | None


@dataclass(frozen=True)
class Place:
    """One opening and when it is, as much as is needed to ask about it."""

    opening_id: str
    session_id: str
    day: date
    """The local day the session starts on."""


def stored_problem(run: MatchRun) -> core.Problem:
    """Return the problem of a finished run as it was then."""
    return format.problem_from_json(run.problem or {})


def gather(run: MatchRun, history: History) -> core.Problem:
    """Return the problem of a run as it stands now, with the wishes in force or those the run tries out."""
    found = feed.problem(feed.Days(run.first_day, run.last_day, clock.now()), history)
    return found if run.steps is None else replace(found, weights=weights_of(run.steps))


def wanted() -> list[tuple[str, str]]:
    """Return the pairs (opening, volunteer) that are to stay, the first wish first."""
    return pair_queries.kept()


def queue_run(actor: Actor, first_day: date, last_day: date) -> MatchRun:
    """Store a run for the worker (or for the caller) to do."""
    return _queue(
        actor, RunKind.DESK, first_day, last_day, based_on_id=queries.last_on_desk(first_day, last_day)
    )


def queue_trial(
    actor: Actor, first_day: date, last_day: date, steps: Mapping[str, int], based_on_id: str | None = None
) -> MatchRun:
    """Store a run that tries wishes out and never touches the desk."""
    return _queue(actor, RunKind.TRIAL, first_day, last_day, steps=dict(steps), based_on_id=based_on_id)


def queue_replay(actor: Actor, run: MatchRun) -> MatchRun:
    """Store a run that solves a stored problem once more."""
    return _queue(actor, RunKind.REPLAY, run.first_day, run.last_day, based_on_id=run.id)


def _queue(actor: Actor, kind: RunKind, first_day: date, last_day: date, **more: Any) -> MatchRun:
    run = MatchRun(
        created_at=clock.now(),
        created_by_id=actor.user_id,
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        state="queued",
        seed=SEED,
        **more,
    )
    db.session.add(run)
    db.session.flush()  # the history needs the id
    audit.record(
        actor,
        "match_run",
        "match_run",
        run.id,
        kind=kind,
        first_day=str(first_day),
        last_day=str(last_day),
    )
    return run


def claim(run_id: str) -> bool:
    """Take a waiting run, or one whose worker died; return whether nobody else did."""
    now = clock.now()
    stale = and_(MatchRun.state == "running", MatchRun.started_at < now - GIVEN_UP_AFTER)
    taken = db.session.execute(
        update(MatchRun)
        .where(MatchRun.id == run_id, or_(MatchRun.state == "queued", stale))
        .values(state="running", started_at=now)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Solved:
    """A problem with its plan, the pairs kept by hand, and what the plan does for people."""

    problem: core.Problem
    plan: dict[str, Any]
    kept: tuple[tuple[str, str], ...]
    figures: dict[str, Any]


def solved(
    problem: core.Problem, wanted: Sequence[tuple[str, str]] = (), watch: solver.Watch | None = None
) -> Solved:
    """Solve the problem; nothing may be locked meanwhile, for it takes its time.

    The wanted pairs (opening, volunteer) stay in the plan as far as the rules allow.
    """
    ready = instance.build(problem)
    kept = figures.allowed(ready, wanted)
    asked = replace(problem, fixed=(*problem.fixed, *kept))
    plan = solved_again(asked, watch)
    return Solved(asked, plan, tuple(kept), figures.of(ready, plan))


def finish(run: MatchRun, found: Solved) -> tuple[Proposal, ...]:
    """Store input, plan and proof in the run, and return the new pairs."""
    plan = found.plan
    run.problem, run.plan, run.figures = format.problem_to_json(found.problem), plan, found.figures
    run.kept = [list(pair) for pair in found.kept]
    run.weights = asdict(found.problem.weights)
    run.inputs_sha256 = plan["inputs_sha256"]
    run.state, run.finished_at = "done", clock.now()
    db.session.flush()  # proposals refer to the finished run
    kept = set(found.kept)
    return tuple(
        _proposal(each)
        for each in plan["assignments"]
        if not each["fixed"] or (each["role"], each["volunteer"]) in kept
    )


def finish_replay(run: MatchRun, plan: dict[str, Any]) -> None:
    """Store only the plan of a replay: its problem is with the run it repeats."""
    run.plan, run.inputs_sha256 = plan, plan["inputs_sha256"]
    run.state, run.finished_at = "done", clock.now()


def solved_again(problem: core.Problem, watch: solver.Watch | None = None) -> dict[str, Any]:
    """Solve a problem as it is, pairs to keep already fixed in it."""
    if len(problem.sessions) > SHARDED_SESSIONS:
        return shard_service.plan(problem, watch)
    return solver.solve_apart(problem, TIME_LIMIT_SECONDS, watch)


def _proposal(each: Mapping[str, Any]) -> Proposal:
    return Proposal(each["role"], each["volunteer"], each["score"], tuple(each["reasons"]), each["runner_up"])


def fail(run: MatchRun, error: str) -> None:
    """Note that a run came to nothing, and why."""
    run.state, run.finished_at, run.error = "failed", clock.now(), error[:500]


def note_progress(run_id: str, told: Mapping[str, Any] | None) -> bool:
    """Keep what the solver says of itself; return whether it may go on."""
    if told is not None:
        numbers = {name: value for name, value in told.items() if name != "pairs"}
        db.session.execute(update(MatchRun).where(MatchRun.id == run_id).values(progress=numbers))
    stop = db.session.scalar(select(MatchRun.stop_asked_at).where(MatchRun.id == run_id))
    return stop is None


def ask_stop(actor: Actor, run_id: str) -> None:
    """End a run: one that waits comes to nothing, one at work keeps the best plan it has."""
    now, mine = clock.now(), update(MatchRun).where(MatchRun.id == run_id)
    waiting = mine.where(MatchRun.state == "queued").values(state="failed", finished_at=now, error=STOPPED)
    working = mine.where(MatchRun.state == "running", MatchRun.stop_asked_at.is_(None))
    ended = db.session.execute(waiting).rowcount  # type: ignore[attr-defined]
    if ended or db.session.execute(working.values(stop_asked_at=now)).rowcount:  # type: ignore[attr-defined]
        audit.record(actor, "match_stop", "match_run", run_id)


STOPPED = "stopped"
"""The error of a run that somebody ended before it had a plan."""
StoppedError = solver.StoppedError
"""Somebody ended the search before there was any plan."""
SolverError = solver.SolverError
"""The solver died or had to be killed."""
InputError = reader.FormatError
"""A problem as text that cannot be read; it lists every fault with its path."""


def solve_text(text: str, time_limit_s: float, watch: solver.Watch | None = None) -> dict[str, Any]:
    """Solve a problem given as JSON text, without any database; `watch` follows the search and may end it."""
    return solver.solve_apart(format.problem_from_json(text), time_limit_s, watch)


def solve_in_shards(
    text: str, shard_time_limit_s: float, workers: int, watch: solver.Watch | None = None
) -> dict[str, Any]:
    """Solve a large problem given as JSON text on several processes, without any database."""
    problem = format.problem_from_json(text)

    def tell(done: int, count: int) -> bool:
        return watch is None or watch(shard_service.news(done, count))

    plan = api.solve_large(problem, workers=workers, shard_time_limit_s=shard_time_limit_s, watch=tell)
    return format.plan_to_json(plan)


def ranked(place: Place, history: History, count: int = 5) -> list[Proposal]:
    """Return the best people for one opening as things stand now, best first."""
    problem = _live(place, history)
    if not _knows(problem, place.opening_id):
        return []
    best = api.rank(problem, place.opening_id, count)
    return [Proposal(place.opening_id, e.volunteer, e.score, _components(e.reasons), None) for e in best]


@dataclass(frozen=True)
class Explanation:
    """Why a person is, or is not, at a place: an outcome, what stands in the way, what speaks for them."""

    outcome: str
    score: int
    components: tuple[dict[str, Any], ...]
    blockers: tuple[dict[str, Any], ...]
    reasons: tuple[dict[str, Any], ...]
    run_id: str | None
    """The run it speaks of; None when it speaks of the present moment."""


def explain(place: Place, volunteer_id: str, history: History, run: MatchRun | None) -> Explanation | None:
    """Say why somebody is not at a place: in the run's plan when it knew both, else as things stand now."""
    if run is not None and run.problem is not None:
        problem = format.problem_from_json(run.problem)
        if _knows(problem, place.opening_id, volunteer_id):
            found = _explained(problem, _plan(run), place, volunteer_id, run.id)
            kept = [place.opening_id, volunteer_id] in (run.kept or [])
            return replace(found, outcome="kept") if kept else found
    problem = _live(place, history)
    if not _knows(problem, place.opening_id, volunteer_id):
        return None
    return _explained(problem, _NO_PLAN, place, volunteer_id, None)


def blockers(place: Place, volunteer_id: str, history: History) -> tuple[dict[str, Any], ...]:
    """Return the hard rules that keep somebody from a place as things stand now."""
    # Anybody may press the button that asks this: it must not cost more the more people there are.
    problem = _live(place, history, volunteer_id)
    if not _knows(problem, place.opening_id, volunteer_id):
        return ({"code": "place_closed"},)
    found = api.explain_pair(problem, _NO_PLAN, place.opening_id, volunteer_id)
    return _reasons(found.blockers)


def cost(run: MatchRun, opening_id: str, volunteer_id: str, instead_of: str) -> dict[str, Any] | None:
    """Solve the run again with one person in another's place: what the plan loses; None if forbidden.

    It takes its time, in a process of its own: nothing may be locked meanwhile.
    """
    asked = {"problem": run.problem, "plan": run.plan, "role": opening_id, "volunteer": volunteer_id}
    let_go()
    return solver.price_apart(asked | {"instead_of": instead_of}, PRICE_LIMIT_SECONDS)


_NO_PLAN = core.Plan("feasible", (), (), (), (), "none", SEED, "", 0.0, 0.0)


def _live(place: Place, history: History, only_volunteer: str | None = None) -> core.Problem:
    days = feed.Days(place.day, place.day, clock.now())
    return feed.problem(days, history, only_session=place.session_id, only_volunteer=only_volunteer)


def _knows(problem: core.Problem, opening_id: str, volunteer_id: str | None = None) -> bool:
    known = opening_id in {role.id for role in problem.roles}
    return known and (volunteer_id is None or volunteer_id in {each.id for each in problem.volunteers})


def _explained(
    problem: core.Problem, plan: core.Plan, place: Place, volunteer_id: str, run_id: str | None
) -> Explanation:
    found = api.explain_pair(problem, plan, place.opening_id, volunteer_id)
    return Explanation(
        outcome=found.outcome,
        score=found.score,
        components=_components(found.components),
        blockers=_reasons(found.blockers),
        reasons=_reasons(found.reasons),
        run_id=run_id,
    )


def _plan(run: MatchRun) -> core.Plan:
    return plan_from_json(run.plan or {})


def _components(parts: Sequence[core.Component]) -> tuple[dict[str, Any], ...]:
    return tuple({"code": part.code, "points": part.points, **part.facts} for part in parts)


def _reasons(reasons: Sequence[core.Reason]) -> tuple[dict[str, Any], ...]:
    return tuple({"code": each.code, **each.facts} for each in reasons)
