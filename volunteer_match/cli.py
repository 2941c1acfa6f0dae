"""The commands that run an installation: `flask serve`, `flask worker`, `flask doctor`."""

import sys

import click
from flask import Flask, current_app

from volunteer_match import doctor, worker
from volunteer_match.accounts import cli as accounts
from volunteer_match.actor import SYSTEM
from volunteer_match.db import transaction
from volunteer_match.imports import cli as imports
from volunteer_match.matching import cli as matching
from volunteer_match.needs import breaks_service
from volunteer_match.people import catalogue_service
from volunteer_match.placements import cli as placements
from volunteer_match.processes import run_together, web_program, worker_program


def connect_commands(app: Flask) -> None:
    """Add the commands to `flask`."""
    matching.group.add_command(placements.run)
    for command in (
        serve,
        work,
        start_lists,
        doctor.examine,
        accounts.group,
        imports.import_file,
        matching.group,
    ):
        app.cli.add_command(command)


@click.command("init")
def start_lists() -> None:
    """Add the usual skills, districts and school breaks that are not there yet."""
    with transaction():
        added = catalogue_service.seed_catalogue() + breaks_service.seed_breaks(SYSTEM)
    click.echo(f"{added} entries added.")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Run the web part and one worker side by side, for trying things out."""
    sys.exit(run_together([web_program(host, port), worker_program()]))


@click.command("worker")
def work() -> None:
    """Send mails and draw consequences until told to stop."""
    worker.run(current_app._get_current_object())  # type: ignore[attr-defined]
