"""The outbox: what is to be mailed, what was, and what failed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_match.db import Base, Identified, one_of
from volunteer_match.notifications.rules import MailState


class EmailMessage(Identified, Base):
    """One mail to one recipient, from the moment its cause was committed."""

    __tablename__ = "email_message"
    __table_args__ = (
        CheckConstraint(one_of("state", MailState), name="state"),
        Index("ix_email_message_due", "state", "due_at"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    dedupe_key: Mapped[str] = mapped_column(String(400), unique=True)
    user_id: Mapped[str | None] = mapped_column(String(22), index=True)
    subject_id: Mapped[str] = mapped_column(String(60), index=True)
    recipient_name: Mapped[str] = mapped_column(String(200))
    recipient_email: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(5))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    sealed: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default=MailState.QUEUED)
    created_at: Mapped[datetime]
    wanted_at: Mapped[datetime]
    """Since when it should be gone: its first due moment, or when a coordinator asked for another try."""
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    ambiguous: Mapped[int] = mapped_column(default=0)
    """How often the connection broke after the data was sent, so that nobody knows whether it arrived."""
    stumbles: Mapped[int] = mapped_column(default=0)
    """How often it could not be worded, or took the worker down before it was sent."""
    lease_token: Mapped[str | None] = mapped_column(String(22))
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    sent_at: Mapped[datetime | None]
