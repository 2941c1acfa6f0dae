"""What institutions lend, the loans that come of it, and the time that can be given only once."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_match.db import Base, Identified, Versioned, one_of
from volunteer_match.lending.rules import HOLDING, LoanState, OfferState
from volunteer_match.needs.item_rules import MAX_QUANTITY, ItemKind
from volunteer_match.needs.models import NeedItem, NeedSession
from volunteer_match.partners.models import Partner, Venue

_HOLDING = text(one_of("state", sorted(HOLDING)))


class LendingOffer(Identified, Versioned, Base):
    """A room or a thing that an institution lends, and when."""

    __tablename__ = "lending_offer"
    __table_args__ = (
        CheckConstraint(one_of("kind", ItemKind), name="kind"),
        CheckConstraint(one_of("state", OfferState), name="state"),
        CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity"),
        CheckConstraint("(starts_local IS NULL) = (ends_local IS NULL)", name="both_hours"),
        CheckConstraint("starts_local IS NULL OR starts_local < ends_local", name="hours"),
        CheckConstraint("first_day IS NULL OR last_day IS NULL OR first_day <= last_day", name="days"),
    )

    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id"), index=True)
    venue_id: Mapped[str | None] = mapped_column(ForeignKey("venue.id"))
    """Where the room is, or where the thing is fetched."""
    state: Mapped[str] = mapped_column(String(10), default=OfferState.ACTIVE)
    kind: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(default=1)
    description: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    """Whom to call and how to fetch it; told to whoever borrows."""
    weekdays: Mapped[str] = mapped_column(String(7), default="")
    """Digits, Monday 0; empty means every day."""
    starts_local: Mapped[time | None]
    ends_local: Mapped[time | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    created_at: Mapped[datetime]

    partner: Mapped[Partner] = relationship(lazy="joined")
    venue: Mapped[Venue | None] = relationship(lazy="joined")


class Loan(Identified, Versioned, Base):
    """One offer for one request of one session: proposed, asked, answered."""

    __tablename__ = "loan"
    __table_args__ = (
        UniqueConstraint("session_id", "item_id", "offer_id"),
        # The request and the session must belong to the same need.
        ForeignKeyConstraint(
            ["session_id", "need_id"], ["need_session.id", "need_session.need_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["item_id", "need_id"], ["need_item.id", "need_item.need_id"], ondelete="CASCADE"
        ),
        CheckConstraint(one_of("state", LoanState), name="state"),
        Index(
            "uq_loan_holding",
            "session_id",
            "item_id",
            unique=True,
            sqlite_where=_HOLDING,
            postgresql_where=_HOLDING,
        ),
    )

    need_id: Mapped[str] = mapped_column(String(22), index=True)
    session_id: Mapped[str] = mapped_column(String(22))
    item_id: Mapped[str] = mapped_column(String(22))
    offer_id: Mapped[str] = mapped_column(ForeignKey("lending_offer.id"), index=True)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("match_run.id"))
    state: Mapped[str] = mapped_column(String(12), default=LoanState.PROPOSED, index=True)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it came to nothing: a code, or the words of the person who said so."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer_channel: Mapped[str | None] = mapped_column(String(10))
    decided_by_id: Mapped[str | None] = mapped_column(String(22))

    offer: Mapped[LendingOffer] = relationship(lazy="joined")
    session: Mapped[NeedSession] = relationship(
        lazy="joined", foreign_keys=[session_id, need_id], overlaps="item"
    )
    item: Mapped[NeedItem] = relationship(lazy="joined", foreign_keys=[item_id, need_id], overlaps="session")


class LendingSlot(Base):
    """A quarter-hour of a thing that is taken; the primary key refuses a second loan."""

    __tablename__ = "lending_slot"

    offer_id: Mapped[str] = mapped_column(
        ForeignKey("lending_offer.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    loan_id: Mapped[str] = mapped_column(ForeignKey("loan.id", ondelete="CASCADE"), index=True)
