"""Stored runs, so that every plan can be explained and replayed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_match.db import Base, Identified


class MatchRun(Identified, Base):
    """One run over all open places of the chosen weeks: its input, its plan and its certificate."""

    __tablename__ = "match_run"
    __table_args__ = (CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),)

    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(String(22))
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    seed: Mapped[int] = mapped_column(default=1)
    weights: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    inputs_sha256: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(String(500))
