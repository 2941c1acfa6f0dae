"""Write instances down neutrally, so that every peer decides about the very same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import problems
from tests.bench.generator import NOBODY, UNCLEARED, World
from tests.bench.problems import MONDAY, NOW, Part, coordinates
from volunteer_match.matching.core import score
from volunteer_match.matching.core.columns import MOST_CARRIED
from volunteer_match.matching.core.instance import PERCENT, Instance
from volunteer_match.matching.core.model import Model

DAY_ZERO = NOW.date().toordinal()


def pairs(path: Path, world: World, chosen: Part) -> None:
    """Write who and what a part has, for finding candidates: three tables in columns."""
    np.savez(path, **_people(world, chosen), **_meetings(world, chosen))


def _people(world: World, chosen: Part) -> dict[str, Any]:
    people, who = world.people, chosen.volunteers
    cleared = people.cleared_days[who]
    return {
        "place": np.array([coordinates(world, place) for place in people.place[who]]),
        "radius_m": people.radius[who] * 1000,
        "age": people.age[who],
        "cleared": np.where(cleared == UNCLEARED, 0, DAY_ZERO + cleared),
        "cap_seconds": people.cap_hours[who] * 3600,
        "opens": people.opens[who].astype(np.int64),
        "closes": people.closes[who].astype(np.int64),
        "blocked": people.blocked[who],
        "skills": people.skills[who].astype(np.int64),
        "speaks": people.speaks[who],
    }


def _meetings(world: World, chosen: Part) -> dict[str, Any]:
    needs = world.needs
    rows = [(at, week) for at in chosen.needs.tolist() for week in chosen.weeks if needs.weeks[at, week]]
    roles = [(at, week, True) for at, week in rows if needs.required[at, 0] != NOBODY]
    roles += [(at, week, False) for at, week in rows]
    at, week, special = (np.array(each, dtype=np.int64) for each in zip(*sorted(roles), strict=True))
    names = [
        problems.role_id(a, w, "specialist" if s else "helper")
        for a, w, s in zip(at, week, special, strict=True)
    ]
    day = week * 7 + needs.weekday[at]
    return {
        "role": np.array(names),
        "day": day,
        "weekday": needs.weekday[at],
        "start": needs.start[at],
        "length": needs.length[at],
        "where": np.array([coordinates(world, needs.place[each]) for each in at]),
        "cleared_on": np.where(needs.children[at] > 0, MONDAY.date().toordinal() + day, 0),
        "min_age": needs.min_age[at],
        "asks": np.column_stack(
            [needs.asks_first[at], np.zeros(len(at), dtype=np.bool_), needs.asks_third[at]]
        ),
        "required": np.where(special[:, None] == 1, needs.required[at], NOBODY),
        "level": needs.required_level[at],
    }


def whole_model(path: Path, built: Model) -> None:
    """Write the whole mixed-integer model with the weights of one pass over all levels."""
    rows, weights = built.rows, level_weights(built.instance, built)
    np.savez(
        path,
        starts=np.array(rows.starts, dtype=np.int64),
        at=np.array(rows.at, dtype=np.int64),
        values=np.array(rows.values, dtype=np.float64),
        lower=np.array(rows.lower, dtype=np.float64),
        upper=np.array(rows.upper, dtype=np.float64),
        most=np.array(built.upper, dtype=np.float64),
        whole=np.array(built.integer, dtype=np.bool_),
        levels=np.asarray(built.levels),
        constants=np.array(built.constants),
        gains=np.array(weights) @ np.asarray(built.levels),
        constant=sum(weight * each for weight, each in zip(weights, built.constants, strict=True)),
    )


def level_weights(instance: Instance, built: Model) -> tuple[int, int, int, int]:
    """Return weights under which no gain on a level is worth a unit of the level before it."""
    step = score.load_step(instance.index.problem.weights)
    segments = 1 + max((len(each) for each in built.places.loads.values()), default=0)
    swing = int(np.abs(instance.quality).max()) + step * (MOST_CARRIED + segments)
    extra = 3 * swing + 1
    place = 7 * extra
    return -(-4 * place // PERCENT), place, extra, 1
