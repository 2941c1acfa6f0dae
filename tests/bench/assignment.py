"""A pure assignment: the engine beside Munkres' method in plain Python."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.children import ours, peer
from tests.bench.settings import Settings
from tests.bench.tables import Cell, Chart, Table, Target, times

SIZES = (50, 100, 200, 500)
WANTED = 1000
BUSY = 10
OWN, ALONE = "this engine", "this engine, deciding alone"
PEERS = (("Munkres, textbook", "textbook"), ("munkres package", "package"))
Run = dict[str, Any]


def measure(settings: Settings) -> Table:
    """Measure evenings of growing size."""
    runs = {size: _runs(size, settings.peer_seconds) for size in SIZES}
    return Table(
        title="Pure assignment: one evening, as many places as people",
        columns=("people", "by", "CPU s", "same value", "engine is", "deciding alone is"),
        rows=tuple(_row(size, name, found) for size, found in runs.items() for name in found),
        command=Settings(peer_seconds=settings.peer_seconds).command("assignment"),
        notes=(
            "The engine's time is the whole call, from the problem to a proved plan with reasons; deciding"
            " alone starts where Munkres starts, with the pairs and their scores known. One pair in eight is"
            " allowed. Both peers are pure Python on a matrix where a pair that is not allowed costs more"
            " than any preference: the textbook method (`tests/bench/peers/munkres.py`) and version 1 of the"
            " munkres package, each stopped after the time a peer may take.",
        ),
        charts=(_chart(runs),),
        targets=(_target(runs[SIZES[-1]]),),
    )


def _runs(size: int, seconds: float) -> dict[str, Run]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "costs.npy"
        own = ours("assign", "--size", size, "--to", file)
        result = {OWN: own, ALONE: {**own, "cpu": own["deciding"]}}
        for name, how in PEERS:
            result[name] = peer("munkres", file, seconds, how, limit=BUSY * seconds)
            _check(size, name, own, result[name])
    return result


def _check(size: int, name: str, own: Run, other: Run) -> None:
    if other["finished"] and other["cost"] != own["cost"]:
        raise AssertionError(f"{size} people: {name} pays {other['cost']}, the engine {own['cost']}")


def _row(size: int, name: str, found: dict[str, Run]) -> tuple[Cell, ...]:
    run, ratios = found[name], [found[name]["cpu"] / found[own]["cpu"] for own in (OWN, ALONE)]
    mark = "" if run.get("finished", True) else "at least "
    same = "stopped" if mark else "yes"
    return size, name, run["cpu"], same, *(f"{mark}{times(ratio)}" for ratio in ratios)


def _chart(runs: dict[int, dict[str, Run]]) -> Chart:
    groups = (
        (f"{size} people", tuple((name, run["cpu"]) for name, run in found.items()))
        for size, found in runs.items()
    )
    return Chart("assignment", "Pure assignment", "CPU seconds", tuple(groups))


def _target(found: dict[str, Run]) -> Target:
    textbook, package = (found[name] for name, _ in PEERS)
    ratio = package["cpu"] / found[ALONE]["cpu"]
    mark = "" if package["finished"] else "at least "
    whole, book = package["cpu"] / found[OWN]["cpu"], textbook["cpu"] / found[ALONE]["cpu"]
    said = f"{mark}{times(ratio)} deciding alone, {mark}{times(whole)} the whole call"
    said += f" (textbook method: {times(book)} deciding alone)"
    return Target("pure assignment of 500, against Munkres in Python", f"{WANTED}×", said, ratio >= WANTED)
