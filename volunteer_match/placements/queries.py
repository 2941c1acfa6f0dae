"""Reads matches for decisions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.needs.models import Need, NeedRole, NeedSession, Opening
from volunteer_match.partners.models import Partner
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import OPEN
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import LIVE, MatchState

# A decision needs none of what people offer and roles ask; left out, it takes half the statements.
_LEAN_SESSION = (
    lazyload(NeedSession.openings),
    joinedload(NeedSession.need).options(
        joinedload(Need.posted_by).lazyload(Partner.venues),
        joinedload(Need.organiser).lazyload(Partner.venues),
    ),
)
_LEAN_ROLE = (lazyload(NeedRole.skills), lazyload(NeedRole.languages))
LEAN = (
    joinedload(Match.volunteer).options(
        lazyload(Volunteer.skills),
        lazyload(Volunteer.languages),
        lazyload(Volunteer.availability),
        lazyload(Volunteer.exceptions),
        joinedload(Volunteer.user).lazyload(User.grants),
    ),
    joinedload(Match.opening).joinedload(Opening.role).options(*_LEAN_ROLE),
    joinedload(Match.session).options(*_LEAN_SESSION),
)
LEAN_OPENING = (
    joinedload(Opening.role).options(*_LEAN_ROLE),
    joinedload(Opening.session).options(*_LEAN_SESSION),
)


def match(match_id: str) -> Match:
    """Return one match, or raise NotFoundError."""
    found = find(match_id)
    if found is None:
        raise NotFoundError("match")
    return found


def find(match_id: str) -> Match | None:
    """Return one match, if there is such a one."""
    return db.session.get(Match, match_id, options=LEAN)


def session_by_id(session_id: str) -> NeedSession:
    """Return one session, or raise NotFoundError."""
    found = db.session.get(NeedSession, session_id)
    if found is None:
        raise NotFoundError("session")
    return found


def openings(ids: Iterable[str]) -> dict[str, Opening]:
    """Return the openings by id."""
    query = select(Opening).where(Opening.id.in_(set(ids))).options(*LEAN_OPENING)
    return {row.id: row for row in db.session.scalars(query).unique()}


def open_places(begins: datetime, ends: datetime) -> int:
    """Return how many roles of sessions between the moments have places left."""
    query = (
        select(func.count(Opening.id))
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .where(
            NeedSession.starts_at >= begins, NeedSession.starts_at < ends, Opening.filled < Opening.capacity
        )
    )
    return db.session.scalar(query) or 0


def pool_size() -> int:
    """Return how many volunteers the matching looks at."""
    return db.session.scalar(select(func.count(Volunteer.id)).where(Volunteer.state.in_(OPEN))) or 0


def proposals_between(begins: datetime, ends: datetime) -> Sequence[Match]:
    """Return the proposals for sessions between the moments."""
    query = (
        select(Match)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(
            Match.state == MatchState.PROPOSED, NeedSession.starts_at >= begins, NeedSession.starts_at < ends
        )
        .order_by(Match.opening_id, Match.volunteer_id)
    )
    return db.session.scalars(query).unique().all()


def waiting_for(opening_id: str) -> int:
    """Return how many proposals wait for an opening."""
    query = select(func.count(Match.id)).where(
        Match.opening_id == opening_id, Match.state == MatchState.PROPOSED
    )
    return db.session.scalar(query) or 0


def volunteers_of(opening_id: str) -> frozenset[str]:
    """Return who is proposed for an opening or holds a place of it."""
    query = select(Match.volunteer_id).where(Match.opening_id == opening_id, Match.state.in_(LIVE))
    return frozenset(db.session.scalars(query))


def live_of(session_id: str, volunteer_id: str) -> Match | None:
    """Return the match by which somebody is proposed for a session or holds a place, in whatever role."""
    query = select(Match).where(
        Match.session_id == session_id, Match.volunteer_id == volunteer_id, Match.state.in_(LIVE)
    )
    return db.session.scalars(query.order_by(Match.id).options(*LEAN)).unique().first()
