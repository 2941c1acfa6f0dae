"""Reads what the pages of plans call by name."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.needs.models import Need, NeedRole, NeedSession, Opening
from volunteer_match.partners.models import Partner, Venue
from volunteer_match.people.models import Volunteer


def people(ids: Collection[str]) -> dict[str, str]:
    """Return the names of volunteers by their id."""
    query = select(Volunteer.id, User.name).join(User, User.id == Volunteer.user_id)
    return {row.id: row.name for row in db.session.execute(query.where(Volunteer.id.in_(ids)))}


def partners(ids: Collection[str]) -> dict[str, str]:
    """Return the names of institutions by their id."""
    query = select(Partner.id, Partner.name).where(Partner.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)}


def openings(begins: datetime, ends: datetime) -> list[Any]:
    """Return the places of all sessions between the moments, with what they are called, in their order."""
    query = (
        select(
            Opening.id,
            Opening.minimum,
            Opening.capacity,
            NeedRole.name.label("role"),
            NeedSession.id.label("session_id"),
            NeedSession.starts_at,
            NeedSession.ends_at,
            Need.id.label("need_id"),
            Need.title,
            Partner.id.label("partner_id"),
            Partner.name.label("partner"),
            Venue.name.label("venue"),
        )
        .join(NeedRole, NeedRole.id == Opening.role_id)
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .join(Need, Need.id == Opening.need_id)
        .join(Partner, Partner.id == Need.posted_by_id)
        .outerjoin(Venue, Venue.id == Need.venue_id)
        .where(NeedSession.starts_at >= begins, NeedSession.starts_at < ends)
        .order_by(NeedSession.starts_at, Need.title, NeedSession.id, NeedRole.position, Opening.id)
    )
    return list(db.session.execute(query))


def places(opening_ids: Collection[str]) -> dict[str, Any]:
    """Return what places are called and when they are, by their id."""
    query = (
        select(
            Opening.id,
            NeedRole.name.label("role"),
            NeedSession.id.label("session_id"),
            NeedSession.starts_at,
            NeedSession.ends_at,
            Need.title,
        )
        .join(NeedRole, NeedRole.id == Opening.role_id)
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .join(Need, Need.id == Opening.need_id)
        .where(Opening.id.in_(opening_ids))
    )
    return {row.id: row for row in db.session.execute(query)}
