"""What a shard comes to when it is decided: its places, its people, and what bounds it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from volunteer_match.matching.core import assign, carry, columns, greedy, instance, score
from volunteer_match.matching.core.carry import Placed
from volunteer_match.matching.core.columns import Ints
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.instance import PERCENT, Instance
from volunteer_match.matching.core.rows import numbered
from volunteer_match.matching.core.shards import Outcome, Row, Task
from volunteer_match.matching.core.types import Problem

PACED = 100_000
LEAST_S = 6.0

Bounds = tuple[float, float, float, float]


def decided(shard: Task, *, time_limit_s: float, seed: int, pace_s: float | None = None) -> Outcome:
    """Solve a shard, in `pace_s` seconds for each 100,000 eligible pairs if that is less than the limit."""
    given = shard.given()
    ready = instance.build(shard.problem(given))
    if pace_s is not None:
        time_limit_s = min(time_limit_s, max(LEAST_S, pace_s * ready.edges.count / PACED))
    spared = _spared(ready, shard) if shard.load else None
    found = assign.decide(ready, time_limit_s=time_limit_s, seed=seed, spared=spared, shard=True)
    bounds = tuple(level.bound for level in found.levels)
    result = _outcome(shard, given, found.draft, bounds, found.solver)
    sums = _sums(found)
    return (
        result if sums is None or found.sums is None else replace(result, sums=sums, given=found.sums.given)
    )


def _sums(found: assign.Decision) -> tuple[tuple[int, float], ...] | None:
    if found.sums is None or not np.isfinite(found.sums.bounds).all():
        return None
    return tuple(zip(found.sums.weights, found.sums.bounds, strict=True))


def quick(shard: Task) -> Outcome:
    """Plan a shard without a solver, for when solving it failed."""
    given = shard.given()
    draft = greedy.plan(instance.build(shard.problem(given)))
    return _outcome(shard, given, draft, _alone(draft), "greedy")


def _outcome(shard: Task, given: Problem, draft: Draft, bounds: tuple[float, ...], solver: str) -> Outcome:
    ready = draft.instance
    placed = tuple(_placed(ready, edge) for edge in sorted(draft.chosen))
    known = {each.id: each for each in given.volunteers}
    who = {each.volunteer for each in placed}
    fixed = _fixed(ready)
    return Outcome(
        placed=placed,
        people={each: carry.limits_of(known[each], fixed.get(each, ())) for each in sorted(who)},
        sessions={each.id: _row(draft, at) for at, each in enumerate(ready.index.sessions)},
        bounds=bounds,
        alone=_alone(draft),
        freed=_freed(ready, shard),
        solver=solver,
    )


def _placed(ready: Instance, edge: int) -> Placed:
    index, session = ready.index, int(ready.session[edge])
    role, who = index.roles[int(ready.edges.role[edge])].id, int(ready.edges.volunteer[edge])
    place = carry.place(index.sessions[session], role, index.volunteers[who].id, int(ready.seconds[edge]))
    return replace(place, score=int(ready.quality[edge]), weight=ready.weight[session])


def _fixed(ready: Instance) -> dict[str, tuple[Placed, ...]]:
    index = ready.index
    return {
        index.volunteers[who].id: tuple(
            replace(
                carry.place(
                    index.session(role),
                    index.roles[role].id,
                    index.volunteers[who].id,
                    index.pair_seconds(role, who),
                ),
                new=False,
            )
            for role in roles
        )
        for who, roles in index.fixed_roles.items()
    }


def _row(draft: Draft, session: int) -> Row:
    index = draft.instance.index
    heads = [(draft.heads[at], index.roles[at]) for at in index.roles_of[session]]
    places = sum(min(count, role.min) for count, role in heads)
    extras = sum(max(0, min(count, role.preferred) - role.min) for count, role in heads)
    return draft.runnable(session) * draft.instance.weight[session] / PERCENT, places, extras


def _alone(draft: Draft) -> Bounds:
    """Bound each level as if everybody could be everywhere at once."""
    ready = draft.instance
    roles = ready.index.roles
    least = np.array([each.min for each in roles], dtype=np.int64)
    most = np.array([each.preferred for each in roles], dtype=np.int64)
    fixed = np.array(ready.fixed_in, dtype=np.int64)
    could = np.minimum(np.maximum(most, fixed), fixed + np.bincount(ready.edges.role, minlength=len(roles)))
    extras = np.maximum(0, np.minimum(could, most) - least)
    return (
        sum(ready.weight) / PERCENT,
        float(np.minimum(could, least).sum()),
        float(extras.sum()),
        float(_most_quality(ready, could - fixed)),
    )


def _most_quality(ready: Instance, places: Ints) -> int:
    """Add up the best that the places of each role could get, load for nothing."""
    worth = np.maximum(ready.quality, 0)
    order = np.lexsort((-worth, ready.edges.role))
    starts, _ = numbered(ready.edges.role)
    nth = np.arange(len(order)) - np.repeat(starts[:-1], np.diff(starts))
    return int(worth[order][nth < places[ready.edges.role[order]]].sum())


def _spared(ready: Instance, shard: Task) -> Ints:
    """Return what each edge costs more because of the load its person was given before."""
    extra = np.array([shard.load.get(each.id, 0) for each in ready.index.volunteers], dtype=np.int64)
    step = score.load_step(ready.index.problem.weights)
    return np.where(ready.columns.resource, 0, step * extra)[ready.edges.volunteer].astype(np.int64)


def _freed(ready: Instance, shard: Task) -> float:
    """Say how much more than without the carried load the places of a shard could cost at most."""
    index = ready.index
    extra = np.array([shard.load.get(each.id, 0) for each in index.volunteers], dtype=np.int64)
    pairs = np.unique(ready.edges.volunteer * len(index.sessions) + ready.session)
    sessions = np.bincount(pairs // max(1, len(index.sessions)), minlength=len(extra))
    times = np.minimum(sessions, ready.columns.sessions_cap)
    times = np.minimum(times, _fitting(ready))
    open_places = sum(
        max(0, role.preferred - fixed) for role, fixed in zip(index.roles, ready.fixed_in, strict=True)
    )
    order = np.argsort(-extra, kind="stable")
    before = np.cumsum(times[order]) - times[order]
    taken = np.clip(open_places - before, 0, times[order])
    return float(score.load_step(index.problem.weights) * (extra[order] @ taken))


def _fitting(ready: Instance) -> Ints:
    """Count how many of their shortest places fit into everybody's hours of a week."""
    shortest = np.full(len(ready.index.volunteers), columns.UNLIMITED, dtype=np.int64)
    np.minimum.at(shortest, ready.edges.volunteer, ready.seconds)
    fits = ready.columns.hours_cap // np.maximum(shortest, 1)
    return np.where(shortest > 0, fits, columns.UNLIMITED)
