"""Reads offers to lend and loans: for pages, for decisions, and for the matching."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from volunteer_match.actor import Actor
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.i18n import to_local
from volunteer_match.lending.models import LendingOffer, Loan
from volunteer_match.lending.rules import HOLDING, SETTLED, STANDING, Hours, LoanState, OfferState
from volunteer_match.matching.rules import Lendable, Lending, Lent
from volunteer_match.needs.item_rules import STAYS
from volunteer_match.needs.models import NeedItem, NeedSession
from volunteer_match.needs.rules import SessionState
from volunteer_match.partners import queries as partners
from volunteer_match.partners.models import Partner
from volunteer_match.partners.rules import PartnerState

# A page of loans needs none of the places of its sessions.
LEAN = (lazyload(Loan.session, NeedSession.openings),)


def offer(offer_id: str) -> LendingOffer:
    """Return the offer, or raise NotFoundError."""
    found = db.session.get(LendingOffer, offer_id)
    if found is None:
        raise NotFoundError("lending offer")
    return found


def own_offer(actor: Actor, offer_id: str) -> LendingOffer:
    """Return the offer when the actor acts for the institution that made it, or coordinates."""
    found = offer(offer_id)
    partners.visible(actor, found.partner_id)
    return found


def loan(loan_id: str) -> Loan:
    """Return the loan, or raise NotFoundError."""
    found = db.session.get(Loan, loan_id, options=LEAN)
    if found is None:
        raise NotFoundError("loan")
    return found


def offers(actor: Actor) -> Sequence[LendingOffer]:
    """Return the offers of the actor's institutions, or all of them for coordinators, the newest first."""
    query = select(LendingOffer).order_by(LendingOffer.state, LendingOffer.created_at.desc(), LendingOffer.id)
    if not partners.coordinates(actor):
        query = query.where(LendingOffer.partner_id.in_([p.id for p in partners.own(actor.user_id)]))
    return db.session.scalars(query).unique().all()


def identities() -> set[tuple[str, str, str, str | None, time | None, str]]:
    """Return of each offer what tells it from others: owner, kind, description, place, begin and weekdays."""
    offer = LendingOffer
    query = select(
        offer.partner_id, offer.kind, offer.description, offer.venue_id, offer.starts_local, offer.weekdays
    )
    return {(row[0], row[1], row[2], row[3], row[4], row[5]) for row in db.session.execute(query)}


def coming(actor: Actor, now: datetime) -> Sequence[Loan]:
    """Return the loans asked of the actor's institutions (of any, for coordinators) for coming sessions."""
    query = _coming(now).where(Loan.state.in_(HOLDING))
    if not partners.coordinates(actor):
        mine = select(LendingOffer.id).where(
            LendingOffer.partner_id.in_([p.id for p in partners.own(actor.user_id)])
        )
        query = query.where(Loan.offer_id.in_(mine))
    return db.session.scalars(query.limit(100)).unique().all()


def proposals(now: datetime) -> Sequence[Loan]:
    """Return the loans that wait for a coordinator's decision, the soonest first."""
    return db.session.scalars(_coming(now).where(Loan.state == LoanState.PROPOSED).limit(100)).unique().all()


def _coming(now: datetime) -> Any:
    return (
        select(Loan)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Loan.session_id)
        .where(NeedSession.starts_at > now)
        .order_by(NeedSession.starts_at, Loan.item_id, Loan.id)
    )


def proposals_between(begins: datetime, ends: datetime) -> Sequence[Loan]:
    """Return the proposals for sessions between the moments."""
    query = (
        select(Loan)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Loan.session_id)
        .where(
            Loan.state == LoanState.PROPOSED, NeedSession.starts_at >= begins, NeedSession.starts_at < ends
        )
        .order_by(Loan.id)
    )
    return db.session.scalars(query).unique().all()


def of_sessions(session_ids: Collection[str]) -> Sequence[Loan]:
    """Return the loans of the sessions that are proposed, asked or agreed."""
    query = (
        select(Loan)
        .options(*LEAN)
        .where(Loan.session_id.in_(session_ids), Loan.state.in_(STANDING))
        .order_by(Loan.session_id, Loan.item_id, Loan.state, Loan.id)
    )
    return db.session.scalars(query).unique().all()


def items_of(need_id: str) -> Sequence[NeedItem]:
    """Return what a need asks to borrow."""
    query = select(NeedItem).where(NeedItem.need_id == need_id).order_by(NeedItem.position, NeedItem.id)
    return db.session.scalars(query).all()


def unanswered(now: datetime) -> Sequence[str]:
    """Return the loans whose time to answer is over."""
    query = select(Loan.id).where(Loan.state == LoanState.ASKED, Loan.answer_by <= now)
    return db.session.scalars(query.order_by(Loan.answer_by, Loan.id).limit(200)).all()


def standing(now: datetime) -> Sequence[Loan]:
    """Return the loans that may lose their ground: of coming sessions, and proposals whose session began."""
    query = (
        select(Loan)
        .options(*LEAN)
        .join(NeedSession, NeedSession.id == Loan.session_id)
        .where(Loan.state.in_(STANDING), (NeedSession.starts_at > now) | (Loan.state == LoanState.PROPOSED))
        .order_by(NeedSession.starts_at, Loan.id)
    )
    return db.session.scalars(query).unique().all()


def hours(offer: LendingOffer) -> Hours:
    """Return when an offer stands."""
    return Hours(offer.weekdays, offer.starts_local, offer.ends_local, offer.first_day, offer.last_day)


def supply(now: datetime) -> Lending:
    """Return what the matching is told about lending, in four statements."""
    rows = db.session.scalars(
        select(LendingOffer)
        .join(Partner, Partner.id == LendingOffer.partner_id)
        .where(LendingOffer.state == OfferState.ACTIVE, Partner.state == PartnerState.VERIFIED)
        .options(lazyload(LendingOffer.partner))
        .order_by(LendingOffer.id)
    ).unique()
    asked = _last_asked()
    offers = tuple(_lendable(row, asked) for row in rows)
    if not offers:
        return Lending()
    return Lending(offers, _lent(now), _settled(now), _familiar(now))


def _lendable(row: LendingOffer, asked: Mapping[str, date]) -> Lendable:
    return Lendable(
        offer_id=row.id,
        partner_id=row.partner_id,
        kind=row.kind,
        quantity=row.quantity,
        place=None if row.kind in STAYS else _point(row),
        weekly=hours(row).weekly,
        first_day=row.first_day,
        last_day=row.last_day,
        last_asked=asked.get(row.id),
    )


def _point(row: LendingOffer) -> tuple[float, float] | None:
    if row.venue is None:
        return None
    if row.venue.latitude is not None and row.venue.longitude is not None:
        return row.venue.latitude, row.venue.longitude
    return row.venue.district.latitude, row.venue.district.longitude


def _last_asked() -> Mapping[str, date]:
    query = select(Loan.offer_id, func.max(Loan.asked_at)).group_by(Loan.offer_id)
    return {row[0]: to_local(row[1]).date() for row in db.session.execute(query) if row[1] is not None}


def _lent(now: datetime) -> tuple[Lent, ...]:
    query = (
        select(Loan.session_id, Loan.item_id, Loan.offer_id, NeedSession.starts_at, NeedSession.ends_at)
        .join(NeedSession, NeedSession.id == Loan.session_id)
        .where(Loan.state.in_(HOLDING), NeedSession.ends_at > now)
        .order_by(Loan.id)
    )
    return tuple(Lent(*row) for row in db.session.execute(query))


def _settled(now: datetime) -> tuple[tuple[str, str, str, str], ...]:
    by_person = (Loan.state == LoanState.CANCELLED) & Loan.decided_by_id.is_not(None)
    query = (
        select(Loan.session_id, Loan.item_id, Loan.offer_id, Loan.state)
        .join(NeedSession, NeedSession.id == Loan.session_id)
        .where(NeedSession.starts_at > now, Loan.state.in_(SETTLED) | by_person)
        .order_by(Loan.id)
    )
    return tuple((row[0], row[1], row[2], str(row[3])) for row in db.session.execute(query))


def _familiar(now: datetime) -> Mapping[tuple[str, str], int]:
    query = (
        select(Loan.offer_id, Loan.need_id, func.count())
        .join(NeedSession, NeedSession.id == Loan.session_id)
        .where(Loan.state == LoanState.AGREED, NeedSession.ends_at <= now)
        .group_by(Loan.offer_id, Loan.need_id)
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def of_pair(session_id: str, item_id: str, offer_id: str) -> Loan | None:
    """Return what became of this offer for this request so far, if anything."""
    query = (
        select(Loan)
        .options(*LEAN)
        .where(Loan.session_id == session_id, Loan.item_id == item_id, Loan.offer_id == offer_id)
    )
    return db.session.scalars(query).unique().one_or_none()


def need_of(session_id: str) -> str:
    """Return the need a session belongs to."""
    return db.session.scalars(select(NeedSession.need_id).where(NeedSession.id == session_id)).one()


def coming_sessions(need_id: str, now: datetime) -> Sequence[str]:
    """Return the planned sessions of a need that have not begun, the next first."""
    query = select(NeedSession.id).where(
        NeedSession.need_id == need_id,
        NeedSession.state == SessionState.SCHEDULED,
        NeedSession.starts_at > now,
    )
    return db.session.scalars(query.order_by(NeedSession.starts_at)).all()


def to_decide(now: datetime) -> int:
    """Return how many loans wait for a coordinator's decision."""
    query = (
        select(func.count(Loan.id))
        .join(NeedSession, NeedSession.id == Loan.session_id)
        .where(Loan.state == LoanState.PROPOSED, NeedSession.starts_at > now)
    )
    return db.session.scalar(query) or 0
