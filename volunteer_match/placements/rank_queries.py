"""Reads for one place: what and when it is, and what people are proposed for at that time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from volunteer_match.db import db
from volunteer_match.needs.models import Need, NeedRole, NeedSession, Opening
from volunteer_match.needs.rules import NeedState, SessionState
from volunteer_match.partners.models import Venue
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState


def place(opening_id: str, now: datetime) -> Any:
    """Return the facts of one place, and whether its session is still ahead; None when there is none."""
    query = (
        select(
            Opening.id,
            Opening.session_id,
            Opening.filled,
            Opening.minimum,
            Opening.capacity,
            NeedSession.starts_at,
            NeedSession.ends_at,
            NeedRole.name.label("role"),
            Need.title,
            Venue.name.label("where"),
            (
                (NeedSession.starts_at > now)
                & (NeedSession.state == SessionState.SCHEDULED)
                & (Need.state == NeedState.PUBLISHED)
            ).label("ahead"),
        )
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .join(Need, Need.id == NeedSession.need_id)
        .join(NeedRole, NeedRole.id == Opening.role_id)
        .outerjoin(Venue, Venue.id == Need.venue_id)
        .where(Opening.id == opening_id)
    )
    return db.session.execute(query).one_or_none()


def proposed_at(
    volunteer_ids: Collection[str], starts: datetime, ends: datetime
) -> dict[tuple[str, str], str]:
    """Return by (volunteer, session) the titles of what people are proposed for in that time."""
    query = (
        select(Match.volunteer_id, Match.session_id, Need.title)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .join(Need, Need.id == NeedSession.need_id)
        .where(
            Match.state == MatchState.PROPOSED,
            Match.volunteer_id.in_(volunteer_ids),
            NeedSession.starts_at < ends,
            NeedSession.ends_at > starts,
        )
        .order_by(NeedSession.starts_at, NeedSession.id)
    )
    return {(row.volunteer_id, row.session_id): row.title for row in db.session.execute(query)}
