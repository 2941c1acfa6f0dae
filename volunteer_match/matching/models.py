"""Stored runs, so that every plan can be explained and replayed, and what coordinators decided about runs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_match.db import Base, Identified, one_of
from volunteer_match.matching.rules import PairKind, RunKind


class MatchRun(Identified, Base):
    """One run over all open places of the chosen weeks: its input, its plan and its certificate."""

    __tablename__ = "match_run"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
        CheckConstraint(one_of("kind", RunKind), name="kind"),
    )

    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(String(22))
    kind: Mapped[str] = mapped_column(String(10), default=RunKind.DESK, server_default=RunKind.DESK)
    based_on_id: Mapped[str | None] = mapped_column(ForeignKey("match_run.id", ondelete="SET NULL"))
    """The plan this one is compared with: the one before it on the desk, or the one replayed."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    stop_asked_at: Mapped[datetime | None]
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What the solver last said of itself while it worked."""
    seed: Mapped[int] = mapped_column(default=1)
    steps: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The wishes as they were set for this run; nothing when those of that moment count."""
    weights: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    kept: Mapped[list[Any] | None] = mapped_column(JSON)
    """The pairs (opening, volunteer) that stood because somebody wanted them to stay."""
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Coverage and fairness before and after, as the page of the plan shows them."""
    inputs_sha256: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(String(500))


class MatchShard(Identified, Base):
    """A part of a large run that any worker may solve; gone when the run has put its plan together."""

    __tablename__ = "match_shard"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done')", name="state"),
        CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name="outcome"),
    )

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of all that decides its outcome: who solves it twice only gets the same again."""
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    tries: Mapped[int] = mapped_column(default=0)
    time_limit_s: Mapped[float]
    seed: Mapped[int]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    parcel: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Wishes(Identified, Base):
    """How much each wish counts from a moment on; the newest row is in force, the others are its history."""

    __tablename__ = "match_wishes"

    set_at: Mapped[datetime] = mapped_column(index=True)
    set_by_id: Mapped[str | None] = mapped_column(String(22))
    steps: Mapped[dict[str, Any]] = mapped_column(JSON)


_IN_FORCE = text("lifted_at IS NULL")


def _once(*columns: str) -> Index:
    name = f"uq_match_pair_{columns[-1].removesuffix('_id')}"
    return Index(name, *columns, unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE)


class Pair(Identified, Base):
    """What a coordinator wants of a pair: a proposal that stays, or two who are never put together."""

    __tablename__ = "match_pair"
    __table_args__ = (
        CheckConstraint(one_of("kind", PairKind), name="kind"),
        CheckConstraint(
            "(kind = 'keep' AND opening_id IS NOT NULL AND need_id IS NULL AND partner_id IS NULL) OR "
            "(kind = 'never' AND opening_id IS NULL AND (need_id IS NULL) <> (partner_id IS NULL))",
            name="target",
        ),
        _once("volunteer_id", "opening_id"),
        _once("volunteer_id", "need_id"),
        _once("volunteer_id", "partner_id"),
    )

    kind: Mapped[str] = mapped_column(String(5))
    volunteer_id: Mapped[str] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    opening_id: Mapped[str | None] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), index=True)
    need_id: Mapped[str | None] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[str | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(20), default="")
    """A code; words about a person would not be erased with them."""
    set_at: Mapped[datetime]
    set_by_id: Mapped[str | None] = mapped_column(String(22))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[str | None] = mapped_column(String(22))
