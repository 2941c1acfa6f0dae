"""The one door every loan goes through: guard, version, time, messages and history together."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from volunteer_match import clock, queue
from volunteer_match.actor import STAFF, SYSTEM, Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.lending import grounds, notices, queries, rules
from volunteer_match.lending.models import LendingOffer, LendingSlot, Loan
from volunteer_match.lending.rules import HOLDING, LoanEvent, LoanState
from volunteer_match.needs.models import NeedSession
from volunteer_match.needs.rules import slots

KNOWN_REASONS = frozenset(
    {
        "need_withdrawn", "session_cancelled", "partner_not_verified", "lending_withdrawn",
        "lender_not_verified", "lending_changed", "session_started",
    }
)  # fmt: skip


def apply(
    actor: Actor, loan_id: str, event: LoanEvent, *, reason: str = "", expected: int | None = None
) -> Loan:
    """Move one loan: check, change, take or free the thing, tell everyone concerned, write it down."""
    with db.session.begin_nested():
        return _apply(actor, loan_id, event, reason, expected)


def _apply(actor: Actor, loan_id: str, event: LoanEvent, reason: str, expected: int | None) -> Loan:
    loan, now = locked(loan_id), clock.now()
    if expected is not None and loan.version != expected:
        raise ConflictError()
    source = LoanState(loan.state)
    target = rules.TRANSITIONS[source].get(event)
    if target is None:
        raise RuleBrokenError("illegal_transition", state=source, event=event)
    _check_actor(actor, loan, event)
    _check_ground(loan, event, now)
    if target in HOLDING and source not in HOLDING:
        _check_free(loan)
    _change(actor, loan, event, target, reason, now)
    _move_time(loan, source, target)
    code = reason if reason in KNOWN_REASONS else ""
    audit.record(actor, f"loan_{event}", "loan", loan.id, source=source, target=target, reason=code)
    notices.tell(loan, event, source)
    if source in HOLDING and target not in HOLDING:
        queue.wake("reconcile")
    return loan


def locked(loan_id: str) -> Loan:
    """Load a loan as it is now, holding its offer and itself until the end."""
    offer_id = queries.loan(loan_id).offer_id
    lock(offer_id)
    query = select(Loan).where(Loan.id == loan_id).options(*queries.LEAN).with_for_update(of=Loan)
    return db.session.execute(query.execution_options(populate_existing=True)).unique().scalar_one()


def lock(offer_id: str) -> None:
    """Hold an offer until the end of the transaction (SQLite already holds everything)."""
    db.session.execute(
        select(LendingOffer.id).where(LendingOffer.id == offer_id).with_for_update(key_share=True)
    )


def _check_actor(actor: Actor, loan: Loan, event: LoanEvent) -> None:
    if not rules.may(actor.roles, actor.user_id is None, event):
        raise ForbiddenError(event)
    if actor.user_id is None or actor.roles & rules.WHO[event] & STAFF:
        return
    if not notices.belongs_to(loan.offer, actor.user_id):
        raise NotFoundError("loan")


def _check_ground(loan: Loan, event: LoanEvent, now: datetime) -> None:
    if rules.too_late(event, now, loan.session.starts_at):
        raise RuleBrokenError("session_started")
    if event in (LoanEvent.ASK, LoanEvent.AGREE):
        code = rules.lost_ground(grounds.ground(loan))
        if code:
            raise RuleBrokenError(code)


def _change(
    actor: Actor, loan: Loan, event: LoanEvent, target: LoanState, reason: str, now: datetime
) -> None:
    loan.state, loan.reason, loan.changed_at = target, reason, now
    if event == LoanEvent.ASK:
        loan.asked_at, loan.answered_at, loan.answer_channel = now, None, None
        loan.answer_by = rules.answer_deadline(now, loan.session.starts_at)
    if event in (LoanEvent.AGREE, LoanEvent.REFUSE):
        loan.answered_at, loan.answer_channel = now, actor.channel
    else:
        loan.decided_by_id = actor.user_id


def _move_time(loan: Loan, source: LoanState, target: LoanState) -> None:
    if source not in HOLDING and target in HOLDING:
        _take(loan)
        for other_id in _crowded_out(loan):
            apply(SYSTEM, other_id, LoanEvent.SUPERSEDE)
    elif source in HOLDING and target not in HOLDING:
        db.session.execute(delete(LendingSlot).where(LendingSlot.loan_id == loan.id))
    db.session.flush()  # the version check speaks before anybody is told


def _check_free(loan: Loan) -> None:
    wanted = slots(loan.session.starts_at, loan.session.ends_at)
    taken = select(LendingSlot.loan_id).where(
        LendingSlot.offer_id == loan.offer_id, LendingSlot.starts_at.in_(wanted)
    )
    if db.session.scalars(taken.limit(1)).first() is not None:
        raise ConflictError("thing_taken")
    served = select(Loan.id).where(
        Loan.session_id == loan.session_id, Loan.item_id == loan.item_id, Loan.state.in_(HOLDING)
    )
    if db.session.scalars(served.limit(1)).first() is not None:
        raise ConflictError("request_served")


def _take(loan: Loan) -> None:
    wanted = slots(loan.session.starts_at, loan.session.ends_at)
    rows = [{"offer_id": loan.offer_id, "starts_at": at, "loan_id": loan.id} for at in wanted]
    try:
        db.session.flush()
        db.session.execute(insert(LendingSlot), rows)
    except IntegrityError as error:  # another writer between the look and the booking
        raise ConflictError("thing_taken") from error


def _crowded_out(loan: Loan) -> Sequence[str]:
    same_request = (Loan.session_id == loan.session_id) & (Loan.item_id == loan.item_id)
    same_time = (
        (Loan.offer_id == loan.offer_id)
        & (NeedSession.starts_at < loan.session.ends_at)
        & (NeedSession.ends_at > loan.session.starts_at)
    )
    query = (
        select(Loan.id)
        .join(NeedSession, NeedSession.id == Loan.session_id)
        .where(Loan.state == LoanState.PROPOSED, Loan.id != loan.id, same_request | same_time)
        .order_by(Loan.id)
    )
    return db.session.scalars(query).all()
