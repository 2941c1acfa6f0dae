"""Fixed tasks and just enough people: covered by the engine, by greedy and by a plain MIP."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import tasks
from tests.bench.children import ChildError, ours, peer
from tests.bench.settings import Settings
from tests.bench.tables import Cell, Table, Target

SIZES = tuple(tasks.SIZES)
OWN, GREEDY, MILP = "this engine", "greedy", "SciPy milp (HiGHS)"
LIMIT_S, PLAIN_S = 60.0, 20.0
Run = dict[str, Any]


def measure(settings: Settings) -> Table:
    """Cover one instance of each kind and size."""
    runs = {size: _runs(size) for size in SIZES}
    return Table(
        title="Personnel task scheduling: tasks covered",
        columns=("instance", "by", "tasks", "covered", "CPU s", "wall s"),
        rows=tuple(_row(size, name, found) for size, found in runs.items() for name in found),
        command=settings.command("covering"),
        notes=(
            "Re-created instances (`tests/bench/tasks.py`): everybody first gets a full day of tasks, then"
            " further people are qualified at random, so a plan covering everything exists and is hidden."
            " Where tasks begin at random there are as many people as tasks at the busiest moment."
            f" The engine may take {LIMIT_S:.0f} s, the whole model as a plain MIP {PLAIN_S:.0f} s.",
        ),
        targets=(_target(runs),),
    )


def _runs(size: str) -> dict[str, Run]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.npz"
        which = ("--tasks", size)
        ours("export", *which, "--to", file)
        result = {OWN: ours("solve", *which, "--limit", LIMIT_S), GREEDY: ours("greedily", *which)}
        try:
            result[MILP] = peer("milp", file, PLAIN_S, limit=PLAIN_S)
        except ChildError:
            result[MILP] = {"values": None, "cpu": PLAIN_S, "wall": PLAIN_S}
    return result


def _row(size: str, name: str, found: dict[str, Run]) -> tuple[Cell, ...]:
    run = found[name]
    covered = None if run["values"] is None else round(run["values"][0])
    return size, name, found[OWN]["sessions"], covered, run["cpu"], run["wall"]


def _target(runs: dict[str, dict[str, Run]]) -> Target:
    full = [found[OWN]["runnable"] == found[OWN]["sessions"] for found in runs.values()]
    said = f"{sum(full)} of {len(full)}"
    return Target("task scheduling instances covered fully", "every one", said, all(full))
