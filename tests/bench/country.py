"""A generated world as a source of shards: weeks of regions, written as problems only when they are solved.

`python -m tests.bench.country national 2 30 4` solves a country on 2 processes, giving each shard four
seconds for 100,000 eligible pairs, at most 30.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tests.bench import generator, problems
from tests.bench.generator import World
from volunteer_match.matching.core import pool, regions, shards
from volunteer_match.matching.core.types import Problem, Weights

MARGIN_KM = 4.0


@dataclass(frozen=True)
class Country:
    """A world cut into regions of neighbouring needs."""

    world: World
    most_sessions: int = regions.MOST_SESSIONS
    weights: Weights = field(default_factory=Weights)
    travel_buffer_minutes: int = problems.TRAVEL_MINUTES
    needs: tuple[NDArray[np.int64], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Cut the needs so that a week of a region has at most so many sessions."""
        per_week = float(self.world.needs.weeks.mean(axis=1).mean())
        everything = np.arange(self.world.needs.count)
        parts = regions.halved(self.world.needs.place, everything, self.most_sessions / per_week, 1.0)
        object.__setattr__(self, "needs", tuple(parts))

    @property
    def weeks(self) -> tuple[str, ...]:
        """Name the weeks."""
        return tuple(map(str, range(generator.WEEKS)))

    @property
    def regions(self) -> tuple[str, ...]:
        """Name the regions."""
        return tuple(f"{at:04d}" for at in range(len(self.needs)))

    def problem(self, week: str, region: str) -> Problem:
        """Write one week of one region with everybody who could come."""
        needs = self.needs[int(region)]
        needs = needs[self.world.needs.weeks[needs, int(week)]]
        part = problems.Part((int(week),), needs, self._within_reach(needs))
        return problems.written(self.world, part, self.weights)

    def _within_reach(self, needs: NDArray[np.int64]) -> NDArray[np.int64]:
        people, places = self.world.people, self.world.needs.place[needs]
        nearest = np.clip(people.place, places.min(axis=0), places.max(axis=0))
        far = np.hypot(*(people.place - nearest).T)
        return np.flatnonzero(far <= people.radius + MARGIN_KM)


def main(name: str, workers: int, seconds: float, pace: float | None = None) -> None:
    """Solve a world in shards and print what came of it."""
    source = Country(generator.make(generator.SCALES[name]))
    started = time.perf_counter()
    whole = shards.solve(source, pool.Processes(workers, seconds, pace_s=pace))
    taken = time.perf_counter() - started
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"{name}: {taken:.1f} s on {workers} processes, {whole.shards} shards, {whole.settled} settled again"
    )
    print(f"peak MiB: {own:.0f} in the parent, {children:.0f} in the largest child")
    for level in whole.levels:
        print(f"{level.name:10} {level.value:14.2f} of at most {level.bound:14.2f}  gap {level.gap:.2e}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *map(float, sys.argv[3:]))
