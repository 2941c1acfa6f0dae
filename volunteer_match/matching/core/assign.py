"""Decide who serves where: exact, level by level, with a bound for each level.

First a quick plan place by place. Then coverage, places and extras are settled in independent parts, where
one proved optimum settles all three levels. Then quality is made as good as it can be without giving up
anything on the levels before. What cannot be proved in time is bounded by relaxations over all edges and
improved by searching the neighbourhood of the plan until the time is up.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import cover, greedy, highs, improve, model, refine, together
from volunteer_match.matching.core.columns import Ints
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.model import EXTRAS
from volunteer_match.matching.core.progress import Listener
from volunteer_match.matching.core.search import Search, begin, shown, weights
from volunteer_match.matching.core.types import LEVELS, Level


@dataclass(frozen=True, slots=True)
class Sums:
    """The most that the first level, the first two, three and all four can be worth, in these weights.

    `given` is the most all four are worth where people have the load they came with, even if `bounds` are
    for people without it.
    """

    weights: tuple[int, ...]
    bounds: tuple[float, ...]
    given: float


@dataclass(frozen=True, slots=True)
class Decision:
    """The best draft found and the proven most on each level; not `feasible` if nothing keeps the rules."""

    draft: Draft
    levels: tuple[Level, ...]
    solver: str
    feasible: bool = True
    sums: Sums | None = None

    @property
    def optimal(self) -> bool:
        """Return whether every level reaches its bound."""
        return all(level.value >= level.bound for level in self.levels)


def decide(
    instance: Instance,
    *,
    time_limit_s: float,
    seed: int,
    forced: tuple[int, ...] = (),
    progress: Listener | None = None,
    start: Draft | None = None,
    spared: Ints | None = None,
    shard: bool = False,
) -> Decision:
    """Find the best draft, from `start` on; `forced` edges are in it. An interrupt keeps the best so far.

    If `spared`, the bound on all levels together is for plans in which edges cost so much less. A `shard`
    is done when it is near that bound, as others wait.
    """
    began = time.perf_counter()
    floor = start if start is not None or forced else greedy.plan(instance)
    if instance.edges.count == 0:
        return _nothing_to_decide(Draft(instance))
    search = begin(model.build(instance), floor, began, began + time_limit_s, seed, forced, progress)
    search.spared, search.shard = spared, shard
    try:
        _look(search)
    except KeyboardInterrupt:
        return _decision(search, "highs")
    except (ImportError, highs.SolverError):
        if search.best is None:
            raise
        return _decision(search, "greedy")
    return _decision(search, "highs")


def _look(search: Search) -> None:
    search.tell("start")
    search.tell("cover")
    together.settle(search)
    done = search.proved(EXTRAS) or together.close_enough(search)
    pieces = [] if done else cover.pieces(search)
    if pieces:
        improve.fill(search, pieces)
        cover.settle(search, pieces)
        improve.insist(search, pieces)
        cover.prove(search, pieces)
    cover.keep(search, pieces)
    search.tell("refine")
    together.refine(search)
    if not together.close_enough(search):
        refine.refine(search)
    search.tell("done")


def _nothing_to_decide(draft: Draft) -> Decision:
    levels = (_level(level, value, value) for level, value in enumerate(draft.values()))
    return Decision(draft, tuple(levels), "none")


def _decision(search: Search, solver: str) -> Decision:
    draft = search.best if search.best is not None else Draft(search.model.instance)
    levels = tuple(
        _level(at, value, max(bound, value))
        for at, (value, bound) in enumerate(zip(draft.values(), search.bounds, strict=True))
    )
    scale = weights(search.model)
    given = search.sum_bound + float(scale @ np.array(search.model.constants))
    sums = Sums(tuple(scale.tolist()), tuple(search.sums), given)
    return Decision(draft, levels, solver, feasible=search.best is not None, sums=sums)


def _level(at: int, value: int, bound: int) -> Level:
    return Level(LEVELS[at], shown(at, value), shown(at, bound))
