"""Who lives near enough to a place, without measuring the distance to everybody.

Homes are points on the unit sphere, sorted by latitude among people of about the same reach. The angle to
the place, as a cosine, decides all but the closest calls, and those are measured exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.columns import Bools, Columns, Floats, Ints, metres
from volunteer_match.matching.core.types import Point

SLACK_M = 2.0
SHORTEST_M = 4_000.0
CLASSES = 5
FEW = 2_000
WHOLE, APART = 4.0, 10.0
NOWHERE = (math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Spots:
    """Places to be near to; where the place does not matter it is NaN, and everybody is near enough."""

    degrees: Floats
    latitude: Floats
    points: Floats


@dataclass(frozen=True, slots=True)
class Homes:
    """Where everybody lives and how far they go, in an order of their own.

    `order` lists first who goes anywhere, then ring by ring people of about the same reach, each ring from
    south to north. The latitudes of the rings are moved apart, so that they rise throughout. `wide` is how
    far a ring goes; `perhaps` and `surely` are the cosines of somebody's reach, and a little more and less.
    """

    columns: Columns
    order: Ints
    latitude: Floats
    wide: Floats
    points: Floats
    perhaps: Floats
    surely: Floats

    def near(self, place: Point | None, among: Bools) -> Ints:
        """Return who of some people, marked in `order`, goes as far as a place; all if there is none."""
        if place is None:
            everybody: Ints = self.order[among]
            return everybody
        spot = spots((place,))
        low, high = self.stretches(spot)
        pairs = zip(low[0].tolist(), high[0].tolist(), strict=True)
        at = np.concatenate([np.flatnonzero(among[first:last]) + first for first, last in pairs])
        near: Ints = self.order[at[self.reached(at, spot, np.zeros(1, dtype=np.int64), np.array([len(at)]))]]
        return near

    def stretches(self, there: Spots) -> tuple[Ints, Ints]:
        """Return for each place and ring which stretch of `order` may be near: first, and one past last."""
        anywhere = np.isnan(there.latitude)
        middle = np.add.outer(np.where(anywhere, 0.0, there.latitude), APART * np.arange(len(self.wide)))
        wide = np.where(anywhere[:, None], WHOLE, self.wide)
        return self.latitude.searchsorted(middle - wide), self.latitude.searchsorted(middle + wide, "right")

    def reached(self, at: Ints, there: Spots, spot: Ints, many: Ints) -> Ints:
        """Return which of some people go as far as a place: the first so `many` to the first spot."""
        x, y, z = self.points
        east, across, north = (part[spot].repeat(many) for part in there.points)
        cosine = x[at] * east + y[at] * across + z[at] * north
        # What has no place compares as not farther.
        here = np.flatnonzero(~(cosine < self.perhaps[at]))
        close = np.flatnonzero(cosine[here] < self.surely[at[here]])
        if not len(close):
            return here
        asked = here[close]
        people, place = self.order[at[asked]], there.degrees[spot.repeat(many)[asked]]
        away = metres(self.columns.place[people], place)
        return np.delete(here, close[away > self.columns.reach[people]])


def spots(places: Iterable[Point | None]) -> Spots:
    """Put places on the sphere."""
    degrees = np.array([place or NOWHERE for place in places], dtype=np.float64).reshape(-1, 2)
    latitude, longitude = np.radians(degrees).T
    return Spots(degrees, latitude, _on_sphere(latitude, longitude))


def build(columns: Columns) -> Homes:
    """Sort the homes of a problem."""
    bounded = np.isfinite(columns.reach) & ~np.isnan(columns.place[:, 0])
    classes = 1 if columns.count <= FEW else CLASSES
    edges = SHORTEST_M * 2.0 ** np.arange(classes - 1)
    ring = np.where(bounded, 1 + np.searchsorted(edges, columns.reach), 0)
    latitude, longitude = np.where(bounded, np.radians(columns.place).T, 0.0)
    points = _on_sphere(latitude, longitude)
    latitude += APART * ring
    order = np.argsort(latitude, kind="stable")
    reach = np.where(bounded, columns.reach, np.inf)[order]
    farthest = np.zeros(classes + 1)
    np.maximum.at(farthest, ring[order], reach)
    return Homes(
        columns=columns,
        order=order,
        latitude=latitude[order],
        wide=np.minimum((farthest + SLACK_M) / spans.EARTH_RADIUS_M, WHOLE),
        points=points[:, order],
        perhaps=np.where(np.isinf(reach), -2.0, _cosine(reach + SLACK_M)),
        surely=np.where(np.isinf(reach), -2.0, np.where(reach < SLACK_M, 2.0, _cosine(reach - SLACK_M))),
    )


def _on_sphere(latitude: Floats, longitude: Floats) -> Floats:
    flat = np.cos(latitude)
    return np.array([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def _cosine(metres: Floats) -> Floats:
    return np.cos(np.clip(metres / spans.EARTH_RADIUS_M, 0.0, math.pi))
