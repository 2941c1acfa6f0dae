"""Measure what each kind of page costs with a thousand open needs: `make bench`."""

import gzip
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.conftest import make_settings
from tests.database import count_queries, scratch_folder
from tests.scene import make_scene
from tests.sign_in import sign_in
from tests.tour import Stop, tour
from volunteer_match.actor import Role
from volunteer_match.app import create_app
from volunteer_match.db import db

NEEDS, ROUNDS = 1000, 9
PEER = (
    "For comparison: volunteer_planner with 1,000 shifts: main list 118-134 ms, 7 queries; "
    "area list 308-425 ms, 104 queries"
)


@dataclass(frozen=True)
class Cost:
    """What one page costs: CPU in milliseconds, statements, size over the wire."""

    milliseconds: float
    statements: int
    kibibytes: float


def prepare(folder: Path, needs: int = NEEDS) -> tuple[Flask, dict[Role, str]]:
    """Return an application with the scene and many more open needs on a SQLite file."""
    app = create_app(make_settings(f"sqlite:///{folder}/bench.sqlite3", folder))
    with app.app_context():
        db.create_all()
        people = make_scene()
        partner = factories.make_partner(name="Dom Kultury Na Skarpie")
        for _ in range(needs):
            factories.make_need(partner)
        db.session.remove()
    return app, people


def cost(client: FlaskClient, path: str, rounds: int = ROUNDS) -> Cost:
    """Return what a page costs once everything is warm: the median of several requests."""
    client.get(path)
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        client.get(path)
        times.append((time.process_time() - begin) * 1000)
    with count_queries() as count:
        body = client.get(path).data
    return Cost(statistics.median(times), len(count), len(gzip.compress(body, 6)) / 1024)


def measure(app: Flask, people: dict[Role, str]) -> Iterator[tuple[str, Stop, Cost]]:
    """Give the cost of every kind of page for everyone who can open it."""
    for role in (None, Role.VOLUNTEER, Role.PARTNER, Role.COORDINATOR):
        client = sign_in(app, people[role]) if role else app.test_client()
        for stop in tour(app, client):
            yield role or "visitor", stop, cost(client, stop.path)


def main() -> None:
    """Print the table."""
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        print(f"{NEEDS} open needs, SQLite, median of {ROUNDS} requests")
        app, people = prepare(folder)
        print(f"{'who':13}{'page':36}{'CPU ms':>8}{'queries':>9}{'KiB gz':>8}")
        for who, stop, paid in measure(app, people):
            figures = f"{paid.milliseconds:8.1f}{paid.statements:9}{paid.kibibytes:8.1f}"
            print(f"{who:13}{stop.endpoint:36}{figures}")
        print(PEER)


if __name__ == "__main__":
    main()
