"""Fill empty places by pushing others out, where people are few and sessions overlap.

An empty place goes to one of its people, the likelier the less it takes from them; what the person gives up
becomes empty in turn. First it always goes, and a place costs more each time it had to push others out: the
ejection pool of Nagata and Braysy (Operations Research Letters 37, 2009), best where time is left somewhere.
Then it may stay empty as well, ever less lightly: simulated annealing (Kirkpatrick, Gelatt and Vecchi,
Science 220, 1983), best where everybody is busy. There, longer places count more: they are harder to place.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import exp

import numpy as np

from volunteer_match.matching.core.columns import UNLIMITED, Floats, Ints
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.room import clock
from volunteer_match.matching.core.rows import INFINITY

EVEN, WARM, COLD = 0.15, 0.12, 0.05
DEARER, NOTHING = 1.0, 1e-9
LENGTH_SHARE = 0.5
NOISE = 1 << 14
REST = 5
CHUNK = 256
TAKEN = 1e9


class Ejection:
    """A plan over some edges with a pool of empty places.

    `fewest` is the least weight of empty places so far and `best` the chosen edges then; edges outside
    `inside` stay as they are, and only places up to each role's minimum are filled.
    """

    def __init__(self, instance: Instance, inside: Ints, chosen: Ints, seed: int) -> None:
        self.draws = np.random.default_rng(seed)
        # The largest of noisy values is drawn as often as its weight asks (Gumbel, 1954).
        self.noise: Floats = -np.log(-np.log(self.draws.random(NOISE)))
        self.at, self.step = 0, 0
        role = instance.edges.role[inside]
        self.role = role.tolist()
        self.first = np.searchsorted(role, np.arange(len(instance.index.roles) + 1)).tolist()
        self.usual: list[float] = _weights(instance).tolist()
        self.weight = list(self.usual)
        self.cost: Floats = np.zeros(len(inside))
        self.rests = np.zeros(len(inside), dtype=np.int64)
        inner, outer = _split(instance, inside, chosen)
        self.people = _People(instance, inside, outer)
        self.empty = _empty(instance, role, role[inner], outer)
        self._take(inner.tolist())
        self.fewest, self.best = self.missing, self.people.chosen()

    def insist(self, steps: int, go_on: Callable[[], bool]) -> None:
        """Fill one empty place after the other, so many times, whatever it costs others."""
        self.weight = [1.0] * len(self.usual)
        self._take(self.people.all())
        for step in range(steps):
            if not self.empty or (step % CHUNK == 0 and not go_on()):
                break
            self._insist(int(self.draws.integers(len(self.empty))))
        self.weight = list(self.usual)
        self._take(self.people.all())

    def _insist(self, at: int) -> None:
        self.step += 1
        role = self.empty[at]
        edge = self._drawn(role, EVEN, INFINITY)
        if edge is None:
            return
        out = self._exchange(at, edge, dearer=DEARER)
        rest = REST + len(self.empty)
        for other in out:
            self.rests[other] = self.step + rest + int(self.draws.integers(rest))

    def anneal(self, steps: int, go_on: Callable[[], bool]) -> None:
        """Cool down over so many steps, as long as anything is empty and `go_on` says so."""
        cooling = (COLD / WARM) ** (CHUNK / max(CHUNK, steps))
        heat = WARM
        for step in range(steps):
            if not self.empty or (step % CHUNK == 0 and not go_on()):
                return
            self._anneal(int(self.draws.integers(len(self.empty))), heat)
            heat = heat * cooling if step % CHUNK == 0 else heat

    def _anneal(self, at: int, heat: float) -> None:
        self.step += 1
        role = self.empty[at]
        edge = self._drawn(role, heat, self.weight[role])
        if edge is not None and self._worth_it(edge, heat):
            for other in self._exchange(at, edge):
                self.rests[other] = self.step + REST

    def _exchange(self, at: int, edge: int, dearer: float = 0.0) -> list[int]:
        """Choose an edge for an empty place, dearer if it pushes others out, and return those."""
        role = self.empty[at]
        out = [*self.people.clashing_chosen(edge), *self._too_much(edge)]
        self.weight[role] += dearer if out else 0.0
        self.empty[at] = self.empty[-1]
        self.empty.pop()
        self.missing -= self.usual[role]
        for other in out:
            self._drop(other)
        self._add(edge)
        if self.missing < self.fewest - NOTHING:
            self.fewest, self.best = self.missing, self.people.chosen()
        return out

    def _drawn(self, role: int, heat: float, most: float) -> int | None:
        """Draw one of a role's people, the likelier the less it takes; None if leaving it empty is drawn."""
        low, high = self.first[role], self.first[role + 1]
        if self.at + high - low >= NOISE:
            self.at = int(self.draws.integers(CHUNK))
        price = self.cost[low:high] - heat * self.noise[self.at : self.at + high - low]
        price[self.rests[low:high] > self.step] += TAKEN
        self.at += high - low + 1
        at = int(price.argmin())
        taken = self.cost[low + at] >= TAKEN
        return None if taken or price[at] >= most - heat * self.noise[self.at - 1] else low + at

    def _worth_it(self, edge: int, heat: float) -> bool:
        """Decide about what weekly caps take besides, which the price of an edge does not know."""
        more = sum(self.weight[self.role[each]] for each in self._too_much(edge))
        return more == 0 or self.draws.random() < exp(-more / heat)

    def _too_much(self, edge: int) -> list[int]:
        return self.people.too_much(edge, lambda each: (self.weight[self.role[each]], each))

    def _take(self, edges: list[int]) -> None:
        """Work everything out anew from the chosen edges."""
        self.cost[:] = 0.0
        self.missing = sum(self.usual[each] for each in self.empty)
        for edge in edges:
            self._add(edge)

    def _add(self, edge: int) -> None:
        self.cost[self.people.clashing(edge)] += self.weight[self.role[edge]]
        self.cost[edge] += TAKEN
        self.people.add(edge)

    def _drop(self, edge: int) -> None:
        self.people.drop(edge)
        self.cost[self.people.clashing(edge)] -= self.weight[self.role[edge]]
        self.cost[edge] -= TAKEN
        self.empty.append(self.role[edge])
        self.missing += self.usual[self.role[edge]]


class _People:
    """Who is where: each person's edges, which of them are chosen, and what their weekly caps leave."""

    def __init__(self, instance: Instance, inside: Ints, outer: Ints) -> None:
        self.inside, self.outer = inside, outer
        taken = np.array(instance.occupied, dtype=np.int64).reshape(-1, 2)[instance.session[inside]]
        who = instance.edges.volunteer[inside]
        order = np.argsort(who, kind="stable")
        bounds = np.searchsorted(who[order], np.arange(len(instance.index.volunteers) + 1)).tolist()
        self.own = [order[low:high] for low, high in pairwise(bounds)]
        self.begins, self.ends = ([taken[own, side] for own in self.own] for side in (0, 1))
        self.who = who.tolist()
        self.starts, self.done = taken[:, 0].tolist(), taken[:, 1].tolist()
        self.of: list[set[int]] = [set() for _ in self.own]
        self._read_caps(instance, outer)

    def _read_caps(self, instance: Instance, outer: Ints) -> None:
        table, time = instance.columns, clock(instance)
        week, edges = time.week[instance.session], instance.edges
        sums = [time.seconds.copy(), time.sessions.copy()]
        np.add.at(sums[0], (edges.volunteer[outer], week[outer]), instance.seconds[outer])
        np.add.at(sums[1], (edges.volunteer[outer], week[outer]), 1)
        self.hours = (table.hours_cap[:, None] - sums[0]).tolist()
        self.sessions = (table.sessions_cap[:, None] - sums[1]).tolist()
        new = table.new_cap - np.bincount(edges.volunteer[outer], minlength=len(table.new_cap))
        self.new = new.tolist()
        self.capped = (
            (table.hours_cap < UNLIMITED) | (table.sessions_cap < UNLIMITED) | (table.new_cap < UNLIMITED)
        ).tolist()
        self.week, self.seconds = week[self.inside].tolist(), instance.seconds[self.inside].tolist()

    def chosen(self) -> Ints:
        """Return all chosen edges, as the instance numbers them."""
        inner = np.array(self.all(), dtype=np.int64)
        return np.sort(np.concatenate([self.outer, self.inside[inner]]))

    def all(self) -> list[int]:
        """Return the chosen edges inside."""
        return sorted(edge for own in self.of for edge in own)

    def add(self, edge: int) -> None:
        """Choose an edge."""
        self.of[self.who[edge]].add(edge)

    def drop(self, edge: int) -> None:
        """Take an edge back."""
        self.of[self.who[edge]].discard(edge)

    def clashing(self, edge: int) -> Ints:
        """Return all edges of the same person that overlap an edge, itself among them."""
        who, starts, done = self.who[edge], self.starts[edge], self.done[edge]
        found: Ints = self.own[who][(self.begins[who] < done) & (self.ends[who] > starts)]
        return found

    def clashing_chosen(self, edge: int) -> list[int]:
        """Return the chosen edges of the same person that overlap an edge."""
        starts, done = self.starts[edge], self.done[edge]
        own = self.of[self.who[edge]]
        return [each for each in own if self.starts[each] < done and self.done[each] > starts]

    def too_much(self, edge: int, order: Callable[[int], tuple[float, int]]) -> list[int]:
        """Choose what else its person must give up for an edge because of caps, the first in order first."""
        who = self.who[edge]
        if not self.capped[who]:
            return []
        away = set(self.clashing_chosen(edge))
        rest = sorted(self.of[who] - away, key=order)
        week = self.week[edge]
        same = [each for each in rest if self.week[each] == week]
        hours = self.hours[who][week] - self.seconds[edge] - sum(self.seconds[each] for each in same)
        sessions, new = self.sessions[who][week] - 1 - len(same), self.new[who] - 1 - len(rest)
        out: list[int] = []
        while same and (hours < 0 or sessions < 0):
            out.append(same.pop(0))
            hours, sessions, new = hours + self.seconds[out[-1]], sessions + 1, new + 1
        others = [each for each in rest if each not in out]
        return out + others[: max(0, -new)]


def _weights(instance: Instance) -> Floats:
    """Weigh the places of each role: by how long they are, and by how much their session matters."""
    sessions = np.array(instance.index.session_of, dtype=np.int64)
    taken = np.array(instance.occupied, dtype=np.int64).reshape(-1, 2)[sessions]
    length = (taken[:, 1] - taken[:, 0]).astype(np.float64)
    matters = np.array(instance.weight, dtype=np.float64)[sessions]
    result: Floats = 1 - LENGTH_SHARE + LENGTH_SHARE * length / max(1.0, float(length.mean()))
    return result * matters / max(1.0, float(matters.mean()))


def _split(instance: Instance, inside: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Split chosen edges: those inside that fill a minimum (numbered as inside), and all those outside."""
    outer = chosen[~np.isin(chosen, inside)]
    inner = np.flatnonzero(np.isin(inside, chosen))
    role = instance.edges.role[inside[inner]]
    nth = np.arange(len(inner)) - np.searchsorted(role, role)
    return inner[nth < _least(instance, outer)[role]], outer


def _least(instance: Instance, outer: Ints) -> Ints:
    """Count the places each role needs besides those given outside."""
    least = np.array([each.min for each in instance.index.roles], dtype=np.int64)
    given = np.bincount(instance.edges.role[outer], minlength=len(least))
    result: Ints = np.maximum(0, least - given - np.array(instance.fixed_in, dtype=np.int64))
    return result


def _empty(instance: Instance, role: Ints, filled: Ints, outer: Ints) -> list[int]:
    """List the empty places, a role once for each, leaving out those nobody inside could take."""
    least = _least(instance, outer)
    count = least - np.bincount(filled, minlength=len(least))
    count[np.bincount(role, minlength=len(least)) == 0] = 0
    return [int(at) for at in np.repeat(np.arange(len(least)), np.maximum(0, count))]
