"""A mixed-integer program as arrays: cutting smaller programs out of it and bounding what it can reach.

All columns are bounded from both sides, which is what makes a bound hold for any prices of the rows,
however they were found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from volunteer_match.matching.core.columns import Bools, Floats, Ints
from volunteer_match.matching.core.rows import Rows, ranges, total

SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Program:
    """Rows over columns with limits; `integer` says which columns take whole numbers."""

    rows: Rows
    lower: Floats
    upper: Floats
    integer: Bools

    @property
    def count(self) -> int:
        """Return how many columns there are."""
        return len(self.upper)

    def with_floor(self, gains: Ints, least: float) -> Program:
        """Return the program with one more row: these gains may not fall below a value."""
        where = np.flatnonzero(gains)
        return replace(self, rows=self.rows.with_row(where, gains[where], least, np.inf))

    def closed(self, columns: Ints) -> Program:
        """Return the program with some columns kept at their lowest."""
        upper = self.upper.copy()
        upper[columns] = self.lower[columns]
        return replace(self, upper=upper)

    def forced(self, columns: Ints) -> Program:
        """Return the program with some columns kept at their highest."""
        lower = self.lower.copy()
        lower[columns] = self.upper[columns]
        return replace(self, lower=lower)


@dataclass(frozen=True, slots=True)
class Cutter:
    """A program with its entries by column, ready to be cut many times."""

    program: Program
    row: Ints
    values: Floats
    first: Ints

    def entries(self, columns: Ints) -> tuple[Ints, Ints, Floats]:
        """Return the entries of some columns: which of the columns, which row, which value."""
        which, at = ranges(self.first[columns], self.first[columns + 1])
        return which, self.row[at], self.values[at]

    def cut(self, values: Floats, free: Ints) -> Program:
        """Return the program over some columns, the others kept at their values."""
        return self.cut_with_rows(values, free)[0]

    def cut_with_rows(self, values: Floats, free: Ints) -> tuple[Program, Ints]:
        """Return the program over some columns and which rows it kept.

        Rows that no choice of the free columns could break are left out.
        """
        whole = self.program.rows
        _, entries = ranges(self.first[free], self.first[free + 1])
        touched = np.unique(self.row[entries])
        row, at = ranges(whole.starts[touched], whole.starts[touched + 1])
        column, value = whole.at[at], whole.values[at]
        position = np.full(self.program.count, -1, dtype=np.int64)
        position[free] = np.arange(len(free))
        inside = position[column] >= 0
        outside = ~inside
        kept = np.bincount(row[outside], value[outside] * values[column[outside]], minlength=len(touched))
        rows = _compressed(row[inside], position[column[inside]], value[inside], len(touched))
        rows = replace(rows, lower=whole.lower[touched] - kept, upper=whole.upper[touched] - kept)
        lower, upper = self.program.lower[free], self.program.upper[free]
        rows, kept_rows = binding(rows, lower, upper)
        return Program(rows, lower, upper, self.program.integer[free]), touched[kept_rows]


def cutter(program: Program) -> Cutter:
    """Sort the entries of a program by column."""
    rows = program.rows
    order = np.argsort(rows.at, kind="stable")
    row = np.repeat(np.arange(rows.count), np.diff(rows.starts))[order]
    first = np.append(0, np.cumsum(np.bincount(rows.at, minlength=program.count)))
    return Cutter(program, row, rows.values[order], first)


def _compressed(row: Ints, at: Ints, values: Floats, count: int) -> Rows:
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=count), out=starts[1:])
    limits = np.zeros(count)
    return Rows(starts, at, values, limits, limits)


def binding(rows: Rows, lower: Floats, upper: Floats) -> tuple[Rows, Ints]:
    """Return the rows that limits of the columns alone do not keep, and which these are."""
    row = np.repeat(np.arange(rows.count), np.diff(rows.starts))
    low, high = rows.values * lower[rows.at], rows.values * upper[rows.at]
    most = np.bincount(row, np.maximum(low, high), minlength=rows.count)
    least = np.bincount(row, np.minimum(low, high), minlength=rows.count)
    keep = (most > rows.upper + SLACK) | (least < rows.lower - SLACK)
    number, entries = np.cumsum(keep) - 1, keep[row]
    kept = _compressed(number[row[entries]], rows.at[entries], rows.values[entries], int(keep.sum()))
    kept = replace(kept, lower=rows.lower[keep], upper=rows.upper[keep])
    return kept, np.flatnonzero(keep)


def activity(rows: Rows, values: Floats) -> Floats:
    """Return what every row adds up to."""
    row = np.repeat(np.arange(rows.count), np.diff(rows.starts))
    sums: Floats = np.bincount(row, rows.values * values[rows.at], minlength=rows.count).astype(np.float64)
    return sums


def satisfied(program: Program, values: Floats, slack: float = 1e-6) -> bool:
    """Return whether values keep every row and every limit."""
    sums = activity(program.rows, values)
    within = (sums >= program.rows.lower - slack) & (sums <= program.rows.upper + slack)
    limits = (values >= program.lower - slack) & (values <= program.upper + slack)
    return bool(within.all() and limits.all())


def reduced(program: Program, objective: Ints | Floats, prices: Floats) -> Floats:
    """Return what each column gains beyond the price of what it takes of the rows."""
    rows = program.rows
    row = np.repeat(np.arange(rows.count), np.diff(rows.starts))
    paid = np.bincount(rows.at, rows.values * prices[row], minlength=program.count)
    gain: Floats = (objective - paid).astype(np.float64)
    return gain


def bound(program: Program, objective: Ints | Floats, prices: Floats) -> float:
    """Return the most any solution can reach, as these prices of the rows prove.

    For any prices the objective is the rows' worth plus what columns gain beyond it, and each part is at
    most what its limits allow. So the bound holds whether or not the prices are the best ones.
    """
    rows = program.rows
    price = np.where(np.isinf(rows.upper) & (prices > 0), 0.0, prices)
    price = np.where(np.isinf(rows.lower) & (price < 0), 0.0, price)
    limit = np.where(price > 0, rows.upper, np.where(price < 0, rows.lower, 0.0))
    gain = reduced(program, objective, price)
    most = np.maximum(gain * program.lower, gain * program.upper)
    return total(price, limit) + float(most.sum())
