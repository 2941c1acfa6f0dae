"""Candidates by plain Python loops that give a person up at the first rule broken."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.bench.peers.pairs import EARTH_M, Asked, measure


@dataclass(frozen=True, slots=True)
class Person:
    """A volunteer as a program without arrays would hold one."""

    free: tuple[tuple[int, int], ...]
    blocked: frozenset[int]
    cleared: int
    age: int
    speaks: frozenset[int]
    skills: dict[int, int]
    cap_seconds: int
    latitude: float
    longitude: float
    radius_m: float


def _people(data: dict[str, Any]) -> list[Person]:
    return [
        Person(
            free=tuple(zip(data["opens"][at].tolist(), data["closes"][at].tolist(), strict=True)),
            blocked=frozenset(np.flatnonzero(data["blocked"][at]).tolist()),
            cleared=int(data["cleared"][at]),
            age=int(data["age"][at]),
            speaks=frozenset(np.flatnonzero(data["speaks"][at]).tolist()),
            skills={
                skill: int(data["skills"][at, skill]) for skill in np.flatnonzero(data["skills"][at]).tolist()
            },
            cap_seconds=int(data["cap_seconds"][at]),
            latitude=math.radians(data["place"][at, 0]),
            longitude=math.radians(data["place"][at, 1]),
            radius_m=float(data["radius_m"][at]),
        )
        for at in range(len(data["age"]))
    ]


def _fits(person: Person, role: Asked, latitude: float, longitude: float) -> bool:
    opens, closes = person.free[role.weekday]
    if opens > role.from_ or closes < role.to or person.cleared < role.cleared_on:
        return False
    if role.day in person.blocked or person.age < role.min_age or person.cap_seconds < role.seconds:
        return False
    for skill, level in role.skills:
        if person.skills.get(skill, 0) < level:
            return False
    for language in role.languages:
        if language not in person.speaks:
            return False
    half = math.sin((latitude - person.latitude) / 2) ** 2
    half += math.cos(person.latitude) * math.cos(latitude) * math.sin((longitude - person.longitude) / 2) ** 2
    return round(2 * EARTH_M * math.asin(math.sqrt(min(1.0, half)))) <= person.radius_m


def search(data: dict[str, Any]) -> Callable[[Asked], int]:
    """Return the function that counts the people for a role."""
    people = _people(data)

    def find(role: Asked) -> int:
        latitude, longitude = math.radians(role.where[0]), math.radians(role.where[1])
        return sum(_fits(person, role, latitude, longitude) for person in people)

    return find


if __name__ == "__main__":
    measure(search)
