"""Who lives near enough to a place, without measuring the distance to everybody.

Homes are points on the unit sphere, sorted by latitude among people of about the same reach. The angle to
the place, as a cosine, decides all but the closest calls, and those are measured exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

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
    """People of about the same reach, from south to north; `first` is where they begin in the order."""

    first: int
    latitude: Floats
    reach: float


@dataclass(frozen=True, slots=True)
class Homes:
    """Where everybody lives and how far they go.

    `order` lists first who goes anywhere, then ring by ring. Alike ordered are the homes on the sphere and
    the cosines from which on a place is surely, and perhaps, within reach.
    """

    columns: Columns
    order: Ints
    anywhere: int
    rings: tuple[_Ring, ...]
    points: Floats
    surely: Floats
    perhaps: Floats

    def near(self, place: Point | None, among: Bools) -> Ints:
        """Return who of the people marked in `order` goes as far as a place, everybody if there is none."""
        if place is None:
            everybody: Ints = self.order[among]
            return everybody
        here = (0, self.anywhere), *(_strip(ring, math.radians(place[0])) for ring in self.rings)
        at = np.concatenate([np.flatnonzero(among[low:high]) + low for low, high in here])
        cosine = self.points[at] @ _on_sphere(*map(math.radians, place))
        reached = cosine >= self.perhaps[at]
        at, cosine = at[reached], cosine[reached]
        people: Ints = self.order[at]
        close = np.flatnonzero(cosine < self.surely[at])
        if not len(close):
            return people
        kept = np.ones(len(at), dtype=np.bool_)
        kept[close] = self.columns.metres(place, people[close]) <= self.columns.reach[people[close]]
        return people[kept]


def _strip(ring: _Ring, latitude: float) -> tuple[int, int]:
    wide = (ring.reach + SLACK_M) / spans.EARTH_RADIUS_M
    low, high = ring.latitude.searchsorted((latitude - wide, latitude + wide))
    return ring.first + int(low), ring.first + int(high)


def build(columns: Columns) -> Homes:
    """Sort the homes of a problem."""
    bounded = np.isfinite(columns.reach) & ~np.isnan(columns.place[:, 0])
    classes = 1 if columns.count <= FEW else CLASSES
    edges = SHORTEST_M * 2.0 ** np.arange(classes - 1)
    # Whoever goes anywhere comes first, as a class of their own.
    ring_of = np.where(bounded, np.searchsorted(edges, columns.reach), -1)
    order = np.lexsort((columns.place[:, 0], ring_of))
    bounds = np.searchsorted(ring_of[order], np.arange(classes + 1)).tolist()
    anywhere = bounds[0]
    latitude, longitude = np.radians(columns.place[order]).T
    latitude[:anywhere] = longitude[:anywhere] = 0.0
    reach = columns.reach[order]
    surely = np.where(reach < SLACK_M, 2.0, _cosine(reach - SLACK_M))
    surely[:anywhere] = -2.0
    perhaps = _cosine(reach + SLACK_M)
    perhaps[:anywhere] = -2.0
    return Homes(
        columns=columns,
        order=order,
        anywhere=anywhere,
        rings=tuple(
            _Ring(first, latitude[first:last], float(reach[first:last].max()))
            for first, last in pairwise(bounds)
            if first < last
        ),
        points=np.ascontiguousarray(_on_sphere(latitude, longitude).T),
        surely=surely,
        perhaps=perhaps,
    )


def _on_sphere(latitude: Floats | float, longitude: Floats | float) -> Floats:
    flat = np.cos(latitude)
    return np.array([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def _cosine(metres: Floats) -> Floats:
    return np.cos(np.clip(metres / spans.EARTH_RADIUS_M, 0.0, math.pi))
