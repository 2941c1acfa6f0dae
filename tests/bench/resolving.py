"""One decline after another: how long mending the plan takes, and what it loses against planning anew."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.bench.children import ours
from tests.bench.settings import Settings
from tests.bench.tables import Cell, Table, Target

STEPS = (1, 10, 50, 100)
LIMIT_S = 30
MIDDLE_MS, LATE_MS, LOST = 10.0, 50.0, 0.02
COLUMNS = (
    "declines so far", "coverage mended", "anew", "places mended", "anew", "extras mended", "anew",
    "people moved per decline", "anew CPU s",
)  # fmt: skip
Run = dict[str, Any]


def measure(settings: Settings) -> Table:
    """Decline proposals of a town at random, one after another."""
    run = ours("resolving", "--scale", "town", "--size", STEPS[-1], "--limit", LIMIT_S)
    middle, late = _late(run)
    return Table(
        title="Mending a plan after a decline: town",
        columns=COLUMNS,
        rows=tuple(_row(step) for step in run["steps"]),
        command=Settings().command("resolving"),
        notes=(
            f"Mending one decline: p50 {middle:.1f} ms, p95 {late:.1f} ms CPU, over {STEPS[-1]} declines"
            f" drawn at random; getting the plan ready once: {run['preparing']:.2f} s. Anew is the whole town"
            " planned again without the pairs declined, free to move everybody.",
        ),
        targets=tuple(_targets(run)),
    )


def _late(run: Run) -> tuple[float, float]:
    middle, late = np.percentile(run["seconds"], (50, 95)) * 1000
    return float(middle), float(late)


def _row(step: Run) -> tuple[Cell, ...]:
    pairs = zip(step["mended"][:3], step["anew"][:3], strict=True)
    levels = [f"{value:.2f}" if at < 2 else round(value) for at, value in enumerate(sum(pairs, ()))]
    return step["declines"], *levels, step["moved"], step["cpu"]


def _lost(step: Run) -> float:
    mended, anew = (sum(step[key][1:3]) for key in ("mended", "anew"))
    return float((anew - mended) / anew)


def _targets(run: Run) -> list[Target]:
    middle, late = _late(run)
    lost = max(_lost(step) for step in run["steps"])
    said, loss = f"{middle:.1f} and {late:.1f} ms", f"{100 * lost:.1f} % at most"
    quick = middle <= MIDDLE_MS and late <= LATE_MS
    return [
        Target("re-solve after one decline, p50 and p95", "10 and 50 ms", said, quick),
        Target("places lost by mending against planning anew", "2 %", loss, lost <= LOST),
    ]
