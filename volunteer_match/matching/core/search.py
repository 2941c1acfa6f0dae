"""The state of one search: the best plan so far, what is proved about it, and how much time is left."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import numpy as np

from volunteer_match.matching.core import greedy, highs, model, parts, score
from volunteer_match.matching.core.columns import MOST_CARRIED, Floats, Ints
from volunteer_match.matching.core.draft import Draft, Values
from volunteer_match.matching.core.highs import Answer, Ask
from volunteer_match.matching.core.instance import PERCENT
from volunteer_match.matching.core.master import Master
from volunteer_match.matching.core.model import COVERAGE, EXTRAS, PLACES, QUALITY, Model
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.progress import Listener, Progress, Stage
from volunteer_match.matching.core.types import LEVELS

LOWEST: Values = (-1, -1, -1, -(2**62))
UNANSWERED = Answer(optimal=False, columns=None, bound=math.inf)
USUAL_PLACES = 20
ROUNDING, SUMS = 1e-6, 1e-5


@dataclass(slots=True)
class Search:
    """Everything the steps of a search share."""

    model: Model
    program: Program
    base: Program
    began: float
    deadline: float
    seed: int
    best: Draft | None
    bounds: list[int]
    floors: list[tuple[Ints, float]] = field(default_factory=list)
    sum_bound: float = math.inf
    spared: Ints | None = None
    shard: bool = False
    sums: list[float] = field(default_factory=lambda: [math.inf] * len(LEVELS))
    progress: Listener | None = None
    stage: Stage = "start"
    known: Values = LOWEST
    held: Master | None = None
    written: tuple[Draft | None, Floats] | None = None

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return self.deadline - time.perf_counter()

    @property
    def values(self) -> Values:
        """Return what the best draft reaches."""
        return self.known

    def proved(self, level: int) -> bool:
        """Return whether no plan is better on a level and those before."""
        return all(value >= bound for value, bound in zip(self.known[: level + 1], self.bounds, strict=False))

    def columns(self) -> Floats:
        """Return the best draft as column values."""
        if self.written is None or self.written[0] is not self.best:
            self.written = self.best, model.columns_of(self.model, self.best or Draft(self.model.instance))
        return self.written[1].copy()

    def left_for_quality(self) -> float:
        """Bound quality by the bound on all levels together, less what any plan as good must keep."""
        kept = [value - before for value, before in zip(self.known, self.model.constants, strict=True)]
        return self.sum_bound - float(weights(self.model)[:QUALITY] @ np.array(kept[:QUALITY]))

    def completed(self, chosen: list[int]) -> Floats:
        """Return chosen edges as column values, without sessions that break a rule, and filled up."""
        draft = Draft(self.model.instance, chosen)
        broken = [at for at, here in draft.edges_in.items() if not _keeps_rules(draft, at)]
        for edge in [edge for at in broken for edge in draft.edges_in[at]]:
            draft.drop(edge)
        return model.columns_of(self.model, greedy.plan(self.model.instance, sorted(draft.chosen)))

    def offer(self, columns: Floats | None) -> bool:
        """Keep a solution if it is sound and better than the best so far."""
        if columns is None:
            return False
        chosen = np.flatnonzero(columns[: self.model.edges] > 0.5).tolist()
        draft = Draft(self.model.instance, chosen)
        values = draft.values()
        if values <= self.known or not draft.sound():
            return False
        self.best, self.known = draft, values
        self.tell()
        return True

    def tell(self, stage: Stage | None = None) -> None:
        """Let whoever listens know the best plan so far."""
        self.stage = self.stage if stage is None else stage
        if self.progress is not None and self.best is not None:
            self.progress(self._event(self.best))

    def _event(self, best: Draft) -> Progress:
        index = self.model.instance.index
        pairs = map(best.pair, sorted(best.chosen))
        return Progress(
            seconds=time.perf_counter() - self.began,
            stage=self.stage,
            values=tuple(shown(at, value) for at, value in enumerate(self.known)),
            bounds=tuple(shown(at, bound) for at, bound in enumerate(self.bounds)),
            pairs=tuple((index.roles[role].id, index.volunteers[who].id) for role, who in pairs),
        )

    def ask(self, program: Program, objective: Ints | Floats, share: float, start: Floats | None) -> Answer:
        """Run the solver in whole numbers with a share of the time left."""
        if self.left <= 0:
            return UNANSWERED
        return highs.maximise(program, objective, Ask(self.left * share, self.seed, start=start))


def _keeps_rules(draft: Draft, session: int) -> bool:
    return draft.joint_met(session) and draft.friends_kept(session)


def shown(level: int, value: int) -> float:
    """Return a level's value as people count it."""
    return value / PERCENT if level == COVERAGE else value


def begin(
    built: Model,
    best: Draft | None,
    began: float,
    deadline: float,
    seed: int,
    forced: tuple[int, ...],
    progress: Listener | None,
) -> Search:
    """Begin a search from a draft, or from nothing if that draft is not known to be sound."""
    program = parts.whole(built).forced(np.array(forced, dtype=np.int64))
    known = LOWEST if best is None else best.values()
    base = parts.without_load(built)
    base = Program(base.rows, program.lower, base.upper, base.integer)
    return Search(
        built, program, base, began, deadline, seed, best, loosest(built), progress=progress, known=known
    )


def loosest(built: Model) -> list[int]:
    """Return what each level could reach if everybody could be everywhere, a bound that always holds."""
    gains = (np.maximum(built.levels, 0) * built.upper).sum(axis=1)
    gains[QUALITY] = _best_places(built)
    return [round(float(gain)) + constant for gain, constant in zip(gains, built.constants, strict=True)]


def _best_places(built: Model) -> float:
    """Return the quality of the best people for every place, as if nobody could be needed twice."""
    edges, role = built.levels[QUALITY, : built.edges], built.instance.edges.role
    order = np.lexsort((-edges, role))
    line = np.arange(len(order)) - np.searchsorted(role, role)[order]
    places = built.upper[built.places.fills].sum(axis=1)
    return float(np.maximum(edges[order], 0)[line < places[role[order]]].sum())


def weights(built: Model) -> Ints:
    """Return weights under which a place is worth more than most rearrangements, and so on upwards.

    They are alike for all parts of a large problem, so that bounds on weighted sums can be added up.
    """
    instance = built.instance
    step = score.load_step(instance.index.problem.weights)
    segments = 1 + max((len(each) for each in built.places.loads.values()), default=0)
    most = max(
        score.most_points(instance.index.problem.weights), int(np.abs(instance.quality).max(initial=0))
    )
    swing = most + step * (MOST_CARRIED + max(segments, USUAL_PLACES))
    extra = 3 * swing + 1
    place = 7 * extra
    coverage = math.ceil(4 * place / PERCENT)
    result = np.zeros(len(LEVELS), dtype=np.int64)
    result[[COVERAGE, PLACES, EXTRAS, QUALITY]] = coverage, place, extra, 1
    return result


def floor_of(bound: float) -> int:
    """Round a bound on whole numbers down, allowing for what the solver rounds."""
    return math.floor(bound + ROUNDING * max(1.0, abs(bound) * SUMS))
