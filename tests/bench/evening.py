"""One evening with as many places as people: a pure assignment, which matching tools solve with Munkres."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from tests.bench.problems import MONDAY, NOW
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.types import Problem, Role, Session, Volunteer, Weights

SKILLS, KNOWN, TOWN_DEGREES = 6, 0.12, 0.1
CENTRE = (50.57, 22.05)
EVENING = MONDAY + timedelta(hours=17)


def problem(size: int, seed: int = 1) -> Problem:
    """Write an evening of as many one-place sessions as volunteers, all at the same time."""
    draw = np.random.default_rng([seed, size])
    knows = draw.random((size, SKILLS)) < KNOWN
    asks, wants = draw.integers(0, SKILLS, size), draw.integers(0, SKILLS, size)
    homes, places = (np.array(CENTRE) + draw.random((size, 2)) * TOWN_DEGREES for _ in range(2))
    levels = draw.integers(1, 4, (size, SKILLS))
    return Problem(
        now=NOW,
        sessions=tuple(_session(at, places[at]) for at in range(size)),
        roles=tuple(
            Role(f"r{at:03d}", f"s{at:03d}", 1, 1, {f"skill-{asks[at]}": 1}, {f"skill-{wants[at]}": 1.0})
            for at in range(size)
        ),
        volunteers=tuple(_volunteer(at, homes[at], knows[at], levels[at]) for at in range(size)),
        weights=Weights(spread_load=0.0),
    )


def _session(at: int, place: NDArray[np.float64]) -> Session:
    return Session(
        id=f"s{at:03d}",
        need=f"n{at:03d}",
        partner="p",
        starts=EVENING,
        ends=EVENING + timedelta(hours=2),
        place=(round(float(place[0]), 6), round(float(place[1]), 6)),
    )


def _volunteer(
    at: int, home: NDArray[np.float64], knows: NDArray[np.bool_], levels: NDArray[np.int64]
) -> Volunteer:
    return Volunteer(
        id=f"v{at:03d}",
        skills={f"skill-{skill}": int(levels[skill]) for skill in np.flatnonzero(knows)},
        place=(round(float(home[0]), 6), round(float(home[1]), 6)),
    )


def costs(instance: Instance) -> NDArray[np.int64]:
    """Write the evening as a square matrix of costs: a place left empty costs more than any preference."""
    size = len(instance.index.roles)
    empty = (int(instance.quality.max()) + 1) * size
    matrix = np.full((size, size), empty, dtype=np.int64)
    matrix[instance.edges.role, instance.edges.volunteer] = int(instance.quality.max()) - instance.quality
    return matrix
