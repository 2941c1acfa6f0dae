"""Counties and countries in shards: time, bounds and memory on two processes."""

from __future__ import annotations

from typing import Any

from tests.bench.children import ours
from tests.bench.settings import SCALES, Settings
from tests.bench.tables import Cell, Table, Target, shown

WORKERS = 2
LEVELS = ("coverage", "places", "extras", "quality")
AIMS = {"county": (10.0, 4e-4, None), "national": (120.0, 6e-4, 2048.0)}
COLUMNS = (
    "scale", "shards", "decided again", "wall s", "CPU s", "coverage of at most", "places of at most",
    "extras of at most", "quality of at most", "gap, stage by stage", "gap, whole", "MiB",
)  # fmt: skip
PACE_S = {"national": 4.0}
"""Seconds for 100,000 eligible pairs; regions of a country differ by ten times in how many they have."""
Run = dict[str, Any]


def measure(settings: Settings) -> Table:
    """Solve every scale up to the one asked for."""
    runs = {
        scale: _run(scale, settings.shard_seconds) for scale in SCALES[: SCALES.index(settings.scale) + 1]
    }
    return Table(
        title=f"Large problems in shards, {WORKERS} processes",
        columns=COLUMNS,
        rows=tuple(_row(scale, run) for scale, run in runs.items()),
        command=settings.command("large"),
        notes=(
            f"Every shard is one week of one region and has at most {settings.shard_seconds:g} s; in a"
            f" country {PACE_S['national']:g} s for every 100,000 eligible pairs, but at least 6 s. Wall time"
            " is that of a shared machine; CPU seconds are those of all processes together. Memory is the"
            f" parent's peak and {WORKERS} times the largest shard's. Gaps are those of all levels in one"
            " weighed sum."
            " Two weeks are a stage: the gap stage by stage is to the most that any plan could reach that"
            " takes the load given out in earlier stages as it is, the gap of the whole to the most that any"
            " plan for all weeks could.",
        ),
        targets=tuple(_target(scale, run) for scale, run in runs.items() if scale in AIMS),
    )


def _run(scale: str, seconds: float) -> Run:
    pace = ("--pace", PACE_S[scale]) if scale in PACE_S else ()
    return ours("sharded", "--scale", scale, "--limit", seconds, "--workers", WORKERS, *pace, limit=3600.0)


def _row(scale: str, run: Run) -> tuple[Cell, ...]:
    pairs = zip(run["values"], run["bounds"], strict=True)
    levels = (f"{shown(value)} of {shown(bound)}" for value, bound in pairs)
    counts = (run["shards"], run["settled"], run["wall"], run["cpu"])
    gaps = (f"{weighted_gap(run, to):.1e}" if run["weighed"] else None for to in ("given", "bound"))
    return scale, *counts, *levels, *gaps, memory(run)


def memory(run: Run) -> float:
    """Return the most memory of all processes together."""
    return float(run["peak_mib"] + WORKERS * run["child_mib"])


def weighted_gap(run: Run, to: str) -> float:
    """Return the distance of all levels in one sum to the most that sum could be; 1 if that is not known."""
    found = run["weighed"]
    return 1.0 if found is None else float((found[to] - found["value"]) / found[to])


def gaps(run: Run) -> str:
    """Name the levels that do not reach their bounds, and by how much."""
    pairs = zip(LEVELS, run["values"], run["bounds"], strict=True)
    loose = ((name, (most - value) / max(1, most)) for name, value, most in pairs if most > value)
    return ", ".join(f"{name} {gap:.1e}" for name, gap in loose)


def _target(scale: str, run: Run) -> Target:
    seconds, gap, most = AIMS[scale]
    found, proven = weighted_gap(run, "given"), run["values"][0] >= run["bounds"][0]
    met = run["wall"] <= seconds and found <= gap and (most is None or memory(run) <= most)
    wanted = f"{seconds:.0f} s, gap {gap:.0e}" + (f", {most:.0f} MiB" if most else ", coverage proven")
    said = f"{run['wall']:.0f} s (CPU {run['cpu']:.0f} s), gap {found:.1e}"
    said += f" ({weighted_gap(run, 'bound'):.1e} for the whole), {memory(run):.0f} MiB"
    said += f", coverage {'proven' if proven else 'not proven: ' + gaps(run)}"
    return Target(f"{scale} in shards", wanted, said, met and (proven or most is not None))
