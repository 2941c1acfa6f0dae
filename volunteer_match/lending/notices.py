"""Who hears what when a loan moves."""

from collections.abc import Iterable

from volunteer_match.lending import messages, rules
from volunteer_match.lending.messages import LoanCase
from volunteer_match.lending.models import LendingOffer, Loan
from volunteer_match.lending.rules import LoanEvent, LoanState
from volunteer_match.notifications import outbox
from volunteer_match.notifications.message import Message
from volunteer_match.partners import queries as partners
from volunteer_match.partners.models import Partner

# Whoever borrows did this themselves, or hears of it with the rest of the need.
_BY_BORROWER = frozenset({"need_withdrawn", "session_cancelled", "partner_not_verified"})


def tell(loan: Loan, event: LoanEvent, source: LoanState) -> None:
    """Put every message that follows from this event into the outbox."""
    for message in _messages(loan, event, source):
        outbox.put(message)


def _messages(loan: Loan, event: LoanEvent, source: LoanState) -> Iterable[Message]:
    case = case_of(loan)
    owners = partners.contacts(loan.offer.partner)
    borrowers = partners.contacts(loan.session.need.posted_by)
    agreed = source == LoanState.AGREED
    if event == LoanEvent.ASK:
        yield from (messages.loan_asked(case, to) for to in owners)
    elif event == LoanEvent.AGREE:
        yield from (messages.loan_agreed(case, to) for to in borrowers)
    elif event == LoanEvent.CANCEL and loan.reason not in rules.BY_OWNER:
        yield from (messages.loan_cancelled(case, to, loan.reason, agreed) for to in owners)
    lost = event in (LoanEvent.CANCEL, LoanEvent.REFUSE) and loan.reason not in _BY_BORROWER
    if agreed and lost:
        yield from (messages.loan_lost(case, to) for to in borrowers)


def case_of(loan: Loan) -> LoanCase:
    """Return what mails and pages say about a loan."""
    offer, meeting, need = loan.offer, loan.session, loan.session.need
    lender, borrower = _contact(offer.partner), _contact(need.posted_by)
    return LoanCase(
        loan_id=loan.id,
        version=loan.version,
        need_id=need.id,
        kind=loan.item.kind,
        quantity=loan.item.quantity,
        wish=loan.item.note,
        description=offer.description,
        note=offer.note,
        title=need.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        where=_place(need.venue),
        fetched=_place(offer.venue),
        lender=offer.partner.name,
        lender_contact=lender[0],
        lender_phone=lender[1],
        borrower=need.posted_by.name,
        borrower_contact=borrower[0],
        borrower_phone=borrower[1],
        answer_by=loan.answer_by,
    )


def _place(venue: object) -> str:
    parts = (getattr(venue, "name", ""), getattr(venue, "address", ""))
    return ", ".join(part for part in parts if part)


def _contact(partner: Partner) -> tuple[str, str]:
    person = next(iter(partners.contact_people(partner)), None)
    return (person.name if person else ""), (person.phone if person else "") or partner.phone


def belongs_to(offer: LendingOffer, user_id: str | None) -> bool:
    """Tell whether the person acts for the institution that lends."""
    return partners.is_member(offer.partner, user_id)
