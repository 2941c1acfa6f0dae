"""The best people for one role: how long the desk and the need form wait."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.bench.children import ours
from tests.bench.settings import Settings
from tests.bench.tables import Cell, Table, Target

SCALES = ("town", "county", "national")
ROLES = 400
WANTED_MS = 1.0


def measure(settings: Settings) -> Table:
    """Rank the best twenty of a week at every scale."""
    runs = {scale: ours("ranking", "--scale", scale, "--weeks", "0", "--size", ROLES) for scale in SCALES}
    return Table(
        title="Ranking: the best 20 people for one role of one week",
        columns=(
            "scale",
            "volunteers",
            "preparing, CPU s",
            "first time p50 ms",
            "p95",
            "again p50 ms",
            "p95",
        ),
        rows=tuple(_row(scale, run) for scale, run in runs.items()),
        command=Settings().command("ranking"),
        notes=(
            f"Up to {ROLES} roles, evenly spread, one after another in one process; CPU time. Preparing works"
            " out who is free at each time of the week; who is near a place is asked each time. Again is the"
            " second look at that role.",
        ),
        targets=(_target(runs["national"]),),
    )


def _row(scale: str, run: dict[str, Any]) -> tuple[Cell, ...]:
    return scale, run["volunteers"], run["preparing"], *_parts(run["cold"]), *_parts(run["warm"])


def _parts(seconds: list[float]) -> tuple[float, float]:
    middle, late = np.percentile(seconds, (50, 95)) * 1000
    return float(middle), float(late)


def _target(run: dict[str, Any]) -> Target:
    late, again = _parts(run["cold"])[1], _parts(run["warm"])[1]
    said = f"{late:.2f} ms the first time, {again:.2f} ms again"
    return Target("rank among 100,000, p95, in process", "1 ms", said, late <= WANTED_MS)
