"""The page that ranks people for one place: what a request costs at the scale the club serves."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import timedelta

import numpy as np
from flask.testing import FlaskClient

from tests import factories
from tests.bench.settings import Settings
from tests.bench.tables import Table, Target
from tests.conftest import make_settings
from tests.database import scratch_folder
from tests.days import today
from tests.sign_in import sign_in
from volunteer_match.actor import Role
from volunteer_match.app import create_app
from volunteer_match.db import db

PEOPLE = (100, 500)
PLACES, ROUNDS = 30, 3
WANTED_MS = 10.0
KINDS = {"page": "text/html", "JSON": "application/json"}


def measure(settings: Settings) -> Table:
    """Ask for the ranking of one place after another, as a page and as JSON."""
    found = [(count, kind, *parts) for count in PEOPLE for kind, parts in _measured(count).items()]
    return Table(
        title="Ranking over HTTP: who could take this place",
        columns=("volunteers", "answer", "p50 ms", "p95 ms"),
        rows=tuple(found),
        command=Settings().command("ranked"),
        notes=(
            f"{PLACES} places, {ROUNDS} times each, through the whole application (signed in, SQLite), CPU"
            " time. Every request reads the club as it stands and prepares it anew: nothing is kept between"
            " requests, so that an answer is never older than the last decision.",
        ),
        targets=(_target(found),),
    )


def _target(found: list[tuple[int, str, float, float]]) -> Target:
    count, _kind, _middle, late = found[-1]
    said = f"{late:.0f} ms among {count}, the scale the application serves; not measured among 100,000"
    return Target("rank among 100,000, p95, over HTTP", "10 ms", said, False)


def _measured(count: int) -> dict[str, tuple[float, float]]:
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        app = create_app(make_settings(f"sqlite:///{folder}/bench.sqlite3", folder))
        with app.app_context():
            db.create_all()
            coordinator = factories.make_user(Role.COORDINATOR).id
            places = _club(count)
            db.session.remove()
        client = sign_in(app, coordinator)
        return {kind: _asked(client, places, accept) for kind, accept in KINDS.items()}


def _club(count: int) -> list[str]:
    partner, day = factories.make_partner(), today() + timedelta(days=7)
    for number in range(count):
        skills = [f"skill-{number % 7}", f"skill-{number % 11}"]
        factories.make_volunteer(
            skills=sorted(set(skills)), free=[(number % 7, 480, 1200), (day.weekday(), 0, 1440)]
        )
    needs = [
        factories.make_need(partner, day=day, required_skills=[f"skill-{number % 7}"])
        for number in range(PLACES)
    ]
    return [need.sessions[0].openings[0].id for need in needs]


def _asked(client: FlaskClient, places: list[str], accept: str) -> tuple[float, float]:
    seconds = []
    for place in places * ROUNDS:
        begin = time.process_time()
        answer = client.get(f"/desk/openings/{place}/people", headers={"Accept": accept})
        seconds.append(time.process_time() - begin)
        assert answer.status_code == 200
    middle, late = np.percentile(seconds[len(places) :], (50, 95)) * 1000
    return float(middle), float(late)
