"""The instance every search for candidates reads, and what each of them has to find."""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.bench.peers.measured import Watch, report

BUFFER = 1
EARTH_M = 6_371_000.0
HALF_HOUR_S = 1_800


@dataclass(frozen=True)
class Asked:
    """One role to find people for; times in half-hours, travel included."""

    day: int
    weekday: int
    from_: int
    to: int
    seconds: int
    where: tuple[float, float]
    cleared_on: int
    min_age: int
    languages: tuple[int, ...]
    skills: tuple[tuple[int, int], ...]


def read(path: str) -> dict[str, Any]:
    """Read an instance."""
    return dict(np.load(path))


def asked(data: dict[str, Any], sample: int) -> list[Asked]:
    """Return so many roles, evenly spaced over all, or every role."""
    return [_asked(data, at) for at in sampled(len(data["day"]), sample)]


def sampled(count: int, sample: int) -> list[int]:
    """Return so many positions, evenly spaced."""
    chosen: list[int] = np.unique(np.linspace(0, count - 1, min(sample, count)).astype(int)).tolist()
    return chosen


def _asked(data: dict[str, Any], at: int) -> Asked:
    start, length = int(data["start"][at]), int(data["length"][at])
    skills = zip(data["required"][at].tolist(), data["level"][at].tolist(), strict=True)
    return Asked(
        day=int(data["day"][at]),
        weekday=int(data["weekday"][at]),
        from_=start - BUFFER,
        to=start + length + BUFFER,
        seconds=length * HALF_HOUR_S,
        where=(float(data["where"][at, 0]), float(data["where"][at, 1])),
        cleared_on=int(data["cleared_on"][at]),
        min_age=int(data["min_age"][at]),
        languages=tuple(np.flatnonzero(data["asks"][at]).tolist()),
        skills=tuple((skill, level) for skill, level in skills if skill >= 0),
    )


def measure(search: Any) -> None:
    """Time a search: `search(data)` prepares and returns a function from a role to how many people fit."""
    data = read(sys.argv[1])
    roles = asked(data, int(sys.argv[2]))
    find = search(data)
    watch = Watch()
    found = sum(find(role) for role in roles)
    report(**watch.read(), found=found, roles=len(roles), pairs=len(roles) * len(data["age"]))
