"""The last level: quality, without giving up anything on the levels before."""

from __future__ import annotations

import math

import numpy as np

from volunteer_match.matching.core import relax
from volunteer_match.matching.core.columns import Ints
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.model import QUALITY
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.relax import Relaxed
from volunteer_match.matching.core.search import Search, floor_of

MOST_EDGES = 15_000
EXACT_SHARE = 0.9
NEAR_SHARE = 0.4
WIDTH = 8
ROUNDING = 1e-6
WHOLE_MARGIN = 0.5


def refine(search: Search) -> None:
    """Make quality as good as it can be above the levels reached."""
    if search.best is None or search.left <= 0:
        return
    program = search.program
    for gains, least in search.floors:
        program = program.with_floor(gains, least)
    gains = search.model.levels[QUALITY]
    relaxed = None
    if search.model.edges > MOST_EDGES:
        relaxed = relax.relax(program, gains, _first(search), Ask(search.left, search.seed, whole=False))
        if relaxed is not None:
            _bound(search, relaxed.bound)
            search.offer(
                search.ask(program.closed(_far(search, relaxed)), gains, NEAR_SHARE, search.columns()).columns
            )
    _exactly(search, program, gains, relaxed)


def _first(search: Search) -> Ints:
    keep = search.columns() > 0
    keep[relax.promising(search.model, search.model.levels[QUALITY])] = True
    return np.flatnonzero(keep)


def _bound(search: Search, bound: float) -> None:
    if not math.isfinite(bound):
        return
    most = floor_of(bound) + search.model.constants[QUALITY]
    search.bounds[QUALITY] = max(search.values[QUALITY], min(search.bounds[QUALITY], most))


def _exactly(search: Search, program: Program, gains: Ints, relaxed: Relaxed | None) -> None:
    """Search all edges that could still lead to something better."""
    if relaxed is not None:
        program = program.closed(_hopeless(search, relaxed))
    answer = search.ask(program, gains, EXACT_SHARE, search.columns())
    search.offer(answer.columns)
    # What was closed cannot beat the plan at hand, so the larger of the two bounds everything.
    _bound(search, answer.bound)


def _hopeless(search: Search, relaxed: Relaxed) -> Ints:
    edges = search.model.edges
    reached = search.values[QUALITY] - search.model.constants[QUALITY]
    unused = search.columns()[:edges] < ROUNDING
    return np.flatnonzero(unused & (relaxed.bound + relaxed.reduced[:edges] < reached - WHOLE_MARGIN))


def _far(search: Search, relaxed: Relaxed) -> Ints:
    """Choose the edges that neither the plan nor the relaxation uses and that are not among the nearest."""
    edges = search.model.edges
    unused = (search.columns()[:edges] < ROUNDING) & (relaxed.columns[:edges] < ROUNDING)
    return np.flatnonzero(unused & (relax.places_in_line(search.model, relaxed.reduced) >= WIDTH))
