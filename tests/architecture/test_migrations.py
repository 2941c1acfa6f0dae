"""The numbered migrations lead to exactly the tables the models describe, and back."""

from contextlib import ExitStack

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

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


def _tables(engine: Engine) -> dict[str, dict[str, object]]:
    look = inspect(engine)
    names = [name for name in look.get_table_names() if name != "alembic_version"]
    return {
        name: {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in look.get_columns(name)
            },
            "primary key": look.get_pk_constraint(name)["constrained_columns"],
            "foreign keys": sorted(
                (
                    k["constrained_columns"],
                    k["referred_table"],
                    k["referred_columns"],
                    sorted(k["options"].items()),
                )
                for k in look.get_foreign_keys(name)
            ),
            "unique": sorted(tuple(u["column_names"]) for u in look.get_unique_constraints(name)),
            "indexes": sorted(_index(i) for i in look.get_indexes(name)),
            "checks": {
                str(c["name"]): " ".join(c["sqltext"].split()) for c in look.get_check_constraints(name)
            },
        }
        for name in names
    }


def _index(index) -> tuple:
    condition = {key: str(value) for key, value in index.get("dialect_options", {}).items() if value}
    return (
        index["name"],
        tuple(map(str, index["column_names"])),
        index["unique"],
        str(sorted(condition.items())),
    )


def _triggers(engine: Engine) -> set[tuple[str, str]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text(TRIGGERS[engine.dialect.name]))}


def test_migrating_up_gives_the_tables_of_the_models(empty, bench):
    flask_migrate.upgrade(revision="head")

    assert _tables(db.engine) == _tables(bench.engine)


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

    assert _tables(db.engine) == {}


def test_migrating_up_again_works(empty):
    flask_migrate.upgrade(revision="head")
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision="head")

    assert set(_tables(db.engine)) == {table.name for table in db.metadata.sorted_tables}


def test_there_is_one_line_of_migrations():
    scripts = ScriptDirectory(str(ROOT / "migrations"))

    assert len(scripts.get_heads()) == 1
