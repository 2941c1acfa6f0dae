"""Better plans by opening a part of the plan at a time and solving it exactly, everything else staying.

A part is a few people who could exchange places, beginning with those who could fill an empty one. It is
accepted unless it is worse on the levels in order, so the plan wanders among equals instead of standing
still. Everything is drawn from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import around, highs, parts
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.columns import Floats, Ints
from volunteer_match.matching.core.cover import MOST_EDGES, Piece, exactly, full
from volunteer_match.matching.core.dive import Dive
from volunteer_match.matching.core.eject import Ejection
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.instance import PERCENT
from volunteer_match.matching.core.model import COVERAGE, EXTRAS, PLACES, QUALITY
from volunteer_match.matching.core.near import LARGE
from volunteer_match.matching.core.program import Cutter
from volunteer_match.matching.core.room import Room
from volunteer_match.matching.core.search import Search, weights

FEWEST, MOST = 6, 18
WINDOW_FROM = 8
PATIENCE = 400
STEPS_PER_EDGE, ENOUGH_STEPS, STEPS_PER_ROLE = 6, 20_000, 40
PUSH_SHARE, ROUNDS = 0.4, 4
FILL_SHARE = 0.8
WIDEN_AFTER = 40
DIVE_EVERY, DIVERS = 12, 30
NODES, SECONDS = 200, 3.0
POLISH_PATIENCE, POLISHED, POLISH_WIDER = 200, 4, 8
ROLES, PROMISING = 20, 4
PLACE_WORTH, EXTRA_WORTH, NOISE, HOUR_WORTH = 1000.0, 300.0, 20.0, 30.0


@dataclass(slots=True)
class Repair:
    """One piece of the model whose first three levels are to get better."""

    search: Search
    piece: Piece
    cutter: Cutter
    plan: around.Plan
    columns: Floats
    draws: np.random.Generator
    inside: Ints

    def worth(self, columns: Floats) -> tuple[float, ...]:
        """Return what column values are worth on the first three levels."""
        own = self.piece.part.columns
        return tuple((self.search.model.levels[:QUALITY, own] @ columns[own]).tolist())

    def complete(self) -> bool:
        """Return whether nothing is missing that anybody could wish."""
        own = self.piece.part.columns
        most = self.search.model.levels[:QUALITY, own] @ self.piece.program.upper
        return bool((most <= np.array(self.worth(self.columns))).all())

    def take(self, columns: Floats) -> None:
        """Go on from other column values."""
        self.columns = columns
        self.plan.take(columns)


REPAIR_SHARE, TIGHT_SHARE = 0.5, 0.8
INSIST_SHARE = 0.6


def insist(search: Search, pieces: list[Piece]) -> None:
    """Work on what is not proved yet: by repair, then exactly with more time than at first."""
    open_pieces = [piece for piece in pieces if not piece.proved and _workable(piece)]
    for piece in open_pieces:
        tight = parts.tight(piece.program, piece.part.edges)
        if search.best is not None:
            share = TIGHT_SHARE if tight else REPAIR_SHARE
            piece.proved = repair(search, piece, search.left * (1 - share))
        if not piece.proved and not (tight and piece.part.edges > MOST_EDGES):
            exactly(search, piece, INSIST_SHARE)


def _workable(piece: Piece) -> bool:
    return piece.part.edges <= LARGE or parts.tight(piece.program, piece.part.edges)


def fill(search: Search, pieces: list[Piece]) -> None:
    """Fill what pushing others out can fill, in pieces where people alone decide about every place."""
    if search.best is None:
        return
    for piece in pieces:
        if _plain(search, piece) and not full(search, piece):
            _push(_begin(search, piece), search.left * (1 - FILL_SHARE))


def _plain(search: Search, piece: Piece) -> bool:
    """Return whether every session of a piece has one place and no rule about who is there together."""
    instance, own = search.model.instance, piece.part.columns[: piece.part.edges]
    sessions = np.unique(instance.session[own]).tolist()
    roles = [instance.index.roles[at] for each in sessions for at in instance.index.roles_of[each]]
    switched = any(each in search.model.places.staffed for each in sessions)
    return not switched and len(roles) == len(sessions) and all(each.min == 1 for each in roles)


def _begin(search: Search, piece: Piece) -> Repair:
    columns = search.columns()
    draws = np.random.default_rng(search.seed)
    own = piece.part.columns[: piece.part.edges]
    plan = around.plan_of(search.model, columns)
    return Repair(search, piece, programs.cutter(search.base), plan, columns, draws, own)


def repair(search: Search, piece: Piece, deadline_left: float) -> bool:
    """Improve a piece until nothing is missing, nothing more is found, or so much time is left."""
    state = _begin(search, piece)
    if not _plain(search, piece):
        _push(state, deadline_left)
    if not state.complete() and parts.tight(piece.program, piece.part.edges):
        _dive_all(state)
    _wander(state, deadline_left)
    return state.complete()


def _push(state: Repair, deadline_left: float) -> None:
    """Fill places by pushing others out, cooling down ever more slowly as long as that helps."""
    search, left = state.search, state.search.left
    until = max(deadline_left, left - PUSH_SHARE * (left - deadline_left))
    chosen = np.flatnonzero(state.plan.chosen)
    ejection = Ejection(search.model.instance, state.inside, chosen, search.seed)
    few = min(ENOUGH_STEPS, STEPS_PER_EDGE * len(state.inside))
    steps = max(few, STEPS_PER_ROLE * len(search.model.instance.index.roles))
    ejection.insist(steps, lambda: search.left > until)
    _consider(state, ejection.best.tolist())
    rounds = ROUNDS if parts.tight(state.piece.program, state.piece.part.edges) else 1
    while ejection.empty and rounds and search.left > until:
        fewest = ejection.fewest
        ejection.anneal(steps, lambda: search.left > until)
        if ejection.fewest < fewest:
            _consider(state, ejection.best.tolist())
            rounds = ROUNDS
        rounds, steps = rounds - 1, 2 * steps


def _rough(state: Repair) -> Floats:
    """Weigh coverage, places and extras, and among equals the longer sessions, which are harder to place."""
    model = state.search.model
    instance = model.instance
    result: Floats = PLACE_WORTH * (model.levels[COVERAGE] / PERCENT + model.levels[PLACES])
    result += EXTRA_WORTH * model.levels[EXTRAS]
    taken = np.array(instance.occupied, dtype=np.int64).reshape(-1, 2)
    hours = (taken[:, 1] - taken[:, 0]) / around.HOUR
    result[: model.edges] += np.minimum(HOUR_WORTH * hours[instance.session], PLACE_WORTH / 4)
    return result


def _dive_all(state: Repair) -> None:
    room = Room(state.search.model.instance)
    outside = state.plan.chosen.copy()
    outside[state.inside] = False
    for edge in np.flatnonzero(outside).tolist():
        room.add(edge)
    _dive(state, room, state.inside)


def _dive(state: Repair, room: Room, edges: Ints) -> None:
    columns = around.with_switches(state.search.model, edges, load=False)
    rough = _rough(state) / PLACE_WORTH
    Dive(state.search, state.cutter, columns, len(edges), rough, room).run(state.draws)
    _consider(state, room.chosen)


def _consider(state: Repair, chosen: list[int]) -> None:
    found = state.search.completed(chosen)
    if state.worth(found) >= state.worth(state.columns):
        better = state.worth(found) > state.worth(state.columns)
        state.take(found)
        if better:
            state.search.offer(found)


def _wander(state: Repair, deadline_left: float) -> None:
    count, idle, rough = FEWEST, 0, _rough(state)
    for step in range(10**9):
        short = state.plan.short()
        short = short[np.isin(short, state.search.model.instance.edges.role[state.inside])]
        if idle > PATIENCE or state.search.left <= deadline_left or not len(short):
            return
        before = state.worth(state.columns)
        role = int(state.draws.choice(short))
        if step % DIVE_EVERY == DIVE_EVERY - 1 and parts.tight(state.piece.program, state.piece.part.edges):
            _dive_some(state, role)
        else:
            _exchange(state, role, count, rough)
        idle = 0 if state.worth(state.columns) > before else idle + 1
        count = FEWEST + (idle // WIDEN_AFTER) % (MOST - FEWEST)


def _dive_some(state: Repair, role: int) -> None:
    people = around.people_around(state.plan, role, DIVERS, state.draws)
    room = Room(state.search.model.instance)
    kept = state.plan.chosen & ~np.isin(state.search.model.instance.edges.volunteer, people)
    for edge in np.flatnonzero(kept).tolist():
        room.add(edge)
    edges = np.intersect1d(around.free_edges(state.plan, people), state.inside)
    _dive(state, room, edges)


def _exchange(state: Repair, role: int, count: int, rough: Floats) -> None:
    people = around.people_around(state.plan, role, count, state.draws)
    edges = np.intersect1d(around.free_edges(state.plan, people), state.inside)
    if count > WINDOW_FROM:
        edges = around.within(state.plan, edges, role, state.draws)
    if not len(edges):
        return
    free = around.with_switches(state.search.model, edges, load=False)
    objective = rough[free]
    objective[: len(edges)] += NOISE * state.draws.random(len(edges))
    part = state.cutter.cut(state.columns, free)
    ask = Ask(min(SECONDS, state.search.left), state.search.seed, start=state.columns[free], nodes=NODES)
    answer = highs.maximise(part, objective, ask)
    if answer.columns is None:
        return
    found = state.columns.copy()
    found[free] = np.round(answer.columns)
    if state.worth(found) > state.worth(state.columns):
        state.search.offer(found)
    if state.worth(found) >= state.worth(state.columns):
        state.take(found)


def polish(search: Search, reserve: float, line: Ints | None = None) -> None:
    """Improve all levels of the plan together until nothing more is found or so much time is left.

    `line` numbers the edges of each role from the most promising on; with it, every other part opened is a
    number of roles with their most promising people instead of a number of people.
    """
    search.tell("improve")
    columns, draws = search.columns(), np.random.default_rng(search.seed)
    cutter, plan = programs.cutter(search.program), around.plan_of(search.model, columns)
    objective: Ints = weights(search.model) @ search.model.levels
    idle, step = 0, 0
    while idle < POLISH_PATIENCE and search.left > reserve:
        step, idle = step + 1, idle + 1
        by_roles = line is not None and step % 2 == 0
        edges = _some_roles(plan, line, idle, draws) if by_roles else _some_people(plan, idle, draws)
        free = around.with_switches(search.model, edges, load=True)
        part = cutter.cut(columns, free)
        ask = Ask(min(SECONDS, search.left), search.seed, start=columns[free], nodes=NODES)
        answer = highs.maximise(part, objective[free], ask)
        if answer.columns is None:
            continue
        found = columns.copy()
        found[free] = np.round(answer.columns)
        worth, before = (tuple((search.model.levels @ each).tolist()) for each in (found, columns))
        if worth >= before:
            columns = found
            plan.take(columns)
        if worth > before:
            idle = 0
            search.offer(found)


def _some_people(plan: around.Plan, idle: int, draws: np.random.Generator) -> Ints:
    busy = np.flatnonzero(np.diff(plan.of_role))
    count = POLISHED + idle // POLISH_WIDER
    return around.free_edges(plan, around.people_around(plan, int(draws.choice(busy)), count, draws))


def _some_roles(plan: around.Plan, line: Ints | None, idle: int, draws: np.random.Generator) -> Ints:
    busy = np.flatnonzero(np.diff(plan.of_role))
    count = min(len(busy), ROLES + idle)
    mine = np.zeros(len(plan.most), dtype=np.bool_)
    mine[draws.choice(busy, count, replace=False)] = True
    promising = plan.chosen if line is None else plan.chosen | (line < PROMISING)
    return np.flatnonzero(mine[plan.model.instance.edges.role] & promising)
