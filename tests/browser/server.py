"""The application as people meet it: gunicorn in a process of its own, on a database of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from flask import Flask

from tests.conftest import make_settings
from tests.database import SqliteCleaner, scratch_folder
from volunteer_match.app import create_app
from volunteer_match.config import ROOT, Settings
from volunteer_match.db import db


@dataclass
class Server:
    """A running installation, and a second application on the same database for preparing and looking."""

    url: str
    app: Flask
    settings: Settings
    log: Path
    cleaner: SqliteCleaner

    def errors(self) -> str:
        """Return what the server wrote about failed requests."""
        text = self.log.read_text(encoding="utf-8")
        return text if "Traceback" in text else ""


@contextmanager
def running_server(smtp_url: str) -> Iterator[Server]:
    """Start gunicorn with the application and stop it afterwards."""
    with scratch_folder() as folder, closing(socket.create_server(("127.0.0.1", 0))) as listener:
        server = _prepare(folder, f"http://127.0.0.1:{listener.getsockname()[1]}", smtp_url)
        process = _start(server, listener.fileno())
        try:
            yield server
        finally:
            process.terminate()
            process.wait(timeout=20)
            with server.app.app_context():
                db.engine.dispose()


def _prepare(folder: Path, url: str, smtp_url: str) -> Server:
    # Anything but an empty queue_url keeps the queue in a file that other processes see.
    base = make_settings(f"sqlite:///{folder}/club.sqlite3", folder)
    settings = replace(base, base_url=url, smtp_url=smtp_url, queue_url="sqlite://")
    app = create_app(settings)
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    return Server(url, app, settings, folder / "server.log", SqliteCleaner(folder / "club.sqlite3"))


def _start(server: Server, listener: int) -> subprocess.Popen[bytes]:
    # The socket listens already, so the first request waits for the server instead of failing.
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"fd://{listener}",
        "--workers",
        "1",
        "--threads",
        "4",
    ]
    with server.log.open("wb") as log:
        return subprocess.Popen(
            [*command, "wsgi:app"],
            cwd=ROOT,
            env=os.environ | environment(server.settings),
            pass_fds=[listener],
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables that give these settings."""
    values = {field.name.upper(): getattr(settings, field.name) for field in fields(settings)}
    return {
        name: str(int(value)) if isinstance(value, bool) else str(value) for name, value in values.items()
    }
