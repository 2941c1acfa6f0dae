"""Relaxations over many columns: solve over the promising ones, price the rest, add what could gain.

Leaving columns out never weakens the bound: it is worked out over all columns from the prices of the rows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import highs
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.columns import Bools, Floats, Ints
from volunteer_match.matching.core.highs import Answer, Ask
from volunteer_match.matching.core.model import Model
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.rows import INFINITY, total

ALL_AT_ONCE = 15_000
LINE, PER_PLACE = 6, 4
MOST_ROUNDS = 12
GAIN = 1e-6
CLOSE = 1e-5
WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A relaxation's answer over all columns."""

    columns: Floats
    reduced: Floats
    bound: float

    @property
    def broken(self) -> Bools:
        """Return which columns are not whole."""
        result: Bools = np.abs(self.columns - np.round(self.columns)) > WHOLE
        return result


def promising(model: Model, worth: Ints | Floats) -> Ints:
    """Return the columns to begin with: all but edges, and for each role the most promising edges."""
    keep = places_in_line(model, worth) < LINE + PER_PLACE * _places(model)[model.instance.edges.role]
    rest = np.arange(model.edges, len(model.upper))
    return np.concatenate([np.flatnonzero(keep), rest])


def first_columns(model: Model, plan: Floats) -> Ints:
    """Return the promising columns and those a plan uses.

    Going by scores alone, without load: else the few whom nobody asked yet would be in everybody's line.
    """
    return np.union1d(promising(model, model.instance.quality), np.flatnonzero(plan > 0))


def _places(model: Model) -> Ints:
    return np.array([each.preferred for each in model.instance.index.roles], dtype=np.int64)


def places_in_line(model: Model, worth: Ints | Floats) -> Ints:
    """Number the edges of each role from the most to the least promising."""
    role = model.instance.edges.role
    order = np.lexsort((-worth[: model.edges], role))
    result = np.empty(len(order), dtype=np.int64)
    result[order] = np.arange(len(order)) - np.searchsorted(role, role)[order]
    return result


def relax(program: Program, objective: Ints | Floats, first: Ints, ask: Ask) -> Relaxed | None:
    """Solve a relaxation, beginning with some columns; None if not even those were solved in time."""
    if program.count <= ALL_AT_ONCE:
        return _at_once(program, objective, ask)
    deadline = time.perf_counter() + ask.seconds
    cutter, values = programs.cutter(program), program.lower
    inside, best = np.zeros(program.count, dtype=np.bool_), INFINITY
    inside[first] = True
    result: Relaxed | None = None
    for _ in range(MOST_ROUNDS):
        left = deadline - time.perf_counter()
        if left <= 0:
            break
        free = np.flatnonzero(inside)
        found = _priced(cutter, objective, free, values, left, ask.seed)
        if found is None:
            break
        best = min(best, found.bound)
        result = Relaxed(found.columns, found.reduced, best)
        gaining = ~inside & (found.reduced > GAIN)
        reached = total(objective, found.columns)
        if not gaining.any() or best - reached <= CLOSE * abs(best):
            break
        inside |= gaining
    return result


def _at_once(program: Program, objective: Ints | Floats, ask: Ask) -> Relaxed | None:
    found = highs.maximise(program, objective, ask)
    if found.columns is None or found.reduced is None:
        return None
    return Relaxed(found.columns, found.reduced, found.bound)


def _priced(
    cutter: programs.Cutter, objective: Ints | Floats, free: Ints, values: Floats, seconds: float, seed: int
) -> Relaxed | None:
    part, rows = cutter.cut_with_rows(values, free)
    answer: Answer = highs.maximise(part, objective[free], Ask(seconds, seed, whole=False))
    if answer.columns is None or answer.prices is None:
        return None
    prices = np.zeros(cutter.program.rows.count)
    prices[rows] = answer.prices
    columns = values.copy()
    columns[free] = answer.columns
    whole = cutter.program
    return Relaxed(
        columns, programs.reduced(whole, objective, prices), programs.bound(whole, objective, prices)
    )
