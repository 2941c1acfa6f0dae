"""Reads what placements know about the past, as the matching is told."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from volunteer_match.db import db
from volunteer_match.i18n import from_local, to_local
from volunteer_match.lending import queries as lending
from volunteer_match.matching.rules import RECENT, History, Settled, Taken
from volunteer_match.needs.models import Need, NeedSession, Opening
from volunteer_match.needs.rules import SessionState
from volunteer_match.people.models import Volunteer
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import OCCUPYING, SETTLED, MatchState

_SERVED = (MatchState.CONFIRMED, MatchState.COMPLETED)


def history(now: datetime) -> History:
    """Return who holds what, who was asked how often, who knows which need, in twelve statements."""
    asked = _asked(now)
    return History(
        taken=_taken(now),
        settled=_settled(now),
        wishes=_wishes(now),
        recent_sessions=_recent_sessions(now),
        recent_asks={row.volunteer_id: row.times for row in asked},
        last_asked=_last_asked(),
        familiar=_familiar(now),
        unfilled_share=_unfilled_share(now),
        lending=lending.supply(now),
    )


def _taken(now: datetime) -> tuple[Taken, ...]:
    today = to_local(now).date()
    this_week = from_local(today - timedelta(days=today.weekday()), time())
    query = (
        select(
            Match.opening_id,
            Match.session_id,
            Match.volunteer_id,
            NeedSession.starts_at,
            NeedSession.ends_at,
        )
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(Match.state.in_(OCCUPYING), NeedSession.starts_at >= this_week)
        .order_by(Match.opening_id, Match.volunteer_id)
    )
    return tuple(Taken(*row) for row in db.session.execute(query))


def _settled(now: datetime) -> tuple[Settled, ...]:
    query = (
        select(Match.opening_id, Match.volunteer_id, Match.state)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(NeedSession.starts_at > now, _by_a_person())
        .order_by(Match.opening_id, Match.volunteer_id)
    )
    return tuple(Settled(*row) for row in db.session.execute(query))


def settled_pairs(opening_ids: Collection[str]) -> frozenset[tuple[str, str]]:
    """Return who is not to be asked again for which of the places."""
    query = select(Match.opening_id, Match.volunteer_id)
    rows = db.session.execute(query.where(Match.opening_id.in_(opening_ids), _by_a_person()))
    return frozenset((row.opening_id, row.volunteer_id) for row in rows)


def _by_a_person() -> ColumnElement[bool]:
    # What a person took back stays back; what the system took away may return when its cause is gone.
    taken_back = (Match.state == MatchState.CANCELLED) & Match.decided_by_id.is_not(None)
    return or_(Match.state.in_(SETTLED), taken_back)


def _wishes(now: datetime) -> tuple[tuple[str, str], ...]:
    query = (
        select(Match.volunteer_id, NeedSession.need_id)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .join(Volunteer, Volunteer.id == Match.volunteer_id)
        .where(
            Match.state == MatchState.PROPOSED,
            Match.decided_by_id == Volunteer.user_id,
            NeedSession.starts_at > now,
        )
        .distinct()
        .order_by(Match.volunteer_id, NeedSession.need_id)
    )
    return tuple((row[0], row[1]) for row in db.session.execute(query))


def _served(now: datetime) -> Any:
    return (
        select(Match.volunteer_id, func.count().label("times"))
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(Match.state.in_(_SERVED), NeedSession.ends_at <= now)
    )


def _recent_sessions(now: datetime) -> Mapping[str, int]:
    query = _served(now).where(NeedSession.ends_at > _lately(now)).group_by(Match.volunteer_id)
    return {row.volunteer_id: row.times for row in db.session.execute(query)}


def _lately(now: datetime) -> datetime:
    # Whole days, so that nobody's standing changes while a day passes.
    return from_local(to_local(now).date() - RECENT, time())


def _familiar(now: datetime) -> Mapping[tuple[str, str], int]:
    query = _served(now).add_columns(NeedSession.need_id).group_by(Match.volunteer_id, NeedSession.need_id)
    return {(row.volunteer_id, row.need_id): row.times for row in db.session.execute(query)}


def _asked(now: datetime) -> list[Any]:
    query = (
        select(Match.volunteer_id, func.count().label("times"))
        .where(Match.offered_at > _lately(now))
        .group_by(Match.volunteer_id)
    )
    return list(db.session.execute(query))


def _last_asked() -> Mapping[str, date]:
    query = select(Match.volunteer_id, func.max(Match.offered_at)).group_by(Match.volunteer_id)
    return {row[0]: to_local(row[1]).date() for row in db.session.execute(query) if row[1] is not None}


def _over(now: datetime) -> tuple[ColumnElement[bool], ...]:
    # A session that was called off was short of nobody.
    held = NeedSession.state != SessionState.CANCELLED
    return NeedSession.ends_at <= now, NeedSession.ends_at > now - RECENT, held


def _unfilled_share(now: datetime) -> Mapping[str, float]:
    query = (
        select(Need.posted_by_id, func.sum(Opening.minimum), func.sum(Opening.filled))
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .join(Need, Need.id == Opening.need_id)
        .where(*_over(now), Opening.filled < Opening.minimum)
        .group_by(Need.posted_by_id)
    )
    short = {row[0]: int(row[1]) - int(row[2]) for row in db.session.execute(query)}
    if not short:
        return {}
    wanted = (
        select(Need.posted_by_id, func.sum(Opening.minimum))
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .join(Need, Need.id == Opening.need_id)
        .where(*_over(now), Need.posted_by_id.in_(short))
        .group_by(Need.posted_by_id)
    )
    totals = {row[0]: int(row[1]) for row in db.session.execute(wanted)}
    return {partner: min(1.0, missing / totals[partner]) for partner, missing in short.items()}
