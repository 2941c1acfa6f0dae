"""Needs, their roles, their sessions, and the places to fill."""

from datetime import date, datetime, time

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_match.db import Base, Identified, Versioned, one_of
from volunteer_match.needs.item_rules import MAX_QUANTITY, ItemKind
from volunteer_match.needs.rules import Contact, NeedState, Recurrence, SessionState
from volunteer_match.partners.models import Partner, Venue
from volunteer_match.people.models import Skill


class Need(Identified, Versioned, Base):
    """What an institution asks help for; the three parties are kept apart."""

    __tablename__ = "need"
    __table_args__ = (
        UniqueConstraint("id", "posted_by_id"),
        CheckConstraint(one_of("state", NeedState), name="state"),
        CheckConstraint(one_of("contact", Contact), name="contact"),
        CheckConstraint(one_of("recurrence", Recurrence), name="recurrence"),
        CheckConstraint(
            "supervision IS NULL OR supervision IN ('parents_present', 'organiser')", name="supervision"
        ),
        CheckConstraint("children_count BETWEEN 0 AND 2000", name="children"),
        CheckConstraint("age_from IS NULL OR age_to IS NULL OR age_from <= age_to", name="ages"),
        CheckConstraint("first_day IS NULL OR last_day IS NULL OR first_day <= last_day", name="days"),
        CheckConstraint("contact = 'remote' OR venue_id IS NOT NULL OR state = 'draft'", name="venue"),
        Index("ix_need_state_created", "state", "created_at"),
    )

    posted_by_id: Mapped[str] = mapped_column(ForeignKey("partner.id"), index=True)
    organiser_id: Mapped[str | None] = mapped_column(ForeignKey("partner.id"), index=True)
    """Bears the duty to check people where children are; required before publishing."""
    venue_id: Mapped[str | None] = mapped_column(ForeignKey("venue.id"))
    state: Mapped[str] = mapped_column(String(12), default=NeedState.DRAFT)
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    title: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(2000), default="")
    why: Mapped[str] = mapped_column(String(1000), default="")
    bring: Mapped[str] = mapped_column(String(500), default="")
    """What to bring and whom to ask for; told to confirmed volunteers."""
    contact: Mapped[str] = mapped_column(String(12), default=Contact.CHILDREN)
    supervision: Mapped[str | None] = mapped_column(String(20))
    children_count: Mapped[int] = mapped_column(default=0)
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    staff_adults: Mapped[int] = mapped_column(default=0)
    """Cleared adults of the organiser who are there anyway."""
    driving: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=1)
    recurrence: Mapped[str] = mapped_column(String(12), default=Recurrence.ONCE)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    starts_local: Mapped[time | None]
    ends_local: Mapped[time | None]
    weekdays: Mapped[str] = mapped_column(String(7), default="")
    """All weekdays of a weekly or fortnightly need as digits, Monday 0: `02` is Monday and Wednesday, `01234`
    a holiday week; empty means the weekday of the first day."""
    skip_holidays: Mapped[bool] = mapped_column(default=True)
    skip_breaks: Mapped[bool] = mapped_column(default=True)
    search_text: Mapped[str] = mapped_column(String(4000), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(String(22))
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    posted_by: Mapped[Partner] = relationship(foreign_keys=[posted_by_id], lazy="joined")
    organiser: Mapped[Partner | None] = relationship(foreign_keys=[organiser_id], lazy="joined")
    venue: Mapped[Venue | None] = relationship(lazy="joined")
    roles: Mapped[list["NeedRole"]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedRole.position"
    )
    items: Mapped[list["NeedItem"]] = relationship(cascade="all, delete-orphan", order_by="NeedItem.position")
    sessions: Mapped[list["NeedSession"]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedSession.starts_at"
    )


class NeedRole(Identified, Base):
    """One kind of helper a need asks for, in every session of it."""

    __tablename__ = "need_role"
    __table_args__ = (
        UniqueConstraint("id", "need_id"),
        CheckConstraint(
            "minimum >= 0 AND preferred >= 1 AND minimum <= preferred AND preferred <= 50", name="heads"
        ),
        CheckConstraint("minimum_age BETWEEN 13 AND 99", name="age"),
    )

    need_id: Mapped[str] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80))
    minimum: Mapped[int]
    preferred: Mapped[int]
    minimum_age: Mapped[int] = mapped_column(default=18)

    need: Mapped[Need] = relationship(back_populates="roles")
    skills: Mapped[list["NeedRoleSkill"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    languages: Mapped[list["NeedRoleLanguage"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class NeedRoleSkill(Base):
    """A skill a role requires at a level, or would like."""

    __tablename__ = "need_role_skill"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level"),)

    role_id: Mapped[str] = mapped_column(ForeignKey("need_role.id", ondelete="CASCADE"), primary_key=True)
    skill_code: Mapped[str] = mapped_column(ForeignKey("skill.code"), primary_key=True)
    required: Mapped[bool] = mapped_column(default=True)
    level: Mapped[int] = mapped_column(default=1)

    skill: Mapped[Skill] = relationship(lazy="joined")


class NeedRoleLanguage(Base):
    """A language a role requires (ISO 639-1)."""

    __tablename__ = "need_role_language"

    role_id: Mapped[str] = mapped_column(ForeignKey("need_role.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)


class NeedItem(Identified, Base):
    """A room or a thing a need asks to borrow, for every session of it."""

    __tablename__ = "need_item"
    __table_args__ = (
        UniqueConstraint("id", "need_id"),
        CheckConstraint(one_of("kind", ItemKind), name="kind"),
        CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity"),
    )

    need_id: Mapped[str] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(default=1)
    needed: Mapped[bool] = mapped_column(default=False)
    """Without it the session cannot take place; else it is only welcome."""
    note: Mapped[str] = mapped_column(String(200), default="")


class NeedSession(Identified, Versioned, Base):
    """One meeting of a need."""

    __tablename__ = "need_session"
    __table_args__ = (
        UniqueConstraint("id", "need_id"),
        UniqueConstraint("need_id", "starts_at"),
        CheckConstraint(one_of("state", SessionState), name="state"),
        CheckConstraint("starts_at < ends_at", name="span"),
    )

    need_id: Mapped[str] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default=SessionState.SCHEDULED)
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    with_need: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Cancelled because the whole need was taken off, and so opened again when it is published again."""
    at_risk_since: Mapped[datetime | None]
    """When the worker told the coordinators that the session is in danger."""

    need: Mapped[Need] = relationship(back_populates="sessions", lazy="joined")
    openings: Mapped[list["Opening"]] = relationship(
        back_populates="session",
        cascade="all, delete-orphan",
        lazy="selectin",
        foreign_keys="Opening.session_id, Opening.need_id",
    )


class Opening(Identified, Base):
    """The places of one role in one session, with the counter no race can overfill."""

    __tablename__ = "opening"
    __table_args__ = (
        UniqueConstraint("session_id", "role_id"),
        UniqueConstraint("id", "session_id"),
        # The role and the session must belong to the same need.
        ForeignKeyConstraint(
            ["session_id", "need_id"], ["need_session.id", "need_session.need_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["role_id", "need_id"], ["need_role.id", "need_role.need_id"], ondelete="CASCADE"
        ),
        CheckConstraint("filled >= 0 AND filled <= capacity", name="filled"),
        CheckConstraint("minimum >= 0 AND minimum <= capacity", name="minimum"),
    )

    need_id: Mapped[str] = mapped_column(String(22))
    session_id: Mapped[str] = mapped_column(String(22))
    role_id: Mapped[str] = mapped_column(String(22), index=True)
    minimum: Mapped[int]
    capacity: Mapped[int]
    filled: Mapped[int] = mapped_column(default=0)
    """Places taken: from approval until the end or a refusal."""

    session: Mapped[NeedSession] = relationship(
        back_populates="openings", foreign_keys=[session_id, need_id], overlaps="role"
    )
    role: Mapped[NeedRole] = relationship(
        lazy="joined", foreign_keys=[role_id, need_id], overlaps="session,openings"
    )


class SchoolBreak(Identified, Base):
    """Days without school, which recurring needs skip; edited by coordinators."""

    __tablename__ = "school_break"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)

    name: Mapped[str] = mapped_column(String(80))
    first_day: Mapped[date]
    last_day: Mapped[date]
