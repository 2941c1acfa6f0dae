"""Seeded towns, counties and countries to measure on: people and needs as numpy columns.

Columns come first so that a country fits in memory; `tests.bench.problems` writes any part of it as a
`Problem`. Distances are kilometres on a plane; times are half-hours of a UTC day that stands for local time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

WEEKS, DAYS = 4, 7
SKILLS = 80
LANGUAGES = ("pl", "en", "uk", "ru", "de", "es", "csb", "sgn")
SPOKEN = (0.99, 0.38, 0.14, 0.10, 0.07, 0.03, 0.012, 0.01)
PUPIL, WORKER, RETIRED, FREE = range(4)
ARCHETYPES = (0.3, 0.4, 0.2, 0.1)
WEEKDAY_SHARE, WEEKEND_SHARE = (0.45, 0.35, 0.60, 0.80), (0.50, 0.55, 0.25, 0.70)
WEEKDAY_HOURS = ((14, 20), (17, 21), (8, 16), (8, 20))
WEEKEND_HOURS = ((9, 18), (9, 18), (9, 18), (8, 20))
AGES = ((15, 25), (20, 64), (60, 79), (20, 64))
MOST_SHIFT, BLOCKED = 4, 0.06
CAPS = (2, 3, 4, 5, 6, 8, 10, 12)
CAP_SHARE = (0.12, 0.15, 0.28, 0.12, 0.15, 0.09, 0.05, 0.04)
LONGEST, UNCLEARED = 400, -10_000
HEADS = (0.32, 0.25, 0.18, 0.12, 0.08, 0.05)
WEEKDAY_OF_NEED = (0.12, 0.12, 0.12, 0.12, 0.12, 0.28, 0.12)
NOBODY = -1

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Scale:
    """How much of everything there is."""

    name: str
    volunteers: int
    needs: int
    towns: int
    side_km: float


TOWN = Scale("town", 500, 120, 1, 12.0)
TIGHT = replace(TOWN, name="tight", volunteers=200)
COUNTY = Scale("county", 10_000, 2_000, 14, 60.0)
NATIONAL = Scale("national", 100_000, 20_000, 300, 560.0)
SCALES = {each.name: each for each in (TOWN, TIGHT, COUNTY, NATIONAL)}


@dataclass(frozen=True)
class People:
    """Volunteers, one row each; a day without time has `opens` and `closes` equal."""

    town: NDArray[np.int64]
    place: NDArray[np.float64]
    radius: NDArray[np.float64]
    opens: NDArray[np.int8]
    closes: NDArray[np.int8]
    blocked: NDArray[np.bool_]
    cap_hours: NDArray[np.int64]
    cap_sessions: NDArray[np.int64]
    skills: NDArray[np.int8]
    speaks: NDArray[np.bool_]
    age: NDArray[np.int64]
    cleared_days: NDArray[np.int64]
    load: NDArray[np.int64]
    asked_days: NDArray[np.int64]
    newcomer: NDArray[np.bool_]
    friend: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Return how many volunteers there are."""
        return len(self.town)


@dataclass(frozen=True)
class Needs:
    """Needs, one row each; `weeks` says in which weeks each meets."""

    town: NDArray[np.int64]
    partner: NDArray[np.int64]
    place: NDArray[np.float64]
    priority: NDArray[np.int64]
    weekday: NDArray[np.int64]
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    weeks: NDArray[np.bool_]
    min_age: NDArray[np.int64]
    children: NDArray[np.int64]
    staff: NDArray[np.int64]
    asks_first: NDArray[np.bool_]
    asks_third: NDArray[np.bool_]
    heads: NDArray[np.int64]
    required: NDArray[np.int64]
    required_level: NDArray[np.int64]
    wanted: NDArray[np.int64]
    familiar: NDArray[np.int64]
    interested: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Return how many needs there are."""
        return len(self.town)


@dataclass(frozen=True)
class World:
    """Everybody and everything of one scale and seed."""

    scale: Scale
    seed: int
    people: People
    needs: Needs
    deficit: NDArray[np.float64]


def make(scale: Scale, seed: int = 1) -> World:
    """Make a world; needs do not depend on how many volunteers there are."""
    towns = _Towns.of(scale, np.random.default_rng([seed, 0]))
    needs = _needs(scale, towns, np.random.default_rng([seed, 1]))
    people = _people(scale, towns, np.random.default_rng([seed, 2]))
    bonds = np.random.default_rng([seed, 3])
    known = replace(needs, familiar=_near(needs, people, bonds, 3), interested=_near(needs, people, bonds, 2))
    partners = int(known.partner.max()) + 1
    short = np.where(bonds.random(partners) < 0.2, np.round(bonds.random(partners) * 0.5, 2), 0.0)
    return World(scale, seed, people, known, short)


@dataclass(frozen=True)
class _Towns:
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    share: NDArray[np.float64]

    @classmethod
    def of(cls, scale: Scale, draw: np.random.Generator) -> _Towns:
        """Scatter towns over the square, a few large and many small."""
        if scale.towns == 1:
            return cls(np.full((1, 2), scale.side_km / 2), np.array([3.0]), np.array([1.0]))
        share = np.arange(1, scale.towns + 1) ** -0.9
        centre = draw.random((scale.towns, 2)) * scale.side_km
        return cls(centre, draw.uniform(2, 7, scale.towns), share / share.sum())

    def places(self, count: int, draw: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Draw a town and a place in it for each of many."""
        town = draw.choice(len(self.share), count, p=self.share)
        return town, self.centre[town] + draw.standard_normal((count, 2)) * self.spread[town, None]


def _people(scale: Scale, towns: _Towns, draw: np.random.Generator) -> People:
    count = scale.volunteers
    town, place = towns.places(count, draw)
    kind = draw.choice(len(ARCHETYPES), count, p=ARCHETYPES)
    opens, closes = _free_time(kind, draw)
    newcomer = draw.random(count) < 0.15
    cleared = np.where(draw.random(count) < 0.7, draw.integers(-20, LONGEST, count), UNCLEARED)
    youngest, oldest = np.array(AGES).T
    return People(
        town=town,
        place=place,
        radius=np.clip(draw.lognormal(np.log(6.0), 0.6, count), 1.5, 40.0).round(1),
        opens=opens,
        closes=closes,
        blocked=draw.random((count, WEEKS * DAYS)) < BLOCKED,
        cap_hours=draw.choice(CAPS, count, p=CAP_SHARE),
        cap_sessions=draw.choice([NOBODY, 2, 3], count, p=[0.7, 0.15, 0.15]),
        skills=_skills(count, draw),
        speaks=draw.random((count, len(LANGUAGES))) < SPOKEN,
        age=draw.integers(youngest[kind], oldest[kind] + 1),
        cleared_days=cleared,
        load=np.where(newcomer, 0, draw.exponential(6.0, count).astype(np.int64)),
        asked_days=np.where(draw.random(count) < 0.3, NOBODY, draw.integers(0, 90, count)),
        newcomer=newcomer,
        friend=_friends(town, kind, draw),
    )


def _free_time(
    kind: NDArray[np.int64], draw: np.random.Generator
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    weekend = np.arange(DAYS) >= 5
    share = np.where(weekend, np.array(WEEKEND_SHARE)[kind, None], np.array(WEEKDAY_SHARE)[kind, None])
    weekdays, weekends = np.array(WEEKDAY_HOURS)[kind], np.array(WEEKEND_HOURS)[kind]
    first, last = (np.where(weekend, weekends[:, at, None], weekdays[:, at, None]) for at in (0, 1))
    shape = (len(kind), DAYS)
    opens = first * 2 + draw.integers(0, MOST_SHIFT + 1, shape)
    closes = last * 2 - draw.integers(0, MOST_SHIFT + 1, shape)
    free = (draw.random(shape) < share) & (closes > opens)
    return np.where(free, opens, 0).astype(np.int8), np.where(free, closes, 0).astype(np.int8)


def _skill_share() -> NDArray[np.float64]:
    share = np.arange(1, SKILLS + 1) ** -1.05
    result: NDArray[np.float64] = share / share.sum()
    return result


def _skills(count: int, draw: np.random.Generator) -> NDArray[np.int8]:
    many = 1 + draw.poisson(2.6, count) + np.where(draw.random(count) < 0.05, draw.integers(3, 12, count), 0)
    levels = draw.choice([1, 2, 3], (count, SKILLS), p=[0.5, 0.35, 0.15]).astype(np.int8)
    result = np.zeros((count, SKILLS), dtype=np.int8)
    for low in range(0, count, 10_000):
        # The first so many of a random order in which frequent skills tend to come early.
        here = slice(low, low + 10_000)
        order = np.argsort(draw.exponential(size=levels[here].shape) / _skill_share(), axis=1)
        place = np.argsort(order, axis=1)
        result[here] = np.where(place < many[here, None], levels[here], 0)
    return result


def _friends(
    town: NDArray[np.int64], kind: NDArray[np.int64], draw: np.random.Generator
) -> NDArray[np.int64]:
    """Pair a few people of the same town and way of life; everybody else has nobody."""
    friend = np.full(len(town), NOBODY)
    order = np.lexsort((draw.random(len(town)), kind, town))
    one, other = order[0:-1:2], order[1::2]
    same = (town[one] == town[other]) & (kind[one] == kind[other]) & (draw.random(len(one)) < 0.04)
    friend[one[same]], friend[other[same]] = other[same], one[same]
    return friend


def _needs(scale: Scale, towns: _Towns, draw: np.random.Generator) -> Needs:
    count = scale.needs
    town, place = towns.places(count, draw)
    weekday = draw.choice(DAYS, count, p=WEEKDAY_OF_NEED)
    weekend = weekday >= 5
    heads = 1 + draw.choice(len(HEADS), count, p=HEADS)
    required, level = _required(count, draw)
    staff = draw.choice(3, count, p=[0.6, 0.3, 0.1])
    asked = heads + (required[:, 0] != NOBODY)
    order = draw.random((count, WEEKS)).argsort(axis=1)
    return Needs(
        town=town,
        partner=_partners(town, draw),
        place=place,
        priority=draw.choice([1, 2, 3], count, p=[0.6, 0.3, 0.1]),
        weekday=weekday,
        start=np.where(weekend, draw.integers(18, 31, count), draw.integers(28, 37, count)),
        length=draw.integers(2, 7, count),
        weeks=order < draw.integers(1, WEEKS + 1, count)[:, None],
        min_age=draw.choice([15, 16, 18, 18], count),
        children=np.where(draw.random(count) < 0.9, draw.integers(6, 31, count), 0),
        staff=np.maximum(staff, 2 - asked),
        asks_first=draw.random(count) < 0.95,
        asks_third=draw.random(count) < 0.06,
        heads=heads,
        required=required,
        required_level=level,
        wanted=draw.choice(SKILLS, (count, 2), p=_skill_share()),
        familiar=np.zeros((0, 2), dtype=np.int64),
        interested=np.zeros((0, 2), dtype=np.int64),
    )


def _required(count: int, draw: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw the one or two skills of the specialist place that most needs have."""
    skills = draw.choice(SKILLS, (count, 2), p=_skill_share())
    specialist, second = draw.random(count) < 0.7, draw.random(count) < 0.3
    skills[~specialist] = NOBODY
    skills[~second | (skills[:, 0] == skills[:, 1]), 1] = NOBODY
    return skills, draw.choice([1, 2], (count, 2), p=[0.7, 0.3])


def _partners(town: NDArray[np.int64], draw: np.random.Generator) -> NDArray[np.int64]:
    """Give each town one partner for about four needs."""
    many = np.bincount(town) // 4 + 1
    first = np.concatenate([[0], np.cumsum(many)[:-1]])
    return np.asarray(first[town] + draw.integers(0, many[town]), dtype=np.int64)


def _near(needs: Needs, people: People, draw: np.random.Generator, each: int) -> NDArray[np.int64]:
    """Pair each need with a few people of its town: rows of need and volunteer."""
    order = np.argsort(people.town, kind="stable")
    first = np.searchsorted(people.town[order], needs.town)
    after = np.searchsorted(people.town[order], needs.town, side="right")
    low, high = np.repeat(first, each), np.repeat(after, each)
    some = np.flatnonzero((high > low) & (draw.random(len(low)) < 0.5))
    who = order[low[some] + (draw.random(len(some)) * (high - low)[some]).astype(np.int64)]
    return np.unique(np.column_stack([some // each, who]), axis=0)
