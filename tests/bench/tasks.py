"""Personnel task scheduling, re-created: fixed intervals, qualifications, and just enough people.

Every person first gets a full day of tasks, end to end but for short gaps, so a plan that covers everything
exists by construction. Then further people are qualified for each task at random, which hides that plan.
Nothing in the problem says which of the qualified people had the task.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from volunteer_match.matching.core.types import Problem, Role, Session, Volunteer, Weights

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Size:
    """How many people, how long their day is, how long tasks and gaps are, and who else is qualified."""

    people: int
    day: int = 960
    shortest: int = 40
    longest: int = 240
    gaps: float = 0.08
    qualified: float = 0.4
    spread_load: float = 1.0


SIZES = {
    "40 people, easy": Size(40, qualified=0.6),
    "40 people": Size(40, qualified=0.33, gaps=0.05),
    "80 people": Size(80, qualified=0.33, gaps=0.05),
    "130 people": Size(130, qualified=0.4, gaps=0.05),
    "130 people, many tasks": Size(130, day=1440, shortest=30, longest=150, qualified=0.4, gaps=0.05),
}


def problem(size: Size, seed: int) -> Problem:
    """Return a problem in which every task can be covered."""
    draws = np.random.default_rng(seed)
    tasks = [(who, starts, ends) for who in range(size.people) for starts, ends in _day(size, draws)]
    order = draws.permutation(len(tasks))
    can: list[dict[str, int]] = [{} for _ in range(size.people)]
    sessions, roles = [], []
    for name, at in enumerate(order.tolist()):
        owner, starts, ends = tasks[at]
        others = draws.random(size.people) < size.qualified
        for who in range(size.people):
            if who == owner or others[who]:
                can[who][f"task {name}"] = 1
        sessions.append(_session(name, starts, ends))
        roles.append(Role(f"r{name}", f"s{name}", 1, 1, {f"task {name}": 1}))
    people = tuple(Volunteer(f"v{at}", skills=skills) for at, skills in enumerate(can))
    return Problem(
        MONDAY, tuple(sessions), tuple(roles), people, seed, weights=Weights(spread_load=size.spread_load)
    )


def _day(size: Size, draws: np.random.Generator) -> list[tuple[int, int]]:
    now, result = int(draws.integers(0, 30)), []
    while True:
        length = int(draws.integers(size.shortest, size.longest + 1))
        if now + length > size.day:
            return result
        result.append((now, now + length))
        now += length + int(draws.exponential(size.gaps * (size.shortest + size.longest) / 2))


def _session(name: int, starts: int, ends: int) -> Session:
    begins, done = (MONDAY + timedelta(minutes=minutes) for minutes in (starts, ends))
    return Session(f"s{name}", f"n{name}", "p1", begins, done, newcomers_alone=True)
