"""Whole plans near a relaxation: what it has decided stays, what it splits is solved exactly.

Only a few of a hundred places are split between people. The sessions with such places, the sessions their
people serve, and the most promising candidates of all of these are opened; they fall apart into pieces that
are solved one by one.
"""

from __future__ import annotations

import numpy as np

from volunteer_match.matching.core import around, highs, parts, relax
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.columns import Bools, Floats, Ints
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.model import Model
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.relax import Relaxed
from volunteer_match.matching.core.search import Search

LARGE = 15_000
WIDTH = 6
HALF, WHOLE = 0.5, 1e-6
PIECE_SHARE = 0.1


def rounded(
    search: Search, program: Program, objective: Ints, relaxed: Relaxed, width: int = WIDTH
) -> Floats:
    """Return column values near a relaxation's, with whole people; some rows may not hold yet."""
    model = search.model
    edges = open_edges(model, relaxed, width)
    free = around.with_switches(model, edges, load=True)
    values = np.round(relaxed.columns)
    part = programs.cutter(program).cut(values, free)
    cutter = programs.cutter(part)
    inside = values[free]
    for group in parts.gathered(parts.components(part), np.ones(part.count, dtype=np.bool_)):
        if search.left <= 0:
            break
        gains, ask = objective[free[group]], Ask(search.left * PIECE_SHARE, search.seed)
        answer = highs.maximise(cutter.cut(inside, group), gains, ask)
        inside[group] = 0.0 if answer.columns is None else np.round(answer.columns)
    values[free] = inside
    return values


def open_edges(model: Model, relaxed: Relaxed, width: int) -> Ints:
    """Choose the edges of the sessions that are split, and of those their people serve."""
    instance, edges = model.instance, model.edges
    split = _split_sessions(model, relaxed.broken)
    used = relaxed.columns[:edges] > WHOLE
    people = np.zeros(len(instance.index.volunteers), dtype=np.bool_)
    people[instance.edges.volunteer[used & split[instance.session]]] = True
    around_them = split.copy()
    around_them[instance.session[used & people[instance.edges.volunteer]]] = True
    promising = relax.places_in_line(model, relaxed.reduced) < width
    return np.flatnonzero(around_them[instance.session] & (used | promising))


def _split_sessions(model: Model, broken: Bools) -> Bools:
    instance = model.instance
    result = np.zeros(len(instance.index.sessions), dtype=np.bool_)
    result[instance.session[broken[: model.edges]]] = True
    for session, at in model.places.runnable.items():
        result[session] |= broken[at]
    return result


def offer(search: Search, columns: Floats) -> None:
    """Offer what a relaxation was rounded to, mended where a rule is broken."""
    chosen = np.flatnonzero(columns[: search.model.edges] > HALF).tolist()
    if search.model.edges > LARGE or not Draft(search.model.instance, chosen).sound():
        # Rounding opens few people for each place of a large plan; some places left empty can be filled.
        columns = search.completed(chosen)
    if (columns >= search.program.lower - WHOLE).all():
        search.offer(columns)
