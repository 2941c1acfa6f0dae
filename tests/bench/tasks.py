"""Personnel task scheduling, re-created: fixed intervals, qualifications, and just enough people.

Of two kinds. In a `Size` every person first gets a full day of tasks, end to end but for short gaps, so a
plan that covers everything exists by construction; then further people are qualified for each task at random,
which hides that plan. In a `Crowd` tasks begin at random, and there are as many people as tasks at the
busiest moment. Nothing in a problem says which of the qualified people has the task.
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


@dataclass(frozen=True)
class Crowd:
    """How many tasks begin at random times, how long they are, and who is qualified."""

    tasks: int
    day: int = 1440
    shortest: int = 60
    longest: int = 360
    qualified: float = 0.33


Task = tuple[int | None, int, int]
SIZES: dict[str, Size | Crowd] = {
    "40 people, 91 % busy": Size(40, qualified=0.33, gaps=0.1),
    "80 people, 91 % busy": Size(80, qualified=0.33, gaps=0.1),
    "130 people, 91 % busy": Size(130, day=1440, qualified=0.33, gaps=0.1),
    "780 tasks at random": Crowd(780),
    "1,500 tasks at random": Crowd(1500),
    "40 people, 95 % busy": Size(40, qualified=0.33, gaps=0.05),
    "80 people, 95 % busy": Size(80, qualified=0.33, gaps=0.05),
    "130 people, 95 % busy": Size(130, qualified=0.4, gaps=0.05),
}


def problem(size: Size | Crowd, seed: int) -> Problem:
    """Return a problem of some size; in a `Size` every task can be covered."""
    draws = np.random.default_rng(seed)
    people, given = _planted(size, draws) if isinstance(size, Size) else _at_random(size, draws)
    can: list[dict[str, int]] = [{} for _ in range(people)]
    sessions, roles = [], []
    for name, (owner, starts, ends) in enumerate(given):
        others = draws.random(people) < size.qualified
        for who in range(people):
            if who == owner or others[who]:
                can[who][f"task {name}"] = 1
        sessions.append(_session(name, starts, ends))
        roles.append(Role(f"r{name}", f"s{name}", 1, 1, {f"task {name}": 1}))
    volunteers = tuple(Volunteer(f"v{at}", skills=skills) for at, skills in enumerate(can))
    load = size.spread_load if isinstance(size, Size) else 1.0
    return Problem(MONDAY, tuple(sessions), tuple(roles), volunteers, seed, weights=Weights(spread_load=load))


def _planted(size: Size, draws: np.random.Generator) -> tuple[int, list[Task]]:
    tasks: list[Task] = [(who, *task) for who in range(size.people) for task in _day(size, draws)]
    return size.people, [tasks[at] for at in draws.permutation(len(tasks)).tolist()]


def _at_random(size: Crowd, draws: np.random.Generator) -> tuple[int, list[Task]]:
    lengths = draws.integers(size.shortest, size.longest + 1, size.tasks)
    starts = (draws.random(size.tasks) * (size.day - lengths)).astype(np.int64)
    ends = starts + lengths
    people = max(int(((starts <= now) & (ends > now)).sum()) for now in starts)
    return people, [(None, *span) for span in zip(starts.tolist(), ends.tolist(), strict=True)]


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
