"""Reads needs for the matching: everything about the open sessions of some days in five statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from volunteer_match.db import db
from volunteer_match.i18n import from_local
from volunteer_match.needs.models import (
    Need,
    NeedItem,
    NeedRole,
    NeedRoleLanguage,
    NeedRoleSkill,
    NeedSession,
    Opening,
)
from volunteer_match.needs.rules import Contact, NeedState, Recurrence, SessionState, Supervision
from volunteer_match.partners.models import Partner, Venue
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.models import District


@dataclass(frozen=True)
class OpenRole:
    """The places of one role in one session, and what the role asks for."""

    opening_id: str
    role_id: str
    name: str
    minimum: int
    capacity: int
    filled: int
    minimum_age: int
    required: tuple[tuple[str, int], ...]
    """(skill code, level) pairs that a person must have."""
    wanted: tuple[str, ...]
    """Codes of skills that would be nice."""
    languages: tuple[str, ...]


@dataclass(frozen=True)
class OpenItem:
    """A room or a thing a need asks to borrow."""

    item_id: str
    kind: str
    quantity: int
    needed: bool


@dataclass(frozen=True)
class OpenSession:
    """One scheduled session of a published need with everything that decides who fits."""

    id: str
    need_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    contact: Contact
    supervision: Supervision | None
    children_count: int
    age_from: int | None
    staff_adults: int
    driving: bool
    priority: int
    posted_by_id: str
    posted_by_state: PartnerState
    organiser_id: str | None
    organiser_state: PartnerState | None
    venue_id: str | None
    venue_name: str | None
    district_id: str | None
    latitude: float | None
    longitude: float | None
    """The venue's point, or its district's while nobody has confirmed the venue's own."""
    step_free: bool
    series: bool
    """The need meets more than once."""
    roles: tuple[OpenRole, ...]
    items: tuple[OpenItem, ...]


def day_bounds(first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """Return the UTC moments between which the local days lie."""
    return from_local(first_day, time()), from_local(last_day + timedelta(days=1), time())


def open_sessions(
    first_day: date, last_day: date, not_before: datetime | None = None
) -> tuple[OpenSession, ...]:
    """Return every scheduled session of published needs that starts on those local days, full ones too."""
    chosen = _chosen(first_day, last_day, not_before)
    roles = _roles_by_session(chosen)
    rows = db.session.execute(_facts(chosen)).all()
    items = _items(chosen)
    return tuple(
        _session(row, tuple(roles.get(row.id, ())), tuple(items.get(row.need_id, ()))) for row in rows
    )


def next_turn(now: datetime) -> datetime | None:
    """Return when the next session begins or ends."""
    begins = select(func.min(NeedSession.starts_at)).where(NeedSession.starts_at > now)
    ends = select(func.min(NeedSession.ends_at)).where(NeedSession.ends_at > now)
    found = db.session.execute(select(begins.scalar_subquery(), ends.scalar_subquery())).one()
    return min((each for each in found if each is not None), default=None)


def _chosen(first_day: date, last_day: date, not_before: datetime | None) -> Select[str]:
    begin, end = day_bounds(first_day, last_day)
    begin = max(begin, not_before) if not_before else begin
    return (
        select(NeedSession.id)
        .join(Need, Need.id == NeedSession.need_id)
        .where(
            NeedSession.state == SessionState.SCHEDULED,
            NeedSession.starts_at >= begin,
            NeedSession.starts_at < end,
            Need.state == NeedState.PUBLISHED,
        )
    )


def _facts(chosen: Select[str]) -> Any:
    poster, organiser = aliased(Partner), aliased(Partner)
    return (
        select(
            NeedSession.id,
            NeedSession.need_id,
            NeedSession.starts_at,
            NeedSession.ends_at,
            Need.title,
            Need.contact,
            Need.supervision,
            Need.children_count,
            Need.age_from,
            Need.staff_adults,
            Need.driving,
            Need.priority,
            Need.recurrence,
            Need.posted_by_id,
            poster.state.label("posted_by_state"),
            Need.organiser_id,
            organiser.state.label("organiser_state"),
            Need.venue_id,
            Venue.name.label("venue_name"),
            Venue.district_id,
            Venue.latitude,
            Venue.longitude,
            Venue.step_free,
            District.latitude.label("district_latitude"),
            District.longitude.label("district_longitude"),
        )
        .join(Need, Need.id == NeedSession.need_id)
        .join(poster, poster.id == Need.posted_by_id)
        .outerjoin(organiser, organiser.id == Need.organiser_id)
        .outerjoin(Venue, Venue.id == Need.venue_id)
        .outerjoin(District, District.id == Venue.district_id)
        .where(NeedSession.id.in_(chosen))
        .order_by(NeedSession.starts_at, NeedSession.id)
    )


def _items(chosen: Select[str]) -> dict[str, list[OpenItem]]:
    needs = select(NeedSession.need_id).where(NeedSession.id.in_(chosen))
    rows = db.session.execute(
        select(NeedItem.need_id, NeedItem.id, NeedItem.kind, NeedItem.quantity, NeedItem.needed)
        .where(NeedItem.need_id.in_(needs))
        .order_by(NeedItem.need_id, NeedItem.position, NeedItem.id)
    )
    return _grouped((row.need_id, OpenItem(row.id, row.kind, row.quantity, row.needed)) for row in rows)


def _session(row: Any, roles: tuple[OpenRole, ...], items: tuple[OpenItem, ...]) -> OpenSession:
    confirmed = row.latitude is not None and row.longitude is not None
    return OpenSession(
        id=row.id,
        need_id=row.need_id,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        contact=Contact(row.contact),
        supervision=Supervision(row.supervision) if row.supervision else None,
        children_count=row.children_count,
        age_from=row.age_from,
        staff_adults=row.staff_adults,
        driving=row.driving,
        priority=row.priority,
        posted_by_id=row.posted_by_id,
        posted_by_state=PartnerState(row.posted_by_state),
        organiser_id=row.organiser_id,
        organiser_state=PartnerState(row.organiser_state) if row.organiser_state else None,
        venue_id=row.venue_id,
        venue_name=row.venue_name,
        district_id=row.district_id,
        latitude=row.latitude if confirmed else row.district_latitude,
        longitude=row.longitude if confirmed else row.district_longitude,
        step_free=bool(row.step_free),
        series=row.recurrence != Recurrence.ONCE,
        roles=roles,
        items=items,
    )


def _roles_by_session(chosen: Select[str]) -> dict[str, list[OpenRole]]:
    rows = db.session.execute(
        select(
            Opening.session_id,
            Opening.id,
            Opening.role_id,
            NeedRole.name,
            Opening.minimum,
            Opening.capacity,
            Opening.filled,
            NeedRole.minimum_age,
        )
        .join(NeedRole, NeedRole.id == Opening.role_id)
        .where(Opening.session_id.in_(chosen))
        .order_by(Opening.session_id, NeedRole.position, NeedRole.id)
    ).all()
    wishes = _wishes(chosen)
    by_session: dict[str, list[OpenRole]] = defaultdict(list)
    for row in rows:
        by_session[row.session_id].append(_role(row, wishes))
    return by_session


@dataclass(frozen=True)
class _Wishes:
    required: dict[str, list[tuple[str, int]]]
    wanted: dict[str, list[str]]
    languages: dict[str, list[str]]


def _wishes(chosen: Select[str]) -> _Wishes:
    roles = select(Opening.role_id).where(Opening.session_id.in_(chosen))
    skill, language = NeedRoleSkill, NeedRoleLanguage
    skills = db.session.execute(
        select(skill.role_id, skill.skill_code, skill.required, skill.level)
        .where(skill.role_id.in_(roles))
        .order_by(skill.role_id, skill.skill_code)
    ).all()
    languages = db.session.execute(
        select(language.role_id, language.language)
        .where(language.role_id.in_(roles))
        .order_by(language.role_id, language.language)
    ).all()
    return _Wishes(
        required=_grouped((r.role_id, (r.skill_code, r.level)) for r in skills if r.required),
        wanted=_grouped((r.role_id, r.skill_code) for r in skills if not r.required),
        languages=_grouped((r.role_id, r.language) for r in languages),
    )


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _role(row: Any, wishes: _Wishes) -> OpenRole:
    return OpenRole(
        opening_id=row.id,
        role_id=row.role_id,
        name=row.name,
        minimum=row.minimum,
        capacity=row.capacity,
        filled=row.filled,
        minimum_age=row.minimum_age,
        required=tuple(wishes.required.get(row.role_id, ())),
        wanted=tuple(wishes.wanted.get(row.role_id, ())),
        languages=tuple(wishes.languages.get(row.role_id, ())),
    )
