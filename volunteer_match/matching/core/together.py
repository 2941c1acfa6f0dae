"""All levels together, from one relaxation that is tightened until hardly anybody is split.

First the levels are weighed into one sum. What the relaxation has decided stays, the little it splits is
solved exactly, and that is nearly always a best plan. Then the same relaxation, which the solver still has,
is asked for the first level alone, the first two, and the first three. As a plan can be no better on their
weighed sum than the relaxation, each answer bounds one more level for all plans that are not worse on those
before. Last it is asked for quality above the levels reached, and edges that cannot lead to a better plan
are left out of the exact search for one.
"""

from __future__ import annotations

import math

import numpy as np

from volunteer_match.matching.core import cuts, highs, master, near, parts, relax
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.columns import Ints
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.master import Master
from volunteer_match.matching.core.model import COVERAGE, EXTRAS, PLACES, QUALITY
from volunteer_match.matching.core.relax import Relaxed
from volunteer_match.matching.core.rows import INFINITY, Gathered
from volunteer_match.matching.core.search import Search, floor_of, weights

ALL_AT_ONCE, LARGE = 20_000, 40_000
RELAX_SHARE, LEVEL_SHARE, QUALITY_SHARE, LAST_SHARE = 0.5, 0.1, 0.3, 0.4
STEP, CLOSE = 1e-4, 1e-4
STALL = 0.05
WIDTH, NARROW = 6, 2
HALF, WHOLE = 0.5, 1e-6


def settle(search: Search) -> None:
    """Find a good plan from one relaxation, and prove as much as relaxations can."""
    if search.best is None or parts.tight(search.base, search.model.edges):
        return
    gains = weights(search.model)
    objective: Ints = gains @ search.model.levels
    held = _master(search, objective)
    relaxed = held.tightened(search.left * RELAX_SHARE, step=_step(search, objective))
    if relaxed is None:
        return
    search.sum_bound = relaxed.bound
    _offer_near(search, held, relaxed)
    for level in (COVERAGE, PLACES, EXTRAS):
        _bound(search, held, level, gains)
    bound_quality(search, search.left_for_quality())
    search.held = None if close_enough(search) else held


def close_enough(search: Search) -> bool:
    """Return whether a large plan is so near its bound that looking for a better one is not worth the time."""
    reached = float(weights(search.model) @ search.model.levels @ search.columns())
    return search.model.edges > LARGE and search.sum_bound - reached <= CLOSE * abs(search.sum_bound)


def _step(search: Search, objective: Ints) -> float:
    """Return by how much a large relaxation must get better to be tightened once more."""
    return STEP * float(objective @ search.columns()) if search.model.edges > LARGE else 0.0


def _master(search: Search, objective: Ints) -> Master:
    model = search.model
    every = np.arange(len(model.upper))
    first = relax.first_columns(model, search.columns()) if len(every) > ALL_AT_ONCE else None
    return master.of(cuts.weeks_of(model), search.program, every, objective, search.seed, first)


def _offer_near(search: Search, held: Master, relaxed: Relaxed) -> None:
    width = NARROW if search.model.edges > LARGE else WIDTH
    columns = near.rounded(search, held.program, held.objective, relaxed, width)
    columns = search.completed(np.flatnonzero(columns[: search.model.edges] > HALF).tolist())
    if (columns >= search.program.lower).all():
        search.offer(columns)


def _bound(search: Search, held: Master, level: int, gains: Ints) -> None:
    """Bound a level for all plans that are not worse on the levels before."""
    upto = gains[: level + 1]
    kept = [value - before for value, before in zip(search.values, search.model.constants, strict=True)]
    reached = float(upto @ np.array(kept[: level + 1]))
    held.aim(upto @ search.model.levels[: level + 1])
    step = max(STALL * gains[level], _step(search, held.objective))
    relaxed = held.tightened(search.left * LEVEL_SHARE, enough=reached + float(gains[level]), step=step)
    if relaxed is not None:
        more = floor_of((relaxed.bound - reached) / float(gains[level]))
        most = search.values[level] + max(0, more)
        search.bounds[level] = max(search.values[level], min(search.bounds[level], most))


def refine(search: Search) -> None:
    """Make quality as good as it can be above the levels reached, and prove it."""
    held, levels = search.held, search.model.levels
    if held is None or search.proved(QUALITY):
        return
    held.add(_floors(search).finished())
    held.aim(levels[QUALITY])
    enough = float(levels[QUALITY] @ search.columns()) + 1
    relaxed = held.tightened(search.left * QUALITY_SHARE, enough=enough)
    if relaxed is None:
        return
    bound_quality(search, relaxed.bound)
    if not search.proved(QUALITY):
        _offer_near(search, held, relaxed)
    if not search.proved(QUALITY):
        _exactly(search, held, relaxed)


def _floors(search: Search) -> Gathered:
    rows = Gathered()
    for gains, least in search.floors:
        at = np.flatnonzero(gains)
        rows.add((np.zeros_like(at), at, gains[at]), lower=least, upper=np.array([INFINITY]))
    return rows


def _exactly(search: Search, held: Master, relaxed: Relaxed) -> None:
    """Search all columns whose prices do not prove that no better plan moves them."""
    columns = search.columns()
    slack = relaxed.bound - float(held.objective @ columns) - HALF
    program = held.program
    low = (columns < program.lower + WHOLE) & (relaxed.reduced < -slack)
    high = (columns > program.upper - WHOLE) & (relaxed.reduced > slack)
    free = np.flatnonzero(~(low | high))
    part = programs.cutter(program).cut(columns, free)
    ask = Ask(search.left * LAST_SHARE, search.seed, start=columns[free])
    answer = highs.maximise(part, held.objective[free], ask)
    if answer.columns is not None:
        found = columns.copy()
        found[free] = np.round(answer.columns)
        search.offer(found)
    rest = float(held.objective @ columns) - float(held.objective[free] @ columns[free])
    bound_quality(search, max(answer.bound + rest, float(held.objective @ columns)))


def bound_quality(search: Search, bound: float) -> None:
    """Note what quality can reach at most."""
    if math.isfinite(bound):
        most = floor_of(bound) + search.model.constants[QUALITY]
        search.bounds[QUALITY] = max(search.values[QUALITY], min(search.bounds[QUALITY], most))
