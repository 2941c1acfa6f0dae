"""`flask import partners|needs|volunteers|lending FILE`."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.db import retrying
from volunteer_match.imports import service
from volunteer_match.imports.labels import FILE_COMPLAINTS, ImportKind

_BY_COMMAND = Actor(None, frozenset({Role.COORDINATOR}), Channel.IMPORT)


@click.command("import")
@click.argument("kind", type=click.Choice([k.value for k in ImportKind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@with_appcontext
def import_file(kind: str, file: Path, dry_run: bool) -> None:
    """Import a CSV file, all of it or nothing; mistakes are listed by line."""
    try:
        report = (_rehearse if dry_run else _take)(ImportKind(kind), file.read_bytes())
    except service.RefusedError as refused:
        report = refused.report
    for line in complaints(report):
        click.echo(line, err=True)
    if not report.ok:
        click.echo("Nothing was imported.", err=True)
        sys.exit(1)
    click.echo(f"{len(report.drafts)} entries {'could be' if dry_run else 'were'} imported.")


def complaints(report: service.Report) -> list[str]:
    """Return what is wrong with a file, a line each."""
    if report.file_error:
        return [str(FILE_COMPLAINTS[report.file_error.code]) % report.file_error.facts]
    if report.missing:
        return [f"Required columns are missing: {', '.join(report.missing)}"]
    return [f"line {c.line}, {c.column or 'the whole line'}: {service.words(c)}" for c in report.complaints]


@retrying
def _take(kind: ImportKind, content: bytes) -> service.Report:
    return service.take(_BY_COMMAND, kind, content)


@retrying
def _rehearse(kind: ImportKind, content: bytes) -> service.Report:
    report = service.check(kind, content)
    if report.ok:
        report = report.and_these(service.rehearse(_BY_COMMAND, kind, report))
    return report
