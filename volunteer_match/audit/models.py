"""The append-only history of every decision."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_match.db import Base, Identified


class AuditEvent(Identified, Base):
    """One thing that happened: who, when, through which channel, to what, with which facts."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id", "at"),)

    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[str | None] = mapped_column(String(22), index=True)
    on_behalf_of: Mapped[str | None] = mapped_column(String(22))
    channel: Mapped[str] = mapped_column(String(10))
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(22))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
