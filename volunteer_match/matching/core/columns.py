"""Volunteers and sessions as numpy columns, for deciding about many pairs at once.

Every column is int64, float64 or bool on purpose: narrower integers overflow silently in numpy 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.index import Index
from volunteer_match.matching.core.types import Volunteer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NEVER = 0
FOREVER = 4_000_000
UNLIMITED = 2**53


@dataclass(frozen=True, slots=True)
class Spans:
    """Intervals of all volunteers in one table."""

    volunteer: Ints
    starts: Ints
    ends: Ints

    def covering(self, starts: int, ends: int) -> Ints:
        """Return the volunteers with an interval that covers a time."""
        return self.volunteer[(self.starts <= starts) & (self.ends >= ends)]

    def touching(self, starts: int, ends: int) -> Ints:
        """Return the volunteers with an interval that overlaps a time."""
        return self.volunteer[(self.starts < ends) & (self.ends > starts)]


@dataclass(slots=True)
class Columns:
    """The volunteers of one problem, one array per question; tables by name are filled on first use."""

    index: Index
    age: Ints
    birthday: Ints
    cleared: Ints
    agreed: Ints
    withheld: Bools
    step_free: Bools
    licence: Bools
    always: Bools
    place: Floats
    reach: Floats
    hours_cap: Ints
    sessions_cap: Ints
    new_cap: Ints
    carried: Ints
    newcomer: Bools
    waiting: Ints
    available: Spans
    away: Spans
    busy: Spans
    by_name: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many volunteers there are."""
        return len(self.index.volunteers)

    def skill(self, name: str) -> Ints:
        """Return each volunteer's level of a skill, 0 if none."""
        key = ("skill", name)
        if key not in self.by_name:
            self.by_name[key] = _ints(each.skills.get(name, 0) for each in self.index.volunteers)
        return self.by_name[key]  # type: ignore[no-any-return]

    def speaks(self, language: str) -> Bools:
        """Return who speaks a language."""
        key = ("language", language)
        if key not in self.by_name:
            self.by_name[key] = _bools(language in each.languages for each in self.index.volunteers)
        return self.by_name[key]  # type: ignore[no-any-return]

    def cleared_for(self, organiser: str) -> Ints:
        """Return the last day (ordinal) each volunteer is cleared for an organiser, 0 if not cleared."""
        key = ("organiser", organiser)
        if key not in self.by_name:
            given = (each.cleared_for.get(organiser) for each in self.index.volunteers)
            own = _ints(NEVER if day is None else day.toordinal() for day in given)
            self.by_name[key] = np.maximum(own, self.cleared)
        return self.by_name[key]  # type: ignore[no-any-return]

    def used(self, week: str) -> tuple[Ints, Ints]:
        """Return seconds and sessions each volunteer has already taken in a week."""
        key = ("week", week)
        if key not in self.by_name:
            taken = [self.index.used(at, week) for at in range(self.count)]
            self.by_name[key] = (_ints(each[0] for each in taken), _ints(each[1] for each in taken))
        return self.by_name[key]  # type: ignore[no-any-return]

    def ages_on(self, day: int) -> Ints:
        """Return ages on a day given as yyyymmdd, -1 if unknown."""
        return np.where(self.birthday > 0, (day - self.birthday) // 10_000, self.age)

    def metres(self, point: tuple[float, float]) -> Floats:
        """Return each volunteer's distance to a point in whole metres, NaN where the home is unknown."""
        lat, lon = np.radians(self.place[:, 0]), np.radians(self.place[:, 1])
        there = np.radians(point[0])
        half = np.sin((there - lat) / 2) ** 2
        half = half + np.cos(lat) * np.cos(there) * np.sin((np.radians(point[1]) - lon) / 2) ** 2
        result: Floats = np.rint(2 * spans.EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))
        return result


def yyyymmdd(year: int, month: int, day: int) -> int:
    """Return a date as one number whose differences give full years."""
    return year * 10_000 + month * 100 + day


def build(index: Index) -> Columns:
    """Lay the volunteers of a problem out in columns."""
    people = index.volunteers
    return Columns(
        index=index,
        age=_ints(-1 if each.age is None else each.age for each in people),
        birthday=_ints(_birthday(each) for each in people),
        cleared=_ints(
            NEVER if each.cleared_until is None else each.cleared_until.toordinal() for each in people
        ),
        agreed=_ints(
            FOREVER if each.agreed_until is None else each.agreed_until.toordinal() for each in people
        ),
        withheld=_bools(bool(each.withheld) for each in people),
        step_free=_bools(each.needs_step_free for each in people),
        licence=_bools(each.driving_licence for each in people),
        always=_bools(each.available is None for each in people),
        place=np.array([each.place or (np.nan, np.nan) for each in people], dtype=np.float64).reshape(-1, 2),
        reach=np.array(
            [np.inf if each.radius_km is None else each.radius_km * 1000 for each in people], dtype=np.float64
        ),
        hours_cap=_ints(_seconds_cap(each) for each in people),
        sessions_cap=_ints(_cap(each.max_sessions_per_week) for each in people),
        new_cap=_ints(_cap(each.max_new) for each in people),
        carried=_ints(carried(each) for each in people),
        newcomer=_bools(each.newcomer for each in people),
        waiting=_ints(waiting_days(index, each) for each in people),
        available=_table(spans.merged(_pairs(each.available or ())) for each in people),
        away=_table(_pairs(each.away) for each in people),
        busy=_table(_taken(index, at) for at in range(len(people))),
    )


MOST_CARRIED = 40
MOST_WAITING_DAYS = 60


def carried(volunteer: Volunteer) -> int:
    """Return the load a volunteer brings from the past: recent sessions and recent asks."""
    return min(volunteer.recent_sessions + volunteer.recent_asks, MOST_CARRIED)


def waiting_days(index: Index, volunteer: Volunteer) -> int:
    """Return the days since a volunteer was last asked, the most there is if never."""
    if volunteer.last_asked is None:
        return MOST_WAITING_DAYS
    days = (index.problem.now.date() - volunteer.last_asked).days
    return max(0, min(days, MOST_WAITING_DAYS))


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _bools(values: Iterable[bool]) -> Bools:
    return np.array(list(values), dtype=np.bool_)


def _cap(value: int | None) -> int:
    return UNLIMITED if value is None else value


def _seconds_cap(volunteer: Volunteer) -> int:
    cap = volunteer.max_hours_per_week
    return UNLIMITED if cap is None else round(cap * spans.HOUR)


def _birthday(volunteer: Volunteer) -> int:
    born = volunteer.born
    return 0 if born is None else yyyymmdd(born.year, born.month, born.day)


def _pairs(intervals: Iterable[tuple[Any, Any]]) -> list[spans.Span]:
    return [(spans.seconds(starts), spans.seconds(ends)) for starts, ends in intervals]


def _taken(index: Index, at: int) -> list[spans.Span]:
    half = spans.travel_half(index.problem, remote=False)
    away = [(starts - half, ends + half) for starts, ends in _pairs(index.volunteers[at].busy)]
    fixed = [spans.occupied(index.problem, index.session(role)) for role in index.fixed_roles.get(at, ())]
    return away + fixed


def _table(rows: Iterable[list[spans.Span]]) -> Spans:
    flat = [(at, starts, ends) for at, row in enumerate(rows) for starts, ends in row]
    table = np.array(flat, dtype=np.int64).reshape(-1, 3)
    return Spans(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy())
