"""Examines an installation and says what to mend, in the order in which it would hurt."""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from alembic.config import Config
from alembic.script import ScriptDirectory
from cryptography.fernet import Fernet
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from volunteer_match.config import ROOT, ConfigurationError, Settings
from volunteer_match.db import db
from volunteer_match.notifications import smtp
from volunteer_match.notifications.render import sender_address

STATIC = (
    "theme.css",
    "app.js",
    "icons.svg",
    "vendor/govuk-frontend.css",
    "vendor/govuk-frontend.js",
    "vendor/htmx.js",
)
ENOUGH_GUESSES = 20
"""As a power of ten."""
LEAST_POSTGRESQL = 13
LEAST_FREE_SPACE = 200 * 1024 * 1024


class State(StrEnum):
    """How a thing is."""

    GOOD = "good"
    ADVICE = "advice"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One thing looked at, and what to do about it."""

    state: State
    about: str
    words: str
    remedy: str = ""


def examination() -> Iterator[Finding]:
    """Look at everything, one thing failing or not."""
    settings: Settings = current_app.config["SETTINGS"]
    for check in CHECKS:
        try:
            yield from check(settings)
        except Exception as error:  # noqa: BLE001 - a doctor does not faint
            yield Finding(State.BROKEN, check.__name__.strip("_"), f"{type(error).__name__}: {error}")


def _secrets(settings: Settings) -> Iterator[Finding]:
    try:
        Fernet(settings.encryption_key)
        yield Finding(State.GOOD, "ENCRYPTION_KEY", "is a key")
    except ValueError:
        yield Finding(State.BROKEN, "ENCRYPTION_KEY", "is not a key", "`flask doctor --new-key` prints one")
    if _guesses(settings.secret_key) < ENOUGH_GUESSES:
        remedy = "set it to the output of `flask doctor --new-key`; everybody signs in again"
        yield Finding(State.BROKEN, "SECRET_KEY", "can be guessed", remedy)
    elif settings.secret_key == settings.encryption_key:
        yield Finding(State.BROKEN, "SECRET_KEY", "is the same as ENCRYPTION_KEY", "use two different ones")
    else:
        yield Finding(State.GOOD, "SECRET_KEY", "is strong enough")


def _guesses(secret: str) -> float:
    from zxcvbn import zxcvbn  # 0.2 s to import: only when used

    return float(zxcvbn(secret[:72])["guesses_log10"])


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.demo:
        yield Finding(
            State.ADVICE, "DEMO", "is on: signing in needs no password", "never keep real data in it"
        )
    if settings.base_url.startswith("https://"):
        yield Finding(State.GOOD, "BASE_URL", settings.base_url)
    else:
        remedy = "let a proxy with a certificate stand in front and write https:// here"
        yield Finding(State.ADVICE, "BASE_URL", f"{settings.base_url} is not encrypted", remedy)
    try:
        ZoneInfo(settings.time_zone)
        yield Finding(State.GOOD, "TIME_ZONE", settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Finding(
            State.BROKEN, "TIME_ZONE", f"{settings.time_zone} is unknown", "for example Europe/Warsaw"
        )


def _database(settings: Settings) -> Iterator[Finding]:
    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        yield Finding(State.BROKEN, "database", f"{shown} does not answer: {error}", "look at DATABASE_URL")
        return
    yield Finding(State.GOOD, "database", f"{shown} answers")
    yield from _sqlite() if db.engine.dialect.name == "sqlite" else _postgresql()
    yield from _migrations()


def _sqlite() -> Iterator[Finding]:
    with db.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous")
        }
        healthy = connection.execute(text("PRAGMA quick_check")).scalar()
    if found != {"journal_mode": "wal", "synchronous": 2}:
        remedy = "put the file on a local disk, not on a network share"
        yield Finding(State.BROKEN, "SQLite", f"runs with {found}", remedy)
    if healthy != "ok":
        yield Finding(State.BROKEN, "SQLite", f"the file is damaged: {healthy}", "restore the latest backup")
    elif sqlite3.sqlite_version_info < (3, 37):
        yield Finding(
            State.BROKEN, "SQLite", f"{sqlite3.sqlite_version} is too old", "3.37 or newer is needed"
        )
    else:
        yield Finding(State.GOOD, "SQLite", f"{sqlite3.sqlite_version}, write-ahead log, undamaged")


def _postgresql() -> Iterator[Finding]:
    with db.engine.connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if version < LEAST_POSTGRESQL:
        yield Finding(
            State.BROKEN, "PostgreSQL", f"{version} is too old", f"{LEAST_POSTGRESQL} or newer is needed"
        )
    elif encoding != "UTF8":
        yield Finding(
            State.BROKEN, "PostgreSQL", f"stores {encoding}", "create the database with ENCODING 'UTF8'"
        )
    else:
        yield Finding(State.GOOD, "PostgreSQL", f"{version}, UTF-8")


def _migrations() -> Iterator[Finding]:
    head = newest_revision()
    try:
        with db.engine.connect() as connection:
            present = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        present = None
    if present == head:
        yield Finding(State.GOOD, "tables", f"are at revision {head}")
    else:
        words = f"are at revision {present or 'none'}, the program needs {head}"
        yield Finding(State.BROKEN, "tables", words, "run `flask db upgrade`")


def newest_revision() -> str | None:
    """Return the revision that the tables should have."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def _queue(_settings: Settings) -> Iterator[Finding]:
    queue = current_app.extensions["queue"]
    waiting = queue.pending_count()
    kind = type(queue).__name__
    if waiting > 100:
        remedy = "start `flask worker`; nothing is lost meanwhile"
        yield Finding(State.ADVICE, "queue", f"{kind}: {waiting} calls wait, no worker seems to run", remedy)
    else:
        yield Finding(State.GOOD, "queue", kind)


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp_url:
        yield Finding(State.ADVICE, "mail", f"is kept in {settings.maildir}, nothing is sent", "set SMTP_URL")
        return
    try:
        server = smtp.parse_server(settings.smtp_url)
        greeting = smtp.SmtpTransport(server, timeout=10).probe()
    except ValueError as error:
        yield Finding(State.BROKEN, "mail", "SMTP_URL cannot be read", str(error))
        return
    except smtp.SessionError as error:
        remedy = "check host, port, user and password in SMTP_URL, and the firewall"
        yield Finding(State.BROKEN, "mail", f"the server takes no mail from us: {error}", remedy)
        return
    yield Finding(State.GOOD, "mail", f"{greeting or server.host} lets us in")
    if not server.security and server.host not in ("localhost", "127.0.0.1", "::1"):
        remedy = "use smtp+starttls:// or smtps://"
        yield Finding(State.ADVICE, "mail", "travels unencrypted to the server", remedy)


def _dns(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp_url:
        return
    domain = sender_address(settings).rpartition("@")[2]
    host = smtp.parse_server(settings.smtp_url).host
    for record in (
        f'{domain}. TXT "v=spf1 a:{host} -all"  (or the include: your mail provider names)',
        f"the DKIM record that the mail server at {host} prints, as <selector>._domainkey.{domain}. TXT",
        f'_dmarc.{domain}. TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster@{domain}"',
    ):
        yield Finding(State.ADVICE, "DNS", f"must hold {record}", "else mails land among the junk")


def _files(settings: Settings) -> Iterator[Finding]:
    missing = [name for name in STATIC if not (ROOT / "volunteer_match" / "static" / name).is_file()]
    if missing:
        yield Finding(
            State.BROKEN, "static files", f"missing: {', '.join(missing)}", "install the release again"
        )
    else:
        yield Finding(State.GOOD, "static files", "are there")
    yield from _catalogues()
    for folder in _folders(settings):
        yield from _writable(folder)


def _catalogues() -> Iterator[Finding]:
    for source in sorted((ROOT / "volunteer_match" / "translations").glob("*/LC_MESSAGES/messages.po")):
        if source.with_suffix(".mo").is_file():
            yield Finding(State.GOOD, "language", f"{source.parent.parent.name} is compiled")
        else:
            words = f"{source.parent.parent.name} is not compiled"
            yield Finding(State.BROKEN, "language", words, "run `make setup`")


def _folders(settings: Settings) -> set[Path]:
    folders = set()
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        folders.add(Path(url.database).resolve().parent)
    if settings.maildir and not settings.smtp_url:
        folders.add(Path(settings.maildir).resolve().parent)
    return folders


def _writable(folder: Path) -> Iterator[Finding]:
    if not os.access(folder, os.W_OK):
        remedy = "create it, or give it to the user that runs the program"
        yield Finding(State.BROKEN, "folder", f"{folder} cannot be written", remedy)
    elif shutil.disk_usage(folder).free < LEAST_FREE_SPACE:
        yield Finding(State.BROKEN, "folder", f"{folder}: the disk is nearly full", "make room")
    else:
        yield Finding(State.GOOD, "folder", f"{folder} can be written")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _secrets, _address, _database, _queue, _mail, _dns, _files,
)  # fmt: skip

_SIGNS = {State.GOOD: "ok    ", State.ADVICE: "advice", State.BROKEN: "BROKEN"}


@click.command("doctor")
@click.option("--new-key", is_flag=True, help="Print a fresh key for ENCRYPTION_KEY or SECRET_KEY and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings for a program to read.")
def examine(new_key: bool, as_json: bool) -> None:
    """Check the installation and say what to mend; exit with 1 when something is broken."""
    if new_key:
        click.echo(Fernet.generate_key().decode())
        return
    findings = current_app.extensions.get("doctor_findings") or list(examination())
    if as_json:
        click.echo(json.dumps([vars(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            _say(finding)
    if any(finding.state is State.BROKEN for finding in findings):
        sys.exit(1)


def _say(finding: Finding) -> None:
    click.echo(f"{_SIGNS[finding.state]}  {finding.about}: {finding.words}")
    if finding.remedy and finding.state is not State.GOOD:
        click.echo(f"        {finding.remedy}")


def patient(error: ConfigurationError, *without_settings: click.Command) -> Flask:
    """Return an application for `flask doctor` and commands that need no settings, or say what is missing."""
    if not {"doctor", *(command.name for command in without_settings)} & set(sys.argv):
        problems = "\n".join(f"  {problem}" for problem in error.problems)
        raise SystemExit(
            f"The settings are incomplete:\n{problems}\nSee .env.example and `flask doctor`."
        ) from error
    app = Flask("volunteer_match", static_folder=None, template_folder=None)
    app.extensions["doctor_findings"] = [
        Finding(State.BROKEN, "settings", problem, "see .env.example") for problem in error.problems
    ]
    for command in (examine, *without_settings):
        app.cli.add_command(command)
    return app
