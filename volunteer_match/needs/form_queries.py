"""Reads one need: for its page, for the form, and as answers to fill the form with again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from volunteer_match.actor import Actor
from volunteer_match.db import Base, db
from volunteer_match.errors import NotFoundError
from volunteer_match.needs.models import Need, NeedItem, NeedRole, NeedSession
from volunteer_match.needs.recurrence import Plan
from volunteer_match.needs.rules import NeedState, Recurrence
from volunteer_match.partners import queries as partners
from volunteer_match.partners.models import Partner, Venue

_PLAIN = (
    "title", "what", "why", "bring", "posted_by_id", "organiser_id", "venue_id", "contact", "supervision",
    "children_count", "age_from", "age_to", "staff_adults", "driving", "recurrence", "first_day", "last_day",
    "skip_holidays", "skip_breaks", "version",
)  # fmt: skip


def need(need_id: str) -> Need:
    """Return the need, or raise NotFoundError."""
    found = db.session.get(Need, need_id)
    if found is None:
        raise NotFoundError("need")
    return found


def visible(actor: Actor, need_id: str) -> Need:
    """Return the need when the actor acts for the institution that posted it, or coordinates."""
    found = need(need_id)
    if not partners.coordinates(actor) and not partners.is_member(found.posted_by, actor.user_id):
        raise NotFoundError("need")
    return found


def whole(need_id: str) -> Need:
    """Return the need with roles, skills, sessions and places in a constant number of statements."""
    query = (
        select(Need)
        .where(Need.id == need_id)
        .options(
            selectinload(Need.roles).selectinload(NeedRole.skills),
            selectinload(Need.roles).selectinload(NeedRole.languages),
            selectinload(Need.items),
            selectinload(Need.sessions).selectinload(NeedSession.openings),
        )
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError("need")
    return found


def answers(need: Need) -> dict[str, Any]:
    """Return the need as the answers of its form."""
    given: dict[str, Any] = {name: getattr(need, name) for name in _PLAIN}
    given |= {
        "organiser_id": need.organiser_id or "",
        "venue_id": need.venue_id or "",
        "supervision": need.supervision or "",
        "children_count": need.children_count or None,
        "starts_local": need.starts_local.strftime("%H:%M") if need.starts_local else None,
        "ends_local": need.ends_local.strftime("%H:%M") if need.ends_local else None,
        "weekdays": [int(digit) for digit in need.weekdays],
        "roles": [_role_answers(role) for role in need.roles],
        "items": [_item_answers(item) for item in need.items],
    }
    return given


def given(need: Need) -> dict[str, Any]:
    """Return the need as the answers its form is read into."""
    return {**answers(need), "starts_local": need.starts_local, "ends_local": need.ends_local}


def _role_answers(role: NeedRole) -> dict[str, Any]:
    return {
        "id": role.id,
        "name": role.name,
        "minimum": role.minimum,
        "preferred": role.preferred,
        "minimum_age": role.minimum_age,
        "required_skills": sorted(s.skill_code for s in role.skills if s.required),
        "wanted_skills": sorted(s.skill_code for s in role.skills if not s.required),
        "languages": sorted(entry.language for entry in role.languages),
    }


def promised_items(need_id: str) -> set[str]:
    """Return which requests of a need an owner was asked for or promised.

    Loans lie above needs in the import order, so this reads the table by name.
    """
    loan = Base.metadata.tables["loan"]
    held = loan.c.state.in_(("asked", "agreed"))
    return set(db.session.scalars(select(loan.c.item_id).where(loan.c.need_id == need_id, held)))


def _item_answers(item: NeedItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("id", "kind", "quantity", "needed", "note")}


def posted() -> set[tuple[str, str, date | None]]:
    """Return who posted which title from which day on, so that a list is not taken in twice."""
    query = select(Need.posted_by_id, Need.title, Need.first_day).where(Need.state != NeedState.CANCELLED)
    return {(row[0], row[1], row[2]) for row in db.session.execute(query)}


def over(now: datetime) -> Sequence[str]:
    """Return the published needs without any date still to come or to end, be it a cancelled one."""
    ahead = select(NeedSession.id).where(NeedSession.need_id == Need.id, NeedSession.ends_at > now)
    had = select(NeedSession.id).where(NeedSession.need_id == Need.id)
    query = select(Need.id).where(Need.state == NeedState.PUBLISHED, had.exists(), ~ahead.exists())
    return db.session.scalars(query).all()


def plan_of(need: Need) -> Plan | None:
    """Return when the need happens, or None while it is not said."""
    if not (need.first_day and need.starts_local and need.ends_local):
        return None
    return Plan(
        recurrence=Recurrence(need.recurrence),
        first_day=need.first_day,
        last_day=need.last_day or need.first_day,
        starts=need.starts_local,
        ends=need.ends_local,
        weekdays=frozenset(int(digit) for digit in need.weekdays),
    )


def names_of_parties(organiser_id: str, venue_id: str) -> tuple[str, str]:
    """Return the names of an organiser and a place, empty where there is none."""
    organiser = db.session.get(Partner, organiser_id) if organiser_id else None
    venue = db.session.get(Venue, venue_id) if venue_id else None
    return (organiser.name if organiser else ""), (venue.name if venue else "")


# Pages name the type of what they show without reaching for the tables themselves.
__all__ = [
    "Need", "answers", "given", "names_of_parties", "need", "over", "plan_of", "posted", "visible", "whole",
]  # fmt: skip
