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

from volunteer_match.matching.core import cuts, highs, improve, master, near, parts, relax
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.cases import Cases, reached_by
from volunteer_match.matching.core.columns import Ints
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.master import Master
from volunteer_match.matching.core.model import COVERAGE, EXTRAS, PLACES, QUALITY
from volunteer_match.matching.core.near import LARGE
from volunteer_match.matching.core.relax import Relaxed
from volunteer_match.matching.core.rows import INFINITY, Gathered, total
from volunteer_match.matching.core.search import Search, floor_of, weights

ALL_AT_ONCE = 20_000
RELAX_SHARE, LEVEL_SHARE, QUALITY_SHARE = 0.5, 0.1, 0.3
QUICK_SHARE, POLISH_SHARE, LAST_SHARE = 0.1, 0.1, 0.8
STEP, CLOSE = 1e-4, 5e-4
STALL = 0.05
MOST_BROKEN, MOST_FREE = 150, 0.7
WIDTH, NARROW = 6, 0
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
    search.sums[QUALITY] = relaxed.bound + _constants(search, gains)
    if search.model.edges <= LARGE and int(relaxed.broken.sum()) > MOST_BROKEN:
        return
    _offer_near(search, held, relaxed)
    if search.spared is not None:
        _bound_spared(search, held, search.spared)
    search.held = held
    _prove(search, held, gains)
    bound_quality(search, search.left_for_quality())


def _bound_spared(search: Search, held: Master, spared: Ints) -> None:
    """Bound all levels together as if people had not been given load before."""
    gains = weights(search.model)
    objective: Ints = gains @ search.model.levels
    objective[: search.model.edges] += spared
    held.aim(objective)
    relaxed = held.tightened(search.left * LEVEL_SHARE, step=_step(search, objective))
    search.sums[QUALITY] = INFINITY if relaxed is None else relaxed.bound + _constants(search, gains)


def _prove(search: Search, held: Master, gains: Ints) -> None:
    """Bound three levels, backwards because each answer begins at the one before, and again if that helps."""
    decided = [_bound(search, held, level, gains) for level in (EXTRAS, PLACES, COVERAGE)]
    if any(decided) and not search.proved(EXTRAS):
        # What is decided holds for plans that cover as much; the sums are for all plans.
        sums = list(search.sums)
        for level in (PLACES, EXTRAS):
            _bound(search, held, level, gains)
        search.sums = sums


def close_enough(search: Search) -> bool:
    """Return whether a large plan is so near its bound that looking on is not worth the time.

    A shard is measured by all levels together, as other shards wait; a whole problem by quality alone,
    beside which coverage is so heavy that any plan which covers as much would be near.
    """
    if search.model.edges <= LARGE or not math.isfinite(search.sum_bound):
        return False
    reached = total(weights(search.model) @ search.model.levels, search.columns())
    scale = search.sum_bound if search.shard else search.values[QUALITY]
    return search.sum_bound - reached <= CLOSE * abs(scale)


def _step(search: Search, objective: Ints) -> float:
    """Return by how much a large relaxation must get better to be tightened once more."""
    return STEP * total(objective, search.columns()) if search.model.edges > LARGE else 0.0


def _master(search: Search, objective: Ints) -> Master:
    model = search.model
    every = np.arange(len(model.upper))
    first = relax.first_columns(model, search.columns()) if len(every) > ALL_AT_ONCE else None
    return master.of(cuts.weeks_of(model), search.program, every, objective, search.seed, first)


def _offer_near(search: Search, held: Master, relaxed: Relaxed) -> None:
    if not relaxed.broken.any() and search.offer(relaxed.columns):
        return
    width = NARROW if search.model.edges > LARGE else WIDTH
    columns = near.rounded(search, held.program, held.objective, relaxed, width)
    near.offer(search, columns)


def _bound(search: Search, held: Master, level: int, gains: Ints) -> bool:
    """Bound a level for all plans not worse on the levels before; return whether that decided any session."""
    decided, kept = False, search.sums[level]
    upto = gains[: level + 1]
    held.aim(upto @ search.model.levels[: level + 1])
    step = max(STALL * float(gains[level]), _step(search, held.objective))
    seconds, unit = search.left * LEVEL_SHARE, float(gains[level])
    relaxed = held.tightened(seconds, enough=reached_by(search, held) + unit, step=step)
    if relaxed is None:
        return False
    if search.model.edges > LARGE and level == COVERAGE:
        cases = Cases(search, held, unit, step, seconds)
        relaxed = cases.decided(relaxed, _switches(search))
        decided = cases.forget()
    search.sums[level] = min(kept, max(relaxed.bound, reached_by(search, held)) + _constants(search, upto))
    reached = reached_by(search, held)
    more = floor_of((max(relaxed.bound, reached) - reached) / unit)
    most = search.values[level] + max(0, more)
    search.bounds[level] = max(search.values[level], min(search.bounds[level], most))
    return decided


def _constants(search: Search, gains: Ints) -> float:
    return float(gains @ np.array(search.model.constants[: len(gains)]))


def _switches(search: Search) -> Ints:
    places = search.model.places
    return np.array([*places.staffed.values(), *places.runnable.values()], dtype=np.int64)


def refine(search: Search) -> None:
    """Make quality as good as it can be above the levels reached, and prove it."""
    held, levels = search.held, search.model.levels
    if held is None or search.proved(QUALITY) or close_enough(search):
        return
    held.add(_floors(search).finished())
    held.aim(levels[QUALITY])
    relaxed = held.tightened(search.left * QUALITY_SHARE, enough=reached_by(search, held) + 1)
    if relaxed is None:
        return
    bound_quality(search, relaxed.bound)
    covered = search.values[:QUALITY]
    cases = Cases(search, held, 1.0, 0.0, search.left * LEVEL_SHARE)
    for among in (_switches(search), np.arange(search.model.edges)):
        if not search.proved(QUALITY):
            _offer_near(search, held, relaxed)
            if search.values[:QUALITY] != covered:
                return  # what was closed allows no better quality than the plan before this one had
            relaxed = cases.decided(relaxed, among)
            bound_quality(search, relaxed.bound)
    if not search.proved(QUALITY):
        _exactly(search, held, relaxed, QUICK_SHARE)
    if not search.proved(QUALITY):
        # Many small parts gain most on what is not settled quickly, and a better plan leaves less to search.
        improve.polish(search, search.left * (1 - POLISH_SHARE))
        if search.values[:QUALITY] == covered:
            _exactly(search, held, relaxed, LAST_SHARE)


def _floors(search: Search) -> Gathered:
    rows = Gathered()
    for gains, least in search.floors:
        at = np.flatnonzero(gains)
        rows.add((np.zeros_like(at), at, gains[at]), lower=least, upper=np.array([INFINITY]))
    return rows


def _exactly(search: Search, held: Master, relaxed: Relaxed, share: float) -> None:
    """Search all columns that prices do not prove to be where they should, if these are few enough."""
    columns = search.columns()
    slack = relaxed.bound - total(held.objective, columns) - HALF
    program = held.program
    low = (columns < program.lower + WHOLE) & (relaxed.reduced < -slack)
    high = (columns > program.upper - WHOLE) & (relaxed.reduced > slack)
    free = np.flatnonzero(~(low | high))
    if len(free) > MOST_FREE * program.count:
        return
    part = programs.cutter(program).cut(columns, free)
    ask = Ask(search.left * share, search.seed, start=columns[free])
    answer = highs.maximise(part, held.objective[free], ask)
    if answer.columns is not None:
        found = columns.copy()
        found[free] = np.round(answer.columns)
        search.offer(found)
    rest = total(held.objective, columns) - total(held.objective[free], columns[free])
    bound_quality(search, max(answer.bound + rest, total(held.objective, columns)))


def bound_quality(search: Search, bound: float) -> None:
    """Note what quality can reach at most."""
    if math.isfinite(bound):
        most = floor_of(bound) + search.model.constants[QUALITY]
        search.bounds[QUALITY] = max(search.values[QUALITY], min(search.bounds[QUALITY], most))
