"""Reads the desk: what waits, what is open, in the order in which it presses."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.needs.models import Need, NeedSession, Opening
from volunteer_match.needs.rules import NeedState, Priority, SessionState
from volunteer_match.notifications import queries as notifications
from volunteer_match.partners.models import Partner
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.models import SkillSuggestion, Volunteer
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements.models import Match
from volunteer_match.placements.queries import LEAN
from volunteer_match.placements.rules import MatchState, urgency


@dataclass(frozen=True)
class Line:
    """One line of the desk before it is filled: a proposal to decide, or a place nobody is proposed for."""

    tier: int
    starts_at: datetime
    opening_id: str
    match_id: str | None
    missing: int
    priority: int = Priority.NORMAL


def lines(now: datetime, until: datetime) -> list[Line]:
    """Return everything to decide or to fill until the moment, the most pressing first."""
    openings = {row.id: row for row in _open(now, until)}
    proposals = _proposals(now, openings)
    waiting = Counter(row.opening_id for row in proposals)
    found = [_proposal_line(now, row, openings[row.opening_id]) for row in proposals]
    for row in openings.values():
        missing = row.minimum - row.filled - waiting[row.id]
        if missing > 0:
            tier = urgency(now, row.starts_at, True)
            found.append(Line(tier, row.starts_at, row.id, None, missing, row.priority))
    return sorted(found, key=_pressing)


def _pressing(line: Line) -> tuple[int, int, datetime, str, str]:
    return line.tier, -line.priority, line.starts_at, line.opening_id, line.match_id or ""


def _open(now: datetime, until: datetime) -> Sequence[Any]:
    query = (
        select(Opening.id, Opening.minimum, Opening.filled, NeedSession.starts_at, Need.priority)
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .join(Need, Need.id == Opening.need_id)
        .where(
            NeedSession.starts_at > now,
            NeedSession.starts_at < until,
            NeedSession.state == SessionState.SCHEDULED,
            Need.state == NeedState.PUBLISHED,
        )
    )
    return db.session.execute(query).all()


def _proposals(now: datetime, openings: Collection[str]) -> list[Any]:
    query = (
        select(Match.id, Match.opening_id)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(Match.state == MatchState.PROPOSED, NeedSession.starts_at > now)
    )
    return [row for row in db.session.execute(query) if row.opening_id in openings]


def _proposal_line(now: datetime, row: Any, opening: Any) -> Line:
    below = opening.filled < opening.minimum
    tier = urgency(now, opening.starts_at, below)
    missing = max(0, opening.minimum - opening.filled)
    return Line(tier, opening.starts_at, opening.id, row.id, missing, opening.priority)


def matches(ids: Collection[str]) -> dict[str, Match]:
    """Return the matches by id."""
    return {
        m.id: m for m in db.session.scalars(select(Match).options(*LEAN).where(Match.id.in_(ids))).unique()
    }


def volunteer_names(ids: Collection[str]) -> dict[str, str]:
    """Return the names of volunteers by their id."""
    query = select(Volunteer.id, User.name).join(User, User.id == Volunteer.user_id)
    return {row[0]: row[1] for row in db.session.execute(query.where(Volunteer.id.in_(ids)))}


def at_risk(now: datetime) -> int:
    """Return how many coming sessions are marked as in danger."""
    query = select(func.count(NeedSession.id)).where(
        NeedSession.at_risk_since.is_not(None),
        NeedSession.starts_at > now,
        NeedSession.state == SessionState.SCHEDULED,
    )
    return db.session.scalar(query) or 0


@dataclass(frozen=True)
class Waiting:
    """What waits for a coordinator besides matches."""

    applications: int
    partners: int
    needs: int
    suggestions: int
    stuck_mails: int
    """Given up, or on their way for too long."""


def waiting(now: datetime) -> Waiting:
    """Return what waits for a coordinator, by one statement each."""
    mails = notifications.failures(now)
    return Waiting(
        applications=_count(
            Volunteer.id, Volunteer.state.in_([VolunteerState.SUBMITTED, VolunteerState.SCREENING])
        ),
        partners=_count(Partner.id, Partner.state == PartnerState.UNDER_REVIEW),
        needs=_count(Need.id, Need.state == NeedState.SUBMITTED),
        suggestions=_count(SkillSuggestion.id, SkillSuggestion.handled_at.is_(None)),
        stuck_mails=mails.failed + mails.late,
    )


def _count(column: Any, condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(column)).where(condition)) or 0


def just_approved(user_id: str | None, now: datetime) -> Sequence[Match]:
    """Return the offers this coordinator sent in the last half hour that nobody answered yet."""
    query = (
        select(Match)
        .options(*LEAN)
        .where(
            Match.state == MatchState.OFFERED,
            Match.decided_by_id == user_id,
            Match.offered_at > now - timedelta(minutes=30),
        )
        .order_by(Match.offered_at.desc(), Match.id)
        .limit(10)
    )
    return db.session.scalars(query).unique().all()


def of_session(session_id: str) -> Sequence[Match]:
    """Return every match of a session, the longest known first."""
    query = (
        select(Match)
        .options(*LEAN)
        .where(Match.session_id == session_id)
        .order_by(Match.created_at, Match.id)
    )
    return db.session.scalars(query).unique().all()


def everybody() -> list[tuple[str, str]]:
    """Return every volunteer who is not gone, as (id, name)."""
    gone = (VolunteerState.DRAFT, VolunteerState.WITHDRAWN, VolunteerState.ENDED)
    query = (
        select(Volunteer.id, User.name)
        .join(User, User.id == Volunteer.user_id)
        .where(Volunteer.state.not_in(gone))
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
