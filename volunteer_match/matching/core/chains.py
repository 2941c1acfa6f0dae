"""One person's overlapping sessions written as a chain, which relaxations solve many times faster.

"At most one of these" holds for each largest set of overlapping sessions, and one set after the other
shares most of its sessions. Taking each row from the one after it leaves only what begins and ends in
between: a path through the person's time. The solutions are exactly the same.
"""

from __future__ import annotations

import numpy as np

from volunteer_match.matching.core.columns import Bools, Floats, Ints
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.rows import Rows


def chained(program: Program, owner: Ints) -> Program:
    """Return an equal program, slack columns last; `owner` names the person of each first column."""
    rows = program.rows
    row = np.repeat(np.arange(rows.count), np.diff(rows.starts))
    single, person = _single(program, owner, row)
    linked = np.zeros(rows.count, dtype=np.bool_)
    linked[1:] = single[1:] & single[:-1] & (person[1:] == person[:-1])
    slack = program.count + np.cumsum(single) - 1
    heads, tails = np.flatnonzero(single), np.flatnonzero(linked)
    again = np.flatnonzero(linked[np.minimum(row + 1, rows.count - 1)] & (row + 1 < rows.count))
    entries = (
        np.concatenate([row, row[again] + 1, heads, tails]),
        np.concatenate([rows.at, rows.at[again], slack[heads], slack[tails - 1]]),
        np.concatenate([rows.values, -rows.values[again], np.ones(len(heads)), -np.ones(len(tails))]),
    )
    lower, upper = rows.lower.copy(), rows.upper.copy()
    upper[tails] -= rows.upper[tails - 1]
    lower[heads] = upper[heads]
    columns = program.count + len(heads)
    return Program(
        _summed(*entries, columns, lower, upper),
        np.concatenate([program.lower, np.zeros(len(heads))]),
        np.concatenate([program.upper, rows.upper[heads]]),
        np.concatenate([program.integer, np.zeros(len(heads), dtype=np.bool_)]),
    )


def _single(program: Program, owner: Ints, row: Ints) -> tuple[Bools, Ints]:
    """Find the rows that let one person be in at most so many places, and whose they are."""
    rows = program.rows
    of = np.full(program.count, -1, dtype=np.int64)
    of[: len(owner)] = owner
    most, least = np.full(rows.count, -1), np.full(rows.count, np.iinfo(np.int64).max)
    np.maximum.at(most, row, of[rows.at])
    np.minimum.at(least, row, of[rows.at])
    plain = np.bincount(row, rows.values != 1.0, minlength=rows.count) == 0
    single: Bools = plain & (most == least) & (most >= 0) & np.isneginf(rows.lower) & np.isfinite(rows.upper)
    return single, most


def _summed(row: Ints, at: Ints, values: Floats, columns: int, lower: Floats, upper: Floats) -> Rows:
    key = row * columns + at
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    total = np.add.reduceat(values[order], first) if len(first) else values
    kept = total != 0
    found = key[order][first][kept]
    starts = np.searchsorted(found, np.arange(len(lower) + 1) * columns)
    return Rows(starts, found % columns, total[kept], lower, upper)
