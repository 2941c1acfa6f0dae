"""Fills every table with some row, knowing only what the database says about the table."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from tests.migrations.schema import tables

ROWS = 2
_DAY = date(2026, 3, 2)
_MOMENT = datetime(2026, 3, 2, 8, tzinfo=UTC)
_CHOICE = re.compile(r"\b(IN|ANY) \(")  # as SQLite and PostgreSQL write "one of"
Rows = dict[str, list[dict[str, Any]]]


def snapshot(engine: sa.Engine) -> Rows:
    """Return every row of every table as the driver gives it."""
    names = tables(engine)
    with engine.connect() as connection:
        return {name: _all(connection, sa.text(f'SELECT * FROM "{name}"')) for name in names}


def _all(connection: sa.Connection, query: sa.Executable) -> list[dict[str, Any]]:
    return sorted((dict(row._mapping) for row in connection.execute(query)), key=repr)


def fill_empty_tables(engine: sa.Engine) -> None:
    """Give each table without rows two of its own, parents first."""
    metadata = sa.MetaData()
    metadata.reflect(engine, only=tables(engine))
    with engine.connect().execution_options(vm_writing=True) as connection, connection.begin():
        for table in metadata.sorted_tables:
            if not _all(connection, table.select()):
                rows = [_row(connection, table, number) for number in range(ROWS)]
                connection.execute(table.insert(), rows)


def _row(connection: sa.Connection, table: sa.Table, number: int) -> dict[str, Any]:
    row = _choices(connection, table)
    for place, column in enumerate(table.columns):
        if column.name not in row and not column.nullable:
            row[column.name] = _value(column.type, place, number)
    # Longer keys last: their columns belong together.
    for key in sorted(table.foreign_key_constraints, key=lambda key: len(key.elements)):
        row |= _parent(connection, key, number)
    return row


def _choices(connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    conditions = [check["sqltext"] for check in sa.inspect(connection).get_check_constraints(table.name)]
    return dict(_first_choice(table, words) for words in conditions if _CHOICE.search(words))


def _first_choice(table: sa.Table, condition: str) -> tuple[str, str]:
    column = next(word for word in re.findall(r"\w+", condition) if word in table.columns)
    return column, condition.split("'")[1]


def _parent(connection: sa.Connection, key: sa.ForeignKeyConstraint, number: int) -> dict[str, Any]:
    target = next(iter(key.elements)).column.table
    parents = _all(connection, target.select())
    if not parents:
        return {}
    parent = parents[number % len(parents)]
    return {element.parent.name: parent[element.column.name] for element in key.elements}


def _value(kind: sa.types.TypeEngine[Any], place: int, number: int) -> Any:
    """Return a value that differs by row and grows with the place, so that ends come after beginnings."""
    if isinstance(kind, sa.String):
        return f"{number}{place} zmyślone"[: kind.length]
    if isinstance(kind, sa.DateTime):
        moment = _MOMENT + timedelta(days=number, hours=place)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return _DAY + timedelta(weeks=number, days=place)
    if isinstance(kind, sa.Time):
        return time(place % 24)
    if isinstance(kind, sa.JSON):
        return {"przykład": number}
    return bytes([number]) if isinstance(kind, sa.LargeBinary) else kind.python_type(place + 1)
