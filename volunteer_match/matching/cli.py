"""`flask match solve`: solve a problem from a file; `flask match run` is in placements."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from volunteer_match.matching import service
from volunteer_match.matching.service import InputError

group = AppGroup("match", help="Matching volunteers and places.")


@group.command("solve", with_appcontext=False)
@click.argument("problem", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--time-limit", default=30.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the plan goes.")
def solve(problem: Path, time_limit: float, output: Path | None) -> None:
    """Solve PROBLEM (JSON, docs/matching-format.md) without any database."""
    try:
        plan = service.solve_text(problem.read_text(encoding="utf-8"), time_limit)
    except (InputError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    text = json.dumps(plan, ensure_ascii=False, indent=1)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
        click.echo(f"{plan['status']}, {len(plan['assignments'])} assignments: {output}")
