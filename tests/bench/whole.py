"""The whole problem: the engine beside greedy, SciPy's MIP solver and OR-Tools CP-SAT on the same model."""

from __future__ import annotations

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.children import ChildError, ours, peer
from tests.bench.large import WORKERS, gaps
from tests.bench.settings import Settings
from tests.bench.tables import Cell, Chart, Table, Target, times

Run = dict[str, Any]
Instance = tuple[str, int]
OWN, GREEDY, MILP, CPSAT = "this engine", "greedy", "SciPy milp (HiGHS)", "OR-Tools CP-SAT, 2 workers"
COLUMNS = (
    "instance", "by", "CPU s", "wall s", "coverage", "places", "extras", "quality", "sum short by", "proved",
    "MiB", "time to engine's",
)  # fmt: skip
PERCENT = 100
INSTANCES: dict[str, tuple[Instance, ...]] = {
    "town": (("town", 1), ("town", 2), ("town", 3), ("tight", 1)),
    "county": (("county", 1),),
}
ALONE = ("solve", "--limit", 30)
WITHOUT_CPSAT = (("tight", 1),)


def measure(settings: Settings) -> Table:
    """Measure the instances of one scale."""
    scale = settings.scale if settings.scale in INSTANCES else "county"
    runs = {each: _runs(each, settings) for each in INSTANCES[scale]}
    return Table(
        title=f"The whole problem, every joint rule on: {scale}",
        columns=COLUMNS,
        rows=tuple(_row(each, name, found) for each, found in runs.items() for name in found),
        command=settings.command("whole"),
        notes=(
            "All four levels in one weighted sum, which is what the peers maximise. The engine reads the"
            " problem, finds candidates, writes the model and words reasons in its time; the peers get the"
            " finished model and answer with numbers only. For CP-SAT the ratio is to when it first had the"
            " engine's value, or to when it was stopped without. The engine puts each level before the next;"
            " where it is optimal and its sum is short, a peer gave up coverage for more of the rest.",
            _medians(runs),
        ),
        charts=(_chart(settings, runs),),
        targets=tuple(_targets(settings, runs)),
    )


def _runs(instance: Instance, settings: Settings) -> dict[str, Run]:
    scale, seed = instance
    which = ("--scale", scale, "--seed", seed)
    call = ("sharded", "--limit", settings.shard_seconds) if scale == "county" else ALONE
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model.npz"
        model = ours("export", *which, "--to", file)
        weights = model["weights"]
        result = {
            OWN: _valued(ours(*call, *which), weights),
            GREEDY: _valued(ours("greedily", *which), weights),
        }
        _try(result, MILP, "milp", file, settings.peer_seconds)
        if instance not in WITHOUT_CPSAT:
            _try(result, CPSAT, "cpsat", file, settings.peer_seconds, WORKERS)
    return result


def _try(result: dict[str, Run], name: str, module: str, file: Path, seconds: float, *more: int) -> None:
    try:
        result[name] = peer(module, file, seconds, *more, limit=seconds)
    except ChildError:
        nothing = dict.fromkeys(("value", "values", "bound", "peak_mib", "optimal"))
        result[name] = {**nothing, "cpu": seconds, "wall": seconds, "threads": 1, "killed": True}


def _valued(run: Run, weights: list[int]) -> Run:
    values = [run["values"][0] * PERCENT, *run["values"][1:]]
    return {**run, "value": round(sum(w * v for w, v in zip(weights, values, strict=True))), "threads": 1}


def _row(instance: Instance, name: str, found: dict[str, Run]) -> tuple[Cell, ...]:
    run, best = found[name], max(each["value"] or 0 for each in found.values())
    short = None if run["value"] is None else f"{100 * (best - run['value']) / best:.4f} %"
    ratio, at_least = _ratio(found, name)
    shown = f"{'at least ' if at_least else ''}{times(ratio)}"
    label = f"{instance[0]} {instance[1]}"
    seconds, levels = run["cpu"] / run["threads"], _levels(run)
    return label, name, seconds, run["wall"], *levels, short, _proved(name, run), run["peak_mib"], shown


def _levels(run: Run) -> tuple[Cell, ...]:
    if run["values"] is None:
        return (None,) * 4
    coverage, *others = run["values"]
    return f"{coverage:.2f}", *(round(each) for each in others)


def _ratio(found: dict[str, Run], name: str) -> tuple[float, bool]:
    """Return how many times longer a peer took, to the engine's value where its steps are known."""
    run, own = found[name], found[OWN]
    reached = [cpu for cpu, _, value in run.get("steps", ()) if value >= own["value"]]
    seconds = (reached[0] if reached else run["cpu"]) / run["threads"]
    missed = name in (MILP, CPSAT) and (run["value"] is None or run["value"] < own["value"])
    return seconds / own["cpu"], missed


def _proved(name: str, run: Run) -> str:
    if run.get("killed"):
        return "killed"
    if run.get("optimal"):
        return "optimal"
    if name == OWN:
        return gaps(run)
    if run.get("bound") and run["value"]:
        return f"gap {(run['bound'] - run['value']) / run['bound']:.1e}"
    return "no"


def _medians(runs: dict[Instance, dict[str, Run]]) -> str:
    towns = [found for (scale, _), found in runs.items() if scale == "town"]
    if not towns:
        return ""
    own, other = (statistics.median(found[name]["cpu"] for found in towns) for name in (OWN, MILP))
    ratio = statistics.median(found[MILP]["cpu"] / found[OWN]["cpu"] for found in towns)
    return (
        f"Median of {len(towns)} towns: engine {own:.2f} s, SciPy milp {other:.2f} s, ratio {times(ratio)}."
    )


def _chart(settings: Settings, runs: dict[Instance, dict[str, Run]]) -> Chart:
    groups = (
        (f"{scale} {seed}", tuple((name, run["cpu"] / run["threads"]) for name, run in found.items()))
        for (scale, seed), found in runs.items()
    )
    return Chart(f"whole-{settings.scale}", "The whole problem", "CPU seconds", tuple(groups))


def _targets(settings: Settings, runs: dict[Instance, dict[str, Run]]) -> list[Target]:
    if settings.scale == "town":
        return _town_targets(runs)
    return [target for found in runs.values() for target in _county_targets(found)]


def _town_targets(runs: dict[Instance, dict[str, Run]]) -> list[Target]:
    towns = [found[OWN] for (scale, _), found in runs.items() if scale == "town"]
    seconds, proved = statistics.median(run["cpu"] for run in towns), all(run["optimal"] for run in towns)
    said = f"{seconds:.2f} s, {'all' if proved else 'not all'} proved"
    ratios = sorted(_ratio(found, CPSAT) for (scale, _), found in runs.items() if scale == "town")
    each = ", ".join(f"{'at least ' if at_least else ''}{times(ratio)}" for ratio, at_least in ratios)
    middle, _ = ratios[len(ratios) // 2]
    return [
        Target("town proved optimal with all explanations", "1.5 s", said, seconds <= 1.5 and proved),
        Target(
            "town, against CP-SAT to the same value",
            "100×",
            f"{each}; median of {len(ratios)}",
            middle >= 100,
        ),
    ]


def _county_targets(found: dict[str, Run]) -> list[Target]:
    own, value = found[OWN]["value"], found[CPSAT]["value"]
    better = value is None or own > value
    said = f"engine {own:,}, CP-SAT {'nothing' if value is None else f'{value:,}'}"
    return [Target("county, value against CP-SAT's", "better", said, better)]
