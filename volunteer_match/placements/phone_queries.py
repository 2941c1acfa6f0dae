"""Reads who has to be called: open offers to people without an address."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, not_, select

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.needs.models import NeedSession
from volunteer_match.notifications import queries as mails
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.people.models import Volunteer
from volunteer_match.placements.models import Match
from volunteer_match.placements.queries import LEAN
from volunteer_match.placements.rules import MatchState

_LISTED_ABOVE = ("offer_made",)


def _to_call(now: datetime) -> Select[Match]:
    return (
        select(Match)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .join(Volunteer, Volunteer.id == Match.volunteer_id)
        .join(User, User.id == Volunteer.user_id)
        .where(Match.state == MatchState.OFFERED, NeedSession.starts_at > now)
    )


def people_to_call(now: datetime) -> int:
    """Return how many people without an address have offers that only a call can bring an answer to."""
    query = _to_call(now).where(User.email.is_(None))
    return db.session.scalar(select(func.count(func.distinct(query.subquery().c.volunteer_id)))) or 0


def to_tell() -> Sequence[EmailMessage]:
    """Return what people without an address still have to hear from us."""
    return mails.to_tell(_LISTED_ABOVE)


def phones(mails_to_tell: Sequence[EmailMessage]) -> dict[str | None, str]:
    """Return the telephone numbers of the people who have to be told something."""
    ids = {mail.user_id for mail in mails_to_tell}
    rows = db.session.execute(select(User.id, User.phone).where(User.id.in_(ids), User.phone.is_not(None)))
    return {row.id: row.phone for row in rows}


def calls(now: datetime) -> int:
    """Return how many calls are due: for an answer, or to tell somebody something."""
    return people_to_call(now) + mails.count_to_tell(_LISTED_ABOVE)


def unanswered(now: datetime) -> Sequence[Match]:
    """Return every offer without an answer, people without an address first, then the soonest deadline.

    Where a session is in danger, those come before who can be called at short notice.
    """
    standby = NeedSession.at_risk_since.is_not(None) & Volunteer.standby.is_(True)
    query = _to_call(now).order_by(
        User.email.is_not(None), not_(standby), Match.answer_by, User.name_order, Match.id
    )
    return db.session.scalars(query).unique().all()
