"""Mails about lending: asking the owner, telling whoever borrows, and calling it off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_match.needs.item_rules import item_words
from volunteer_match.notifications.message import Kind, Message, Recipient, register

register(Kind("loan_asked"), Kind("loan_agreed"), Kind("loan_lost"), Kind("loan_cancelled"))


@dataclass(frozen=True)
class LoanCase:
    """One loan as the mails tell it: what, for what, where and when, who lends, who borrows."""

    loan_id: str
    version: int
    need_id: str
    kind: str
    quantity: int
    wish: str
    description: str
    note: str
    title: str
    starts_at: datetime
    ends_at: datetime
    where: str
    fetched: str
    lender: str
    lender_contact: str
    lender_phone: str
    borrower: str
    borrower_contact: str
    borrower_phone: str
    answer_by: datetime | None = None


def loan_asked(case: LoanCase, to: Recipient) -> Message:
    """Ask the owner whether they lend it for this session."""
    answer_by = case.answer_by.isoformat() if case.answer_by else None
    facts = _facts(case, to) | {"wish": case.wish, "answer_by_at": answer_by}
    facts |= {"borrower_contact": case.borrower_contact, "borrower_phone": case.borrower_phone}
    return _message("loan_asked", case, to, facts, case.starts_at)


def loan_agreed(case: LoanCase, to: Recipient) -> Message:
    """Tell whoever borrows that it is lent, with the owner's contact."""
    facts = _facts(case, to) | {
        "description": case.description,
        "note": case.note,
        "fetched": case.fetched,
        "lender_contact": case.lender_contact,
        "lender_phone": case.lender_phone,
    }
    return _message("loan_agreed", case, to, facts, case.ends_at)


def loan_lost(case: LoanCase, to: Recipient) -> Message:
    """Tell whoever was to borrow that it will not come."""
    return _message("loan_lost", case, to, _facts(case, to), case.ends_at)


def loan_cancelled(case: LoanCase, to: Recipient, cause: str, agreed: bool) -> Message:
    """Tell the owner that it is not needed."""
    return _message("loan_cancelled", case, to, _facts(case, to) | {"cause": cause, "agreed": agreed})


def _message(
    kind: str, case: LoanCase, to: Recipient, facts: dict[str, Any], expires_at: datetime | None = None
) -> Message:
    return Message(kind, to, case.loan_id, facts, {}, str(case.version), expires_at=expires_at)


def _facts(case: LoanCase, to: Recipient) -> dict[str, Any]:
    return {
        "loan_id": case.loan_id,
        "need_id": case.need_id,
        "thing": item_words(case.kind, case.quantity, to.locale),
        "title": case.title,
        "starts_at": case.starts_at.isoformat(),
        "ends_at": case.ends_at.isoformat(),
        "where": case.where,
        "lender": case.lender,
        "borrower": case.borrower,
    }
