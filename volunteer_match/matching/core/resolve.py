"""Planning again after a change without turning everybody's week around.

Confirmed pairs never move. A place that comes free goes to somebody who has the time, if there is anybody.
Where nobody is, a few people around it are opened and solved exactly, with a price for every proposal that
moves and a higher one for every offer already out. The prices stay below the worth of a place, so no place
is lost for the sake of peace, and nobody is moved for a few points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from volunteer_match.matching.core import around, highs, model, parts, score
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.columns import Bools, Ints
from volunteer_match.matching.core.draft import Draft, Values
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.room import Room
from volunteer_match.matching.core.search import shown, weights

MOST_EDGES = 300
WIDTH, DEPTH = 16, 3
NODES, SECONDS = 100, 1.0
MOVED_PROPOSAL, MOVED_OFFER = 300, 900

Why = Literal["declined", "cancelled", "unavailable", "fills", "moves", "released"]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened: pairs declined, sessions cancelled, people who cannot come, roles to fill anew.

    An opened role is filled up to its minimum; a freed one gets one more person for each time it is named.
    """

    declined: tuple[tuple[str, str], ...] = ()
    cancelled: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who leaves a role, joins one, or goes from one to another, and why."""

    volunteer: str
    left: str | None
    joined: str | None
    why: Why


@dataclass(frozen=True, slots=True)
class Resolution:
    """The plan after a change: all new pairs, what moved, and what each level was and is worth."""

    pairs: tuple[tuple[str, str], ...]
    moves: tuple[Move, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


def _shown(values: Values) -> tuple[float, ...]:
    return tuple(shown(level, value) for level, value in enumerate(values))


class Standing:
    """A plan that stands ready to be changed; every change goes on from the one before."""

    def __init__(self, instance: Instance, pairs: Iterable[tuple[str, str]]) -> None:
        self.instance = instance
        self.model = model.build(instance)
        self.cutter = programs.cutter(parts.whole(self.model))
        self.closed: Bools = np.zeros(instance.edges.count, dtype=np.bool_)
        self.draft, self.room = Draft(instance), Room(instance)
        self.weights = weights(self.model) @ self.model.levels
        self.plan = around.plan_of(self.model, np.zeros(len(self.model.upper)))
        for pair in pairs:
            self._take_if_it_fits(pair)
        broken = [at for at, here in self.draft.edges_in.items() if here and not self._keeps_rules(at)]
        self.unsound = {role for at in broken for role in instance.index.roles_of[at]}

    def change(self, change: Change) -> Resolution:
        """Apply a change and mend the plan around it."""
        chosen, before = set(self.draft.chosen), self.draft.values()
        reasons = self._close(change)
        gone = [edge for edge in sorted(chosen) if self.closed[edge]]
        for edge in gone:
            self._drop(edge)
        role_at = self.instance.index.role_at
        places = Counter(self.draft.pair(edge)[0] for edge in gone)
        places.update(role_at[role] for role in change.freed)
        short = {*places, *(role_at[role] for role in change.opened)}
        for role in sorted(short | self.unsound, key=self._scarcity):
            self._fill(role, places[role])
        self._give_up(short | self.unsound)
        self.unsound = set()
        moves = self._moves(chosen, reasons)
        return Resolution(self.pairs(), moves, _shown(before), _shown(self.draft.values()))

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return all new pairs of the plan as ids."""
        return tuple(self._names(edge) for edge in sorted(self.draft.chosen))

    def _names(self, edge: int) -> tuple[str, str]:
        role, who = self.draft.pair(edge)
        return self.instance.index.roles[role].id, self.instance.index.volunteers[who].id

    def _take_if_it_fits(self, pair: tuple[str, str]) -> None:
        edge = self._edge(*pair)
        if edge is not None and self.room.fits(edge):
            self._add(edge)

    def _edge(self, role: str, volunteer: str) -> int | None:
        index = self.instance.index
        at, who = index.role_at.get(role), index.volunteer_at.get(volunteer)
        if at is None or who is None:
            return None
        low, high = self.plan.of_role[at], self.plan.of_role[at + 1]
        edge = int(low + np.searchsorted(self.instance.edges.volunteer[low:high], who))
        return edge if edge < high and self.instance.edges.volunteer[edge] == who else None

    def _add(self, edge: int) -> None:
        self.draft.add(edge)
        self.room.add(edge)

    def _drop(self, edge: int) -> None:
        self.draft.drop(edge)
        self.room.drop(edge)

    def _close(self, change: Change) -> dict[int, Why]:
        """Close the edges that a change takes away, and remember why."""
        index, edges = self.instance.index, self.instance.edges
        sessions = [at for at, each in enumerate(index.sessions) if each.id in change.cancelled]
        people = [index.volunteer_at[each] for each in change.unavailable]
        declined = [edge for pair in change.declined if (edge := self._edge(*pair)) is not None]
        groups: tuple[tuple[Why, Ints], ...] = (
            ("cancelled", np.flatnonzero(np.isin(self.instance.session, sessions))),
            ("unavailable", np.flatnonzero(np.isin(edges.volunteer, people))),
            ("declined", np.array(declined, dtype=np.int64)),
        )
        for _, gone in groups:
            self.closed[gone] = True
        return {edge: why for why, gone in groups for edge in gone.tolist()}

    def _scarcity(self, role: int) -> tuple[int, int]:
        return int(self.plan.of_role[role + 1] - self.plan.of_role[role]), role

    def _fill(self, role: int, places: int) -> None:
        """Fill a role again: with people who have the time, else by opening the plan around it."""
        index = self.instance.index
        goal = min(max(index.roles[role].min, self.draft.heads[role] + places), index.roles[role].preferred)
        while self.draft.heads[role] < goal and (edge := self._direct(role)) is not None:
            self._add(edge)
        session = index.session_of[role]
        if self.draft.heads[role] < goal or not self._keeps_rules(session):
            self._reopen(role)

    def _keeps_rules(self, session: int) -> bool:
        """Return whether a session is empty or keeps the rules about everybody in it."""
        empty = not self.draft.edges_in[session]
        return empty or (self.draft.joint_met(session) and self.draft.friends_kept(session))

    def _give_up(self, roles: Iterable[int]) -> None:
        """Take everybody out of the sessions whose rules nobody can mend."""
        for session in {self.instance.index.session_of[role] for role in roles}:
            if not self._keeps_rules(session):
                for edge in sorted(self.draft.edges_in[session]):
                    self._drop(edge)

    def _direct(self, role: int) -> int | None:
        """Return the best person with time for a role who leaves the session's rules kept."""
        edges = self.plan.candidates(role)
        fitting = edges[self.room.open[edges] & ~self.closed[edges]]
        if not self.draft.has_place(role):
            return None
        base, step = self.instance.next_price_of_all()
        who = self.instance.edges.volunteer[fitting]
        taken = np.array([self.room.taken(each) for each in who.tolist()], dtype=np.int64)
        worth = self.instance.quality[fitting] - base[who] - step[who] * taken
        best_first = fitting[np.argsort(-worth, kind="stable")].tolist()
        return next((edge for edge in best_first if self._ok(edge)), None)

    def _ok(self, edge: int) -> bool:
        session = int(self.instance.session[edge])
        self.draft.add(edge)
        kept = self.draft.joint_met(session) and self.draft.friends_kept(session)
        self.draft.drop(edge)
        return kept

    def _reopen(self, role: int) -> None:
        """Solve a small part of the plan around a role again."""
        edges = self._around(role)
        free = around.with_switches(self.model, edges, load=True)
        columns = model.columns_of(self.model, self.draft)
        part = self.cutter.cut(columns, free).closed(np.flatnonzero(self.closed[edges]))
        objective = self.weights[free].copy()
        objective[: len(edges)] += self._price_of_moving(edges)
        inside = columns[free]
        start = inside if programs.satisfied(part, inside) else None
        answer = highs.maximise(part, objective, Ask(SECONDS, seed=1, start=start, nodes=NODES))
        if answer.columns is None:
            return
        wanted = {int(edge) for edge, value in zip(edges, answer.columns, strict=False) if value > 0.5}
        mine = set(edges.tolist())
        for edge in sorted((self.draft.chosen & mine) - wanted):
            self._drop(edge)
        for edge in sorted(wanted - self.draft.chosen):
            self._add(edge)

    def _price_of_moving(self, edges: Ints) -> Ints:
        keep = self.instance.index.problem.weights.keep_offers
        offered = self.instance.index.offered
        proposal, offer = score.most(MOVED_PROPOSAL, keep), score.most(MOVED_OFFER, keep)
        prices = [
            (edge in self.draft.chosen) * (offer if self.draft.pair(edge) in offered else proposal)
            for edge in edges.tolist()
        ]
        return np.array(prices, dtype=np.int64)

    def _around(self, role: int) -> Ints:
        """Choose edges around a role: who could take it, what keeps them from it, who could take that."""
        session = self.instance.index.session_of[role]
        found = set(self.draft.edges_in[session])
        roles, seen = list(self.instance.index.roles_of[session]), set[int]()
        for _ in range(DEPTH):
            following: list[int] = []
            for at in roles:
                if at in seen or len(found) > MOST_EDGES - WIDTH:
                    continue
                seen.add(at)
                following += self._open_role(at, found)
            roles = following
        return np.array(sorted(found), dtype=np.int64)

    def _open_role(self, role: int, found: set[int]) -> list[int]:
        """Add the most promising edges of a role, and return the roles those people hold now."""
        edges = self.plan.candidates(role)
        edges = edges[~self.closed[edges]]
        free = self.room.open[edges]
        order = np.lexsort((-self.instance.quality[edges], ~free))[:WIDTH]
        following = []
        for edge in edges[order].tolist():
            found.add(edge)
            for held in self._in_the_way(edge):
                found.add(held)
                following.append(self.draft.pair(held)[0])
        return following

    def _in_the_way(self, edge: int) -> list[int]:
        """Return what a person holds that could make room: the same week or the same time."""
        if self.room.open[edge]:
            return []
        week = self.instance.week[int(self.instance.session[edge])]
        own = self.draft.edges_of[self.draft.pair(edge)[1]]
        return [held for held in sorted(own) if self.instance.week[int(self.instance.session[held])] == week]

    def _moves(self, before: set[int], reasons: dict[int, Why]) -> tuple[Move, ...]:
        after = self.draft.chosen
        left = sorted(before - after)
        moves = [self._move(edge, None, reasons[edge]) for edge in left if edge in reasons]
        joined: dict[str, list[int]] = {}
        for edge in sorted(after - before):
            joined.setdefault(self._names(edge)[1], []).append(edge)
        for edge in (edge for edge in left if edge not in reasons):
            new = joined.get(self._names(edge)[1], [])
            moves.append(self._move(edge, new.pop(0), "moves") if new else self._move(edge, None, "released"))
        return (*moves, *(self._move(None, edge, "fills") for rest in joined.values() for edge in rest))

    def _move(self, left: int | None, joined: int | None, why: Why) -> Move:
        role_left, role_joined = (None if edge is None else self._names(edge) for edge in (left, joined))
        who = (role_left or role_joined or ("", ""))[1]
        return Move(who, role_left and role_left[0], role_joined and role_joined[0], why)
