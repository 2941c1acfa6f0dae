"""The numbered migrations lead to exactly the tables the models describe, and back."""

from contextlib import ExitStack

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.migrations.schema import described, triggers
from volunteer_match.config import ROOT
from volunteer_match.db import db


@pytest.fixture
def empty(benches, engine_name):
    """An application on a database without any table."""
    with ExitStack() as stack:
        app = benches.fresh(engine_name, stack)
        with app.app_context():
            yield app


def test_migrating_up_gives_the_tables_of_the_models(empty, bench):
    flask_migrate.upgrade(revision="head")

    migrated, modelled = described(db.engine), described(bench.engine)
    assert (migrated - modelled, modelled - migrated) == (set(), set())


def test_migrating_up_gives_the_triggers_of_the_models(empty, bench):
    flask_migrate.upgrade(revision="head")

    assert triggers(db.engine) == triggers(bench.engine)


def test_nothing_is_left_to_generate(empty):
    flask_migrate.upgrade(revision="head")

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrating_down_leaves_nothing_behind(empty):
    flask_migrate.upgrade(revision="head")
    flask_migrate.downgrade(revision="base")

    assert described(db.engine) == set()


def test_migrating_up_again_works(empty):
    flask_migrate.upgrade(revision="head")
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision="head")

    tables = {line.split(":")[0] for line in described(db.engine)}
    assert tables == {table.name for table in db.metadata.sorted_tables}


def test_there_is_one_line_of_migrations():
    scripts = ScriptDirectory(str(ROOT / "migrations"))

    assert len(scripts.get_heads()) == 1
