"""Reads what a loan stands on: session, need, both institutions, and the offer as it is now."""

from volunteer_match.i18n import local_zone, to_local
from volunteer_match.lending import queries, rules
from volunteer_match.lending.models import Loan
from volunteer_match.lending.rules import Ground, OfferState
from volunteer_match.needs.rules import NeedState, SessionState
from volunteer_match.partners.rules import PartnerState


def ground(loan: Loan) -> Ground:
    """Return what one loan stands on."""
    meeting, need, offer = loan.session, loan.session.need, loan.offer
    return Ground(
        starts_at=meeting.starts_at,
        session_scheduled=meeting.state == SessionState.SCHEDULED,
        need_published=need.state == NeedState.PUBLISHED,
        asking_partner_verified=need.posted_by.state == PartnerState.VERIFIED,
        offer_active=offer.state == OfferState.ACTIVE,
        lending_partner_verified=offer.partner.state == PartnerState.VERIFIED,
        serves=offer.kind == loan.item.kind and offer.quantity >= loan.item.quantity and _is_open(loan),
    )


def _is_open(loan: Loan) -> bool:
    starts, ends = loan.session.starts_at, loan.session.ends_at
    first, last = to_local(starts).date(), to_local(ends).date()
    found = rules.open_intervals(queries.hours(loan.offer), first, last, local_zone())
    return any(opens <= starts and ends <= closes for opens, closes in found)
