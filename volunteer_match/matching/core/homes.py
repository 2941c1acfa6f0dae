"""Who lives near enough to a place, without measuring the distance to everybody.

Homes are points on the unit sphere, sorted by latitude among people of about the same reach. The angle to
the place, as a cosine, decides all but the closest calls, and those are measured exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.columns import Bools, Columns, Floats, Ints
from volunteer_match.matching.core.types import Point

SLACK_M = 2.0
SHORTEST_M = 8_000.0
CLASSES = 3
FEW = 2_000


@dataclass(frozen=True, slots=True)
class _Ring:
    """People of about the same reach, from south to north, with the cosines of their reach."""

    first: int
    people: Ints
    latitude: Floats
    reach: float
    homes: Floats
    surely: Floats
    perhaps: Floats


@dataclass(frozen=True, slots=True)
class Homes:
    """Where everybody lives and how far they go; `order` lists first who goes anywhere, then ring by ring."""

    columns: Columns
    order: Ints
    anywhere: int
    rings: tuple[_Ring, ...]

    def near(self, place: Point | None, among: Bools) -> Ints:
        """Return who of the people marked in `order` goes as far as a place, everybody if there is none."""
        if place is None:
            everybody: Ints = self.order[among]
            return everybody
        going = self.order[: self.anywhere][among[: self.anywhere]]
        return np.concatenate([going, *(self._within(ring, place, among) for ring in self.rings)])

    def _within(self, ring: _Ring, place: Point, among: Bools) -> Ints:
        latitude, longitude = math.radians(place[0]), math.radians(place[1])
        wide = (ring.reach + SLACK_M) / spans.EARTH_RADIUS_M
        low, high = ring.latitude.searchsorted((latitude - wide, latitude + wide))
        at = np.flatnonzero(among[ring.first + low : ring.first + high]) + low
        cosine = ring.homes[at] @ _on_sphere(latitude, longitude)
        reached = cosine >= ring.perhaps[at]
        at, cosine = at[reached], cosine[reached]
        people: Ints = ring.people[at]
        close = np.flatnonzero(cosine < ring.surely[at])
        if not len(close):
            return people
        kept = np.ones(len(at), dtype=np.bool_)
        kept[close] = self.columns.metres(place, people[close]) <= self.columns.reach[people[close]]
        return people[kept]


def build(columns: Columns) -> Homes:
    """Sort the homes of a problem."""
    bounded = np.isfinite(columns.reach) & ~np.isnan(columns.place[:, 0])
    classes = 1 if columns.count <= FEW else CLASSES
    edges = SHORTEST_M * 2.0 ** np.arange(classes - 1)
    ring_of = np.searchsorted(edges, columns.reach)
    anywhere = np.flatnonzero(~bounded)
    rings: list[_Ring] = []
    first = len(anywhere)
    for at in range(classes):
        rings.append(_ring(columns, first, bounded & (ring_of == at)))
        first += len(rings[-1].people)
    order = np.concatenate([anywhere, *(ring.people for ring in rings)])
    return Homes(columns, order, len(anywhere), tuple(each for each in rings if len(each.people)))


def _ring(columns: Columns, first: int, among: Bools) -> _Ring:
    people = np.flatnonzero(among)
    people = people[np.argsort(columns.place[people, 0], kind="stable")]
    latitude, longitude = np.radians(columns.place[people]).T
    reach = columns.reach[people]
    return _Ring(
        first=first,
        people=people,
        latitude=latitude,
        reach=float(reach.max(initial=0.0)),
        homes=np.ascontiguousarray(_on_sphere(latitude, longitude).T),
        surely=np.where(reach < SLACK_M, 2.0, _cosine(reach - SLACK_M)),
        perhaps=_cosine(reach + SLACK_M),
    )


def _on_sphere(latitude: Floats | float, longitude: Floats | float) -> Floats:
    flat = np.cos(latitude)
    return np.array([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def _cosine(metres: Floats) -> Floats:
    return np.cos(np.clip(metres / spans.EARTH_RADIUS_M, 0.0, math.pi))
