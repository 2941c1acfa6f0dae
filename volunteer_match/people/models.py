"""Volunteers, their skills and their availability."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_match.accounts.models import User
from volunteer_match.db import Base, Identified, Versioned, one_of
from volunteer_match.people.rules import MAX_HOURS_PER_WEEK, MAX_SESSIONS_PER_WEEK, VolunteerState


class District(Identified, Base):
    """A part of the town, with a point that distances are measured from."""

    __tablename__ = "district"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]


class SkillTheme(Base):
    """A group of skills on the sign-up page."""

    __tablename__ = "skill_theme"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_pl: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)


class Skill(Base):
    """Something a volunteer can offer and a need can ask for."""

    __tablename__ = "skill"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    theme_code: Mapped[str] = mapped_column(ForeignKey("skill_theme.code"), index=True)
    name_pl: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(80), unique=True)
    synonyms: Mapped[str] = mapped_column(String(400), default="")
    """Other words people use, separated by commas; searched folded."""
    qualification: Mapped[bool] = mapped_column(default=False)
    """The law asks for proof (paramedic, driver): only a coordinator may confirm it."""
    retired: Mapped[bool] = mapped_column(default=False)

    theme: Mapped[SkillTheme] = relationship(lazy="joined")


class Volunteer(Identified, Versioned, Base):
    """What a person offers, within which limits, and where the application stands."""

    __tablename__ = "volunteer"
    __table_args__ = (
        CheckConstraint(one_of("state", VolunteerState), name="state"),
        CheckConstraint("max_hours_per_week BETWEEN 1 AND 40", name="hours"),
        CheckConstraint("max_sessions_per_week BETWEEN 1 AND 14", name="sessions"),
        CheckConstraint("radius_km IS NULL OR radius_km BETWEEN 1 AND 200", name="radius"),
    )

    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=VolunteerState.DRAFT, index=True)
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    birth_date: Mapped[date | None]
    district_id: Mapped[str | None] = mapped_column(ForeignKey("district.id"))
    radius_km: Mapped[int | None]
    driving_licence: Mapped[bool] = mapped_column(default=False)
    step_free: Mapped[bool] = mapped_column(default=False)
    """Voluntary wish: only venues without steps."""
    remote_only: Mapped[bool] = mapped_column(default=False)
    club_parent: Mapped[bool] = mapped_column(default=False)
    foreign_citizen: Mapped[bool] = mapped_column(default=False)
    lived_abroad: Mapped[bool] = mapped_column(default=False)
    """Resident of another state within the last 20 years: further papers are due (art. 21(5))."""
    standby: Mapped[bool] = mapped_column(default=False)
    about: Mapped[str] = mapped_column(String(1000), default="")
    max_hours_per_week: Mapped[int] = mapped_column(default=MAX_HOURS_PER_WEEK)
    max_sessions_per_week: Mapped[int] = mapped_column(default=MAX_SESSIONS_PER_WEEK)
    paused_from: Mapped[date | None]
    paused_until: Mapped[date | None]
    sign_up_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    """Last change of anything about the person, skills and hours included: it moves the version on."""

    user: Mapped[User] = relationship(lazy="joined")
    district: Mapped[District | None] = relationship(lazy="joined")
    skills: Mapped[list["VolunteerSkill"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    languages: Mapped[list["VolunteerLanguage"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    availability: Mapped[list["AvailabilityRule"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )
    exceptions: Mapped[list["AvailabilityException"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )
    suggestions: Mapped[list["SkillSuggestion"]] = relationship(cascade="all, delete-orphan")


class VolunteerSkill(Base):
    """A skill a volunteer offers, at a level from 1 (can help) to 3 (can lead)."""

    __tablename__ = "volunteer_skill"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level"),)

    volunteer_id: Mapped[str] = mapped_column(
        ForeignKey("volunteer.id", ondelete="CASCADE"), primary_key=True
    )
    skill_code: Mapped[str] = mapped_column(ForeignKey("skill.code"), primary_key=True, index=True)
    level: Mapped[int] = mapped_column(default=2)
    confirmed_at: Mapped[datetime | None]
    """When a coordinator saw the proof of a qualification."""

    skill: Mapped[Skill] = relationship(lazy="joined")


class SkillSuggestion(Identified, Base):
    """Free text a volunteer wrote about skills, until a coordinator turns it into skills."""

    __tablename__ = "skill_suggestion"

    volunteer_id: Mapped[str] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class VolunteerLanguage(Base):
    """A language a volunteer can lead an activity in (ISO 639-1)."""

    __tablename__ = "volunteer_language"

    volunteer_id: Mapped[str] = mapped_column(
        ForeignKey("volunteer.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(2), primary_key=True)


class AvailabilityRule(Identified, Base):
    """A weekly stretch of local time in which a volunteer is usually free; Monday is 0."""

    __tablename__ = "availability_rule"
    __table_args__ = (
        UniqueConstraint("volunteer_id", "weekday", "starts_minute"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "starts_minute >= 0 AND ends_minute <= 1440 AND starts_minute < ends_minute", name="span"
        ),
    )

    volunteer_id: Mapped[str] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]


class AvailabilityException(Identified, Base):
    """Days that differ from the usual week: away, or free although usually not."""

    __tablename__ = "availability_exception"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint(
            "starts_minute >= 0 AND ends_minute <= 1440 AND starts_minute < ends_minute", name="span"
        ),
    )

    volunteer_id: Mapped[str] = mapped_column(ForeignKey("volunteer.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    free: Mapped[bool] = mapped_column(default=False)
    starts_minute: Mapped[int] = mapped_column(default=0)
    ends_minute: Mapped[int] = mapped_column(default=1440)
    note: Mapped[str] = mapped_column(String(120), default="")
