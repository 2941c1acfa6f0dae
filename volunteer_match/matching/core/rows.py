"""Constraints as sparse rows: gathered as triplets (row, column, value), kept as compressed arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from volunteer_match.matching.core.columns import Floats, Ints

INFINITY = float("inf")
NO_INTS: Ints = np.zeros(0, dtype=np.int64)
NO_FLOATS: Floats = np.zeros(0, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with a lower and an upper limit; row `r` has the entries `starts[r]` to `starts[r + 1]`."""

    starts: Ints
    at: Ints
    values: Floats
    lower: Floats
    upper: Floats

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.lower)

    def with_row(self, at: Ints, values: ArrayLike, lower: float, upper: float) -> Rows:
        """Return the rows and one more."""
        return Rows(
            np.append(self.starts, len(self.at) + len(at)),
            np.concatenate([self.at, at]),
            np.concatenate([self.values, np.broadcast_to(np.asarray(values, dtype=np.float64), len(at))]),
            np.append(self.lower, lower),
            np.append(self.upper, upper),
        )

    def joined(self, more: Rows) -> Rows:
        """Return the rows and some more."""
        return Rows(
            np.concatenate([self.starts, more.starts[1:] + len(self.at)]),
            np.concatenate([self.at, more.at]),
            np.concatenate([self.values, more.values]),
            np.concatenate([self.lower, more.lower]),
            np.concatenate([self.upper, more.upper]),
        )

    def some(self, which: Ints) -> Rows:
        """Return some of the rows."""
        _, entries = ranges(self.starts[which], self.starts[which + 1])
        starts = np.append(0, np.cumsum(self.starts[which + 1] - self.starts[which]))
        return Rows(starts, self.at[entries], self.values[entries], self.lower[which], self.upper[which])

    def since(self, first: int) -> Rows:
        """Return the rows from one on."""
        return self.some(np.arange(first, self.count))

    def over(self, position: Ints) -> Rows:
        """Return the rows with their columns at other positions, without those that have none (-1)."""
        row, at = np.repeat(np.arange(self.count), np.diff(self.starts)), position[self.at]
        here = at >= 0
        starts = np.append(0, np.cumsum(np.bincount(row[here], minlength=self.count)))
        return Rows(starts, at[here], self.values[here], self.lower, self.upper)

    def within(self, position: Ints) -> Rows:
        """Return the rows all of whose columns have a position, at these positions."""
        row = np.repeat(np.arange(self.count), np.diff(self.starts))
        out = np.unique(row[position[self.at] < 0])
        return self.some(np.setdiff1d(np.arange(self.count), out)).over(position)


@dataclass(slots=True)
class Gathered:
    """Rows while a model is written: blocks of triplets whose row numbers count within the block."""

    count: int = 0
    row: list[Ints] = field(default_factory=list)
    at: list[Ints] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)

    def add(self, *parts: tuple[Ints, Ints, ArrayLike], lower: ArrayLike, upper: Ints | Floats) -> None:
        """Add a block of rows, one for each entry of `upper`; every part is (row, column, value)."""
        for row, at, values in parts:
            self.row.append(row + self.count)
            self.at.append(at)
            self.values.append(np.broadcast_to(np.asarray(values, dtype=np.float64), len(at)))
        size = len(upper)
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), size))
        self.upper.append(upper.astype(np.float64))
        self.count += size

    def at_most(self, row: Ints, at: Ints, limit: Ints) -> None:
        """Add a block of rows that let at most so many of their columns be taken."""
        self.add((row, at, 1.0), lower=-INFINITY, upper=limit)

    def finished(self) -> Rows:
        """Return all rows in the order they were added."""
        row = np.concatenate([NO_INTS, *self.row])
        order = np.argsort(row, kind="stable")
        starts = np.zeros(self.count + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=self.count), out=starts[1:])
        return Rows(
            starts=starts,
            at=np.concatenate([NO_INTS, *self.at])[order],
            values=np.concatenate([NO_FLOATS, *self.values])[order],
            lower=np.concatenate([NO_FLOATS, *self.lower]),
            upper=np.concatenate([NO_FLOATS, *self.upper]),
        )


def total(gains: Ints | Floats, values: Floats) -> float:
    """Add up what values are worth.

    Not as a product of vectors: for these lengths numpy would begin threads that cost more than they save.
    """
    return float((gains * values).sum())


def ranges(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Return all numbers of many ranges in a row, and before them which range each is from."""
    lengths = ends - starts
    which = np.repeat(np.arange(len(lengths)), lengths)
    offsets = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    return which, np.arange(len(which)) + offsets


def numbered(keys: Ints) -> tuple[Ints, Ints]:
    """Number the different keys of a sorted array: where each begins (and one past the end), and its number.

    The first array has one entry more than there are keys, the second one for each entry of `keys`.
    """
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    starts = np.append(np.flatnonzero(new), len(keys))
    return starts, np.cumsum(new) - 1
