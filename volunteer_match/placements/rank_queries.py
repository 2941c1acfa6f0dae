"""Reads for what people are proposed at one time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from volunteer_match.db import db
from volunteer_match.needs.models import Need, NeedSession
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState


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
