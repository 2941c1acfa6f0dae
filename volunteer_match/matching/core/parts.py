"""Parts of a model that decide nothing about each other, at least as far as places go.

The price of load joins all weeks of a person, but only on the last level. Without it, weeks, regions and
rare skills often fall apart, and coverage, places and extras are the sums over the parts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from volunteer_match.matching.core.columns import Bools, Ints
from volunteer_match.matching.core.model import Model
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.rows import Rows, ranges

SMALL_PART = 400
TIGHT = 5.0


@dataclass(frozen=True, slots=True)
class Part:
    """Columns that are decided together; the first `edges` of them are edges."""

    columns: Ints
    edges: int


def whole(model: Model) -> Program:
    """Return the program of a model."""
    return Program(model.rows, np.zeros(len(model.upper)), model.upper, model.integer)


def without_load(model: Model) -> Program:
    """Return the program of a model without the rows that price load."""
    load = np.zeros(len(model.upper), dtype=np.bool_)
    for columns in model.places.loads.values():
        load[columns.start : columns.stop] = True
    rows = model.rows
    row = np.repeat(np.arange(rows.count), np.diff(rows.starts))
    priced = np.zeros(rows.count, dtype=np.bool_)
    priced[row[load[rows.at]]] = True
    return replace(whole(model), rows=_chosen(rows, np.flatnonzero(~priced)))


def _chosen(rows: Rows, which: Ints) -> Rows:
    _, at = ranges(rows.starts[which], rows.starts[which + 1])
    starts = np.concatenate([[0], np.cumsum(rows.starts[which + 1] - rows.starts[which])])
    return Rows(starts, rows.at[at], rows.values[at], rows.lower[which], rows.upper[which])


def of(model: Model, program: Program) -> list[Part]:
    """Split edges and what hangs on them into parts, the small ones gathered; unlimited columns stay out."""
    label = components(program)
    used = np.zeros(program.count, dtype=np.bool_)
    used[program.rows.at] = True
    return [_part(model, columns) for columns in gathered(label, used)]


def _part(model: Model, columns: Ints) -> Part:
    return Part(columns, int(np.searchsorted(columns, model.edges)))


def components(program: Program) -> Ints:
    """Name each column after the first column it is joined with through rows."""
    rows = program.rows
    label = np.arange(program.count)
    filled = np.flatnonzero(np.diff(rows.starts) > 0)
    row = np.repeat(np.arange(len(filled)), np.diff(rows.starts)[filled])
    if not len(filled):
        return label
    order = np.argsort(rows.at, kind="stable")
    used, row = rows.at[order], row[order]
    first = np.flatnonzero(np.diff(used, prepend=-1))
    while True:
        least = np.minimum.reduceat(label[rows.at], rows.starts[filled])
        found = label.copy()
        found[used[first]] = np.minimum.reduceat(least[row], first)
        found = found[found]
        if np.array_equal(found, label):
            return label
        label = found


def gathered(label: Ints, used: Bools) -> list[Ints]:
    """Return the columns of each label, those of few columns several together."""
    columns = np.flatnonzero(used)
    order = columns[np.argsort(label[columns], kind="stable")]
    bounds = np.flatnonzero(np.diff(label[order], prepend=-1))
    result: list[Ints] = []
    few: list[Ints] = []
    for group in np.split(order, bounds[1:]) if len(order) else []:
        few.append(group)
        if sum(map(len, few)) >= SMALL_PART:
            result.append(np.sort(np.concatenate(few)))
            few = []
    return [*result, np.sort(np.concatenate(few))] if few else result


def tight(program: Program, edges: int) -> bool:
    """Return whether people have very many sessions at the same time to choose from."""
    rows = program.rows
    exclusive = np.diff(rows.starts)[np.isneginf(rows.lower) & (rows.upper == 1)]
    return bool(exclusive.sum() > TIGHT * edges)
