"""Reads the public board: open needs as cards, in a handful of statements however many there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, exists, func, literal, select
from sqlalchemy.orm import aliased

from volunteer_match.db import db
from volunteer_match.needs.models import Need, NeedRole, NeedRoleSkill, NeedSession, Opening
from volunteer_match.needs.rules import Contact, NeedState, SessionState
from volunteer_match.needs.search import stems
from volunteer_match.partners.models import Partner, Venue
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.models import District, Skill, SkillTheme
from volunteer_match.polish import sort_key


@dataclass(frozen=True)
class Filters:
    """What the board is narrowed down to; empty values narrow nothing."""

    text: str = ""
    district_id: str = ""
    weekday: str = ""
    contact: str = ""
    theme: str = ""


@dataclass(frozen=True)
class Card:
    """One need on the board: what, when, where, and how many people it still looks for."""

    id: str
    title: str
    partner: str
    contact: Contact
    starts_at: datetime
    ends_at: datetime
    sessions: int
    district: str
    children_count: int
    age_from: int | None
    age_to: int | None
    missing: int
    """The most people that any coming session lacks to take place."""
    free: int
    """The most places still free in any coming session."""
    tags: tuple[str, ...]


def board(
    filters: Filters, now: datetime, locale: str, *, start: int = 0, size: int = 25, but: str | None = None
) -> tuple[list[Card], int]:
    """Return a part of the open needs, those that begin first on top, and how many there are."""
    ahead = _ahead(now)
    conditions = _conditions(filters) + ([Need.id != but] if but else [])
    chosen = _joined(select(Need.id), ahead).where(*conditions)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = db.session.execute(
        _joined(select(*_columns(ahead)), ahead)
        .where(*conditions)
        .order_by(ahead.c.starts_at, Need.id)
        .offset(start)
        .limit(size)
    ).all()
    return _cards(rows, now, locale), total


def _ahead(now: datetime) -> Any:
    return (
        select(
            NeedSession.need_id,
            func.min(NeedSession.starts_at).label("starts_at"),
            func.count().label("sessions"),
        )
        .where(NeedSession.state == SessionState.SCHEDULED, NeedSession.starts_at > now)
        .group_by(NeedSession.need_id)
        .subquery()
    )


_Poster = aliased(Partner)
_Organiser = aliased(Partner)


def _columns(ahead: Any) -> tuple[Any, ...]:
    return (
        Need.id, Need.title, Need.contact, Need.children_count, Need.age_from, Need.age_to,
        _Poster.name.label("partner"), District.name.label("district"),
        ahead.c.starts_at, ahead.c.sessions, NeedSession.ends_at,
    )  # fmt: skip


def _joined(query: Select[Any], ahead: Any) -> Select[Any]:
    next_one = (NeedSession.need_id == Need.id) & (NeedSession.starts_at == ahead.c.starts_at)
    return (
        query.select_from(Need)
        .join(ahead, ahead.c.need_id == Need.id)
        .join(NeedSession, next_one)
        .join(_Poster, _Poster.id == Need.posted_by_id)
        .outerjoin(_Organiser, _Organiser.id == Need.organiser_id)
        .outerjoin(Venue, Venue.id == Need.venue_id)
        .outerjoin(District, District.id == Venue.district_id)
        .where(
            Need.state == NeedState.PUBLISHED,
            # A suspended institution's needs are hidden, whichever part it has in them.
            _Poster.state == PartnerState.VERIFIED,
            _Organiser.id.is_(None) | (_Organiser.state == PartnerState.VERIFIED),
        )
    )


def _conditions(filters: Filters) -> list[Any]:
    found: list[Any] = [
        Need.search_text.contains(f" {stem}", autoescape=True) for stem in stems(filters.text)
    ]
    if filters.district_id:
        found.append(Venue.district_id == filters.district_id)
    if filters.weekday:
        found.append(Need.weekdays.contains(filters.weekday, autoescape=True))
    if filters.contact == "children":
        found.append(Need.contact == Contact.CHILDREN)
    elif filters.contact:
        found.append(Need.contact != Contact.CHILDREN)
    if filters.theme:
        asks = (
            select(NeedRole.id)
            .join(NeedRoleSkill, NeedRoleSkill.role_id == NeedRole.id)
            .join(Skill, Skill.code == NeedRoleSkill.skill_code)
            .where(NeedRole.need_id == Need.id, Skill.theme_code == filters.theme)
        )
        found.append(exists(asks))
    return found


def _cards(rows: Sequence[Any], now: datetime, locale: str) -> list[Card]:
    ids = [row.id for row in rows]
    gaps, tags = _gaps(ids, now), _tags(ids, locale)
    return [
        Card(
            id=row.id,
            title=row.title,
            partner=row.partner,
            contact=Contact(row.contact),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            sessions=row.sessions,
            district=row.district or "",
            children_count=row.children_count,
            age_from=row.age_from,
            age_to=row.age_to,
            missing=gaps.get(row.id, (0, 0))[0],
            free=gaps.get(row.id, (0, 0))[1],
            tags=tuple(tags[row.id][:4]),
        )
        for row in rows
    ]


def _gaps(need_ids: Sequence[str], now: datetime) -> dict[str, tuple[int, int]]:
    short = case((Opening.minimum > Opening.filled, Opening.minimum - Opening.filled), else_=0)
    per_session = (
        select(
            NeedSession.need_id,
            func.sum(short).label("missing"),
            func.sum(Opening.capacity - Opening.filled).label("free"),
        )
        .join(Opening, Opening.session_id == NeedSession.id)
        .where(
            NeedSession.need_id.in_(need_ids),
            NeedSession.state == SessionState.SCHEDULED,
            NeedSession.starts_at > now,
        )
        .group_by(NeedSession.need_id, NeedSession.id)
        .subquery()
    )
    worst = select(per_session.c.need_id, func.max(per_session.c.missing), func.max(per_session.c.free))
    rows = db.session.execute(worst.group_by(per_session.c.need_id)) if need_ids else ()
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def _tags(need_ids: Sequence[str], locale: str) -> dict[str, list[str]]:
    name = Skill.name_en if locale == "en" else Skill.name_pl
    found: dict[str, list[str]] = defaultdict(list)
    if not need_ids:
        return found
    rows = db.session.execute(
        select(NeedRole.need_id, name)
        .join(NeedRoleSkill, NeedRoleSkill.role_id == NeedRole.id)
        .join(Skill, Skill.code == NeedRoleSkill.skill_code)
        .where(NeedRole.need_id.in_(need_ids))
        .order_by(NeedRole.need_id, NeedRoleSkill.required.desc(), NeedRole.position, name)
    )
    for need_id, skill in rows:
        if skill not in found[need_id]:
            found[need_id].append(skill)
    return found


def choices(locale: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the districts with places and the themes of skills, as (code, name), in one statement."""
    theme_name = SkillTheme.name_en if locale == "en" else SkillTheme.name_pl
    used = select(Venue.district_id).where(Venue.id.in_(select(Need.venue_id)))
    districts = select(
        literal(-1).label("position"), District.id.label("code"), District.name.label("name")
    ).where(District.id.in_(used))
    rows = db.session.execute(
        districts.union_all(select(SkillTheme.position, SkillTheme.code, theme_name))
    ).all()
    found = sorted((row.position, sort_key(row.name), row.code, row.name) for row in rows)
    return [(f[2], f[3]) for f in found if f[0] < 0], [(f[2], f[3]) for f in found if f[0] >= 0]


def is_public(need: Need) -> bool:
    """Tell whether anybody may see the page of the need."""
    verified = need.posted_by.state == PartnerState.VERIFIED and (
        need.organiser is None or need.organiser.state == PartnerState.VERIFIED
    )
    return need.state in (NeedState.PUBLISHED, NeedState.COMPLETED) and verified
