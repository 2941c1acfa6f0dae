"""The huey queue that wakes the worker; a lost wake-up loses nothing, for the tables are the truth."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from huey import MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.api import Huey

from volunteer_match.config import Settings
from volunteer_match.db import after_commit

log = logging.getLogger(__name__)
NAME = "volunteer_match"


def make_queue(settings: Settings) -> Huey:
    """Return the huey instance that the settings name."""
    scheme = urlsplit(settings.queue_url).scheme
    if settings.testing and not settings.queue_url:
        return MemoryHuey(NAME, immediate=False)
    if scheme in ("redis", "rediss"):
        return RedisHuey(NAME, url=settings.queue_url)
    if scheme.startswith("postgresql"):
        return PostgresHuey(NAME, dsn=settings.queue_url.replace("postgresql+psycopg", "postgresql"))
    return SqliteHuey(NAME, filename=str(_file_beside_database(settings)), **_SQLITE)


_SQLITE: dict[str, Any] = {"fsync": False, "timeout": 10}


def _file_beside_database(settings: Settings) -> Path:
    path = urlsplit(settings.database_url).path
    if settings.database_url.startswith("sqlite") and path:
        return Path(path[1:] if path.startswith("//") else path).with_suffix(".queue")
    return Path("instance") / "volunteer_match.queue"


def wake(task: str) -> None:
    """Ask the worker, once the open transaction has committed, to look now instead of at the next minute."""
    after_commit(f"wake:{task}", lambda: _enqueue(task))


def _enqueue(task: str) -> None:
    tasks = current_app.extensions.get("tasks", {})
    try:
        tasks[task]()
    except Exception:  # the queue is an accelerator: the minute tick finds the row anyway
        log.warning("could not wake the worker for %s", task, exc_info=True)
