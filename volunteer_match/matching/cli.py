"""`flask match solve`: solve a problem from a file; `flask match run` is in placements."""

import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from volunteer_match.matching import service
from volunteer_match.matching.service import InputError, SolverError

group = AppGroup("match", help="Matching volunteers and places.")
STAGES = {
    "start": "First plan",
    "cover": "Filling sessions",
    "refine": "Choosing the best people",
    "improve": "Improving",
    "done": "Done",
}


@group.command("solve", with_appcontext=False)
@click.argument("problem", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--time-limit", default=30.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the plan goes.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="For a county and more: solve in shards on so many processes, the time limit being that of a shard.",
)
def solve(problem: Path, time_limit: float, output: Path | None, workers: int | None) -> None:
    """Solve PROBLEM (JSON, docs/matching-format.md) without any database.

    Ctrl-C ends the search and keeps the best plan so far; parts not solved yet are then planned quickly.
    """
    try:
        content = problem.read_text(encoding="utf-8")
        plan = _watched(content, time_limit, workers)
    except (InputError, SolverError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    text = json.dumps(plan, ensure_ascii=False, indent=1)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
        click.echo(f"{plan['status']}, {len(plan['assignments'])} assignments: {output}")


def _watched(content: str, time_limit: float, workers: int | None) -> dict[str, Any]:
    with _Watch() as watch:
        if workers is None:
            plan = service.solve_text(content, time_limit, watch)
        else:
            plan = service.solve_in_shards(content, time_limit, workers, watch)
    if watch.stopped:
        click.echo("Stopped early: this is the best plan so far.", err=True)
    return plan


class _Watch:
    """Shows how the search goes on, where somebody is looking, and ends it on Ctrl-C."""

    def __init__(self) -> None:
        self.stopped = False
        look = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self.bar = Bar(*look, console=Console(stderr=True), disable=not sys.stderr.isatty())
        self.task = self.bar.add_task("Reading", total=None)

    def __enter__(self) -> "_Watch":
        self.before = signal.signal(signal.SIGINT, self.stop)
        self.bar.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self.bar.stop()
        signal.signal(signal.SIGINT, self.before)

    def stop(self, _number: int, _frame: object) -> None:
        self.stopped = True

    def __call__(self, told: Mapping[str, Any] | None) -> bool:
        if told is not None:
            done, whole = _share(told)
            self.bar.update(self.task, description=line_of(told), completed=done, total=whole)
        return not self.stopped


def _share(told: Mapping[str, Any]) -> tuple[float, float]:
    if "shards" in told:
        return told["shards_done"], told["shards"]
    return told["values"][0], told["bounds"][0]


def line_of(told: Mapping[str, Any]) -> str:
    """Word how far a search is."""
    if "shards" in told:
        return f"Parts of this round: {told['shards_done']} of {told['shards']}"
    coverage, places, extras, quality = told["values"]
    reached = f"{places:.0f}+{extras:.0f} places, quality {quality:.0f}"
    return f"{STAGES[told['stage']]}: {reached}, coverage {coverage:g} of {told['bounds'][0]:g}"
