"""Reads the sessions of a week and who comes to them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from volunteer_match.db import db
from volunteer_match.needs.models import Need, NeedSession
from volunteer_match.needs.rules import NeedState, SessionState
from volunteer_match.placements.models import Match
from volunteer_match.placements.queries import LEAN
from volunteer_match.placements.rules import OCCUPYING


def meetings(begins: datetime, ends: datetime) -> Sequence[NeedSession]:
    """Return the sessions that take place between the moments."""
    query = (
        select(NeedSession)
        .join(Need, Need.id == NeedSession.need_id)
        .where(
            NeedSession.starts_at >= begins,
            NeedSession.starts_at < ends,
            NeedSession.state != SessionState.CANCELLED,
            Need.state.in_([NeedState.PUBLISHED, NeedState.COMPLETED]),
        )
        .order_by(NeedSession.starts_at, NeedSession.id)
    )
    return db.session.scalars(query).unique().all()


def helpers(session_ids: Collection[str]) -> Sequence[Match]:
    """Return the matches that hold places of the sessions."""
    query = select(Match).options(*LEAN).where(Match.session_id.in_(session_ids), Match.state.in_(OCCUPYING))
    return db.session.scalars(query.order_by(Match.id)).unique().all()
