"""What the optimum buys people: sessions that can run when places go first come, greedily, or at once."""

from __future__ import annotations

import statistics
from typing import Any

from tests.bench.children import ours
from tests.bench.settings import Settings
from tests.bench.tables import Cell, Chart, Table

SEEDS = (1, 2, 3)
HOW = (("at once, this engine", "solve"), ("greedy", "greedily"), ("first come", "first_come"))
Run = dict[str, Any]


def measure(settings: Settings) -> Table:
    """Plan some towns and some short of people in each way."""
    runs = {
        scale: {name: [ours(what, "--scale", scale, "--seed", seed) for seed in SEEDS] for name, what in HOW}
        for scale in ("town", "tight")
    }
    return Table(
        title="What the optimum buys: sessions that can run",
        columns=("town", "places go", "sessions that can run", "of all", "minimum places filled"),
        rows=tuple(_row(scale, name, each) for scale, ways in runs.items() for name, each in ways.items()),
        command=Settings().command("optimum"),
        notes=(
            f"Medians of {len(SEEDS)} towns (500 volunteers, 120 needs) and of the same towns with 200"
            " volunteers, every joint rule on. First come: needs in the order they were posted, each taking"
            " the best people left up to its preferred number. Greedy: most urgent and scarcest first, whole"
            " sessions before single places.",
        ),
        charts=(
            Chart(
                "optimum",
                "Sessions that can run",
                "per cent",
                tuple(
                    (scale, tuple((name, 100 * _share(each)) for name, each in ways.items()))
                    for scale, ways in runs.items()
                ),
                log=False,
            ),
        ),
    )


def _row(scale: str, name: str, runs: list[Run]) -> tuple[Cell, ...]:
    runnable = round(statistics.median(run["runnable"] for run in runs))
    filled = round(statistics.median(run["values"][1] for run in runs))
    return scale, name, runnable, f"{100 * _share(runs):.1f} %", filled


def _share(runs: list[Run]) -> float:
    return statistics.median(run["runnable"] / run["sessions"] for run in runs)
