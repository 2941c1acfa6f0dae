"""Matches and the booked time that makes double booking impossible."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_match.db import Base, Identified, Versioned, one_of
from volunteer_match.needs.models import NeedSession, Opening
from volunteer_match.people.models import Volunteer
from volunteer_match.placements.rules import MatchState, MendCause


class Match(Identified, Versioned, Base):
    """One volunteer for one place: proposed, decided, offered, answered, done."""

    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("opening_id", "volunteer_id"),
        ForeignKeyConstraint(
            ["opening_id", "session_id"], ["opening.id", "opening.session_id"], ondelete="CASCADE"
        ),
        CheckConstraint(one_of("state", MatchState), name="state"),
        Index("ix_match_state", "state", "session_id"),
        Index("ix_match_volunteer", "volunteer_id", "state"),
    )

    opening_id: Mapped[str] = mapped_column(String(22))
    session_id: Mapped[str] = mapped_column(ForeignKey("need_session.id"))
    volunteer_id: Mapped[str] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"))
    run_id: Mapped[str | None] = mapped_column(ForeignKey("match_run.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=MatchState.PROPOSED)
    score: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    runner_up: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500), default="")
    """Why it was rejected, declined or cancelled, in the words of the person who did."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    """When the state last moved."""
    offered_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answer_channel: Mapped[str | None] = mapped_column(String(10))
    decided_by_id: Mapped[str | None] = mapped_column(String(22))
    refill: Mapped[bool] = mapped_column(default=False, index=True)
    """The place came free and nobody has looked yet for the next person."""

    opening: Mapped[Opening] = relationship(
        lazy="joined", foreign_keys=[opening_id, session_id], overlaps="session"
    )
    session: Mapped[NeedSession] = relationship(lazy="joined", foreign_keys=[session_id], overlaps="opening")
    volunteer: Mapped[Volunteer] = relationship(lazy="joined")


class VolunteerSlot(Base):
    """A quarter-hour of a volunteer that is taken; the primary key refuses a second booking."""

    __tablename__ = "volunteer_slot"

    volunteer_id: Mapped[str] = mapped_column(
        ForeignKey("volunteer.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    match_id: Mapped[str] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"), index=True)


class Mend(Identified, Base):
    """Gaps of one week filled again, or to be filled: who was put where instead, and what that is worth."""

    __tablename__ = "match_mend"
    __table_args__ = (
        CheckConstraint(one_of("cause", MendCause), name="cause"),
        Index("ix_match_mend_done_at", "done_at"),
    )

    cause: Mapped[str] = mapped_column(String(5))
    openings: Mapped[list[str]] = mapped_column(JSON)
    """The places people were looked for."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[str | None] = mapped_column(String(22))
    done_at: Mapped[datetime | None]
    """Empty while the worker has not looked yet."""
    moves: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Who (volunteer) left and joined which opening, and why; all of them proposals."""
    before: Mapped[list[float]] = mapped_column(JSON, default=list)
    after: Mapped[list[float]] = mapped_column(JSON, default=list)
    """What each level of the plan was and is worth; nothing when the solver failed."""
    openers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What would bring somebody to the places (openings) that stayed empty, the most helpful first."""


class MendPause(Base):
    """A week whose gaps could not be looked at, and when that is tried again."""

    __tablename__ = "match_mend_pause"

    monday: Mapped[date] = mapped_column(primary_key=True)
    tries: Mapped[int]
    again_at: Mapped[datetime]
