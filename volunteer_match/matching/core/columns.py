"""Volunteers and sessions as numpy columns, for deciding about many pairs at once.

Every column is int64, float64 or bool on purpose: narrower integers overflow silently in numpy 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from volunteer_match.matching.core import intervals, spans
from volunteer_match.matching.core.index import Index
from volunteer_match.matching.core.types import Volunteer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Given = TypeVar("Given")

NEVER = 0
FOREVER = 4_000_000
UNLIMITED = 2**53


@dataclass(frozen=True, slots=True)
class Named:
    """Who has something and how much of it, name after name: each name has a stretch of both arrays."""

    volunteer: Ints
    value: Ints
    stretch: dict[str, slice]


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
    resource: Bools
    waiting: Ints
    skills: Named
    languages: Named
    clearances: Named
    available: intervals.Spans
    away: intervals.Spans
    busy: intervals.Spans
    by_name: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many volunteers there are."""
        return len(self.index.volunteers)

    def skill(self, name: str) -> Ints:
        """Return each volunteer's level of a skill, 0 if none."""
        return self._named("skill", name, self.skills, 0)

    def speaks(self, language: str) -> Bools:
        """Return who speaks a language."""
        key = ("speaks", language)
        if key not in self.by_name:
            self.by_name[key] = self._named("language", language, self.languages, 0) > 0
        return self.by_name[key]  # type: ignore[no-any-return]

    def cleared_for(self, organiser: str) -> Ints:
        """Return the last day (ordinal) each volunteer is cleared for an organiser, 0 if not cleared."""
        if self.cleared_alike(organiser):
            return self.cleared
        key = ("organiser", organiser)
        if key not in self.by_name:
            own = self._named("cleared_for", organiser, self.clearances, NEVER)
            self.by_name[key] = np.maximum(own, self.cleared)
        return self.by_name[key]  # type: ignore[no-any-return]

    def cleared_alike(self, organiser: str) -> bool:
        """Return whether nobody is cleared for this organiser in particular."""
        return organiser not in self.clearances.stretch

    def used(self, week: str) -> tuple[Ints, Ints]:
        """Return seconds and sessions each volunteer has already taken in a week."""
        key = ("week", week)
        if key not in self.by_name:
            taken, sessions = np.zeros(self.count, dtype=np.int64), np.zeros(self.count, dtype=np.int64)
            for at in self._with_use():
                taken[at], sessions[at] = self.index.used(at, week)
            self.by_name[key] = (taken, sessions)
        return self.by_name[key]  # type: ignore[no-any-return]

    def _with_use(self) -> list[int]:
        key = ("with", "use")
        if key not in self.by_name:
            people = self.index.volunteers
            self.by_name[key] = [
                at for at, each in enumerate(people) if each.used or at in self.index.fixed_roles
            ]
        return self.by_name[key]  # type: ignore[no-any-return]

    def _named(self, kind: str, name: str, table: Named, missing: int) -> Ints:
        key = (kind, name)
        if key not in self.by_name:
            column = np.full(self.count, missing, dtype=np.int64)
            here = table.stretch.get(name, slice(0, 0))
            column[table.volunteer[here]] = table.value[here]
            self.by_name[key] = column
        return self.by_name[key]  # type: ignore[no-any-return]

    def ages_on(self, day: Ints | int, people: Ints | slice = slice(None)) -> Ints:
        """Return ages on a day given as yyyymmdd, -1 if unknown."""
        birthday = self.birthday[people]
        return np.where(birthday > 0, (day - birthday) // 10_000, self.age[people])

    def metres(self, point: tuple[float, float], people: Ints | slice = slice(None)) -> Floats:
        """Return the distance of volunteers to a point in whole metres, NaN where the home is unknown."""
        return metres(self.place[people], np.array(point))


def metres(homes: Floats, places: Floats) -> Floats:
    """Return the great-circle distances between points in whole metres."""
    (lat, lon), (there, across) = np.radians(homes).T, np.radians(places).T
    half = np.sin((there - lat) / 2) ** 2
    half = half + np.cos(lat) * np.cos(there) * np.sin((across - lon) / 2) ** 2
    result: Floats = np.rint(2 * spans.EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))
    return result


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
        resource=_bools(each.resource for each in people),
        waiting=_ints(waiting_days(index, each) for each in people),
        skills=_by_name([each.skills for each in people], int),
        languages=_by_name([dict.fromkeys(each.languages, 1) for each in people], int),
        clearances=_by_name([each.cleared_for for each in people], date.toordinal),
        available=intervals.table(
            *intervals.merged(*intervals.flat(each.available or () for each in people))
        ),
        away=intervals.table(*intervals.flat(each.away for each in people)),
        busy=_taken(index),
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
    return 0 if volunteer.born is None else spans.yyyymmdd(volunteer.born)


def _by_name(having: list[dict[str, Given]], number: Callable[[Given], int]) -> Named:
    """Gather under each name who has it and how much."""
    names = list(chain.from_iterable(having))
    values = np.fromiter(
        map(number, chain.from_iterable(each.values() for each in having)), np.int64, len(names)
    )
    code = {name: at for at, name in enumerate(dict.fromkeys(names))}
    codes = np.fromiter(map(code.__getitem__, names), np.int64, len(names))
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(code) + 1)).tolist()
    volunteer = np.repeat(np.arange(len(having)), [len(each) for each in having])
    stretch = {name: slice(bounds[at], bounds[at + 1]) for name, at in code.items()}
    return Named(volunteer[order], values[order], stretch)


def _taken(index: Index) -> intervals.Spans:
    half = spans.travel_half(index.problem, remote=False)
    volunteer, starts, ends = intervals.flat(each.busy for each in index.volunteers)
    fixed = [
        (who, *spans.occupied(index.problem, index.session(role)))
        for who, roles in index.fixed_roles.items()
        for role in roles
    ]
    table = np.array(fixed, dtype=np.int64).reshape(-1, 3)
    given = np.stack([volunteer, starts - half, ends + half], axis=1)
    return intervals.table(*np.concatenate([given, table]).T)
