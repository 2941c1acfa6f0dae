"""A problem too large for one run, solved in shards: one week of one region at a time.

A `Source` names weeks and regions and gives the problem of each: the sessions there, and everybody who
could come to them. Somebody near a border is in several shards; whoever solves a shard treats them as if
they were there alone. That makes shards independent of one another, and their bounds true for the whole:
a plan for everything, cut into shards, breaks no rule inside any of them, so it covers no more than the
shards could together. Weeks share no weekly cap; a cap on new places and meetings close to midnight on
Sunday join them, and leaving those out only allows more.

What independent shards gave out may then be too much for somebody: `settle` finds out, and the sessions
concerned are decided again with everything else in place. Load is carried from stage to stage: two weeks
are decided at once, knowing the load of all weeks before them. Bounds are freed from what the carried
load could have cost at most, because a plan for everything need not have spread it that way.

A level's bound is taken given the levels before. Where those do not reach their own bounds, a plan that
gives up some of them in one shard for more in another might gain here. So every shard also bounds weighted
sums, with the same weights in all: the first level, the first two, and so on. These can be added up, and what
is left above the earlier levels bounds the next one for all plans that are not worse on those.

Stages and the order inside them depend on the problem alone, never on how many workers there are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from volunteer_match.matching.core import carry, score, settle
from volunteer_match.matching.core.carry import Limits, Placed
from volunteer_match.matching.core.instance import PERCENT
from volunteer_match.matching.core.rows import INFINITY
from volunteer_match.matching.core.types import LEVELS, Level, Problem, Weights

WEEKS_AT_ONCE = 2
ROUNDING = 1e-3
NOTHING = "none"
"""The solver of a shard in which nothing is to be decided: its bounds are its values."""

Row = tuple[float, int, int]


class Source(Protocol):
    """Where the problems of shards come from."""

    @property
    def weeks(self) -> tuple[str, ...]:
        """Name the weeks in the order they come."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Name the regions."""

    @property
    def travel_buffer_minutes(self) -> int:
        """Return the travel kept between meetings, the same everywhere."""

    @property
    def weights(self) -> Weights:
        """Return what counts how much, the same everywhere."""

    def problem(self, week: str, region: str) -> Problem:
        """Give the sessions of one week in one region with everybody who could come."""


class Task(Protocol):
    """What can be solved apart: a problem as its source has it, and what was decided before."""

    @property
    def load(self) -> Mapping[str, int]:
        """Return how many places people were given before."""

    def given(self) -> Problem:
        """Build the problem as the source has it."""

    def problem(self, given: Problem) -> Problem:
        """Let people bring to the problem what was decided before."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One thing to solve: a week of a region, or some sessions of a week again with all others kept."""

    source: Source
    week: str
    regions: tuple[str, ...]
    load: Mapping[str, int]
    again: frozenset[str] = frozenset()
    kept: tuple[Placed, ...] = ()

    def given(self) -> Problem:
        """Build the problem of the shard as the source has it."""
        parts = [self.source.problem(self.week, region) for region in self.regions]
        return carry.joined([carry.only(each, self.again) for each in parts]) if self.again else parts[0]

    def problem(self, given: Problem) -> Problem:
        """Let people bring to the problem what was decided before."""
        return carry.with_places(carry.with_load(given, self.load), self.kept)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one shard came to.

    `people` says what those placed can take in all. `sessions` has coverage, places and extras of each.
    `bounds` are the levels' given those before, `alone` without regard to the others. `sums` has for each
    level its weight and the most that it and those before are worth together, without the carried load;
    `freed` is the most that load can have cost. `given` is the most all levels are worth with that load.
    """

    placed: tuple[Placed, ...]
    people: Mapping[str, Limits]
    sessions: Mapping[str, Row]
    bounds: tuple[float, ...]
    alone: tuple[float, ...]
    freed: float
    solver: str
    sums: tuple[tuple[int, float], ...] | None = None
    given: float | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """All levels in one sum: what the plan is worth, and the most that any plan could be.

    `given` is the most for plans made in the same stages, each with the load of those before as it is.
    """

    value: float
    bound: float
    given: float


@dataclass(frozen=True, slots=True)
class Whole:
    """One plan for everything: who serves where, and each level with a bound for the whole.

    `weighed` is there if every shard could bound the sum of all levels.
    """

    placed: tuple[Placed, ...]
    levels: tuple[Level, ...]
    shards: int
    settled: int
    solvers: tuple[str, ...]
    weighed: Weighed | None = None


Runner = Callable[[Sequence[Shard]], Sequence[Outcome]]


@dataclass(slots=True)
class _Progress:
    source: Source
    people: dict[str, Limits] = field(default_factory=dict)
    sessions: dict[str, Row] = field(default_factory=dict)
    where: dict[str, tuple[str, str]] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    free: list[Outcome] = field(default_factory=list)
    settled: int = 0

    def know(self, outcome: Outcome) -> None:
        """Remember the people and sessions of an outcome."""
        for who, limits in outcome.people.items():
            self.people.setdefault(who, limits)
        self.sessions.update(outcome.sessions)


def solve(source: Source, run: Runner) -> Whole:
    """Solve stage after stage, as many shards at a time as `run` likes, and put them together."""
    state = _Progress(source)
    for first in range(0, len(source.weeks), WEEKS_AT_ONCE):
        _stage(state, source.weeks[first : first + WEEKS_AT_ONCE], run)
    solvers = tuple(sorted({each.solver for each in state.free}))
    levels = _levels(state)
    weighed = _weighed(state, [level.value for level in levels])
    return Whole(_ordered(state.placed), levels, len(state.free), state.settled, solvers, weighed)


def _ordered(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    return tuple(sorted(placed, key=lambda each: (each.role, each.volunteer)))


def _stage(state: _Progress, weeks: Sequence[str], run: Runner) -> None:
    load = dict(carry.load_of(state.placed))
    tasks = [Shard(state.source, week, (region,), load) for week in weeks for region in state.source.regions]
    found = run(tasks)
    state.free.extend(found)
    for task, outcome in zip(tasks, found, strict=True):
        state.where.update(dict.fromkeys(outcome.sessions, (task.week, task.regions[0])))
    again = _keep(state, found)
    state.settled += len(again)
    again = _again(state, weeks, again, run)
    for week in weeks:
        # What weeks decided at once may share, a cap on new places or a meeting close to midnight.
        again = _again(state, (week,), again, run)


def _keep(state: _Progress, found: Sequence[Outcome]) -> frozenset[str]:
    """Take what fits from outcomes made independently; return the sessions to be decided again."""
    for outcome in found:
        state.know(outcome)
    placed = _ordered([each for outcome in found for each in outcome.placed])
    again = settle.broken(state.placed, placed, state.people, state.source.travel_buffer_minutes)
    state.placed.extend(each for each in placed if each.session not in again)
    return again


def _again(state: _Progress, weeks: Sequence[str], sessions: frozenset[str], run: Runner) -> frozenset[str]:
    """Decide sessions of some weeks again, each week by itself; return which are still to be decided."""
    load, kept = dict(carry.load_of(state.placed)), _ordered(state.placed)
    places = {state.where[each] for each in sessions}
    regions = {week: tuple(sorted({at for when, at in places if when == week})) for week in weeks}
    tasks = [Shard(state.source, week, at, load, sessions, kept) for week, at in regions.items() if at]
    later = frozenset(each for each in sessions if state.where[each][0] not in weeks)
    return later | _keep(state, run(tasks)) if tasks else later


def _levels(state: _Progress) -> tuple[Level, ...]:
    rows = list(state.sessions.values())
    values = (*(sum(row[level] for row in rows) for level in range(3)), _quality(state))
    levels: list[Level] = []
    for at, name in enumerate(LEVELS):
        proved = all(level.value >= level.bound for level in levels)
        given = sum(each.bounds[at] + (each.freed if at == 3 else 0) for each in state.free)
        bound = min(given if proved else _alone(state, at), _left(state, at, values))
        value = round(values[at], 6)
        levels.append(Level(name, value, max(value, round(bound, 6))))
    return tuple(levels)


def _alone(state: _Progress, at: int) -> float:
    return sum(each.alone[at] for each in state.free)


def _left(state: _Progress, at: int, values: Sequence[float]) -> float:
    """Bound a level by the bounds on sums, less what any plan not worse on the levels before has of them."""
    scale = _scale(state)
    if scale is None:
        return INFINITY
    left = (_most(state, scale, at) - _worth(scale, values[:at])) / scale[at]
    return math.floor(left + ROUNDING) / (PERCENT if at == 0 else 1)


def _weighed(state: _Progress, values: Sequence[float]) -> Weighed | None:
    scale = _scale(state)
    if scale is None:
        return None
    given = 0.0
    for each in state.free:
        given += _worth(scale, each.bounds) if each.solver == NOTHING else each.given or INFINITY
    return Weighed(_worth(scale, values), _most(state, scale, len(LEVELS) - 1), given)


def _scale(state: _Progress) -> tuple[int, ...] | None:
    """Return the weights of the levels if all shards bounded sums and weighed them alike."""
    open_ = (each for each in state.free if each.solver != NOTHING)
    scales = {tuple(weight for weight, _ in each.sums) if each.sums else None for each in open_}
    return scales.pop() if len(scales) == 1 else None


def _most(state: _Progress, scale: Sequence[int], at: int) -> float:
    return sum(each.sums[at][1] if each.sums else _worth(scale, each.bounds[: at + 1]) for each in state.free)


def _worth(scale: Sequence[int], values: Sequence[float]) -> float:
    units = (value * (PERCENT if level == 0 else 1) for level, value in enumerate(values))
    return sum(weight * value for weight, value in zip(scale, units, strict=False))


def _quality(state: _Progress) -> int:
    step = score.load_step(state.source.weights)
    total = sum(each.score for each in state.placed)
    for who, count in carry.load_of(state.placed).items():
        limits = state.people[who]
        if not limits.lends:
            total -= step * (limits.began * count + count * (count - 1) // 2)
    return total
