"""The page that ranks people for one place, through the whole application, from a small club to a country."""

from __future__ import annotations

import gc
import time
from contextlib import ExitStack
from typing import Any

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests import factories
from tests.bench import club
from tests.bench.children import ours
from tests.bench.settings import Settings
from tests.bench.tables import Cell, Table, Target
from tests.conftest import make_settings
from tests.database import scratch_folder
from tests.sign_in import sign_in
from volunteer_match.actor import Role
from volunteer_match.app import create_app
from volunteer_match.db import db, transaction
from volunteer_match.needs.models import Opening
from volunteer_match.people.models import Volunteer

PEOPLE = (100, 500, 10_000, 100_000)
PLACES, ROUNDS = 60, 3
WANTED_MS = 10.0
KINDS = {"page": "text/html", "JSON": "application/json"}
MS = 1000


def measure(settings: Settings) -> Table:
    """Ask for the ranking of one place after another, as a page and as JSON."""
    runs = {count: ours("ranked", "--size", count) for count in PEOPLE}
    return Table(
        title="Ranking over HTTP: who could take this place",
        columns=(
            "volunteers",
            "answer",
            "p50 ms",
            "p95 ms",
            "first of all, ms",
            "first after a match, ms",
            "first after a person, ms",
            "MiB",
        ),
        rows=tuple(row for count, run in runs.items() for row in _rows(count, run)),
        command=Settings().command("ranked"),
        notes=(
            f"{PLACES} places of one week, {ROUNDS} times each, through the whole application (signed in,"
            " SQLite), CPU time. The club is kept by the process until a committed change, another week or"
            " time itself (a session begins or ends, a day does) asks for it anew; then one request pays:"
            " the first of a process, the first after somebody got or lost a place, the first after anything"
            " about a person was changed.",
        ),
        targets=tuple(_target(kind, run) for kind in KINDS for run in (runs[PEOPLE[-1]],)),
    )


def _rows(count: int, run: dict[str, Any]) -> list[tuple[Cell, ...]]:
    costs = (run["first"], run["match"], run["person"], run["mib"])
    return [(count, kind, *_parts(run[kind]), *costs) for kind in KINDS]


def _parts(seconds: list[float]) -> tuple[float, float]:
    middle, late = np.percentile(seconds, (50, 95)) * MS
    return float(middle), float(late)


def _target(kind: str, run: dict[str, Any]) -> Target:
    late = _parts(run[kind])[1]
    said = f"{late:.1f} ms while nothing changes; the request after a change {run['match'] / MS:.1f} s"
    return Target(f"rank among 100,000, p95, over HTTP, {kind}", "10 ms", said, late <= WANTED_MS)


def run(count: int) -> dict[str, Any]:
    """Measure one club in this process."""
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        app = create_app(make_settings(f"sqlite:///{folder}/bench.sqlite3", folder))
        with app.app_context():
            db.create_all()
            coordinator = factories.make_user(Role.COORDINATOR).id
            places = club.make(count, PLACES)
            db.session.remove()
        gc.collect()
        client = sign_in(app, coordinator)
        return _asked_all(app, client, places)


def _asked_all(app: Flask, client: FlaskClient, places: list[str]) -> dict[str, Any]:
    first = _asked(client, places[0], KINDS["JSON"]) * MS
    _change(app, update(Opening).values(minimum=1))
    match = _asked(client, places[0], KINDS["JSON"]) * MS
    _change(app, update(Volunteer).where(Volunteer.radius_km == 3).values(radius_km=4))
    person = _asked(client, places[0], KINDS["JSON"]) * MS
    told: dict[str, Any] = {"first": first, "match": match, "person": person}
    for kind, accept in KINDS.items():
        _asked(client, places[0], accept)
        told[kind] = [_asked(client, place, accept) for place in places * ROUNDS]
    return told


def _change(app: Flask, statement: Any) -> None:
    with app.app_context():
        with transaction() as session:
            session.execute(statement)
        db.session.remove()


def _asked(client: FlaskClient, place: str, accept: str) -> float:
    begin = time.process_time()
    answer = client.get(f"/desk/openings/{place}/people", headers={"Accept": accept})
    seconds = time.process_time() - begin
    assert answer.status_code == 200
    return seconds
