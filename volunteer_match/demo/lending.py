"""What the demo's institutions lend each other: offers, requests, and the first decisions."""

from collections.abc import Iterable, Mapping
from datetime import time

from sqlalchemy import select

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.db import db
from volunteer_match.lending import queries
from volunteer_match.lending import service as lending
from volunteer_match.lending.models import LendingOffer
from volunteer_match.needs.models import Need, NeedItem
from volunteer_match.partners.models import Partner

Rows = Iterable[Mapping[str, str]]


def add(offers: Rows, requests: Rows) -> None:
    """Add what is offered and what the needs ask for."""
    partners = {partner.name: partner for partner in db.session.scalars(select(Partner))}
    needs = {need.title: need for need in db.session.scalars(select(Need)).unique()}
    for row in offers:
        db.session.add(_offer(partners[row["partner"]], row))
    for row in requests:
        needs[row["tytuł"]].items.append(_item(row))
    db.session.flush()


def _offer(partner: Partner, row: Mapping[str, str]) -> LendingOffer:
    return LendingOffer(
        partner_id=partner.id,
        venue_id=partner.venues[0].id if partner.venues else None,
        kind=row["rodzaj"],
        quantity=int(row["ile"]),
        description=row["opis"],
        note=row["uwagi"],
        weekdays=row["dni"],
        starts_local=time.fromisoformat(row["od"]) if row["od"] else None,
        ends_local=time.fromisoformat(row["do"]) if row["do"] else None,
        created_at=clock.now(),
    )


def _item(row: Mapping[str, str]) -> NeedItem:
    return NeedItem(
        kind=row["rodzaj"], quantity=int(row["ile"]), needed=row["potrzebne"] == "tak", note=row["uwaga"]
    )


def decide(coordinator: Actor) -> None:
    """Approve the first two proposals and let the first owner agree; the others wait on the desk."""
    for number, loan in enumerate(queries.proposals(clock.now())[:2]):
        lending.ask(coordinator, loan.id)
        if number == 0:
            lending.answer(coordinator, loan.id, True, "")
