"""Any part of a generated world as a problem of the matching core: all of it, some weeks, some towns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.generator import DAYS, LANGUAGES, NOBODY, UNCLEARED, WEEKS, World
from volunteer_match.matching.core.format import problem_to_json
from volunteer_match.matching.core.types import (
    Familiar,
    Interval,
    Point,
    Problem,
    Role,
    Session,
    Volunteer,
    Weights,
)

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NOW = MONDAY - timedelta(hours=14)
HALF_HOUR = timedelta(minutes=30)
KM_PER_DEGREE = 111.195
SOUTH, MIDDLE = 49.2, 19.0
MARGIN_KM = 2.0
CLEARED_ADULTS = 2
TRAVEL_MINUTES = 30


@dataclass(frozen=True)
class Part:
    """Which weeks of which needs, and who could come to them."""

    weeks: tuple[int, ...]
    needs: NDArray[np.int64]
    volunteers: NDArray[np.int64]


def part(world: World, weeks: Collection[int] | None = None, region: Collection[int] | None = None) -> Part:
    """Choose weeks (0 to 3) and towns, with everybody whose radius reaches a need there."""
    chosen = tuple(sorted(range(WEEKS) if weeks is None else weeks))
    meets = world.needs.weeks[:, list(chosen)].any(axis=1)
    if region is None:
        return Part(chosen, np.flatnonzero(meets), np.arange(world.people.count))
    here = meets & np.isin(world.needs.town, list(region))
    return Part(chosen, np.flatnonzero(here), within_reach(world, np.flatnonzero(here)))


def within_reach(world: World, needs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find who lives near enough to the box around the needs of some town."""
    near = np.zeros(world.people.count, dtype=np.bool_)
    home, reach = world.people.place, world.people.radius[:, None] + MARGIN_KM
    for town in np.unique(world.needs.town[needs]):
        spots = world.needs.place[needs[world.needs.town[needs] == town]]
        near |= ((home >= spots.min(axis=0) - reach) & (home <= spots.max(axis=0) + reach)).all(axis=1)
    return np.flatnonzero(near)


def problem(
    world: World,
    weeks: Collection[int] | None = None,
    region: Collection[int] | None = None,
    weights: Weights | None = None,
) -> Problem:
    """Write a part of a world as a problem, with every joint rule on."""
    return written(world, part(world, weeks, region), weights)


def document(world: World, **chosen: Any) -> dict[str, Any]:
    """Write a part of a world as a JSON document."""
    return problem_to_json(problem(world, **chosen))


def document_of(world: World, chosen: Part) -> dict[str, Any]:
    """Write a part chosen by hand as a JSON document."""
    return problem_to_json(written(world, chosen))


def written(world: World, chosen: Part, weights: Weights | None = None) -> Problem:
    """Write the needs and volunteers of a part as a problem."""
    people, needs = set(chosen.volunteers.tolist()), set(chosen.needs.tolist())
    return Problem(
        now=NOW,
        seed=world.seed,
        sessions=tuple(_session(world, at, week) for at, week in _meetings(world, chosen)),
        roles=tuple(role for at, week in _meetings(world, chosen) for role in _roles(world, at, week)),
        volunteers=tuple(_volunteer(world, at, chosen.weeks) for at in chosen.volunteers.tolist()),
        familiar=tuple(
            Familiar(volunteer_id(who), need_id(at), 1 + (at + who) % 5)
            for at, who in world.needs.familiar.tolist()
            if at in needs and who in people and not world.people.newcomer[who]
        ),
        interested=tuple(
            (volunteer_id(who), need_id(at))
            for at, who in world.needs.interested.tolist()
            if at in needs and who in people
        ),
        together=_together(world, people),
        partner_deficit={
            partner_id(int(at)): float(world.deficit[at])
            for at in np.unique(world.needs.partner[chosen.needs])
            if world.deficit[at] > 0
        },
        travel_buffer_minutes=TRAVEL_MINUTES,
        availability_buffer_minutes=TRAVEL_MINUTES,
        weights=weights or Weights(),
    )


def volunteer_id(at: int) -> str:
    """Name a volunteer."""
    return f"v{at:06d}"


def need_id(at: int) -> str:
    """Name a need."""
    return f"n{at:05d}"


def partner_id(at: int) -> str:
    """Name a partner."""
    return f"p{at:05d}"


def session_id(need: int, week: int) -> str:
    """Name a need's session in one week."""
    return f"s{need:05d}-{week}"


def role_id(need: int, week: int, kind: str) -> str:
    """Name a role of a session, `specialist` or `helper`."""
    return f"r{need:05d}-{week}-{kind}"


def coordinates(world: World, place: NDArray[np.float64]) -> Point:
    """Put a point of the plane on the globe, true to distance nearby."""
    latitude = SOUTH + float(place[1]) / KM_PER_DEGREE
    east = (float(place[0]) - world.scale.side_km / 2) / KM_PER_DEGREE
    return round(latitude, 6), round(MIDDLE + east / float(np.cos(np.radians(latitude))), 6)


def _meetings(world: World, chosen: Part) -> list[tuple[int, int]]:
    return [
        (at, week) for at in chosen.needs.tolist() for week in chosen.weeks if world.needs.weeks[at, week]
    ]


def _session(world: World, at: int, week: int) -> Session:
    needs = world.needs
    day = MONDAY + timedelta(days=week * DAYS + int(needs.weekday[at]))
    starts = day + int(needs.start[at]) * HALF_HOUR
    children = int(needs.children[at])
    return Session(
        id=session_id(at, week),
        need=need_id(at),
        partner=partner_id(int(needs.partner[at])),
        starts=starts,
        ends=starts + int(needs.length[at]) * HALF_HOUR,
        children=children,
        min_cleared_adults=CLEARED_ADULTS if children else 0,
        staff_cleared_adults=int(needs.staff[at]),
        priority=int(needs.priority[at]),
        place=coordinates(world, needs.place[at]),
    )


def _roles(world: World, at: int, week: int) -> list[Role]:
    needs, heads = world.needs, int(world.needs.heads[at])
    helper = Role(
        id=role_id(at, week, "helper"),
        session=session_id(at, week),
        min=max(1, heads // 2),
        preferred=heads,
        wanted_skills={f"skill-{skill}": 1.0 for skill in set(needs.wanted[at].tolist())},
        languages=_languages(world, at),
        min_age=int(needs.min_age[at]),
    )
    required = {
        f"skill-{skill}": level
        for skill, level in zip(needs.required[at].tolist(), needs.required_level[at].tolist(), strict=True)
        if skill != NOBODY
    }
    if not required:
        return [helper]
    specialist = Role(
        id=role_id(at, week, "specialist"),
        session=session_id(at, week),
        min=1,
        preferred=1,
        required_skills=required,
        wanted_skills=dict.fromkeys(required, 1.0),
        languages=_languages(world, at),
        min_age=int(needs.min_age[at]),
    )
    return [specialist, helper]


def _languages(world: World, at: int) -> tuple[str, ...]:
    asked = (world.needs.asks_first[at], False, world.needs.asks_third[at])
    return tuple(name for name, wanted in zip(LANGUAGES, asked, strict=False) if wanted)


def _volunteer(world: World, at: int, weeks: tuple[int, ...]) -> Volunteer:
    people = world.people
    cleared, asked = int(people.cleared_days[at]), int(people.asked_days[at])
    most = int(people.cap_sessions[at])
    return Volunteer(
        id=volunteer_id(at),
        age=int(people.age[at]),
        cleared_until=None if cleared == UNCLEARED else NOW.date() + timedelta(days=cleared),
        skills={
            f"skill-{skill}": int(people.skills[at, skill]) for skill in np.flatnonzero(people.skills[at])
        },
        languages=tuple(name for name, known in zip(LANGUAGES, people.speaks[at], strict=True) if known),
        available=tuple(_free(world, at, weeks)),
        away=tuple(_away(world, at, weeks)),
        max_hours_per_week=float(people.cap_hours[at]),
        max_sessions_per_week=None if most == NOBODY else most,
        place=coordinates(world, people.place[at]),
        radius_km=float(people.radius[at]),
        recent_sessions=int(people.load[at]),
        last_asked=None if asked == NOBODY else NOW.date() - timedelta(days=asked),
        newcomer=bool(people.newcomer[at]),
    )


def _free(world: World, at: int, weeks: tuple[int, ...]) -> list[Interval]:
    opens, closes = world.people.opens[at].tolist(), world.people.closes[at].tolist()
    return [
        (_day(week, day) + opens[day] * HALF_HOUR, _day(week, day) + closes[day] * HALF_HOUR)
        for week in weeks
        for day in range(DAYS)
        if closes[day] > opens[day]
    ]


def _away(world: World, at: int, weeks: tuple[int, ...]) -> list[Interval]:
    blocked = world.people.blocked[at].reshape(WEEKS, DAYS)
    return [
        (_day(week, day), _day(week, day + 1))
        for week in weeks
        for day in range(DAYS)
        if blocked[week, day] and world.people.closes[at, day] > world.people.opens[at, day]
    ]


def _day(week: int, day: int) -> datetime:
    return MONDAY + timedelta(days=week * DAYS + day)


def _together(world: World, people: set[int]) -> tuple[tuple[str, ...], ...]:
    pairs = enumerate(world.people.friend.tolist())
    return tuple(
        (volunteer_id(one), volunteer_id(other))
        for one, other in pairs
        if one < other and one in people and other in people
    )
