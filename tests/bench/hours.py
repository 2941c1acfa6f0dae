"""Public generalized assignment instances with known optima: exactly the part of weekly hours."""

from __future__ import annotations

import statistics
from typing import Any

from tests.bench import allocation
from tests.bench.children import ChildError, ours
from tests.bench.settings import Settings
from tests.bench.tables import Cell, Table, Target

LIMIT_S = 60.0
QUICK_LIMIT_S = 20.0
SETS = (("Cattrysse", "cattrysse1994/"), *((f"Chu {kind}", f"chu1997/{kind}") for kind in "abcd"))
HARD = "Chu d"
Run = dict[str, Any]


def measure(settings: Settings) -> Table:
    """Solve every instance once."""
    limit = QUICK_LIMIT_S if settings.scale == "town" else LIMIT_S
    names = sorted(allocation.known(allocation.folder()))
    runs = {kind: [_run(name, limit) for name in names if name.startswith(start)] for kind, start in SETS}
    return Table(
        title="Public generalized assignment instances",
        columns=("set", "instances", "best known reached", "proved optimal", "mean gap", "worst gap",
                 "median CPU s", "longest CPU s"),
        rows=tuple(_row(kind, each) for kind, each in runs.items()),
        command=settings.command("hours"),
        notes=(
            f"Cattrysse and others 1994, Chu and Beasley 1997; {limit:.0f} s each. Gaps are to the"
            " best value known. Hours and quality are given per pair, people have limited hours, and every"
            " place is taken once.",
        ),
        targets=tuple(_targets(runs, limit)),
    )  # fmt: skip


def _run(name: str, limit: float) -> Run:
    try:
        return ours("allocate", "--allocation", name, "--limit", limit, limit=limit)
    except ChildError:
        return {"gap": 1.0, "reached": False, "optimal": False, "cpu": limit}


def _row(kind: str, runs: list[Run]) -> tuple[Cell, ...]:
    gaps, times = [run["gap"] for run in runs], [run["cpu"] for run in runs]
    reached, proved = (sum(run[key] for run in runs) for key in ("reached", "optimal"))
    shown = (f"{100 * each:.3f} %" for each in (statistics.mean(gaps), max(gaps)))
    return kind, len(runs), reached, proved, *shown, statistics.median(times), max(times)


def _targets(runs: dict[str, list[Run]], limit: float) -> list[Target]:
    easy = [run for kind, each in runs.items() if kind != HARD for run in each]
    reached, proved = (sum(run[key] for run in easy) for key in ("reached", "optimal"))
    gap = statistics.mean(run["gap"] for run in runs[HARD])
    said = f"{reached} of {len(easy)}, {proved} proved, within {limit:.0f} s"
    return [
        Target("Cattrysse and Chu a to c optimal", "78 of 78 in 60 s", said, reached == len(easy)),
        Target("Chu d, mean gap", "0.5 %", f"{100 * gap:.2f} % within {limit:.0f} s", gap <= 0.005),
    ]
