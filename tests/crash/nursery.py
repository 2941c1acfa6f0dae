"""Bears processes of the application that may be killed at any moment.

One parent imports everything and makes the application, then forks a child for each order on its standard
input: starting a worker costs milliseconds, so that a test can afford many deaths.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy.orm import configure_mappers

from tests.notifications.conftest import TEMPLATES
from volunteer_match import worker
from volunteer_match.actor import Actor, Role
from volunteer_match.app import create_app
from volunteer_match.config import ROOT, Settings
from volunteer_match.db import db, retrying
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.notifications import delivery, rules, smtp
from volunteer_match.notifications.message import KINDS, Kind
from volunteer_match.notifications.render import Outgoing, render
from volunteer_match.placements import service

COORDINATOR = Actor("k" * 22, frozenset({Role.COORDINATOR}))


def bear(settings: dict[str, Any]) -> None:
    """Fork a child for every order read; print its process id; stop when the orders end."""
    app = create_app(Settings(**settings))
    app.jinja_loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_loader])
    KINDS["test_notice"] = Kind("test_notice")
    _hurry(app)
    _warm_up(app)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            DUTIES[order["duty"]](app, order)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _hurry(app: Flask) -> None:
    rules.BACK_OFF = (timedelta(seconds=0.05),)
    pause = timedelta(seconds=0.05)
    app.extensions["mail_breaker"] = delivery.Breaker(pause=pause, longest=pause)


def _warm_up(app: Flask) -> None:
    """Do once what every child would do before its first step, and let go of the database before forking."""
    configure_mappers()
    mail = Outgoing("w" * 22, "test_notice", "Ala", "ala@poczta.example", "pl", {"title": "Próba"}, {})
    with app.app_context():
        render(mail)
    worker.perform(app, "mail")
    with app.test_request_context(), suppress(NotFoundError):
        retrying(service.approve)(COORDINATOR, "nobody")
    with app.app_context():
        db.engine.dispose()


def _work(app: Flask, order: dict[str, Any]) -> None:
    rules.LEASE = timedelta(seconds=order.get("lease", 1))
    if order.get("dies"):
        _arrange_death(order["dies"])
    while True:
        worker.perform(app, "mail")
        time.sleep(0.02)


def _approve(app: Flask, order: dict[str, Any]) -> None:
    with app.test_request_context():
        for match_id in order["matches"]:
            with suppress(RuleBrokenError):  # approved by one who died before it could say so
                retrying(service.approve)(COORDINATOR, match_id)


DUTIES: dict[str, Callable[[Flask, dict[str, Any]], None]] = {"mail": _work, "approve": _approve}


def _arrange_death(moment: str) -> None:
    """Let the process kill itself at one exact step of its first mail."""
    if moment == "claimed":
        _die_after(delivery, "_claim")
    elif moment == "connected":
        _die_after(smtp.SmtpTransport, "_ready")
    elif moment == "envelope":
        _die_after(smtp.SmtpTransport, "_envelope")
    elif moment == "marked":
        _die_after(delivery, "_start_sending")
    elif moment == "answered":
        _die_after(smtp.SmtpTransport, "_data")
    elif moment == "finished":
        _die_after(delivery, "_finish")


def _die_after(owner: Any, name: str) -> None:
    real = getattr(owner, name)

    def last(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        if result is not None or name != "_claim":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, last)


class Nursery:
    """The parent process, as tests see it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        command = [sys.executable, "-m", "tests.crash.nursery", json.dumps(settings)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
        )
        self.children: list[int] = []
        assert self.process.stdout is not None
        # Its warming up must find an empty outbox.
        assert self.process.stdout.readline() == "ready\n", "the nursery did not start"

    def start(self, duty: str, **details: Any) -> int:
        """Start a child and return its process id."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"duty": duty, **details}) + "\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        self.children.append(child)
        return child

    def end_children(self) -> None:
        """Kill the children that still live."""
        for child in self.children:
            kill(child)
        self.children.clear()

    def close(self) -> None:
        """Let the parent go."""
        self.process.communicate(timeout=20)


def kill(process_id: int) -> None:
    """Kill a child without warning, if it still lives."""
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)


def is_alive(process_id: int) -> bool:
    """Tell whether a child still lives."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    bear(json.loads(sys.argv[1]))
