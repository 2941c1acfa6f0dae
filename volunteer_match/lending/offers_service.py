"""What institutions offer to lend: said, changed, taken back, offered again."""

from collections.abc import Mapping
from typing import Any

from volunteer_match import clock, queue
from volunteer_match.actor import Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.errors import ConflictError, RuleBrokenError
from volunteer_match.lending import queries
from volunteer_match.lending.models import LendingOffer
from volunteer_match.lending.rules import OfferState
from volunteer_match.needs.item_rules import STAYS
from volunteer_match.partners import queries as partners

_FIELDS = (
    "kind", "quantity", "description", "note", "starts_local", "ends_local", "first_day", "last_day",
)  # fmt: skip


def offer(actor: Actor, given: Mapping[str, Any]) -> LendingOffer:
    """Offer something to lend."""
    partner = partners.visible(actor, given["partner_id"])
    made = LendingOffer(id=new_id(), partner=partner, state=OfferState.ACTIVE, created_at=clock.now())
    _fill(made, given)
    db.session.add(made)
    audit.record(actor, "lending_offered", "lending_offer", made.id, kind=made.kind)
    db.session.flush()
    return made


def edit(actor: Actor, offer_id: str, version: int | None, given: Mapping[str, Any]) -> LendingOffer:
    """Change an offer; what was lent under it and does not fit any more is called off."""
    changed = queries.own_offer(actor, offer_id)
    if version is not None and changed.version != version:
        raise ConflictError
    _fill(changed, given)
    audit.record(actor, "lending_changed", "lending_offer", changed.id, kind=changed.kind)
    queue.wake("reconcile")
    return changed


def _fill(row: LendingOffer, given: Mapping[str, Any]) -> None:
    # Of the choices of a form only the institution's own places are meant.
    own = {venue.id for venue in row.partner.venues}
    if given["venue_id"] and given["venue_id"] not in own:
        raise RuleBrokenError("venue_unknown")
    if given["kind"] in STAYS and not given["venue_id"]:
        raise RuleBrokenError("room_without_place")
    for name in _FIELDS:
        setattr(row, name, given[name])
    row.weekdays = "".join(str(day) for day in given["weekdays"])
    row.venue_id = given["venue_id"] or None


def set_state(actor: Actor, offer_id: str, version: int | None, state: OfferState) -> LendingOffer:
    """Take an offer back, or make it again; whoever was to borrow is told."""
    row = queries.own_offer(actor, offer_id)
    if version is not None and row.version != version:
        raise ConflictError
    row.state = state
    audit.record(actor, f"lending_{state}", "lending_offer", row.id)
    queue.wake("reconcile")
    return row
