"""Institutions, the people who act for them, and their places."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_match.accounts.models import User
from volunteer_match.db import Base, Identified, Versioned, one_of
from volunteer_match.partners.rules import PartnerKind, PartnerState
from volunteer_match.people.models import District

_NOT_REJECTED = text(f"state != '{PartnerState.REJECTED}'")


class Partner(Identified, Versioned, Base):
    """An institution that posts needs, organises activities or lends its place."""

    __tablename__ = "partner"
    __table_args__ = (
        CheckConstraint(one_of("kind", PartnerKind), name="kind"),
        CheckConstraint(one_of("state", PartnerState), name="state"),
        # Whoever was turned away must not keep a name from the institution that bears it.
        Index(
            "uq_partner_name",
            "name",
            unique=True,
            sqlite_where=_NOT_REJECTED,
            postgresql_where=_NOT_REJECTED,
        ),
    )

    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default=PartnerState.REGISTERED, index=True)
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    registry_kind: Mapped[str] = mapped_column(String(10), default="")
    """Which register the number is from: KRS, NIP, REGON or RSPO."""
    registry_number: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str] = mapped_column(String(1000), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    organiser: Mapped[bool] = mapped_column(default=False)
    """May organise activities with children, and so bears the duty to check people (art. 21)."""
    standards_adopted_on: Mapped[date | None]
    standards_reviewed_on: Mapped[date | None]
    created_at: Mapped[datetime]

    members: Mapped[list["PartnerMember"]] = relationship(
        back_populates="partner", cascade="all, delete-orphan", lazy="selectin"
    )
    venues: Mapped[list["Venue"]] = relationship(back_populates="partner", lazy="selectin")


class PartnerMember(Base):
    """A person who may act for a partner."""

    __tablename__ = "partner_member"

    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    contact: Mapped[bool] = mapped_column(default=False)
    """The person volunteers hear from and coordinators call first."""
    added_at: Mapped[datetime]

    partner: Mapped[Partner] = relationship(back_populates="members")
    user: Mapped[User] = relationship(lazy="joined")


class PartnerInvitation(Identified, Base):
    """A colleague asked to act for a partner too, until they accept or the invitation is taken back."""

    __tablename__ = "partner_invitation"
    __table_args__ = (UniqueConstraint("partner_id", "email"),)

    partner_id: Mapped[str] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    invited_by_id: Mapped[str | None] = mapped_column(String(22))
    invited_at: Mapped[datetime]


class Venue(Identified, Versioned, Base):
    """A place where activities happen; a coordinator confirms its point on the map."""

    __tablename__ = "venue"

    partner_id: Mapped[str | None] = mapped_column(ForeignKey("partner.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    address: Mapped[str] = mapped_column(String(200), default="")
    district_id: Mapped[str] = mapped_column(ForeignKey("district.id"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    step_free: Mapped[bool] = mapped_column(default=False)
    directions: Mapped[str] = mapped_column(String(500), default="")

    partner: Mapped[Partner | None] = relationship(back_populates="venues")
    district: Mapped[District] = relationship(lazy="joined")
