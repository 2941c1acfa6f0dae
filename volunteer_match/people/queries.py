"""Reads volunteers: one person, the staff's list, and everything matching asks for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import lazyload

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.i18n import fold
from volunteer_match.people import availability, catalogue_queries
from volunteer_match.people.availability import DayException
from volunteer_match.people.models import AvailabilityException as Day
from volunteer_match.people.models import AvailabilityRule as Rule
from volunteer_match.people.models import (
    District,
    Skill,
    SkillSuggestion,
    Volunteer,
    VolunteerLanguage,
    VolunteerSkill,
)
from volunteer_match.people.rules import SERVING, VolunteerState, WeeklySpan

# Databases do not fold letters by themselves. SQLite gives up beyond some forty nested calls: these must do.
_FOLDS = tuple(zip("ąćęłńóśźżĄĆĘŁŃÓŚŹŻäöüé", "acelnoszzACELNOSZZaoue", strict=True))


def volunteer(volunteer_id: str) -> Volunteer:
    """Return the volunteer, or raise NotFoundError."""
    found = db.session.get(Volunteer, volunteer_id)
    if found is None:
        raise NotFoundError(volunteer_id)
    return found


def volunteer_of_user(user_id: str | None) -> Volunteer | None:
    """Return what an account offers as a volunteer, if it is one."""
    if user_id is None:
        return None
    return db.session.scalar(select(Volunteer).where(Volunteer.user_id == user_id))


def own_volunteer(user_id: str | None) -> Volunteer:
    """Return the volunteer of the account, or raise NotFoundError."""
    found = volunteer_of_user(user_id)
    if found is None:
        raise NotFoundError("no volunteer")
    return found


def names_and_phones() -> set[tuple[str, str]]:
    """Return the volunteers by folded name and telephone, as far as they gave one."""
    query = select(User.name, User.phone).join(Volunteer, Volunteer.user_id == User.id)
    rows = db.session.execute(query.where(User.phone.is_not(None)))
    return {(fold(row[0]), row[1] or "") for row in rows}


def names_of(user_ids: Collection[str]) -> dict[str, str]:
    """Return the names of accounts by their id."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids))) if user_ids else ()
    return {row[0]: row[1] for row in rows}


def open_suggestions(volunteer_id: str) -> Sequence[SkillSuggestion]:
    """Return the free texts about skills that nobody has turned into skills yet."""
    query = (
        select(SkillSuggestion)
        .where(SkillSuggestion.volunteer_id == volunteer_id, SkillSuggestion.handled_at.is_(None))
        .order_by(SkillSuggestion.created_at)
    )
    return db.session.scalars(query).all()


def district_choices() -> list[tuple[str, str]]:
    """Return (id, name) of the districts in Polish order."""
    return [(d.id, d.name) for d in catalogue_queries.districts()]


def skill_choices(locale: str = "pl") -> list[tuple[str, str]]:
    """Return (code, name) of the skills that can be chosen."""
    return [(s.code, catalogue_queries.name_in(locale, s)) for s in catalogue_queries.skills()]


def unconfirmed(before: datetime, limit: int = 100) -> Sequence[Volunteer]:
    """Return sign-ups begun before the moment by people who never confirmed the address they typed."""
    query = (
        select(Volunteer)
        .join(User)
        .where(
            Volunteer.state == VolunteerState.DRAFT,
            Volunteer.created_at < before,
            User.email_confirmed_at.is_(None),
            User.created_by_id.is_(None),
        )
        .order_by(Volunteer.created_at)
        .limit(limit)
    )
    return db.session.scalars(query).all()


# The staff's list


@dataclass(frozen=True)
class Filters:
    """What the staff's list of volunteers is narrowed down to."""

    words: str = ""
    states: Collection[str] = ()
    skill: str = ""


def directory(filters: Filters, *, limit: int, offset: int) -> tuple[Sequence[Volunteer], int]:
    """Return one page of volunteers by name and how many there are; four queries whatever the page."""
    conditions = _conditions(filters)
    counted = select(func.count()).select_from(Volunteer).join(User).where(*conditions)
    page = (
        select(Volunteer)
        .join(User)
        .where(*conditions)
        .options(
            lazyload(Volunteer.languages), lazyload(Volunteer.availability), lazyload(Volunteer.exceptions)
        )
        .order_by(User.name_order, Volunteer.id)
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(page).all(), db.session.scalar(counted) or 0


def folded(column: Any) -> ColumnElement[str]:
    """Return the column in lower case without diacritics, for searching on either database."""
    for letter, plain in _FOLDS:
        column = func.replace(column, letter, plain)
    return func.lower(column)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.states:
        conditions.append(Volunteer.state.in_(filters.states))
    if filters.skill:
        offered = select(VolunteerSkill.volunteer_id).where(VolunteerSkill.skill_code == filters.skill)
        conditions.append(Volunteer.id.in_(offered))
    conditions += [_matches(word) for word in fold(filters.words).split()[:6]]
    return conditions


def _matches(word: str) -> ColumnElement[bool]:
    digits = "".join(c for c in word if c.isdigit())
    places = [folded(User.name).contains(word, autoescape=True), User.email.contains(word, autoescape=True)]
    if len(digits) >= 3:
        places.append(func.replace(User.phone, " ", "").contains(digits, autoescape=True))
    return or_(*places)


def counts_by_state() -> dict[str, int]:
    """Return how many volunteers stand in each state."""
    rows = db.session.execute(select(Volunteer.state, func.count()).group_by(Volunteer.state))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Waiting:
    """An application somebody of the staff has to look at."""

    volunteer_id: str
    name: str
    state: str
    since: datetime


def waiting_applications(limit: int = 50) -> list[Waiting]:
    """Return the applications nobody has decided about, oldest first."""
    since = func.coalesce(Volunteer.submitted_at, Volunteer.created_at)
    query = (
        select(Volunteer.id, User.name, Volunteer.state, since)
        .join(User)
        .where(Volunteer.state.in_([VolunteerState.SUBMITTED, VolunteerState.SCREENING]))
        .order_by(since, Volunteer.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in db.session.execute(query)]


# For matching


@dataclass(frozen=True)
class Matchable:
    """Everything matching may know of a volunteer, read in a constant number of queries."""

    id: str
    user_id: str
    name: str
    email: str | None
    phone: str | None
    state: str
    birth_date: date | None
    district: str | None
    place: tuple[float, float] | None
    radius_km: int | None
    driving_licence: bool
    step_free: bool
    remote_only: bool
    standby: bool
    max_hours_per_week: int
    max_sessions_per_week: int
    paused_from: date | None
    paused_until: date | None
    created_at: datetime
    skills: dict[str, int]
    """Level by code; a skill the law asks proof of counts once a coordinator has seen the proof."""
    unproven: tuple[str, ...]
    """Such skills without proof yet."""
    languages: tuple[str, ...]
    weekly: tuple[WeeklySpan, ...]
    exceptions: tuple[DayException, ...]

    @property
    def differing_days(self) -> tuple[DayException, ...]:
        """Return the days that differ, a pause among them, as `availability.free_intervals` takes them."""
        return self.exceptions + availability.pause(self.paused_from, self.paused_until)


def matchable(
    states: Collection[str] = SERVING, volunteer_ids: Collection[str] | None = None
) -> tuple[Matchable, ...]:
    """Return the volunteers in the states (of those ids), in order of id, by five queries."""
    wanted: list[ColumnElement[bool]] = [Volunteer.state.in_(states)]
    if volunteer_ids is not None:
        wanted.append(Volunteer.id.in_(volunteer_ids))
    skills, unproven = _skills(wanted)
    languages = _grouped(_of(VolunteerLanguage, wanted, VolunteerLanguage.language))
    weekly = _grouped(_of(Rule, wanted, Rule.weekday, Rule.starts_minute, Rule.ends_minute))
    days = (Day.first_day, Day.last_day, Day.free, Day.starts_minute, Day.ends_minute)
    exceptions = _grouped(_of(Day, wanted, *days))
    return tuple(
        Matchable(
            **_person(row),
            skills=skills.get(row.id, {}),
            unproven=tuple(sorted(unproven.get(row.id, ()))),
            languages=tuple(sorted(code for (code,) in languages.get(row.id, ()))),
            weekly=tuple(sorted(WeeklySpan(*values) for values in weekly.get(row.id, ()))),
            exceptions=tuple(DayException(*values) for values in sorted(exceptions.get(row.id, ()))),
        )
        for row in db.session.execute(_people(wanted))
    )


_PLAIN = (
    "id", "user_id", "state", "birth_date", "radius_km", "driving_licence", "step_free", "remote_only",
    "standby", "max_hours_per_week", "max_sessions_per_week", "paused_from", "paused_until", "created_at",
)  # fmt: skip


def _people(wanted: list[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(
            *(getattr(Volunteer, name) for name in _PLAIN),
            User.name, User.email, User.phone,
            District.name.label("district"), District.latitude, District.longitude,
        )
        .join(User, User.id == Volunteer.user_id)
        .outerjoin(District, District.id == Volunteer.district_id)
        .where(*wanted)
        .order_by(Volunteer.id)
    )  # fmt: skip


def _person(row: Any) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in (*_PLAIN, "name", "email", "phone", "district")}
    facts["place"] = None if row.latitude is None else (row.latitude, row.longitude)
    return facts


def _of(model: Any, wanted: list[ColumnElement[bool]], *columns: Any) -> Select[Any]:
    return (
        select(model.volunteer_id, *columns)
        .join(Volunteer, Volunteer.id == model.volunteer_id)
        .where(*wanted)
    )


def _grouped(query: Select[Any]) -> dict[str, list[tuple[Any, ...]]]:
    grouped: dict[str, list[tuple[Any, ...]]] = {}
    for row in db.session.execute(query):
        grouped.setdefault(row[0], []).append(tuple(row[1:]))
    return grouped


def _skills(wanted: list[ColumnElement[bool]]) -> tuple[dict[str, dict[str, int]], dict[str, list[str]]]:
    proven = or_(Skill.qualification.is_(False), VolunteerSkill.confirmed_at.is_not(None))
    query = _of(VolunteerSkill, wanted, VolunteerSkill.skill_code, VolunteerSkill.level, proven).join(
        Skill, Skill.code == VolunteerSkill.skill_code
    )
    skills: dict[str, dict[str, int]] = {}
    unproven: dict[str, list[str]] = {}
    for volunteer_id, offered in _grouped(query).items():
        for code, level, good in sorted(offered):
            if good:
                skills.setdefault(volunteer_id, {})[code] = level
            else:
                unproven.setdefault(volunteer_id, []).append(code)
    return skills, unproven


def contacts(volunteer_ids: Iterable[str]) -> dict[str, User]:
    """Return the accounts of volunteers by the volunteers' ids."""
    query = select(Volunteer.id, User).join(User).where(Volunteer.id.in_(list(volunteer_ids)))
    return {row[0]: row[1] for row in db.session.execute(query)}
