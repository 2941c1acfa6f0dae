"""Ready is who has a database migrated as far as this version of the application wants."""

import pytest
from sqlalchemy import text

from volunteer_match.db import transaction
from volunteer_match.web import health


@pytest.fixture
def at_revision(app):
    """Return a function that says which revision the database is at."""

    def put(revision: str) -> None:
        with app.app_context(), transaction() as session:
            session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))"))
            session.execute(text("DELETE FROM alembic_version"))
            session.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})

    yield put
    with app.app_context(), transaction() as session:
        session.execute(text("DROP TABLE IF EXISTS alembic_version"))


def test_the_newest_revision_is_ready(client, at_revision):
    at_revision(health.newest_revision())

    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_another_revision_is_not(client, at_revision, revision):
    at_revision(revision)

    assert client.get("/readyz").status_code == 503


def test_without_migrations_nothing_is_ready(client):
    assert client.get("/readyz").status_code == 503
