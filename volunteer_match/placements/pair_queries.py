"""Reads the matches that a decision about a pair concerns."""

from sqlalchemy import select

from volunteer_match import clock
from volunteer_match.db import db
from volunteer_match.needs.models import Need, NeedSession
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState

_AGREED = (MatchState.OFFERED, MatchState.CONFIRMED, MatchState.HELD)


def is_proposed(opening_id: str, volunteer_id: str) -> bool:
    """Tell whether the pair is a proposal on the desk."""
    query = select(Match.state).where(Match.opening_id == opening_id, Match.volunteer_id == volunteer_id)
    return db.session.scalars(query).first() == MatchState.PROPOSED


def matches_between(volunteer_id: str, need_id: str | None, partner_id: str | None) -> tuple[list[str], int]:
    """Return a person's proposals for a need or institution, and how many places stand there."""
    query = (
        select(Match.id, Match.state)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .join(Need, Need.id == NeedSession.need_id)
        .where(
            Match.volunteer_id == volunteer_id,
            Match.state.in_((MatchState.PROPOSED, *_AGREED)),
            NeedSession.starts_at > clock.now(),
            Need.id == need_id if need_id else Need.posted_by_id == partner_id,
        )
        .order_by(Match.opening_id, Match.id)
    )
    rows = db.session.execute(query).all()
    proposed = [row.id for row in rows if row.state == MatchState.PROPOSED]
    return proposed, len(rows) - len(proposed)
