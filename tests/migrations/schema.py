"""Describes what is in a database, in words that two databases can be compared by."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, inspect, text

REVISION = "alembic_version"
"""The table that holds the revision itself."""
TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT event_object_table, trigger_name FROM information_schema.triggers",
}
FUNCTIONS_AND_TYPES = {
    "sqlite": "SELECT 'SQLite keeps none' WHERE false",
    "postgresql": "SELECT routine_name FROM information_schema.routines WHERE routine_schema = 'public' "
    "UNION ALL SELECT typname FROM pg_type WHERE typtype = 'e'",
}


def described(engine: Engine) -> set[str]:
    """Return one line for each column, key, index and condition of the database."""
    look = inspect(engine)
    # All tables in one question each: asking table by table takes seconds.
    return {
        f"{table}: {line}"
        for found, worded in (
            (look.get_multi_columns(), _columns),
            (look.get_multi_pk_constraint(), _primary_key),
            (look.get_multi_foreign_keys(), _foreign_keys),
            (look.get_multi_unique_constraints(), _uniques),
            (look.get_multi_check_constraints(), _checks),
            (look.get_multi_indexes(), _indexes),
        )
        for (_schema, table), answer in found.items()
        if table != REVISION
        for line in worded(answer)
    }


def tables(engine: Engine) -> list[str]:
    """Return the names of the tables, but for the one that holds the revision."""
    return [name for name in inspect(engine).get_table_names() if name != REVISION]


def triggers(engine: Engine) -> set[tuple[str, ...]]:
    """Return the triggers, each with its table."""
    return _answers(engine, TRIGGERS)


def everything(engine: Engine) -> set[object]:
    """Return all of it: tables, triggers, functions and types."""
    return {*described(engine), *triggers(engine), *_answers(engine, FUNCTIONS_AND_TYPES)}


def _answers(engine: Engine, queries: dict[str, str]) -> set[tuple[str, ...]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text(queries[engine.dialect.name]))}


def _columns(found: Any) -> Iterator[str]:
    for column in found:
        optional = "NULL" if column["nullable"] else "NOT NULL"
        yield f"column {column['name']} {column['type']} {optional} {column['default']}"


def _primary_key(found: Any) -> Iterator[str]:
    yield f"primary key {found['constrained_columns']}"


def _foreign_keys(found: Any) -> Iterator[str]:
    for key in found:
        target = f"{key['referred_table']} {key['referred_columns']}"
        yield f"foreign key {key['constrained_columns']} -> {target} {sorted(key['options'].items())}"


def _uniques(found: Any) -> Iterator[str]:
    for unique in found:
        yield f"unique {unique['column_names']}"


def _checks(found: Any) -> Iterator[str]:
    for check in found:
        yield f"check {check['name']} {' '.join(check['sqltext'].split())}"


def _indexes(found: Any) -> Iterator[str]:
    for index in found:
        where = {
            key: str(value)
            for key, value in index.get("dialect_options", {}).items()
            if value is not None and value != []
        }
        kind = "unique index" if index["unique"] else "index"
        yield f"{kind} {index['name']} {index['column_names']} {sorted(where.items())}"
