"""Levels one to three: coverage, places, extras, part by part.

Within a part the three levels are weighed so that one step on a level counts more than everything the
later ones could give. A proved optimum of that sum is best on all three. Where proving takes too long, each
level is bounded by its relaxation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import master, parts, relax
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.columns import Floats, Ints
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.model import COVERAGE, EXTRAS, PLACES, QUALITY
from volunteer_match.matching.core.parts import Part
from volunteer_match.matching.core.program import Cutter, Program
from volunteer_match.matching.core.rows import total
from volunteer_match.matching.core.search import Search, floor_of

LARGEST_SUM = 10**10
MOST_EDGES = 6_000
PART_SHARE = 0.25
BOUND_SHARE = 0.3
STALL = 0.1
UPPER_LEVELS = (COVERAGE, PLACES, EXTRAS)


@dataclass(slots=True)
class Piece:
    """One part of the model with its own program and what is known about it."""

    part: Part
    program: Program
    proved: bool = False


def pieces(search: Search) -> list[Piece]:
    """Split what has to be covered into independent pieces."""
    cutter = programs.cutter(search.base)
    return [Piece(part, _cut(cutter, part)) for part in parts.of(search.model, search.base)]


def _cut(cutter: Cutter, part: Part) -> Program:
    return cutter.cut(np.zeros(cutter.program.count), part.columns)


def settle(search: Search, found: list[Piece]) -> None:
    """Make every piece as good as it can be on the first three levels where that is quick."""
    for piece in found:
        piece.proved = full(search, piece) or _bounded(search, piece)
        if not piece.proved and _quick(piece):
            exactly(search, piece, PART_SHARE)


def _quick(piece: Piece) -> bool:
    return piece.part.edges <= MOST_EDGES and not parts.tight(piece.program, piece.part.edges)


def full(search: Search, piece: Piece) -> bool:
    """Return whether a piece already has everything anybody could wish."""
    if search.best is None:
        return False
    columns, most = search.columns()[piece.part.columns], piece.program.upper
    gains = search.model.levels[:QUALITY, piece.part.columns]
    return all(total(gain, columns) >= total(gain, most) for gain in gains)


def _bounded(search: Search, piece: Piece) -> bool:
    """Return whether a tightened relaxation proves that a piece is as good as it can be."""
    objective = strict(search, piece)
    if search.held is None or search.best is None or objective is None or not _quick(piece):
        return False
    value = total(objective, search.columns()[piece.part.columns])
    held = master.of(search.held.weeks, piece.program, piece.part.columns, objective, search.seed)
    relaxed = held.tightened(search.left * BOUND_SHARE, enough=value + 1, step=STALL)
    return relaxed is not None and floor_of(relaxed.bound) <= value


def strict(search: Search, piece: Piece) -> Ints | None:
    """Weigh three levels so that none can be traded for a later one; None if the sums grow too large."""
    gains = search.model.levels[:QUALITY, piece.part.columns]
    most = [math.ceil(total(np.maximum(level, 0), piece.program.upper)) for level in gains]
    place = most[EXTRAS] + 1
    coverage = place * (most[PLACES] + 1)
    if coverage * most[COVERAGE] > LARGEST_SUM:
        return None
    result: Ints = np.array([coverage, place, 1], dtype=np.int64) @ gains
    return result


def exactly(search: Search, piece: Piece, share: float) -> None:
    """Settle all three levels of a piece at once."""
    objective = strict(search, piece)
    if objective is None:
        return
    columns = search.columns()
    start = None if search.best is None else columns[piece.part.columns]
    answer = search.ask(piece.program, objective, share, start)
    if answer.columns is None:
        return
    columns[piece.part.columns] = np.round(answer.columns)
    search.offer(columns)
    piece.proved = answer.optimal and _reached(search, piece, objective, answer.bound)


def _reached(search: Search, piece: Piece, objective: Ints, bound: float) -> bool:
    if search.best is None:
        return False
    value = total(objective, search.columns()[piece.part.columns])
    return value >= floor_of(bound)


def prove(search: Search, found: list[Piece]) -> None:
    """Bound the first three levels."""
    before = True
    for level in UPPER_LEVELS:
        bounds = [_bound(search, piece, level, before) for piece in found]
        known = [each for each in bounds if each is not None]
        if len(known) == len(bounds):
            total = sum(known) + search.model.constants[level]
            search.bounds[level] = max(search.values[level], min(search.bounds[level], total))
        before = before and search.proved(level)


def _bound(search: Search, piece: Piece, level: int, given: bool) -> int | None:
    """Bound a level of a piece, given the earlier levels only if those are the best in all pieces."""
    gains = search.model.levels[level, piece.part.columns]
    if piece.proved and given:
        return round(total(gains, search.columns()[piece.part.columns]))
    program = piece.program
    for earlier in range(level) if given else ():
        floor = search.model.levels[earlier, piece.part.columns]
        program = program.with_floor(floor, total(floor, search.columns()[piece.part.columns]))
    if not gains.any():
        return 0
    ask = Ask(search.left * BOUND_SHARE, search.seed, whole=False)
    if search.left <= 0:
        return None
    relaxed = relax.relax(program, gains, _first(search, piece), ask)
    return None if relaxed is None else floor_of(relaxed.bound)


def _first(search: Search, piece: Piece) -> Ints:
    """Choose the columns a large relaxation of a piece begins with."""
    first = relax.first_columns(search.model, search.columns())
    return np.flatnonzero(np.isin(piece.part.columns, first))


def keep(search: Search, found: list[Piece]) -> None:
    """Keep what is reached on the first three levels from getting worse, if it is proved in every piece."""
    levels, columns = search.model.levels, search.columns()
    groups = [np.arange(len(columns))]
    if found and search.proved(EXTRAS):
        groups = [piece.part.columns for piece in found]
    for level in UPPER_LEVELS:
        for group in groups:
            _floor(search, levels[level], columns, group)


def _floor(search: Search, level: Ints, columns: Floats, group: Ints) -> None:
    gains = np.zeros_like(level)
    gains[group] = level[group]
    if gains.any():
        search.floors.append((gains, total(gains, columns)))
