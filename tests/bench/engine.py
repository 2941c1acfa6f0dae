"""Measure the matching engine beside named alternatives: `python -m tests.bench engine [TABLE ...]`.

Each table is a module with `measure(settings)`. Figures are kept in docs/bench/figures.json, from which the
page and the charts of docs/bench are written, so that one table can be measured again by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench import charts, tables
from tests.bench.allocation import MissingError
from tests.bench.children import ChildError
from tests.bench.settings import SCALES, Settings
from tests.bench.tables import Chart, Table, Target
from tools.report import ROOT

TABLES = (
    "candidates", "whole", "large", "assignment", "ranking", "ranked", "resolving", "fairness", "optimum",
    "covering", "hours",
)  # fmt: skip
BY_SCALE = ("whole",)
FOLDER = ROOT / "docs" / "bench"
LATER = (
    (
        "national",
        "national in shards",
        "120 s, gap 6e-04, 2048 MiB",
        "make bench ARGS='engine large --scale=national'",
    ),
    (
        "whole county",
        "county, value against CP-SAT's",
        "better in 300 s",
        "make bench ARGS='engine whole --scale=county --peer-seconds=300'",
    ),
    ("ranked", "rank among 100,000, p95, over HTTP", "10 ms", "make bench ARGS='engine ranked'"),
)
INTRODUCTION = """# What was measured

Written by `make bench`; every table can be measured again by the command below it. Times are CPU seconds
unless a column says otherwise, because the machine was shared; a solver with two threads counts half of its
CPU seconds. All programs of a table ran one after another on the same machine ({machine})
and on the same instances, which `tests/bench/generator.py` makes from a seed.
"""


def main(arguments: list[str] | None = None) -> None:
    """Measure what is asked for, print it and write it down."""
    reader = argparse.ArgumentParser(prog="python -m tests.bench engine")
    reader.add_argument("tables", nargs="*", choices=[*TABLES, []], help="all by default")
    reader.add_argument("--scale", choices=SCALES, default="town", help="the largest scale to measure")
    reader.add_argument("--peer-seconds", type=float, default=60.0, help="what each peer's solver may take")
    reader.add_argument("--shard-seconds", type=float, default=36.0, help="what each shard may take")
    reader.add_argument("--write-only", action="store_true", help="write the page again, measure nothing")
    asked = reader.parse_args(arguments)
    settings = Settings(asked.scale, asked.peer_seconds, asked.shard_seconds)
    for name in () if asked.write_only else asked.tables or TABLES:
        _measure(name, settings)
    write()


def _measure(name: str, settings: Settings) -> None:
    began = time.perf_counter()
    try:
        table: Table = import_module(f"tests.bench.{name}").measure(settings)
    except (ChildError, MissingError) as error:
        print(f"{name}: {error}\n")
        return
    print(tables.text(table), f"({time.perf_counter() - began:.0f} s)\n", sep="", flush=True)
    kept = _kept()
    kept[f"{name} {settings.scale}" if name in BY_SCALE else name] = {
        **asdict(table),
        "measured": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": _commit(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[1], 1),
        "machine": machine(),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    _figures().write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _figures() -> Path:
    return FOLDER / "figures.json"


def _kept() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(_figures().read_text(encoding="utf-8")) if _figures().exists() else {}
    return known


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def machine() -> str:
    """Name the processor, the cores and the Python measured on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown"
    )
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def write() -> None:
    """Write the page and the charts from the figures kept."""
    kept = _kept()
    order = [key for name in TABLES for key in kept if key.split()[0] == name]
    found = [(_table(kept[key]), kept[key]) for key in order]
    targets = [target for table, _ in found for target in table.targets]
    parts = [
        INTRODUCTION.format(machine=found[-1][1]["machine"] if found else machine()),
        _aims(targets, _missing(kept)),
    ]
    for table, facts in found:
        parts += [tables.markdown(table), _when(facts)]
        for chart in table.charts:
            (FOLDER / f"{chart.name}.svg").write_text(charts.svg(chart), encoding="utf-8")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "README.md").write_text("\n".join(parts), encoding="utf-8")


def _when(facts: dict[str, Any]) -> str:
    stamp = f"Measured {facts['measured']}, after commit {facts['commit']}"
    if "load" not in facts:
        return f"{stamp}; how busy the machine was is not recorded.\n"
    return f"{stamp}, while {facts['load']} programs wanted the {facts['cores']} cores (load average).\n"


def _missing(kept: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name the targets that no kept figure speaks of."""
    measured = {row[0] for row in kept.get("large", {"rows": []})["rows"]}
    found = [each for each in LATER if each[0] not in measured and each[0] not in kept]
    return [(what, wanted, f"`{command}`") for _, what, wanted, command in found]


def _aims(targets: list[Target], missing: list[tuple[str, str, str]]) -> str:
    rows = ["## Targets\n", "| target | wanted | measured | reached |", "|---|---|---|---|"]
    for each in targets:
        rows.append(f"| {each.what} | {each.wanted} | {each.reached} | {'yes' if each.met else '**no**'} |")
    rows += [f"| {what} | {wanted} | not measured: {why} | **no** |" for what, wanted, why in missing]
    return "\n".join([*rows, "", "Why some are missed: [limits.md](limits.md).", ""])


def _table(kept: dict[str, Any]) -> Table:
    return Table(
        title=kept["title"],
        columns=tuple(kept["columns"]),
        rows=tuple(tuple(row) for row in kept["rows"]),
        command=kept["command"],
        notes=tuple(kept["notes"]),
        charts=tuple(_chart(each) for each in kept["charts"]),
        targets=tuple(Target(**each) for each in kept["targets"]),
    )


def _chart(kept: dict[str, Any]) -> Chart:
    groups = tuple((group, tuple((label, value) for label, value in bars)) for group, bars in kept["groups"])
    return Chart(kept["name"], kept["title"], kept["unit"], groups, kept["log"])
