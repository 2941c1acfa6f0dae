"""Finds the matches and sessions that something is due for, cheaply, before anything is loaded whole."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from volunteer_match.db import db
from volunteer_match.i18n import to_local
from volunteer_match.needs.models import Need, NeedSession, Opening
from volunteer_match.needs.rules import Contact, NeedState, SessionState
from volunteer_match.partners.models import Partner
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements.models import Match
from volunteer_match.placements.queries import LEAN
from volunteer_match.placements.rules import MatchState
from volunteer_match.safeguarding import queries as safeguarding
from volunteer_match.safeguarding.rules import agreed_on

_STANDING = (MatchState.PROPOSED, MatchState.OFFERED, MatchState.CONFIRMED, MatchState.HELD)


def unanswered(now: datetime, limit: int) -> Sequence[str]:
    """Return the offers whose time to answer is over."""
    query = (
        select(Match.id)
        .where(Match.state == MatchState.OFFERED, Match.answer_by <= now)
        .order_by(Match.answer_by, Match.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def suspects(now: datetime) -> list[str]:
    """Return the matches of coming sessions whose ground may have changed, the soonest first."""
    rows = _standing(now)
    people = {row.volunteer_id for row in rows}
    cleared = safeguarding.cleared_until_by_organiser(people, to_local(now).date())
    agreed = safeguarding.agreed_spans(people)
    return [row.id for row in rows if row.odd or _papers_lapse(row, cleared, agreed)]


def halted(now: datetime, limit: int) -> Sequence[Need]:
    """Return the published needs with dates ahead of two institutions, one of which may not organise now."""
    poster, organiser = aliased(Partner), aliased(Partner)
    ahead = exists().where(
        NeedSession.need_id == Need.id,
        NeedSession.state == SessionState.SCHEDULED,
        NeedSession.starts_at > now,
    )
    query = (
        select(Need)
        .join(poster, poster.id == Need.posted_by_id)
        .join(organiser, organiser.id == Need.organiser_id)
        .where(
            Need.state == NeedState.PUBLISHED,
            poster.id != organiser.id,
            or_(poster.state != PartnerState.VERIFIED, organiser.state != PartnerState.VERIFIED),
            ahead,
        )
        .order_by(Need.id)
        .limit(limit)
    )
    return db.session.scalars(query).unique().all()


def matches(ids: Sequence[str]) -> list[Match]:
    """Return the matches in the order of the ids."""
    found = {
        match.id: match
        for match in db.session.scalars(select(Match).options(*LEAN).where(Match.id.in_(ids))).unique()
    }
    return [found[match_id] for match_id in ids if match_id in found]


def _standing(now: datetime) -> Sequence[Any]:
    poster, organiser = aliased(Partner), aliased(Partner)
    odd = or_(
        Need.state != NeedState.PUBLISHED,
        NeedSession.state != SessionState.SCHEDULED,
        poster.state != PartnerState.VERIFIED,
        organiser.state != PartnerState.VERIFIED,
        and_(Need.contact == Contact.CHILDREN, organiser.organiser.is_(False)),
        Volunteer.state != VolunteerState.ACTIVE,
        Volunteer.paused_from.is_not(None),
        Match.state == MatchState.HELD,
        NeedSession.starts_at <= now,
    )
    query = (
        select(
            Match.id,
            Match.volunteer_id,
            Need.organiser_id,
            Need.contact,
            NeedSession.ends_at,
            func.coalesce(odd, False).label("odd"),
        )
        .join(NeedSession, NeedSession.id == Match.session_id)
        .join(Need, Need.id == NeedSession.need_id)
        .join(poster, poster.id == Need.posted_by_id)
        .outerjoin(organiser, organiser.id == Need.organiser_id)
        .join(Volunteer, Volunteer.id == Match.volunteer_id)
        .where(
            Match.state.in_(_STANDING),
            or_(NeedSession.starts_at > now, Match.state == MatchState.PROPOSED),
        )
        .order_by(NeedSession.starts_at, Match.id)
    )
    return db.session.execute(query).all()


def _papers_lapse(row: Any, cleared: Any, agreed: Any) -> bool:
    day, children = to_local(row.ends_at).date(), row.contact == Contact.CHILDREN
    until = cleared.get(row.volunteer_id, {}).get(row.organiser_id)
    if children and (until is None or until < day):
        return True
    return not agreed_on(agreed.get(row.volunteer_id, ()), day, with_children=children)


def soon(now: datetime, until: datetime) -> Sequence[NeedSession]:
    """Return the scheduled sessions of published needs that start between the moments."""
    query = (
        select(NeedSession)
        .join(Need, Need.id == NeedSession.need_id)
        .where(
            NeedSession.state == SessionState.SCHEDULED,
            Need.state == NeedState.PUBLISHED,
            NeedSession.starts_at > now,
            NeedSession.starts_at <= until,
        )
        .order_by(NeedSession.starts_at, NeedSession.id)
    )
    return db.session.scalars(query).unique().all()


def confirmed_people(session_ids: Collection[str]) -> Sequence[Any]:
    """Return session, opening and birth date of everyone who confirmed for the sessions."""
    query = (
        select(Match.session_id, Match.opening_id, Volunteer.birth_date)
        .join(Volunteer, Volunteer.id == Match.volunteer_id)
        .where(Match.session_id.in_(session_ids), Match.state == MatchState.CONFIRMED)
    )
    return db.session.execute(query).all()


def released_since(since: datetime, now: datetime) -> Sequence[Match]:
    """Return the matches of coming sessions that came to nothing since the moment."""
    query = (
        select(Match)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .join(Opening, Opening.id == Match.opening_id)
        .where(
            Match.state.in_([MatchState.DECLINED, MatchState.EXPIRED, MatchState.CANCELLED]),
            Match.changed_at > since,
            NeedSession.starts_at > now,
            Opening.filled < Opening.capacity,
        )
        .order_by(NeedSession.starts_at, Match.id)
        .limit(20)
    )
    return db.session.scalars(query).unique().all()


def waiting_proposals(now: datetime) -> int:
    """Return how many proposals for coming sessions wait for a decision."""
    query = (
        select(func.count(Match.id))
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(Match.state == MatchState.PROPOSED, NeedSession.starts_at > now)
    )
    return db.session.scalar(query) or 0
