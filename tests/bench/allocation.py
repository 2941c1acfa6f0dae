"""Public generalized assignment instances as problems: people with limited hours, each place taken once.

The instances are read from the folder named by GAP_FOLDER, or from `shared/data/gap` beside the checkout.
Costs and hours depend on the pair; the least sum of costs is sought.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.bench.problems import MONDAY, NOW
from tools.report import ROOT
from volunteer_match.matching.core.types import Override, Problem, Role, Session, Volunteer, Weights

BESIDE = Path("shared") / "data" / "gap"
SLOT = timedelta(hours=1)
LENGTH = timedelta(minutes=30)


class MissingError(RuntimeError):
    """The instances are nowhere to be found."""


@dataclass(frozen=True)
class Instance:
    """One instance: costs and hours of each person for each place, what each person may give."""

    name: str
    best: int
    costs: tuple[tuple[int, ...], ...]
    hours: tuple[tuple[int, ...], ...]
    limits: tuple[int, ...]

    @property
    def ceiling(self) -> int:
        """Return what quality a cost of nothing stands for."""
        return max(map(max, self.costs)) + 1

    def value(self, quality: int) -> int:
        """Return what a plan is worth in the instance's own terms."""
        return self.ceiling * len(self.costs[0]) - quality

    def problem(self) -> Problem:
        """Write the instance as a problem: places one after another in one week, one person each."""
        ceiling = self.ceiling
        return Problem(
            now=NOW,
            sessions=tuple(_session(at) for at in range(len(self.costs[0]))),
            roles=tuple(Role(f"r{at:03d}", f"s{at:03d}", 1, 1) for at in range(len(self.costs[0]))),
            volunteers=tuple(
                Volunteer(f"v{who:02d}", max_hours_per_week=float(limit))
                for who, limit in enumerate(self.limits)
            ),
            pairs=tuple(
                Override(f"r{at:03d}", f"v{who:02d}", float(self.hours[who][at]), ceiling - cost)
                for who, row in enumerate(self.costs)
                for at, cost in enumerate(row)
            ),
            weights=Weights(spread_load=0.0),
        )


def _session(at: int) -> Session:
    starts = MONDAY + at * SLOT
    return Session(f"s{at:03d}", f"n{at:03d}", "p", starts, starts + LENGTH, week="one", newcomers_alone=True)


def folder() -> Path:
    """Return where the instances are."""
    given = os.environ.get("GAP_FOLDER")
    places = [Path(given)] if given else [parent / BESIDE for parent in ROOT.parents]
    found = next((place for place in places if (place / "optima.csv").exists()), None)
    if found is None:
        raise MissingError("the instances are not here: name their folder in GAP_FOLDER")
    return found


def known(where: Path) -> dict[str, int]:
    """Return the best value known of every instance, by name."""
    with (where / "optima.csv").open(encoding="utf-8", newline="") as rows:
        return {row["Path"]: int(row["Best known solution value"]) for row in csv.DictReader(rows)}


def read(where: Path, name: str) -> Instance:
    """Read one instance."""
    numbers = list(map(int, (where / name).read_text(encoding="ascii").split()))
    people, places = numbers[:2]
    rows = [tuple(numbers[2 + at * places : 2 + (at + 1) * places]) for at in range(2 * people)]
    limits = tuple(numbers[2 + 2 * people * places :][:people])
    return Instance(name, known(where)[name], tuple(rows[:people]), tuple(rows[people:]), limits)
