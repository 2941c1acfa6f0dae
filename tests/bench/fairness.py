"""What spreading the load costs: the same town under growing weights of load."""

from __future__ import annotations

from typing import Any

from tests.bench.children import ours
from tests.bench.settings import Settings
from tests.bench.tables import Chart, Table, Target

WEIGHTS = (0, 1, 4, 16)
COLUMNS = (
    "weight of load", "points of quality", "most places of one person", "Gini of places", "people used",
    "coverage", "places", "extras", "proved",
)  # fmt: skip


def measure(settings: Settings) -> Table:
    """Solve the town once per weight."""
    runs: dict[int, dict[str, Any]] = {
        weight: ours("solve", "--scale", "town", "--spread", weight, "--limit", 30) for weight in WEIGHTS
    }
    return Table(
        title="The price of fairness: town, weight of load 0 to 16",
        columns=COLUMNS,
        rows=tuple(
            (
                f"{weight}",
                run["points"],
                run["most"],
                run["gini"],
                run["used"],
                *run["values"][:3],
                "optimal" if run["optimal"] else "not quite",
            )
            for weight, run in runs.items()
        ),
        command=Settings().command("fairness"),
        notes=(
            "Points are the scores of all proposals without the price of load. Coverage, places and extras"
            " come before quality and load, so no weight may change them.",
        ),
        charts=(_chart(runs),),
        targets=(_target(runs),),
    )


def _chart(runs: dict[int, dict[str, Any]]) -> Chart:
    bars = tuple((f"{weight}", run["most"]) for weight, run in runs.items())
    return Chart(
        "fairness", "Most places of one person", "in four weeks", (("weight of load", bars),), log=False
    )


def _target(runs: dict[int, dict[str, Any]]) -> Target:
    kept = {tuple(run["values"][:3]) for run in runs.values()}
    reached = "unchanged" if len(kept) == 1 else f"{len(kept)} different"
    return Target(
        "coverage, places and extras under every weight of load", "unchanged", reached, len(kept) == 1
    )
