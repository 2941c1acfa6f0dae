"""Runs migrations on the database of the current application."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

migrate = current_app.extensions["migrate"]


def run() -> None:
    """Migrate in transactions (SQLite: one per revision), so that a failing revision leaves no trace."""
    with (
        migrate.db.engine.connect().execution_options(vm_writing=True, vm_unmarked=True) as connection,
        tables_may_be_rebuilt(connection),
    ):
        context.configure(connection=connection, target_metadata=migrate.db.metadata, **options())
        with context.begin_transaction():
            context.run_migrations()


def options() -> dict[str, Any]:
    """Return the options the application gave to Flask-Migrate, and our check after each revision."""
    return {**migrate.configure_args, "on_version_apply": check_references}


@contextmanager
def tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """Let SQLite drop and make a table anew without deleting the rows that refer to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Only possible outside a transaction, so on the driver's connection before ours begins one.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def check_references(ctx: Any, **_rest: Any) -> None:
    """Refuse a revision after which a row refers to nothing; SQLite does not look by itself meanwhile."""
    if ctx.connection.dialect.name == "sqlite":
        lost = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise RuntimeError(f"rows of {lost[0]} refer to missing rows of {lost[2]}")


run()
