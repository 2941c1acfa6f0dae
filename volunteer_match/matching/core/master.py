"""A relaxation that stays with the solver while rows and columns are added to it.

It begins with promising columns. All others are priced with what the rows are worth and added where they
could gain; rows are added where the relaxation splits people. The bound is worked out over all columns, so
leaving some out never weakens it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from volunteer_match.matching.core import cuts, highs
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.columns import Bools, Floats, Ints
from volunteer_match.matching.core.cuts import Weeks
from volunteer_match.matching.core.program import Cutter, Program
from volunteer_match.matching.core.relax import Relaxed
from volunteer_match.matching.core.rows import INFINITY, Rows, total

MOST_ROUNDS = 40
GAIN, BROKEN = 1e-6, 1e-6
STALL = 0.005
CLOSE = 1e-7


@dataclass(slots=True)
class Master:
    """A relaxation of a program over some `columns` of a model, tightened where it splits people.

    `order` and `rows` name the program's columns and rows the solver has, in the solver's order; rows from
    `base.program` on were added later, and `waiting` are those held back until an answer breaks them.
    """

    weeks: Weeks
    program: Program
    columns: Ints
    objective: Ints
    base: Cutter
    solver: highs.Relaxation
    order: Ints
    rows: Ints
    waiting: Ints
    seed: int

    def aim(self, objective: Ints) -> None:
        """Ask for something else from now on."""
        self.objective = objective
        self.solver.aim(objective[self.order])

    def add(self, rows: Rows) -> None:
        """Take more rows."""
        first = self.program.rows.count
        self.program = replace(self.program, rows=self.program.rows.joined(rows))
        self._hand_over(np.arange(first, first + rows.count))

    def limit(self, column: int, lower: float, upper: float) -> None:
        """Keep a column between other limits."""
        low, high = self.program.lower.copy(), self.program.upper.copy()
        low[column], high[column] = lower, upper
        self.program = replace(self.program, lower=low, upper=high)
        for at in np.flatnonzero(self.order == column).tolist():
            self.solver.limit(at, lower, upper)

    def tightened(self, seconds: float, enough: float = -INFINITY, step: float = 0.0) -> Relaxed | None:
        """Solve again and again with what cuts off the last answer.

        It ends when the bound is below `enough`, when it falls by less than `step` or next to nothing beside
        what it fell before, or when there is nothing to add.
        """
        deadline, best, first = time.perf_counter() + seconds, INFINITY, INFINITY
        result: Relaxed | None = None
        for _ in range(MOST_ROUNDS):
            found = self._solved(deadline - time.perf_counter())
            if found is None:
                break
            before, best = best, min(best, found.bound)
            missing = self._completed(found)
            first = best if missing or result is None else first
            result = replace(found, bound=best)
            slow = not missing and before - best < max(step, STALL * (first - best))
            if best < enough or slow or not (self._grown(found) or missing):
                break
        return result

    def _completed(self, found: Relaxed) -> bool:
        """Hand over the rows held back that an answer breaks; return whether there were any."""
        rows = self.program.rows.some(self.waiting)
        broken = programs.activity(rows, found.columns) > rows.upper + BROKEN
        self._hand_over(self.waiting[broken])
        self.waiting = self.waiting[~broken]
        return bool(broken.any())

    def _solved(self, seconds: float) -> Relaxed | None:
        found = self.solver.solve(seconds)
        if found is None:
            # What the columns at hand cannot do, others might.
            nothing = self.solver.impossible and len(self.order) == self.program.count
            return Relaxed(self.program.lower, np.zeros(self.program.count), -INFINITY) if nothing else None
        values, prices = self.program.lower.copy(), np.zeros(self.program.rows.count)
        values[self.order], prices[self.rows] = found
        gains = programs.reduced(self.program, self.objective, prices)
        return Relaxed(values, gains, programs.bound(self.program, self.objective, prices))

    def _grown(self, found: Relaxed) -> bool:
        """Add columns that could gain and rows that cut off an answer; return whether there were any."""
        wider = self._widen(found)
        return self._tighten(found) or wider

    def _widen(self, found: Relaxed) -> bool:
        """Add the columns that could gain, unless all of them could gain next to nothing."""
        inside = np.zeros(self.program.count, dtype=np.bool_)
        inside[self.order] = True
        reached = total(self.objective, found.columns)
        gaining = np.flatnonzero(~inside & (found.reduced > GAIN))
        if not len(gaining) or found.bound - reached <= CLOSE * abs(found.bound):
            return False
        self._add_columns(gaining)
        return True

    def _add_columns(self, columns: Ints) -> None:
        of, row, values = self._entries(columns)
        position = np.full(self.program.rows.count, -1, dtype=np.int64)
        position[self.rows] = np.arange(len(self.rows))
        order = np.argsort(of, kind="stable")
        order = order[position[row[order]] >= 0]
        entries = position[row[order]], values[order]
        starts = np.append(0, np.cumsum(np.bincount(of[order], minlength=len(columns))))
        limits = (self.program.lower[columns], self.program.upper[columns])
        self.solver.add_columns(self.objective[columns], limits, (starts, *entries))
        self.order = np.concatenate([self.order, columns])
        self._hand_over(np.setdiff1d(row, self.rows))

    def _entries(self, columns: Ints) -> tuple[Ints, Ints, Floats]:
        """Return the entries of columns in the rows there were at first and in those added since."""
        first = self.base.program.rows.count
        later = programs.cutter(replace(self.program, rows=self.program.rows.since(first)))
        of, row, values = later.entries(columns)
        old = self.base.entries(columns)
        return (
            np.concatenate([old[0], of]),
            np.concatenate([old[1], row + first]),
            np.concatenate([old[2], values]),
        )

    def _hand_over(self, which: Ints) -> None:
        """Give the solver the rows that could matter to the columns it has."""
        position = np.full(self.program.count, -1, dtype=np.int64)
        position[self.order] = np.arange(len(self.order))
        rows = self.program.rows.some(which).over(position)
        rows, kept = programs.binding(rows, self.program.lower[self.order], self.program.upper[self.order])
        self.solver.add(rows)
        self.rows = np.concatenate([self.rows, which[kept]])

    def _tighten(self, found: Relaxed) -> bool:
        every = np.zeros(len(self.weeks.model.upper))
        every[self.columns] = found.columns
        rows = cuts.violated(self.weeks, every, self.seed)
        if rows is None:
            return False
        position = np.full(len(every), -1, dtype=np.int64)
        position[self.columns] = np.arange(len(self.columns))
        self.add(rows.within(position))
        return True


def of(
    weeks: Weeks, program: Program, columns: Ints, objective: Ints, seed: int, first: Ints | None = None
) -> Master:
    """Hand a relaxation to the solver, with all its columns or only the first ones."""
    order = np.arange(program.count) if first is None else first
    cutter = programs.cutter(program)
    part, rows = cutter.cut_with_rows(program.lower, order)
    waiting = np.zeros(0, dtype=np.int64)
    if first is None:
        later = _only_cap(part.rows, weeks.model.edges, columns)
        waiting, rows = rows[later], rows[~later]
        part = replace(part, rows=part.rows.some(np.flatnonzero(~later)))
    # A small relaxation is solved before it would be presolved.
    solver = highs.Relaxation(part, objective[order], seed, presolve=first is not None)
    return Master(weeks, program, columns, objective, cutter, solver, order, rows, waiting, seed)


def _only_cap(rows: Rows, edges: int, columns: Ints) -> Bools:
    """Return which rows only cap how many edges are chosen: people have many of these, and few matter."""
    row = np.repeat(np.arange(rows.count), np.diff(rows.starts))
    other = (rows.values < 0) | (columns[rows.at] >= edges)
    result: Bools = np.isinf(rows.lower) & (np.bincount(row, other, minlength=rows.count) == 0)
    return result
