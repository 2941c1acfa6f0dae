"""The last level: quality, without giving up anything on the levels before."""

from __future__ import annotations

import math

import numpy as np

from volunteer_match.matching.core import improve, parts, relax
from volunteer_match.matching.core.columns import Ints
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.model import QUALITY
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.relax import Relaxed
from volunteer_match.matching.core.search import Search, floor_of

MOST_EDGES, QUICK_TIGHT = 15_000, 2_000
LARGE = 40_000
FIRST_SHARE, POLISH_SHARE, LAST_SHARE = 0.35, 0.3, 0.95
NEAR_SHARE = 0.3
WIDTH = 5
ROUNDING = 1e-6
WHOLE_MARGIN = 0.5


def refine(search: Search) -> None:
    """Make quality as good as it can be above the levels reached."""
    if search.best is None or search.left <= 0 or search.proved(QUALITY):
        return
    program = search.program
    for gains, least in search.floors:
        program = program.with_floor(gains, least)
    _bound(search, search.left_for_quality())
    if search.model.edges > QUICK_TIGHT and parts.tight(search.base, search.model.edges):
        # On tight timetables the solver can spend minutes before its first look at the clock.
        _relaxed(search, program)
        improve.polish(search, 0.0)
        return
    if search.model.edges <= MOST_EDGES:
        _exactly(search, program, None, FIRST_SHARE)
    if search.model.edges <= LARGE and not search.proved(QUALITY):
        _near(search, program)
    elif not search.proved(QUALITY):
        improve.polish(search, 0.0)


def _near(search: Search, program: Program) -> None:
    """Look near the relaxation, around the plan, and then wherever something better could still be."""
    relaxed = _relaxed(search, program)
    if relaxed is None:
        improve.polish(search, 0.0)
        return
    gains = search.model.levels[QUALITY]
    near = program.closed(_far(search, relaxed))
    search.offer(search.ask(near, gains, NEAR_SHARE, search.columns()).columns)
    if not search.proved(QUALITY):
        line = relax.places_in_line(search.model, relaxed.reduced)
        improve.polish(search, search.left * POLISH_SHARE, line)
    if not search.proved(QUALITY):
        _exactly(search, program, relaxed, LAST_SHARE)


def _relaxed(search: Search, program: Program) -> Relaxed | None:
    """Bound quality by its relaxation, and return that."""
    first = relax.first_columns(search.model, search.columns())
    ask = Ask(search.left * NEAR_SHARE, search.seed, whole=False)
    relaxed = relax.relax(program, search.model.levels[QUALITY], first, ask)
    if relaxed is not None:
        _bound(search, relaxed.bound)
    return relaxed


def _bound(search: Search, bound: float) -> None:
    if not math.isfinite(bound):
        return
    most = floor_of(bound) + search.model.constants[QUALITY]
    search.bounds[QUALITY] = max(search.values[QUALITY], min(search.bounds[QUALITY], most))


def _exactly(search: Search, program: Program, relaxed: Relaxed | None, share: float) -> None:
    """Search all edges that could still lead to something better."""
    gains = search.model.levels[QUALITY]
    if relaxed is not None:
        program = program.closed(_hopeless(search, relaxed))
    answer = search.ask(program, gains, share, search.columns())
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
