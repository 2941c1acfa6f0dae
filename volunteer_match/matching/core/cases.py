"""What a relaxation half does, decided one after the other; what is whole on the way may be a better plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from volunteer_match.matching.core import near
from volunteer_match.matching.core.columns import Ints
from volunteer_match.matching.core.master import Master
from volunteer_match.matching.core.relax import Relaxed
from volunteer_match.matching.core.rows import total
from volunteer_match.matching.core.search import Search

MOST_CASES, MOST_MISSED, MOST_ROUNDS = 24, 2, 4


@dataclass(slots=True)
class Cases:
    """What a relaxation half does, decided one after the other.

    Where a session open (or shut), or a person at a place (or not), allows nothing better than the plan at
    hand, it is kept the other way. What is whole on the way may itself be a better plan.
    """

    search: Search
    held: Master
    unit: float
    step: float
    seconds: float
    kept: dict[int, tuple[float, float]] = field(default_factory=dict)
    ties: set[int] = field(default_factory=set)
    equal: bool = False

    def decided(self, relaxed: Relaxed, among: Ints) -> Relaxed:
        """Decide some columns, round by round, until the bound proves enough or a round decides nothing."""
        for _ in range(MOST_ROUNDS):
            split = among[relaxed.broken[among]].tolist()
            if self._enough(relaxed) or not 0 < len(split) <= MOST_CASES:
                break
            before, missed = len(self.kept), 0
            for column in split:
                missed += not self._decide(column)
                if missed > MOST_MISSED:
                    break
            again = self._solved() if len(self.kept) > before else None
            if again is None:
                break
            relaxed = again
        return relaxed

    def _decide(self, column: int) -> bool:
        """Keep a column one way if the other allows nothing better; return whether it could be."""
        limits = float(self.held.program.lower[column]), float(self.held.program.upper[column])
        plan = float(self.search.columns()[column])
        for value in (1.0 - plan, plan):
            if self._closed(column, value):
                self.kept[column] = limits
                if self.equal:
                    self.ties.add(column)
                self.held.limit(column, 1.0 - value, 1.0 - value)
                return True
        self.held.limit(column, *limits)
        return False

    def _closed(self, column: int, value: float) -> bool:
        self.held.limit(column, value, value)
        found = self._solved()
        if found is not None and not self._enough(found) and not found.broken.any():
            near.offer(self.search, found.columns)
        self.equal = found is not None and found.bound >= reached_by(self.search, self.held) - self.unit / 2
        return found is not None and self._enough(found)

    def _solved(self) -> Relaxed | None:
        enough = reached_by(self.search, self.held) + self.unit
        seconds = min(self.seconds, self.search.left)
        return self.held.tightened(seconds, enough=enough, step=self.step) if seconds > 0 else None

    def _enough(self, relaxed: Relaxed) -> bool:
        return relaxed.bound < reached_by(self.search, self.held) + self.unit

    def forget(self) -> bool:
        """Open again what may be as good the other way; return whether anything stays decided.

        What was decided after the first of these was decided with it closed, so all of that is opened, too.
        """
        order = list(self.kept)
        first = next((at for at, column in enumerate(order) if column in self.ties), len(order))
        for column in order[first:]:
            self.held.limit(column, *self.kept[column])
        return first > 0


def reached_by(search: Search, held: Master) -> float:
    """Return what the best plan is worth by what is asked of a relaxation."""
    return total(held.objective, search.columns())
