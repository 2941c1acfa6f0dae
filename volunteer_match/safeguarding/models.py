"""Evidence and dates, never contents: which paper was seen when, by whom, and where it lies."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_match.db import Base, Identified, Versioned, one_of
from volunteer_match.safeguarding.rules import ClearanceKind, ClearanceState


class Clearance(Identified, Versioned, Base):
    """One paper of one person for one organiser (it is not portable between organisers)."""

    __tablename__ = "clearance"
    __table_args__ = (
        CheckConstraint(one_of("kind", ClearanceKind), name="kind"),
        CheckConstraint(one_of("state", ClearanceState), name="state"),
        CheckConstraint("state <> 'met' OR (seen_on IS NOT NULL AND seen_by_id IS NOT NULL)", name="seen"),
        Index("ix_clearance_person", "volunteer_id", "organiser_id", "kind"),
    )

    volunteer_id: Mapped[str] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"))
    organiser_id: Mapped[str] = mapped_column(ForeignKey("partner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default=ClearanceState.REQUESTED)
    document_date: Mapped[date | None]
    seen_on: Mapped[date | None]
    seen_by_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    valid_until: Mapped[date | None] = mapped_column(index=True)
    dossier_ref: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why somebody is exempt; never what a paper says."""
    recorded_at: Mapped[datetime]


class Agreement(Identified, Versioned, Base):
    """That a volunteer agreement exists on paper, for which time, and where it lies."""

    __tablename__ = "agreement"
    __table_args__ = (CheckConstraint("valid_from <= valid_until", name="dates"),)

    volunteer_id: Mapped[str] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    organiser_id: Mapped[str] = mapped_column(ForeignKey("partner.id"))
    signed_on: Mapped[date]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    written: Mapped[bool] = mapped_column(default=True)
    insurance_ref: Mapped[str] = mapped_column(String(60), default="")
    dossier_ref: Mapped[str] = mapped_column(String(60), default="")
    ended_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[str | None] = mapped_column(String(22))


class GuardianConsent(Identified, Versioned, Base):
    """That a guardian of a volunteer aged 13 to 17 consented on paper (Civil Code), or withdrew."""

    __tablename__ = "guardian_consent"

    volunteer_id: Mapped[str] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    signed_on: Mapped[date]
    seen_by_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    dossier_ref: Mapped[str] = mapped_column(String(60), default="")
    withdrawn_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
