"""Reads the history."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db


def history(subject_kind: str, subject_id: str, limit: int = 50) -> Sequence[AuditEvent]:
    """Return the latest events about one thing, newest first."""
    query = (
        select(AuditEvent)
        .where(AuditEvent.subject_kind == subject_kind, AuditEvent.subject_id == subject_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def history_of_many(subject_kind: str, subject_ids: Collection[str], limit: int = 50) -> Sequence[AuditEvent]:
    """Return the latest events about several things of a kind, newest first."""
    query = (
        select(AuditEvent)
        .where(AuditEvent.subject_kind == subject_kind, AuditEvent.subject_id.in_(subject_ids))
        .order_by(AuditEvent.at.desc(), AuditEvent.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()
