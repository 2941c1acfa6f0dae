"""Who may take which role: the engine's search beside plain Python, pandas and SQL."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tests.bench import export, generator, problems
from tests.bench.children import ours, peer
from tests.bench.generator import World
from tests.bench.peers.pairs import sampled
from tests.bench.problems import Part
from tests.bench.settings import SCALES, Settings
from tests.bench.tables import Cell, Chart, Table, Target, times

PEERS = (
    ("Python, tuned to these instances", "loops", 3e7),
    ("pandas masks", "masks", 1e7),
    ("SQLite, indexed", "sql", 3e7),
)
PLAIN = "Python, rules in the order of the text"
OWN = "this engine"
PLAIN_PAIRS = 4e6
ALL = tuple(range(generator.WEEKS))
WEEKS = {"national": ALL[:1]}
Speeds = dict[str, dict[str, dict[str, float]]]
AIMS = {"town": 40, "county": 400, "national": 3000}


def measure(settings: Settings) -> Table:
    """Measure every scale up to the one asked for."""
    scales = SCALES[: SCALES.index(settings.scale) + 1]
    speeds = {scale: _speeds(scale) for scale in scales}
    rows: list[tuple[Cell, ...]] = []
    for scale, found in speeds.items():
        own = found[OWN]["speed"]
        rows += [
            (
                scale,
                name,
                each["pairs"],
                each["measured"],
                each["cpu"],
                each["speed"],
                times(own / each["speed"]),
            )
            for name, each in found.items()
        ]
    return Table(
        title="Candidates: pairs decided per second",
        columns=("scale", "by", "pairs", "of them measured", "CPU s, all pairs", "pairs/s", "engine is"),
        rows=tuple(rows),
        command=settings.command("candidates"),
        notes=(
            "Every search finds the same people (checked on the pairs measured). Preparing columns, tables"
            " and indexes is left out for all. A part that stands for all pairs is spread evenly over them."
            " National is one week of the four.",
        ),
        charts=(_chart(settings, speeds),),
        targets=tuple(_target(scale, found) for scale, found in speeds.items()),
    )


def _chart(settings: Settings, speeds: Speeds) -> Chart:
    groups = (
        (scale, tuple((name, each["speed"]) for name, each in found.items()))
        for scale, found in speeds.items()
    )
    return Chart("candidates", "Candidates", "pairs per second", tuple(groups))


def _target(scale: str, found: dict[str, dict[str, float]]) -> Target:
    ratio = found[OWN]["speed"] / found[PLAIN]["speed"]
    tuned = found[OWN]["speed"] / found[PEERS[0][0]]["speed"]
    reached = f"{times(ratio)} ({times(tuned)} against the tuned loop)"
    return Target(
        f"candidates, {scale}, against plain Python", f"{AIMS[scale]}×", reached, ratio >= AIMS[scale]
    )


def _speeds(scale: str) -> dict[str, dict[str, float]]:
    world = generator.make(generator.SCALES[scale])
    weeks = WEEKS.get(scale, ALL)
    chosen = problems.part(world, weeks=weeks)
    with TemporaryDirectory() as folder:
        here = Path(folder)
        export.pairs(here / "pairs.npz", world, chosen)
        listed = ",".join(map(str, weeks))
        own = ours("candidates", "--scale", scale, "--weeks", listed, "--to", here / "found.npz")
        result = {OWN: _speed(own, own["pairs"])}
        result[PLAIN] = _plain(here, world, chosen, own["pairs"])
        for name, module, budget in PEERS:
            count = max(1, int(min(budget, own["pairs"]) // world.people.count))
            told = peer(module, here / "pairs.npz", count)
            _same(told["found"], _expected(here, count), name)
            result[name] = _speed(told, own["pairs"])
    return result


def _speed(told: dict[str, Any], pairs: int) -> dict[str, float]:
    speed = told["pairs"] / told["cpu"]
    return {"pairs": pairs, "measured": told["pairs"], "cpu": pairs / speed, "speed": speed}


def _expected(here: Path, count: int) -> int:
    found, order = np.load(here / "found.npz"), np.load(here / "pairs.npz")["role"]
    of = dict(zip(found["role"].tolist(), found["found"].tolist(), strict=True))
    return sum(of[order[at]] for at in sampled(len(order), count))


def _plain(here: Path, world: World, chosen: Part, pairs: int) -> dict[str, float]:
    share = min(1.0, (PLAIN_PAIRS / pairs) ** 0.5)
    some = Part(chosen.weeks, _thinned(chosen.needs, share), _thinned(chosen.volunteers, share))
    file = here / "problem.json"
    file.write_text(json.dumps(problems.document_of(world, some)), encoding="utf-8")
    told = peer("plain", file)
    _same(told["found"], ours("candidates", "--document", file)["found"], PLAIN)
    return _speed(told, pairs)


def _thinned(all_: Any, share: float) -> Any:
    return all_[sampled(len(all_), max(1, round(len(all_) * share)))]


def _same(found: int, expected: int, name: str) -> None:
    if found != expected:
        raise AssertionError(f"{name} finds {found} people, the engine {expected}")
