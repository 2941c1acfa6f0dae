"""The huey queue that wakes the worker; a lost wake-up loses nothing, for the tables are the truth."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from huey import MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Huey
from sqlalchemy.engine import make_url

from volunteer_match.config import Settings
from volunteer_match.db import after_commit

log = logging.getLogger(__name__)
NAME = "volunteer_match"


def make_queue(settings: Settings) -> Huey:
    """Return the huey instance that the settings name."""
    url = settings.queue_url or _same_as_database(settings)
    scheme = urlsplit(url).scheme
    if settings.testing and not settings.queue_url:
        return MemoryHuey(NAME, immediate=False)
    if scheme in ("redis", "rediss"):
        return RedisHuey(NAME, url=url)
    if scheme.startswith("postgresql"):
        return PostgresHuey(NAME, dsn=url.replace("postgresql+psycopg", "postgresql"))
    return SqliteHuey(NAME, filename=str(_file_beside_database(settings)), **_SQLITE)


_SQLITE: dict[str, Any] = {"fsync": False, "timeout": 10}


def _same_as_database(settings: Settings) -> str:
    # Several machines share the database, so a file on one of them would wake nobody on the others.
    return settings.database_url if settings.database_url.startswith("postgresql") else ""


def _file_beside_database(settings: Settings) -> Path:
    database = make_url(settings.database_url).database
    return Path(database).with_suffix(".queue") if database else Path("instance/volunteer_match.queue")


def wake(task: str) -> None:
    """Ask the worker, once the open transaction has committed, to look now instead of at the next minute."""
    after_commit(f"wake:{task}", lambda: _enqueue(task))


def _enqueue(task: str) -> None:
    tasks = current_app.extensions.get("tasks", {})
    try:
        tasks[task]()
    except Exception:  # the queue is an accelerator: the minute tick finds the row anyway
        log.warning("could not wake the worker for %s", task, exc_info=True)
