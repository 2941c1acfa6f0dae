"""Decide who serves where: exact, level by level, with a bound for each level.

A first pass with weights usually finds a plan that is best on all levels at once. It is then proved from
the top: a relaxation bounds each level given those before, and only where that leaves room an exact pass
for the level runs. If a weighted optimum reaches the proven best of every earlier level, it is best on the
last one too: any other plan that good on the earlier levels would have a higher weighted sum.

On larger instances the first pass looks only near the relaxation's solution, which gives a good plan soon.
What it leaves out is never lost: every bound is taken over all edges, and a later pass closes an edge only
when its reduced cost proves that no plan with it can be as good as the one at hand.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from volunteer_match.matching.core import greedy, highs, model, score
from volunteer_match.matching.core.columns import MOST_CARRIED, Floats, Ints
from volunteer_match.matching.core.draft import Draft, Values
from volunteer_match.matching.core.highs import Answer, Floor, Run
from volunteer_match.matching.core.instance import PERCENT, Instance
from volunteer_match.matching.core.model import COVERAGE, EXTRAS, PLACES, QUALITY, Model
from volunteer_match.matching.core.types import LEVELS, Level

FIRST_SHARE = 0.4
LEVEL_SHARE = 0.35
SECOND_SHARE = 0.6
LAST_SHARE = 0.9
LARGE_EDGES = 4_000
NEAR = 6
WIDTH = 8
LARGEST_SUM = 10**10
ROUNDING = 1e-6
WHOLE_MARGIN = 0.5


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
    sum_bound: float = math.inf
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

    def run(self, objective: Ints, share: float, **more: Any) -> Answer:
        """Run the solver above the floors reached so far, with a share of the time left."""
        if self.left <= 0:
            return UNANSWERED
        start = None if self.best is None else model.columns_of(self.model, self.best)
        run = Run(
            objective,
            seconds=self.left * share,
            seed=self.seed,
            floors=tuple(self.floors),
            start=start,
            forced=self.forced,
            **more,
        )
        return highs.maximise(self.model, run)


UNANSWERED = Answer(optimal=False, columns=None, bound=math.inf)
LOWEST: Values = (-1, -1, -1, -(2**62))


def decide(instance: Instance, *, time_limit_s: float, seed: int, forced: tuple[int, ...] = ()) -> Decision:
    """Find the best draft; `forced` edges must be in it."""
    deadline = time.perf_counter() + time_limit_s
    floor = None if forced else greedy.plan(instance)
    if instance.edges.count == 0:
        return _nothing_to_decide(Draft(instance))
    search = _Search(model.build(instance), deadline, seed, forced, floor)
    try:
        _first(search)
        _prove(search, COVERAGE)
        _prove(search, PLACES)
        _second(search)
        _prove(search, EXTRAS)
        _prove(search, QUALITY)
    except (ImportError, highs.SolverError):
        if search.best is None:
            raise
        return _decision(search, "greedy")
    return _decision(search, "highs")


def _nothing_to_decide(draft: Draft) -> Decision:
    levels = (_level(level, value, value) for level, value in enumerate(draft.values()))
    return Decision(draft, tuple(levels), "none")


def _first(search: _Search) -> None:
    """Find a good plan: exactly if the instance is small, else near the relaxation."""
    if search.model.edges > LARGE_EDGES:
        _near(search, COVERAGE)
        return
    objective = _from_level(search.model, COVERAGE)
    answer = search.run(objective, FIRST_SHARE)
    search.offer(answer)
    search.proved_weighted = answer.optimal and _safe(search.model, objective)


def _from_level(built: Model, level: int) -> Ints:
    weights = _weights(built)
    weights[:level] = 0
    result: Ints = weights @ built.levels
    return result


def _near(search: _Search, level: int) -> None:
    """Look for a good plan near the relaxation's solution, weighing the levels from this one on."""
    objective = _from_level(search.model, level)
    relaxed = search.run(objective, FIRST_SHARE, whole=False)
    search.offer(search.run(objective, FIRST_SHARE, closed=_far(search.model, relaxed)))


def _far(built: Model, relaxed: Answer) -> Ints | None:
    if relaxed.columns is None or relaxed.reduced is None:
        return None
    reduced = relaxed.reduced[: built.edges]
    unused = relaxed.columns[: built.edges] < ROUNDING
    costly = reduced < -float(_weights(built)[EXTRAS]) / NEAR
    return np.flatnonzero(unused & (costly | (_places_in_line(built, reduced) >= WIDTH)))


def _places_in_line(built: Model, reduced: Floats) -> Ints:
    """Number the edges of each role from the most to the least promising."""
    role = built.instance.edges.role
    order = np.lexsort((-reduced, role))
    result = np.empty(len(order), dtype=np.int64)
    result[order] = np.arange(len(order)) - np.searchsorted(role, role)[order]
    return result


def _safe(built: Model, objective: Ints) -> bool:
    # Beyond this a double no longer tells whole numbers apart well enough to prove a weighted sum.
    return bool(np.abs(objective) @ built.upper < LARGEST_SUM)


def _second(search: _Search) -> None:
    """Unless the first pass was proved best, search all edges again above the levels reached."""
    if search.best is None or (search.proved_weighted and _reached(search)):
        return
    built = search.model
    objective = _from_level(built, EXTRAS)
    relaxed = search.run(objective, 1.0, whole=False)
    closed = _hopeless(search, objective, relaxed)
    answer = search.run(objective, SECOND_SHARE, closed=closed)
    search.offer(answer)
    # What was closed cannot beat the plan at hand, so the larger of the two bounds everything.
    reached = float(objective @ model.columns_of(built, search.best))
    search.sum_bound = min(relaxed.bound, max(answer.bound, reached))
    search.proved_weighted = answer.optimal and _safe(built, objective)


def _hopeless(search: _Search, objective: Ints, relaxed: Answer) -> Ints | None:
    if search.best is None or relaxed.columns is None or relaxed.reduced is None:
        return None
    edges = search.model.edges
    reached = float(objective @ model.columns_of(search.model, search.best))
    unused = relaxed.columns[:edges] < ROUNDING
    return np.flatnonzero(unused & (relaxed.bound + relaxed.reduced[:edges] < reached - WHOLE_MARGIN))


def _weights(built: Model) -> Ints:
    instance = built.instance
    step = score.load_step(instance.index.problem.weights)
    segments = max((len(each) for each in built.places.loads.values()), default=1)
    swing = int(np.abs(instance.quality).max()) + step * (MOST_CARRIED + segments)
    extra = 3 * swing + 1
    place = 7 * extra
    coverage = math.ceil(4 * place / PERCENT)
    return np.array([coverage, place, extra, 1], dtype=np.int64)


def _prove(search: _Search, level: int) -> None:
    before = search.values()
    bound = _bound(search, level)
    value = search.values()[level]
    search.bounds.append(None if bound is None else max(bound, value))
    if search.values() != before:
        search.proved_weighted = False
    search.floors.append(Floor(level, value))
    if search.proved_weighted is False and before[level] < value and level < QUALITY:
        # A pass for one level alone leaves the later ones to chance.
        _near(search, level + 1)


def _bound(search: _Search, level: int) -> int | None:
    constant, gains = search.model.constants[level], search.model.levels[level]
    value = search.values()[level]
    if level == QUALITY and search.proved_weighted and _reached(search):
        return value
    relaxed = _floor_of(search.run(gains, 1.0, whole=False), constant)
    if relaxed is not None and relaxed <= value:
        return relaxed
    answer = search.run(gains, LAST_SHARE if level == QUALITY else LEVEL_SHARE)
    search.offer(answer)
    exact = _floor_of(answer, constant)
    known = [each for each in (relaxed, exact, _quality_left(search, level)) if each is not None]
    return min(known, default=None)


def _quality_left(search: _Search, level: int) -> int | None:
    """Bound quality by the bound on extras and quality together, less the extras any plan must keep."""
    if level != QUALITY or not math.isfinite(search.sum_bound):
        return None
    built = search.model
    extras = search.values()[EXTRAS] - built.constants[EXTRAS]
    left = search.sum_bound - float(_weights(built)[EXTRAS]) * extras
    return _whole(left) + built.constants[QUALITY]


def _reached(search: _Search) -> bool:
    values = search.values()
    return all(bound == value for bound, value in zip(search.bounds, values, strict=False))


def _floor_of(answer: Answer, constant: int) -> int | None:
    if not math.isfinite(answer.bound):
        return None
    return _whole(answer.bound) + constant


def _whole(bound: float) -> int:
    return math.floor(bound + ROUNDING * max(1.0, abs(bound) / 1000))


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
