"""Reads the matches that other capabilities' pages show."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from volunteer_match.db import db
from volunteer_match.needs.models import NeedSession
from volunteer_match.people.models import Volunteer
from volunteer_match.placements.models import Match
from volunteer_match.placements.queries import LEAN
from volunteer_match.placements.rules import MatchState, applied

_SEEN_BY_THE_PERSON = (MatchState.OFFERED, MatchState.CONFIRMED, MatchState.HELD)


def coming(volunteer_id: str, now: datetime) -> Sequence[Match]:
    """Return the coming sessions a volunteer was asked for or agreed to, the next first."""
    return _ahead(volunteer_id, now, _SEEN_BY_THE_PERSON)


def applied_for(volunteer_id: str, now: datetime) -> Sequence[Match]:
    """Return the coming sessions a volunteer asked for and nobody has decided about, the next first."""
    return [m for m in _ahead(volunteer_id, now, (MatchState.PROPOSED,)) if applied(m.reasons)]


def _ahead(volunteer_id: str, now: datetime, states: Collection[MatchState]) -> Sequence[Match]:
    query = (
        select(Match)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(
            Match.volunteer_id == volunteer_id,
            Match.state.in_(states),
            NeedSession.ends_at > now,
        )
        .order_by(NeedSession.starts_at, Match.id)
        .limit(30)
    )
    return db.session.scalars(query).unique().all()


def latest(volunteer_id: str) -> Sequence[Match]:
    """Return the matches of a volunteer, the latest session first."""
    query = (
        select(Match)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(Match.volunteer_id == volunteer_id, Match.state != MatchState.SUPERSEDED)
        .order_by(NeedSession.starts_at.desc(), Match.id)
        .limit(20)
    )
    return db.session.scalars(query).unique().all()


def of_need(need_id: str, now: datetime) -> Sequence[Match]:
    """Return who was asked for, or comes to, the coming sessions of a need."""
    query = (
        select(Match)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(
            NeedSession.need_id == need_id,
            NeedSession.ends_at > now,
            Match.state.in_(_SEEN_BY_THE_PERSON),
        )
        .order_by(NeedSession.starts_at, NeedSession.id, Match.created_at, Match.id)
        .limit(200)
    )
    return db.session.scalars(query).unique().all()


def standing(volunteer_id: str, now: datetime) -> Sequence[tuple[str, str, str, bool]]:
    """Return (session, match, state, applied themselves) of a person's coming matches that are not over."""
    own = Match.decided_by_id == Volunteer.user_id
    query = (
        select(Match.session_id, Match.id, Match.state, own)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .join(Volunteer, Volunteer.id == Match.volunteer_id)
        .where(
            Match.volunteer_id == volunteer_id,
            Match.state.in_((MatchState.PROPOSED, *_SEEN_BY_THE_PERSON)),
            NeedSession.starts_at > now,
        )
        .order_by(Match.session_id, Match.id)
    )
    return [(row[0], row[1], row[2], bool(row[3])) for row in db.session.execute(query)]
