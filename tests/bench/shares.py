"""A generated world as a source of shards, without ever writing all of it as one problem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.bench import problems
from tests.bench.generator import WEEKS, World
from tests.bench.problems import Part
from volunteer_match.matching.core.regions import halved
from volunteer_match.matching.core.types import Problem, Weights

MOST_SESSIONS = 1_500


@dataclass(frozen=True)
class Shares:
    """The weeks of a world, and its needs cut into regions of at most so many sessions a week."""

    world: World
    needs: tuple[NDArray[np.int64], ...]
    weights: Weights

    @property
    def weeks(self) -> tuple[str, ...]:
        """Name the weeks."""
        return tuple(map(str, range(WEEKS)))

    @property
    def regions(self) -> tuple[str, ...]:
        """Name the regions."""
        return tuple(map(str, range(len(self.needs))))

    @property
    def travel_buffer_minutes(self) -> int:
        """Return the travel kept between meetings."""
        return problems.TRAVEL_MINUTES

    def problem(self, week: str, region: str) -> Problem:
        """Give the sessions of one week in one region with everybody who could come."""
        mine = self.needs[int(region)]
        meeting = mine[self.world.needs.weeks[mine, int(week)]]
        near = problems.within_reach(self.world, meeting)
        return problems.written(self.world, Part((int(week),), meeting, near), self.weights)


def cut(world: World, most_sessions: int = MOST_SESSIONS) -> Shares:
    """Cut a world into shards."""
    needs = world.needs
    places = np.array([problems.coordinates(world, place) for place in needs.place])
    most = most_sessions * needs.count / needs.weeks.sum(axis=0).max()
    return Shares(world, tuple(halved(places, np.arange(needs.count), most)), Weights())
