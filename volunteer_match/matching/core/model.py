"""The mixed-integer model: which places, which sessions, at what load.

Columns, in this order: one per edge (chosen or not), one per session with a minimum (runnable or not), one
per session with an open joint rule (staffed or not), two per role (places up to the minimum, extras), then
the load segments of each volunteer. Each level of the objective is one row of `levels` plus its constant.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from volunteer_match.matching.core import score
from volunteer_match.matching.core.columns import UNLIMITED, Floats, Ints
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.index import grouped
from volunteer_match.matching.core.instance import Instance, Joint
from volunteer_match.matching.core.types import LEVELS

COVERAGE, PLACES, EXTRAS, QUALITY = range(len(LEVELS))
MOST_CUT_LENGTHS = 6
INFINITY = math.inf


@dataclass(slots=True)
class Rows:
    """Constraints as sparse rows with a lower and an upper limit."""

    starts: list[int] = field(default_factory=lambda: [0])
    at: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, at: Iterable[int], values: Iterable[float], lower: float, upper: float) -> None:
        """Add one row."""
        self.at.extend(at)
        self.values.extend(values)
        self.starts.append(len(self.at))
        self.lower.append(lower)
        self.upper.append(upper)

    def at_most(self, at: Sequence[int], limit: float) -> None:
        """Let at most so many of some columns be taken."""
        self.add(at, [1.0] * len(at), -INFINITY, limit)


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


@dataclass(slots=True)
class Places:
    """Where the columns of sessions, roles and loads are."""

    runnable: dict[int, int] = field(default_factory=dict)
    staffed: dict[int, int] = field(default_factory=dict)
    fills: list[tuple[int, int]] = field(default_factory=list)
    loads: dict[int, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Builder:
    instance: Instance
    rows: Rows = field(default_factory=Rows)
    upper: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    gains: list[tuple[int, int, int]] = field(default_factory=list)
    places: Places = field(default_factory=Places)

    def column(self, upper: float, integer: bool, level: int | None = None, gain: int = 0) -> int:
        """Add a column and what one unit of it gives on a level."""
        self.upper.append(upper)
        self.integer.append(integer)
        at = len(self.upper) - 1
        if level is not None and gain:
            self.gains.append((level, at, gain))
        return at


def build(instance: Instance) -> Model:
    """Write the model of an instance."""
    builder = _Builder(instance)
    for quality in instance.quality.tolist():
        builder.column(1, integer=True, level=QUALITY, gain=quality)
    by_session = grouped((int(session), edge) for edge, session in enumerate(instance.session.tolist()))
    builder.places.runnable = _runnable_columns(builder, by_session)
    builder.places.staffed = _staffed_columns(builder, by_session)
    for role in range(len(instance.index.roles)):
        _fill(builder, role)
    for session, joint in enumerate(instance.joint):
        _link(builder, session, joint, by_session.get(session, ()))
        _friends(builder, session, by_session.get(session, ()))
    for who, edges in grouped((who, e) for e, who in enumerate(instance.edges.volunteer.tolist())).items():
        _person(builder, who, edges)
    return _finished(builder)


def _finished(builder: _Builder) -> Model:
    levels = np.zeros((len(LEVELS), len(builder.upper)), dtype=np.int64)
    for level, at, gain in builder.gains:
        levels[level, at] += gain
    empty = Draft(builder.instance).values()
    untouched = sum(
        weight
        for session, weight in enumerate(builder.instance.weight)
        if not builder.instance.has_minimum(session)
    )
    return Model(
        instance=builder.instance,
        rows=builder.rows,
        upper=np.array(builder.upper, dtype=np.float64),
        integer=np.array(builder.integer, dtype=np.bool_),
        levels=levels,
        constants=(untouched, empty[PLACES], empty[EXTRAS], empty[QUALITY]),
        edges=builder.instance.edges.count,
        places=builder.places,
    )


def columns_of(model: Model, draft: Draft) -> Floats:
    """Write a draft as a full set of column values, for a warm start."""
    result = np.zeros(len(model.upper), dtype=np.float64)
    result[sorted(draft.chosen)] = 1
    for session, at in model.places.runnable.items():
        result[at] = draft.runnable(session)
    for session, at in model.places.staffed.items():
        people = len(draft.edges_in[session]) + model.instance.joint[session].fixed
        result[at] = people > 0 and draft.joint_met(session)
    for role, (places, extras) in enumerate(model.places.fills):
        filled = draft.heads[role] - model.instance.fixed_in[role]
        result[places] = min(filled, model.upper[places])
        result[extras] = filled - result[places]
    for who, segments in model.places.loads.items():
        result[segments[: len(draft.edges_of[who])]] = 1
    return result


def _runnable_columns(builder: _Builder, by_session: dict[int, tuple[int, ...]]) -> dict[int, int]:
    instance = builder.instance
    return {
        session: builder.column(
            _could_run(instance, session, by_session.get(session, ())),
            integer=True,
            level=COVERAGE,
            gain=weight,
        )
        for session, weight in enumerate(instance.weight)
        if instance.has_minimum(session)
    }


def _could_run(instance: Instance, session: int, edges: Sequence[int]) -> bool:
    # The relaxation would run two thirds of a session that has two people for three places.
    short = {role: _open_minimum(instance, role) for role in instance.index.roles_of[session]}
    people = {int(instance.edges.volunteer[edge]) for edge in edges}
    enough = all(len(instance.edges_of_role(role)) >= least for role, least in short.items())
    return enough and len(people) >= sum(short.values()) and _could_be_staffed(instance, session, edges)


def _could_be_staffed(instance: Instance, session: int, edges: Sequence[int]) -> bool:
    cleared = {int(instance.edges.volunteer[edge]) for edge in edges if instance.cleared[edge]}
    return len(cleared) >= instance.joint[session].cleared_missing


def _open_minimum(instance: Instance, role: int) -> int:
    return max(0, instance.index.roles[role].min - instance.fixed_in[role])


def _staffed_columns(builder: _Builder, by_session: dict[int, tuple[int, ...]]) -> dict[int, int]:
    return {
        session: builder.column(
            _could_be_staffed(builder.instance, session, by_session.get(session, ())), integer=True
        )
        for session, joint in enumerate(builder.instance.joint)
        if _needs_switch(builder.instance, joint, by_session.get(session, ()))
    }


def _needs_switch(instance: Instance, joint: Joint, edges: Sequence[int]) -> bool:
    # With one cleared adult missing and only cleared adults on offer, whoever comes meets the rule.
    cleared_open = joint.cleared_missing > 1 or (
        joint.cleared_missing == 1 and (joint.fixed > 0 or not all(instance.cleared[edge] for edge in edges))
    )
    newcomers = joint.fixed > 0 or not all(instance.experienced[edge] for edge in edges)
    return cleared_open or (joint.experience_missing and newcomers)


def _fill(builder: _Builder, role: int) -> None:
    instance, runnable, staffed = builder.instance, builder.places.runnable, builder.places.staffed
    wanted, fixed = instance.index.roles[role], instance.fixed_in[role]
    session = instance.index.session_of[role]
    edges = instance.edges_of_role(role)
    open_min, open_all = _open_minimum(instance, role), max(0, wanted.preferred - fixed)
    places = builder.column(open_min, integer=False, level=PLACES, gain=1)
    extras = builder.column(open_all - open_min, integer=False, level=EXTRAS, gain=1)
    builder.places.fills.append((places, extras))
    taken = [1.0] * len(edges)
    builder.rows.add([*edges, places, extras], [*taken, -1.0, -1.0], 0, 0)
    if open_min and session in runnable:
        builder.rows.add([runnable[session], places], [open_min, -1.0], -INFINITY, 0)
    if session in staffed and len(edges) > 0:
        builder.rows.add([*edges, staffed[session]], [*taken, -float(open_all)], -INFINITY, 0)


def _link(builder: _Builder, session: int, joint: Joint, edges: Sequence[int]) -> None:
    runnable, staffed = builder.places.runnable, builder.places.staffed
    if session not in staffed:
        return
    switch, instance = staffed[session], builder.instance
    if joint.cleared_missing:
        cleared = [edge for edge in edges if instance.cleared[edge]]
        ones = [-1.0] * len(cleared)
        builder.rows.add([switch, *cleared], [float(joint.cleared_missing), *ones], -INFINITY, 0)
    if joint.experience_missing:
        known = [edge for edge in edges if instance.experienced[edge]]
        builder.rows.add([switch, *known], [1.0, *[-1.0] * len(known)], -INFINITY, 0)
    if session in runnable:
        builder.rows.add([runnable[session], switch], [1.0, -1.0], -INFINITY, 0)


def _friends(builder: _Builder, session: int, edges: Sequence[int]) -> None:
    groups = builder.instance.together[session]
    if not groups:
        return
    of_person = grouped((int(builder.instance.edges.volunteer[edge]), edge) for edge in edges)
    for group in groups:
        for one, other in pairwise(group):
            mine, theirs = of_person.get(one, ()), of_person.get(other, ())
            if mine or theirs:
                signs = [1.0] * len(mine) + [-1.0] * len(theirs)
                builder.rows.add([*mine, *theirs], signs, 0, 0)


def _person(builder: _Builder, who: int, edges: Sequence[int]) -> None:
    instance = builder.instance
    by_session = grouped((int(instance.session[edge]), edge) for edge in edges)
    for clique in cliques([(*instance.occupied[session], session) for session in by_session]):
        clashing = [edge for session in clique for edge in by_session[session]]
        if len(clashing) > 1:
            builder.rows.at_most(clashing, 1)
    by_week = grouped((instance.week[int(instance.session[edge])], edge) for edge in edges)
    for week, own in by_week.items():
        _week(builder, who, week, own)
    most = min(int(instance.columns.new_cap[who]), len(by_session))
    if most < len(by_session):
        builder.rows.at_most(edges, most)
    _load(builder, who, edges, min(most, _most_at_once(instance, list(by_session))))


def cliques(taken: list[tuple[int, int, int]]) -> list[list[int]]:
    """Group sessions (start, end, name) that all overlap one another, leaving out groups inside others."""
    closing = [(ends, 0, name) for _, ends, name in taken]
    events = sorted(closing + [(starts, 1, name) for starts, _, name in taken])
    result: list[list[int]] = []
    open_now: dict[int, None] = {}
    grown = False
    for _, opens, name in events:
        if opens:
            open_now[name] = None
        else:
            if grown:
                result.append(list(open_now))
            del open_now[name]
        grown = bool(opens)
    return result


def _most_at_once(instance: Instance, sessions: list[int]) -> int:
    count, free_from = 0, -INFINITY
    for starts, ends in sorted((instance.occupied[at] for at in sessions), key=lambda span: span[1]):
        if starts >= free_from:
            count, free_from = count + 1, ends
    return count


def _week(builder: _Builder, who: int, week: str, edges: Sequence[int]) -> None:
    instance = builder.instance
    taken, sessions = instance.columns.used(week)
    hours_cap, sessions_cap = int(instance.columns.hours_cap[who]), int(instance.columns.sessions_cap[who])
    if hours_cap < UNLIMITED:
        _hours(builder, edges, hours_cap - int(taken[who]))
    if sessions_cap < UNLIMITED and len(edges) > sessions_cap - int(sessions[who]):
        builder.rows.at_most(edges, sessions_cap - int(sessions[who]))


def _hours(builder: _Builder, edges: Sequence[int], left: int) -> None:
    lengths = [int(builder.instance.seconds[edge]) for edge in edges]
    if sum(lengths) <= left:
        return
    unit = math.gcd(*lengths) or 1
    builder.rows.add(edges, [length / unit for length in lengths], -INFINITY, left // unit)
    different = sorted(set(lengths) - {0})
    # So many places of at least this length fit: true anyway, and it makes the relaxation tighter.
    for least in different if len(different) <= MOST_CUT_LENGTHS else ():
        long = [edge for edge, length in zip(edges, lengths, strict=True) if length >= least]
        if len(long) > left // least:
            builder.rows.at_most(long, left // least)


def _load(builder: _Builder, who: int, edges: Sequence[int], most: int) -> None:
    instance = builder.instance
    step = score.load_step(instance.index.problem.weights)
    base = int(instance.base_load[who])
    if not step:
        return
    if most <= 1:
        builder.gains.extend((QUALITY, edge, -step * base) for edge in edges)
        return
    segments = [
        builder.column(1, integer=False, level=QUALITY, gain=-step * (base + at)) for at in range(most)
    ]
    builder.places.loads[who] = segments
    builder.rows.add([*edges, *segments], [1.0] * len(edges) + [-1.0] * most, 0, 0)
