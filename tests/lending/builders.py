"""Builders of things to lend and loans, on top of the general ones."""

from datetime import date
from typing import Any

from tests.factories import make_need, make_partner, save
from volunteer_match import clock
from volunteer_match.actor import Actor, Role
from volunteer_match.db import db, transaction
from volunteer_match.lending.models import LendingOffer, Loan
from volunteer_match.lending.rules import OfferState
from volunteer_match.needs.models import Need, NeedItem
from volunteer_match.needs.rules import Contact
from volunteer_match.partners.models import Partner

COORDINATOR = Actor("c" * 22, frozenset({Role.COORDINATOR}))


def make_offer(partner: Partner | None = None, kind: str = "projector", **fields: Any) -> LendingOffer:
    """Return a saved offer to lend, at any time unless said otherwise."""
    offer = LendingOffer(
        partner_id=(partner or make_partner()).id,
        kind=kind,
        state=fields.pop("state", OfferState.ACTIVE),
        created_at=clock.now(),
        **{"quantity": 1, "note": "Portiernia, wejście od podwórza"} | fields,
    )
    save(offer)
    return offer


def make_asking_need(kind: str = "projector", *, day: date | None = None, **fields: Any) -> Need:
    """Return a published need without children that asks for one kind of thing."""
    item = NeedItem(kind=kind, quantity=fields.pop("quantity", 1), needed=fields.pop("needed", False))
    need = make_need(fields.pop("partner", None), day=day, contact=Contact.NO_CHILDREN, **fields)
    with transaction():
        need.items = [item]
    db.session.expire(need, ["items"])
    return need


def make_loan(need: Need | None = None, offer: LendingOffer | None = None, **fields: Any) -> Loan:
    """Return a saved proposal of the offer for the need's first session."""
    need = need or make_asking_need()
    loan = Loan(
        need_id=need.id,
        session_id=need.sessions[0].id,
        item_id=need.items[0].id,
        offer_id=(offer or make_offer()).id,
        created_at=clock.now(),
        changed_at=clock.now(),
        **fields,
    )
    save(loan)
    return loan


def owner_of(offer: LendingOffer) -> Actor:
    """Return the contact person of the institution that lends, acting."""
    return Actor(offer.partner.members[0].user_id, frozenset({Role.PARTNER}))
