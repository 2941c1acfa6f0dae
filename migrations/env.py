"""Runs migrations on the database of the current application."""

from typing import Any

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]


def run() -> None:
    """Migrate in one transaction, so that a failing migration leaves the database as it was."""
    with migrate.db.engine.connect().execution_options(vm_writing=True) as connection:
        context.configure(connection=connection, target_metadata=migrate.db.metadata, **options())
        with context.begin_transaction():
            context.run_migrations()


def options() -> dict[str, Any]:
    """Return the options the application gave to Flask-Migrate."""
    return dict(migrate.configure_args)


run()
