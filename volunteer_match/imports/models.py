"""Uploaded tables, kept from the upload to the import or the next day."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from volunteer_match.db import Base, Identified, one_of
from volunteer_match.imports.labels import ImportKind


class ImportFile(Identified, Base):
    """One uploaded file, which of its headings means what, and what became of it."""

    __tablename__ = "import_file"
    __table_args__ = (CheckConstraint(one_of("kind", ImportKind), name="kind"),)

    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """Gone once the file is imported or dropped."""
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    rules_said: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """[line, sentence] pairs from the rehearsal: what only the rules behind the forms could say."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by_id: Mapped[str] = mapped_column(String(22), index=True)
    imported_at: Mapped[datetime | None]
    imported_rows: Mapped[int] = mapped_column(default=0)
