"""Decide who serves where: exact, level by level, with a bound for each level.

One weighted pass usually finds a plan that is best on all levels at once. It is then proved from the top:
a relaxation bounds each level given those before, and only where that leaves room an exact pass for the
level runs. If the weighted optimum reaches the proven best of every earlier level, it is best on the last
one too: any other plan that good on the earlier levels would have a higher weighted sum.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import numpy as np

from volunteer_match.matching.core import greedy, highs, model, score
from volunteer_match.matching.core.columns import MOST_CARRIED, Ints
from volunteer_match.matching.core.draft import Draft, Values
from volunteer_match.matching.core.highs import Answer, Floor, Limits
from volunteer_match.matching.core.instance import PERCENT, Instance
from volunteer_match.matching.core.model import COVERAGE, EXTRAS, PLACES, QUALITY, Model
from volunteer_match.matching.core.types import LEVELS, Level

WEIGHTED_SHARE = 0.6
LARGEST_SUM = 10**10
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Decision:
    """The best draft found and the proven most on each level; not `feasible` if nothing keeps the rules."""

    draft: Draft
    levels: tuple[Level, ...]
    solver: str
    feasible: bool = True

    @property
    def optimal(self) -> bool:
        """Return whether every level reaches its bound."""
        return all(level.value >= level.bound for level in self.levels)


@dataclass(slots=True)
class _Search:
    model: Model
    deadline: float
    seed: int
    forced: tuple[int, ...]
    best: Draft | None
    proved_weighted: bool = False
    floors: list[Floor] = field(default_factory=list)
    bounds: list[int | None] = field(default_factory=list)

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return self.deadline - time.perf_counter()

    def values(self) -> Values:
        """Return what the best draft reaches."""
        return LOWEST if self.best is None else self.best.values()

    def offer(self, answer: Answer) -> None:
        """Keep an answer if it is sound and better than the best so far."""
        if answer.columns is None:
            return
        chosen = np.flatnonzero(answer.columns[: self.model.edges] > 0.5).tolist()
        draft = Draft(self.model.instance, chosen)
        if draft.sound() and draft.values() > self.values():
            self.best = draft

    def run(self, objective: Ints, seconds: float, *, whole: bool) -> Answer:
        """Run the solver above the floors reached so far."""
        start = None
        if whole and self.best is not None:
            start = model.columns_of(self.model, self.best)
        return highs.maximise(
            self.model,
            objective,
            tuple(self.floors),
            Limits(seconds, self.seed),
            whole=whole,
            start=start,
            forced=self.forced,
        )


LOWEST: Values = (-1, -1, -1, -(2**62))


def decide(instance: Instance, *, time_limit_s: float, seed: int, forced: tuple[int, ...] = ()) -> Decision:
    """Find the best draft; `forced` edges must be in it."""
    deadline = time.perf_counter() + time_limit_s
    floor = None if forced else greedy.plan(instance)
    if instance.edges.count == 0:
        return _nothing_to_decide(Draft(instance))
    search = _Search(model.build(instance), deadline, seed, forced, floor)
    try:
        _weighted(search)
        _prove(search)
    except (ImportError, highs.SolverError):
        if search.best is None:
            raise
        return _decision(search, "greedy")
    return _decision(search, "highs")


def _nothing_to_decide(draft: Draft) -> Decision:
    levels = (_level(level, value, value) for level, value in enumerate(draft.values()))
    return Decision(draft, tuple(levels), "none")


def _weighted(search: _Search) -> None:
    weights = _weights(search.model)
    objective = weights @ search.model.levels
    answer = search.run(objective, search.left * WEIGHTED_SHARE, whole=True)
    search.offer(answer)
    sums = np.abs(objective) @ search.model.upper
    search.proved_weighted = answer.optimal and bool(sums < LARGEST_SUM)


def _weights(built: Model) -> Ints:
    instance = built.instance
    step = score.load_step(instance.index.problem.weights)
    segments = max((len(each) for each in built.places.loads.values()), default=1)
    swing = int(np.abs(instance.quality).max()) + step * (MOST_CARRIED + segments)
    extra = 3 * swing + 1
    place = 7 * extra
    coverage = math.ceil(4 * place / PERCENT)
    return np.array([coverage, place, extra, 1], dtype=np.int64)


def _prove(search: _Search) -> None:
    for level in (COVERAGE, PLACES, EXTRAS, QUALITY):
        before = search.values()
        bound = _bound(search, level)
        value = search.values()[level]
        search.bounds.append(None if bound is None else max(bound, value))
        if search.values() != before:
            search.proved_weighted = False
        search.floors.append(Floor(level, value))


def _bound(search: _Search, level: int) -> int | None:
    constant, gains = search.model.constants[level], search.model.levels[level]
    value = search.values()[level]
    if level == QUALITY and search.proved_weighted and _reached(search):
        return value
    relaxed = _floor_of(search.run(gains, search.left, whole=False), constant)
    if relaxed is not None and relaxed <= value:
        return relaxed
    answer = search.run(gains, search.left, whole=True)
    search.offer(answer)
    exact = _floor_of(answer, constant)
    known = [each for each in (relaxed, exact) if each is not None]
    return min(known, default=None)


def _reached(search: _Search) -> bool:
    values = search.values()
    return all(bound == value for bound, value in zip(search.bounds, values, strict=False))


def _floor_of(answer: Answer, constant: int) -> int | None:
    if not math.isfinite(answer.bound):
        return None
    return math.floor(answer.bound + ROUNDING * max(1.0, abs(answer.bound) / 1000)) + constant


def _decision(search: _Search, solver: str) -> Decision:
    draft = search.best if search.best is not None else Draft(search.model.instance)
    values = draft.values()
    bounds = [*search.bounds, *[None] * len(values)]
    loosest = _loosest(search.model)
    levels = tuple(
        _level(at, value, loosest[at] if (bound := bounds[at]) is None else bound)
        for at, value in enumerate(values)
    )
    return Decision(draft, levels, solver, feasible=search.best is not None)


def _loosest(built: Model) -> list[int]:
    """Return what each level could reach if everybody could be everywhere, a bound that always holds."""
    gains = np.maximum(built.levels, 0) @ built.upper
    return [round(float(gain)) + constant for gain, constant in zip(gains, built.constants, strict=True)]


def _level(at: int, value: int, bound: int) -> Level:
    if at != COVERAGE:
        return Level(LEVELS[at], value, bound)
    return Level(LEVELS[at], value / PERCENT, bound / PERCENT)
