"""From a relaxation to whole schedules, person by person.

On tight problems with fixed times the relaxation covers everything with fractions of people, and rounding
single places loses much of it. So the people whose fractions come nearest to one whole schedule get that
schedule, the relaxation is solved again for the rest, and so on: what is left can still be covered by
fractions at every step.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import highs
from volunteer_match.matching.core.chains import chained
from volunteer_match.matching.core.columns import Floats, Ints
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.index import grouped
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.program import Cutter
from volunteer_match.matching.core.room import Room
from volunteer_match.matching.core.search import Search

SHARES = ((15_000, 0.1), (30_000, 0.2))
LARGEST_SHARE = 0.34
NOISE = 0.03
LENGTH_BONUS = 1e-3 / 3600


@dataclass(slots=True)
class Dive:
    """One descent: `columns` of the model are decided (edges first), whatever `room` has already stays."""

    search: Search
    cutter: Cutter
    columns: Ints
    edges: int
    objective: Floats
    room: Room

    def run(self, draws: np.random.Generator) -> None:
        """Give every person a schedule, the clearest first."""
        left = self.columns[: self.edges]
        share = next((share for most, share in SHARES if len(left) <= most), LARGEST_SHARE)
        while len(left) and self.search.left > 0:
            found = self._relaxed(left, draws)
            if found is None:
                return
            left = self._round(left, found, share)

    def _relaxed(self, left: Ints, draws: np.random.Generator) -> Floats | None:
        values = np.zeros(self.cutter.program.count)
        values[self.room.chosen] = 1
        free = np.concatenate([left, self.columns[self.edges :]])
        owner = self.search.model.instance.edges.volunteer[left]
        program = chained(self.cutter.cut(values, free), owner)
        objective = np.zeros(program.count)
        objective[: len(free)] = self.objective[free]
        objective[: len(left)] += NOISE * draws.random(len(left))
        ask = Ask(self.search.left, self.search.seed, whole=False, interior=True)
        answer = highs.maximise(program, objective, ask)
        return None if answer.columns is None else answer.columns[: len(left)]

    def _round(self, left: Ints, found: Floats, share: float) -> Ints:
        instance = self.search.model.instance
        people = grouped(zip(instance.edges.volunteer[left].tolist(), range(len(left)), strict=True))
        plans = sorted((self._schedule(left, found, own), who) for who, own in people.items())
        wanted = max(1, int(len(plans) * share))
        settled: set[int] = set()
        for (_, schedule), who in plans:
            if len(settled) >= wanted:
                break
            if self._has_places(schedule):
                settled.add(who)
                self._take(schedule)
        volunteers, roles = instance.edges.volunteer[left], instance.edges.role[left]
        places = self.room.heads < self.room.most
        return left[places[roles] & ~np.isin(volunteers, list(settled))]

    def _schedule(self, left: Ints, found: Floats, own: Iterable[int]) -> tuple[float, list[int]]:
        """Return a person's best schedule, and how much of their fractions it leaves out."""
        positions = np.array(list(own), dtype=np.int64)
        edges, parts = left[positions], np.maximum(found[positions], 0.0)
        schedule = best_schedule(self.search.model.instance, edges, parts)
        kept = float(parts[np.isin(edges, schedule)].sum())
        return -kept / max(1e-9, float(parts.sum())), schedule

    def _has_places(self, schedule: list[int]) -> bool:
        roles = self.search.model.instance.edges.role[schedule]
        return all(self.room.heads[role] < self.room.most[role] for role in roles.tolist())

    def _take(self, schedule: list[int]) -> None:
        for edge in schedule:
            if self.room.fits(edge):
                self.room.add(edge)


def best_schedule(instance: Instance, edges: Ints, worth: Floats) -> list[int]:
    """Choose edges of one person that do not overlap and are worth most together."""
    spans = [instance.occupied[session] for session in instance.session[edges].tolist()]
    order = sorted(range(len(spans)), key=lambda at: (spans[at][1], at))
    ends = [spans[at][1] for at in order]
    best, before = [0.0], []
    for step, at in enumerate(order):
        starts, done = spans[at]
        earlier = bisect_right(ends, starts, 0, step)
        taken = best[earlier] + float(worth[at]) + LENGTH_BONUS * (done - starts)
        before.append(earlier if taken > best[-1] else -1)
        best.append(max(best[-1], taken))
    return [int(edges[order[step]]) for step in _chosen(before)]


def _chosen(before: list[int]) -> Iterator[int]:
    step = len(before)
    while step > 0:
        step -= 1
        if before[step] >= 0:
            yield step
            step = before[step]
