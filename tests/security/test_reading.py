"""GET and HEAD change no row, whoever asks, on every route."""

import pytest

from tests.security.digest import digest
from tests.security.matrix import ROLES
from tests.security.routes import reading
from volunteer_match.db import db


@pytest.mark.parametrize("role", ROLES)
def test_reading_every_address_changes_no_row_and_breaks_nothing(app, bench, browsers, role):
    before, broken = digest(bench.engine, db.metadata), []
    for route in reading(app):
        for method in ("GET", "HEAD"):
            answer = browsers[role].open(route.path, method=method)
            if answer.status_code >= 500 and route.endpoint != "health.ready":
                broken.append(f"{method} {route.path}: {answer.status_code}")
    assert not broken
    assert digest(bench.engine, db.metadata) == before


def test_the_digest_sees_a_change(app, bench, browsers):
    from tests.factories import make_user

    before = digest(bench.engine, db.metadata)
    with app.app_context():
        make_user()
        db.session.remove()
    assert digest(bench.engine, db.metadata) != before
