"""Going back to unique names keeps every registration."""

from contextlib import ExitStack

import flask_migrate
import pytest

from tests.factories import make_partner
from tests.migrations import rows
from volunteer_match.db import db
from volunteer_match.partners.rules import PartnerState


@pytest.fixture
def migrated(benches, engine_name):
    """An application on a migrated database."""
    with ExitStack() as stack:
        app = benches.fresh(engine_name, stack)
        with app.app_context():
            flask_migrate.upgrade(revision="head")
            yield app


def test_a_rejected_namesake_is_told_apart_and_the_living_one_keeps_its_name(migrated):
    rejected = make_partner(name="Klub Zmyślony", state=PartnerState.REJECTED).id
    living = make_partner(name="Klub Zmyślony").id
    db.session.remove()

    flask_migrate.downgrade(revision="0011")

    names = {row["id"]: row["name"] for row in rows.snapshot(db.engine)["partner"]}
    assert names == {rejected: f"Klub Zmyślony {rejected}", living: "Klub Zmyślony"}
