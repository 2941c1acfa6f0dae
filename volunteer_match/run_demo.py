"""The demo from one command: its own secrets and database in `instance/demo/`, then web, worker and mails.

Run as `python -m volunteer_match.run_demo`: the demo makes its settings before an application exists.
"""

import os
import secrets
import shutil
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import flask_migrate
from cryptography.fernet import Fernet

from volunteer_match.config import ROOT, Settings
from volunteer_match.processes import run_together, web_program, worker_program

FOLDER = ROOT / "instance" / "demo"


@click.group()
def demo() -> None:
    """Try the software with an invented club."""


@demo.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path, file_okay=False))
def run(host: str, port: int, folder: Path) -> None:
    """Load the club on the first run, then serve it until Ctrl-C."""
    if _taken(host, port):
        raise click.ClickException(f"port {port} is taken; choose another: make demo PORT={port + 1}")
    os.environ.update(environment(folder, f"http://{host}:{port}"))
    _load()
    click.echo(_welcome(f"http://{host}:{port}", folder))
    sys.exit(run_together([web_program(host, port), worker_program()]))


@demo.command()
@click.option("--folder", default=FOLDER, type=click.Path(path_type=Path, file_okay=False))
def reset(folder: Path) -> None:
    """Forget everything done in the demo."""
    if folder.exists():
        shutil.rmtree(folder)
    click.echo("The demo starts over at the next run.")


def environment(folder: Path, base_url: str) -> Mapping[str, str]:
    """Return the settings of the demo in that folder, with secrets of its own made on the first call."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "SECRET_KEY": _secret(folder / "secret_key", lambda: secrets.token_urlsafe(48)),
        "ENCRYPTION_KEY": _secret(folder / "encryption_key", lambda: Fernet.generate_key().decode()),
        "DATABASE_URL": f"sqlite:///{folder.resolve() / 'club.sqlite3'}",
        "BASE_URL": base_url,
        "MAILDIR": str(folder.resolve() / "mails"),
        "MAIL_FROM": "klub@demo-gromadka.example",
        "CONTACT_PHONE": "15 000 00 01",
        "CONTACT_EMAIL": "klub@demo-gromadka.example",
        "SECURE_COOKIES": "0",
        "DEMO": "1",
        # Settings of a real installation must not leak into the demo.
        "SMTP_URL": os.environ.get("DEMO_SMTP_URL", ""),
        "QUEUE_URL": "",
        "TRUSTED_PROXIES": "0",
    }


def _secret(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()


def _load() -> None:
    from volunteer_match.app import create_app  # needs the settings that were just made
    from volunteer_match.demo import service

    app = create_app(Settings.from_environment())
    with app.app_context():
        flask_migrate.upgrade()
        if service.load():
            click.echo("The demo club is loaded.")


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def _welcome(base: str, folder: Path) -> str:
    own = folder.resolve() == FOLDER
    again = "`make demo-reset` starts over" if own else "delete it to start over"
    return f"""
  Volunteer Match: the demo club is open.

    Front page          {base}/
    Enter as anybody    {base}/demo        coordinator, volunteer, partner, officer, administrator
    Mails               {base}/skrzynka    every mail the club sends, with its links

  Language: switch at the top of every page (Polish, English).
  Data stays in {FOLDER.relative_to(ROOT) if own else folder}/ between runs; {again}. Ctrl-C stops.
"""


if __name__ == "__main__":
    demo()
