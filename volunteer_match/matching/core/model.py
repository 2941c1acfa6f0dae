"""The mixed-integer model: which places, which sessions, at what load.

Columns, in this order: one per edge (chosen or not), one per session with a minimum (runnable or not), one
per session with an open joint rule (staffed or not), two per role (places up to the minimum, extras), then
the load segments of each volunteer. Each level of the objective is one row of `levels` plus its constant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from volunteer_match.matching.core import limits
from volunteer_match.matching.core.columns import Bools, Floats, Ints
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.instance import Instance, Joint
from volunteer_match.matching.core.rows import INFINITY, Gathered, Rows, numbered
from volunteer_match.matching.core.types import LEVELS

COVERAGE, PLACES, EXTRAS, QUALITY = range(len(LEVELS))


@dataclass(slots=True)
class Places:
    """Where the columns of sessions, roles (places, extras) and loads are."""

    runnable: dict[int, int]
    staffed: dict[int, int]
    fills: Ints
    loads: dict[int, range] = field(default_factory=dict)


@dataclass(slots=True)
class Model:
    """A finished model; `edges` columns come first and are what a plan is read from."""

    instance: Instance
    rows: Rows
    upper: Floats
    integer: NDArray[np.bool_]
    levels: Ints
    constants: tuple[int, int, int, int]
    edges: int
    places: Places


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the edges offer each role and session, and what they still ask for."""

    of_role: Ints
    people: Ints
    cleared_people: Ints
    unclear_edges: Ints
    newcomer_edges: Ints
    open_minimum: Ints
    open_places: Ints
    session_of: Ints


def build(instance: Instance) -> Model:
    """Write the model of an instance."""
    counts, rows = _counts(instance), Gathered()
    places, upper = _columns(instance, counts)
    _fills(instance, counts, places, rows)
    _switches(instance, places, rows)
    _friends(instance, rows)
    loads = limits.add_rows(instance, rows, len(upper))
    places.loads = loads.of
    upper = np.concatenate([upper, np.ones(len(loads.gains))])
    edges, switches = instance.edges.count, len(places.runnable) + len(places.staffed)
    return Model(
        instance=instance,
        rows=rows.finished(),
        upper=upper,
        integer=np.arange(len(upper)) < edges + switches,
        levels=_levels(instance, places, loads, len(upper)),
        constants=_constants(instance),
        edges=edges,
        places=places,
    )


def _counts(instance: Instance) -> _Counts:
    roles, sessions = instance.index.roles, len(instance.index.sessions)
    fixed = np.array(instance.fixed_in, dtype=np.int64)
    least = np.array([each.min for each in roles], dtype=np.int64)
    most = np.array([each.preferred for each in roles], dtype=np.int64)
    return _Counts(
        of_role=np.bincount(instance.edges.role, minlength=len(roles)),
        people=_people(instance, np.ones(instance.edges.count, dtype=np.bool_)),
        cleared_people=_people(instance, instance.cleared > 0),
        unclear_edges=np.bincount(instance.session[instance.cleared == 0], minlength=sessions),
        newcomer_edges=np.bincount(instance.session[instance.experienced == 0], minlength=sessions),
        open_minimum=np.maximum(0, least - fixed),
        open_places=np.maximum(0, most - fixed),
        session_of=np.array(instance.index.session_of, dtype=np.int64),
    )


def _people(instance: Instance, among: Bools) -> Ints:
    """Count the different people each session could have."""
    volunteers = max(1, len(instance.index.volunteers))
    pairs = np.sort(instance.session[among] * volunteers + instance.edges.volunteer[among])
    first, _ = numbered(pairs)
    return np.bincount(pairs[first[:-1]] // volunteers, minlength=len(instance.index.sessions))


def _columns(instance: Instance, counts: _Counts) -> tuple[Places, Floats]:
    edges = instance.edges.count
    could_be_staffed = counts.cleared_people >= [each.cleared_missing for each in instance.joint]
    could_run = _enough(counts, len(instance.index.sessions)) & could_be_staffed
    runnable = [at for at in range(len(instance.weight)) if instance.has_minimum(at)]
    staffed = [at for at, joint in enumerate(instance.joint) if _needs_switch(joint, counts, at)]
    first = edges + len(runnable) + len(staffed)
    fills = np.stack([counts.open_minimum, np.maximum(0, counts.open_places - counts.open_minimum)], axis=1)
    upper = [np.ones(edges), could_run[runnable], could_be_staffed[staffed], fills.ravel()]
    places = Places(
        runnable={session: edges + at for at, session in enumerate(runnable)},
        staffed={session: edges + len(runnable) + at for at, session in enumerate(staffed)},
        fills=first + np.arange(fills.size).reshape(-1, 2),
    )
    return places, np.concatenate(upper).astype(np.float64)


def _enough(counts: _Counts, sessions: int) -> Bools:
    # The relaxation would run two thirds of a session that has two people for three places.
    asked = np.bincount(counts.session_of, weights=counts.open_minimum, minlength=sessions)
    short = counts.session_of[counts.of_role < counts.open_minimum]
    enough: Bools = counts.people >= asked
    enough[short] = False
    return enough


def _needs_switch(joint: Joint, counts: _Counts, session: int) -> bool:
    # With one cleared adult missing and only cleared adults on offer, whoever comes meets the rule.
    cleared_open = joint.cleared_missing > 1 or (
        joint.cleared_missing == 1 and (joint.fixed > 0 or counts.unclear_edges[session] > 0)
    )
    newcomers = joint.fixed > 0 or counts.newcomer_edges[session] > 0
    return bool(cleared_open or (joint.experience_missing and newcomers))


def _fills(instance: Instance, counts: _Counts, places: Places, rows: Gathered) -> None:
    role, edge = instance.edges.role, np.arange(instance.edges.count)
    every = np.arange(len(counts.of_role))
    filled, extra = places.fills[:, 0], places.fills[:, 1]
    rows.add((role, edge, 1.0), (every, filled, -1.0), (every, extra, -1.0), lower=0, upper=0 * every)
    runnable = _lookup(places.runnable, counts.session_of)
    asked = np.flatnonzero((counts.open_minimum > 0) & (runnable >= 0))
    nth = np.arange(len(asked))
    share = counts.open_minimum[asked]
    rows.add((nth, runnable[asked], share), (nth, filled[asked], -1.0), lower=-INFINITY, upper=0 * nth)
    _shut_unless_staffed(counts, places, rows)


def _lookup(columns: dict[int, int], sessions: Ints) -> Ints:
    return np.array([columns.get(each, -1) for each in sessions.tolist()], dtype=np.int64)


def _shut_unless_staffed(counts: _Counts, places: Places, rows: Gathered) -> None:
    # Said of minimum and extras apart: of both together, half a session would fill a whole minimum.
    staffed = _lookup(places.staffed, counts.session_of)
    which = np.flatnonzero((staffed >= 0) & (counts.of_role > 0))
    nth = np.arange(len(which))
    least = np.minimum(counts.open_minimum, counts.open_places)[which]
    for fills, most in ((0, least), (1, counts.open_places[which] - least)):
        filled = (nth, places.fills[which, fills], 1.0)
        rows.add(filled, (nth, staffed[which], -most), lower=-INFINITY, upper=0 * nth)


def _switches(instance: Instance, places: Places, rows: Gathered) -> None:
    """Let a session be staffed only with the adults it misses, and run only when staffed."""
    joints = instance.joint
    missing = {at: joints[at].cleared_missing for at in places.staffed if joints[at].cleared_missing}
    _staff(instance, places, missing, instance.cleared, rows)
    unknown = {at: 1 for at in places.staffed if joints[at].experience_missing}
    _staff(instance, places, unknown, instance.experienced, rows)
    both = [(places.runnable[at], column) for at, column in places.staffed.items() if at in places.runnable]
    pairs = np.array(both, dtype=np.int64).reshape(-1, 2)
    nth = np.arange(len(pairs))
    rows.add((nth, pairs[:, 0], 1.0), (nth, pairs[:, 1], -1.0), lower=-INFINITY, upper=0 * nth)


def _staff(instance: Instance, places: Places, missing: dict[int, int], has: Ints, rows: Gathered) -> None:
    nth = np.arange(len(missing))
    number = np.full(len(instance.joint), -1, dtype=np.int64)
    number[list(missing)] = nth
    edges = np.flatnonzero((has > 0) & (number[instance.session] >= 0))
    switch = np.array([places.staffed[at] for at in missing], dtype=np.int64)
    asked = (nth, switch, np.array(list(missing.values()), dtype=np.float64))
    met = (number[instance.session[edges]], edges, -1.0)
    rows.add(asked, met, lower=-INFINITY, upper=0 * nth)


def _friends(instance: Instance, rows: Gathered) -> None:
    """Let as many of each two friends come to a session as of the other."""
    signs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    count = 0
    for session, groups in enumerate(instance.together):
        for one, other in (pair for group in groups for pair in pairwise(group)):
            signs.setdefault((session, one), []).append((count, 1))
            signs.setdefault((session, other), []).append((count, -1))
            count += 1
    among = np.isin(instance.edges.volunteer, [who for _, who in signs])
    edges = np.flatnonzero(among).tolist()
    keys = zip(instance.session[among].tolist(), instance.edges.volunteer[among].tolist(), strict=True)
    entries = [
        (row, edge, sign) for edge, key in zip(edges, keys, strict=True) for row, sign in signs.get(key, ())
    ]
    table = np.array(entries, dtype=np.int64).reshape(-1, 3)
    rows.add((table[:, 0], table[:, 1], table[:, 2]), lower=0, upper=np.zeros(count))


def _levels(instance: Instance, places: Places, loads: limits.Loads, columns: int) -> Ints:
    levels = np.zeros((len(LEVELS), columns), dtype=np.int64)
    levels[QUALITY, : instance.edges.count] = instance.quality + loads.direct
    levels[QUALITY, columns - len(loads.gains) :] = loads.gains
    levels[COVERAGE, list(places.runnable.values())] = [instance.weight[at] for at in places.runnable]
    levels[PLACES, places.fills[:, 0]] = 1
    levels[EXTRAS, places.fills[:, 1]] = 1
    return levels


def _constants(instance: Instance) -> tuple[int, int, int, int]:
    """Return what each level is worth before anything is decided."""
    _, places, extras, quality = Draft(instance).values()
    untouched = [weight for at, weight in enumerate(instance.weight) if not instance.has_minimum(at)]
    return sum(untouched), places, extras, quality


def columns_of(model: Model, draft: Draft) -> Floats:
    """Write a draft as a full set of column values, for a warm start."""
    result = np.zeros(len(model.upper), dtype=np.float64)
    result[sorted(draft.chosen)] = 1
    for session, at in model.places.runnable.items():
        result[at] = draft.runnable(session)
    for session, at in model.places.staffed.items():
        people = len(draft.edges_in[session]) + model.instance.joint[session].fixed
        result[at] = people > 0 and draft.joint_met(session)
    filled = np.array(draft.heads, dtype=np.int64) - model.instance.fixed_in
    places, extras = model.places.fills[:, 0], model.places.fills[:, 1]
    result[places] = np.minimum(filled, model.upper[places])
    result[extras] = filled - result[places]
    for who, own in draft.edges_of.items():
        if who in model.places.loads:
            result[model.places.loads[who][: max(0, len(own) - 1)]] = 1
    return result
