"""Looking at what pages stored: each look in an application context of its own, as a second browser would."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from volunteer_match.db import db
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.outbox import unseal


class Stored:
    """The rows of an installation while nobody has its session open."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def make(self, build: Callable[..., Any], *args: Any, **fields: Any) -> Any:
        """Run a builder and return what it saved, or what it returned."""
        with self.app.app_context():
            return build(*args, **fields)

    def one(self, model: type, look: Callable[[Any], Any] = lambda row: row, **filters: Any) -> Any:
        """Return one row, or what `look` reads from it; None when there is none."""
        with self.app.app_context():
            row = db.session.scalars(select(model).filter_by(**filters)).first()
            return None if row is None else look(row)

    def count(self, model: type, **filters: Any) -> int:
        """Return how many rows there are."""
        with self.app.app_context():
            return len(db.session.scalars(select(model).filter_by(**filters)).unique().all())

    def mails(self, kind: str) -> list[EmailMessage]:
        """Return the mails of a kind, oldest first."""
        with self.app.app_context():
            query = select(EmailMessage).where(EmailMessage.kind == kind).order_by(EmailMessage.created_at)
            return list(db.session.scalars(query))

    def token(self, kind: str) -> str:
        """Return the link secret of the latest mail of a kind."""
        with self.app.app_context():
            return unseal(self.mails(kind)[-1].sealed)["token"]
