"""The append-only history of every decision."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, Index, String, event
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


_REFUSE = "the history is append-only"
TRIGGERS = {
    "sqlite": (
        f"CREATE TRIGGER audit_event_keep_{verb} BEFORE {verb.upper()} ON audit_event "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        for verb in ("update", "delete")
    ),
    "postgresql": (
        f"""CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$""",
        "CREATE TRIGGER audit_event_keep BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
    ),
}
for _dialect, _statements in TRIGGERS.items():
    for _statement in _statements:
        _ddl = DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(AuditEvent.__table__, "after_create", _ddl)
