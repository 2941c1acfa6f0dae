"""The numbered migrations lead to exactly the tables the models describe, and back."""

from collections.abc import Iterator
from contextlib import ExitStack

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Inspector, inspect, text

from volunteer_match.config import ROOT
from volunteer_match.db import db

TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT event_object_table, trigger_name FROM information_schema.triggers",
}


@pytest.fixture
def empty(benches, engine_name):
    """An application on a database without any table."""
    with ExitStack() as stack:
        app = benches.fresh(engine_name, stack)
        with app.app_context():
            yield app


def _described(engine: Engine) -> set[str]:
    """Return one line for each column, key, index and condition of the database."""
    look = inspect(engine)
    names = [name for name in look.get_table_names() if name != "alembic_version"]
    return {f"{name}: {line}" for name in names for line in _lines(look, name)}


def _lines(look: Inspector, table: str) -> Iterator[str]:
    for column in look.get_columns(table):
        optional = "NULL" if column["nullable"] else "NOT NULL"
        yield f"column {column['name']} {column['type']} {optional} {column['default']}"
    yield f"primary key {look.get_pk_constraint(table)['constrained_columns']}"
    for key in look.get_foreign_keys(table):
        target = f"{key['referred_table']} {key['referred_columns']}"
        yield f"foreign key {key['constrained_columns']} -> {target} {sorted(key['options'].items())}"
    for unique in look.get_unique_constraints(table):
        yield f"unique {unique['column_names']}"
    for check in look.get_check_constraints(table):
        yield f"check {check['name']} {' '.join(check['sqltext'].split())}"
    for index in look.get_indexes(table):
        where = {key: str(value) for key, value in index.get("dialect_options", {}).items() if value}
        kind = "unique index" if index["unique"] else "index"
        yield f"{kind} {index['name']} {index['column_names']} {sorted(where.items())}"


def _triggers(engine: Engine) -> set[tuple[str, str]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text(TRIGGERS[engine.dialect.name]))}


def test_migrating_up_gives_the_tables_of_the_models(empty, bench):
    flask_migrate.upgrade(revision="head")

    migrated, modelled = _described(db.engine), _described(bench.engine)
    assert (migrated - modelled, modelled - migrated) == (set(), set())


def test_migrating_up_gives_the_triggers_of_the_models(empty, bench):
    flask_migrate.upgrade(revision="head")

    assert _triggers(db.engine) == _triggers(bench.engine)


def test_nothing_is_left_to_generate(empty):
    flask_migrate.upgrade(revision="head")

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrating_down_leaves_nothing_behind(empty):
    flask_migrate.upgrade(revision="head")
    flask_migrate.downgrade(revision="base")

    assert _described(db.engine) == set()


def test_migrating_up_again_works(empty):
    flask_migrate.upgrade(revision="head")
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision="head")

    tables = {line.split(":")[0] for line in _described(db.engine)}
    assert tables == {table.name for table in db.metadata.sorted_tables}


def test_there_is_one_line_of_migrations():
    scripts = ScriptDirectory(str(ROOT / "migrations"))

    assert len(scripts.get_heads()) == 1
