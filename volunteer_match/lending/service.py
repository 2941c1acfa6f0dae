"""Loans: what a run proposes, what a coordinator decides, what the owner answers, what follows by itself."""

from collections.abc import Sequence
from datetime import datetime

from volunteer_match import clock
from volunteer_match.actor import SYSTEM, Actor, Channel, Role
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.lending import grounds, notices, queries, rules, transitions
from volunteer_match.lending.models import Loan
from volunteer_match.lending.rules import LoanEvent, LoanState
from volunteer_match.matching.rules import request_of
from volunteer_match.matching.service import Proposal

Between = tuple[datetime, datetime]
_WANTED = {LoanState.AGREED: True, LoanState.REFUSED: False}


def put_on_desk(actor: Actor, run_id: str, proposals: Sequence[Proposal], between: Between) -> int:
    """Put the loans of a run on the desk in place of earlier proposals; return how many there are."""
    wanted = {(*key, each.volunteer_id): each for each in proposals if (key := request_of(each.opening_id))}
    for old in queries.proposals_between(*between):
        if (old.session_id, old.item_id, old.offer_id) not in wanted:
            transitions.apply(actor, old.id, LoanEvent.SUPERSEDE)
    for (session_id, item_id, offer_id), each in wanted.items():
        _put(actor, (session_id, item_id, offer_id), each, run_id)
    return len(wanted)


def _put(actor: Actor, pair: tuple[str, str, str], proposal: Proposal, run_id: str) -> None:
    transitions.lock(pair[2])
    loan = queries.of_pair(*pair)
    if loan is None:
        loan = _new(pair)
    elif rules.may_return(LoanState(loan.state), by_person=loan.decided_by_id is not None):
        # What people decided while the solver was thinking stays decided.
        transitions.apply(actor, loan.id, LoanEvent.PROPOSE)
    if loan.state == LoanState.PROPOSED:
        loan.run_id, loan.reasons = run_id, list(proposal.reasons)


def _new(pair: tuple[str, str, str]) -> Loan:
    session_id, item_id, offer_id = pair
    now = clock.now()
    loan = Loan(
        need_id=queries.need_of(session_id),
        session_id=session_id,
        item_id=item_id,
        offer_id=offer_id,
        state=LoanState.PROPOSED,
        created_at=now,
        changed_at=now,
    )
    db.session.add(loan)
    return loan


def ask(actor: Actor, loan_id: str, version: int | None = None) -> Loan:
    """Approve a proposal: the thing is kept for the session and its owner is asked."""
    return transitions.apply(actor, loan_id, LoanEvent.ASK, expected=version)


def turn_down(actor: Actor, loan_id: str, version: int | None = None) -> Loan:
    """Turn a proposal down for good."""
    return transitions.apply(actor, loan_id, LoanEvent.REJECT, expected=version)


def call_off(actor: Actor, loan_id: str, version: int | None = None) -> Loan:
    """Take the question or the agreement back; everyone concerned is told."""
    return transitions.apply(actor, loan_id, LoanEvent.CANCEL, expected=version)


def visible(actor: Actor, loan_id: str) -> Loan:
    """Return a loan that was asked for, to its owner and to coordinators."""
    loan = queries.loan(loan_id)
    if not actor.has(Role.COORDINATOR) and not notices.belongs_to(loan.offer, actor.user_id):
        raise NotFoundError("loan")
    if loan.asked_at is None and not actor.has(Role.COORDINATOR):
        raise NotFoundError("loan")
    return loan


def answer(actor: Actor, loan_id: str, agrees: bool, reason: str) -> Loan:
    """Take the owner's answer; a coordinator who does not belong to them writes down what they said."""
    loan = visible(actor, loan_id)
    # The same answer twice (a second press, a reloaded page) changes nothing and is no mistake.
    if _WANTED.get(LoanState(loan.state)) is agrees:
        return loan
    if not notices.belongs_to(loan.offer, actor.user_id):
        actor = actor.by(Channel.PHONE)
    return transitions.apply(actor, loan_id, LoanEvent.AGREE if agrees else LoanEvent.REFUSE, reason=reason)


def reconcile(now: datetime) -> None:
    """Let unanswered questions go and call off the loans whose ground is gone."""
    for loan_id in queries.unanswered(now):
        transitions.apply(SYSTEM, loan_id, LoanEvent.EXPIRE)
    for loan in queries.standing(now):
        found = rules.consequence(LoanState(loan.state), grounds.ground(loan), now)
        if found is not None:
            transitions.apply(SYSTEM, loan.id, found[0], reason=found[1])
