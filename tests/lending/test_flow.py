"""From an offer and a request over one run to a thing that comes, and what calls it off again."""

from datetime import time, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tests.days import today
from tests.factories import make_partner, make_session, make_volunteer
from tests.lending.builders import COORDINATOR, make_asking_need, make_loan, make_offer, owner_of
from tests.placements.builders import make_coordinator
from volunteer_match import clock
from volunteer_match.actor import Channel
from volunteer_match.db import db, transaction
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.lending import offers_service, service
from volunteer_match.lending.models import LendingSlot, Loan
from volunteer_match.lending.rules import LoanState, OfferState
from volunteer_match.needs.rules import SessionState
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.partners.rules import PartnerState
from volunteer_match.placements import run_steps
from volunteer_match.placements import service as placements
from volunteer_match.placements.models import Match


def run():
    this_day = today()
    run_steps.propose(COORDINATOR, this_day, this_day + timedelta(weeks=3), wait=True)


def the_loan():
    db.session.expire_all()
    return db.session.scalars(select(Loan)).unique().one()


def mails():
    db.session.expire_all()
    return sorted((mail.kind, mail.user_id) for mail in db.session.scalars(select(EmailMessage)))


def asked(need=None, offer=None):
    loan = make_loan(need, offer)
    with transaction():
        service.ask(COORDINATOR, loan.id)
    return loan


def agreed(need=None, offer=None):
    loan = asked(need, offer)
    with transaction():
        service.answer(owner_of(loan.offer), loan.id, True, "")
    return loan


def reconcile():
    with transaction():
        placements.reconcile(clock.now())


def test_a_thing_goes_from_the_offer_to_the_session(database, login):
    offer = make_offer(make_partner(name="Biblioteka Wymyślona"), "projector")
    need = make_asking_need("projector", title="Kino w świetlicy")
    make_volunteer()
    desk = login(make_coordinator())

    desk.post("/desk/run", data={"weeks": "4"})
    page = desk.get("/lending").get_data(as_text=True)
    loan = the_loan()
    desk.post(f"/desk/loans/{loan.id}/ask", data={"version": loan.version})
    owner = login(offer.partner.members[0].user)
    question = owner.get(f"/lending/loans/{loan.id}").get_data(as_text=True)
    owner.post(f"/lending/loans/{loan.id}", data={"answer": "accept"})

    assert "Biblioteka Wymyślona" in page
    assert "Kino w świetlicy" in question
    assert (the_loan().state, the_loan().answer_channel) == (LoanState.AGREED, Channel.WEB)
    assert mails() == [
        ("loan_agreed", need.posted_by.members[0].user_id),
        ("loan_asked", offer.partner.members[0].user_id),
    ]


def test_a_run_matches_people_and_things_together(database):
    make_offer(kind="chairs", quantity=30)
    make_asking_need("chairs", quantity=20, needed=True)
    make_volunteer()
    run()

    assert the_loan().state == LoanState.PROPOSED
    assert len(db.session.scalars(select(Match)).unique().all()) == 1


@pytest.mark.parametrize(
    "offer",
    [
        {"kind": "tables", "quantity": 30},
        {"kind": "chairs", "quantity": 19},
        {"kind": "chairs", "quantity": 30, "state": OfferState.WITHDRAWN},
        {"kind": "chairs", "quantity": 30, "starts_local": time(8), "ends_local": time(11)},
    ],
)
def test_an_offer_that_does_not_serve_is_not_proposed(database, offer):
    make_offer(**offer)
    make_asking_need("chairs", quantity=20)
    make_volunteer()
    run()

    assert db.session.scalars(select(Loan)).first() is None


def test_what_was_refused_is_not_proposed_again(database):
    loan = asked()
    make_volunteer()
    with transaction():
        service.answer(owner_of(loan.offer), loan.id, False, "W remoncie")
    run()

    assert (the_loan().state, the_loan().reason) == (LoanState.REFUSED, "W remoncie")


def test_a_later_run_takes_back_a_proposal_that_fits_no_more(database):
    loan = make_loan()
    with transaction():
        db.session.get(type(loan.offer), loan.offer_id).state = OfferState.WITHDRAWN
    run()

    assert the_loan().state == LoanState.SUPERSEDED


def test_one_thing_cannot_be_promised_twice_at_one_time(database):
    offer, day = make_offer(), today() + timedelta(days=7)
    asked(make_asking_need(day=day), offer)
    other = make_loan(make_asking_need(day=day), offer)

    with transaction(), pytest.raises(ConflictError, match="thing_taken"):
        service.ask(COORDINATOR, other.id)


def test_the_table_itself_refuses_a_second_promise(database):
    loan = asked()
    slot = db.session.scalars(select(LendingSlot)).first()
    other = make_loan(make_asking_need(), loan.offer)

    again = {"offer_id": slot.offer_id, "starts_at": slot.starts_at, "loan_id": other.id}

    with pytest.raises(IntegrityError), transaction():
        db.session.execute(insert(LendingSlot), [again])


def test_approving_one_offer_replaces_the_others_for_the_request(database):
    need = make_asking_need()
    first, second = make_loan(need), make_loan(need)
    with transaction():
        service.ask(COORDINATOR, first.id)
    db.session.expire_all()

    assert db.session.get(Loan, second.id).state == LoanState.SUPERSEDED


def test_a_request_is_served_only_once(database):
    need = make_asking_need()
    asked(need)
    second = make_loan(need)

    with transaction(), pytest.raises(ConflictError, match="request_served"):
        service.ask(COORDINATOR, second.id)


def test_a_cancelled_session_tells_the_owner(database):
    loan = agreed()
    with transaction():
        loan.session.state = SessionState.CANCELLED
    reconcile()

    assert (the_loan().state, the_loan().reason) == (LoanState.CANCELLED, "session_cancelled")
    assert ("loan_cancelled", loan.offer.partner.members[0].user_id) in mails()
    assert "loan_lost" not in {kind for kind, _who in mails()}
    assert db.session.scalars(select(LendingSlot)).first() is None


def test_an_offer_taken_back_tells_whoever_was_to_borrow(database):
    loan = agreed()
    with transaction():
        offers_service.set_state(owner_of(loan.offer), loan.offer_id, None, OfferState.WITHDRAWN)
    reconcile()

    assert (the_loan().state, the_loan().reason) == (LoanState.CANCELLED, "lending_withdrawn")
    assert ("loan_lost", loan.session.need.posted_by.members[0].user_id) in mails()
    assert "loan_cancelled" not in {kind for kind, _who in mails()}


def test_fewer_things_than_promised_call_the_loan_off(database):
    loan = agreed(make_asking_need("chairs", quantity=20), make_offer(kind="chairs", quantity=30))
    with transaction():
        loan.offer.quantity = 10
    reconcile()

    assert the_loan().reason == "lending_changed"


def test_a_suspended_institution_lends_nothing(database):
    loan = asked()
    with transaction():
        loan.offer.partner.state = PartnerState.SUSPENDED
    reconcile()

    assert (the_loan().state, the_loan().reason) == (LoanState.CANCELLED, "lender_not_verified")


def test_an_owner_who_does_not_answer_frees_the_thing(database):
    loan = asked()
    with transaction():
        loan.answer_by = clock.now() - timedelta(minutes=1)
    reconcile()

    assert the_loan().state == LoanState.EXPIRED
    assert db.session.scalars(select(LendingSlot)).first() is None


def test_reconciling_twice_changes_nothing_more(database):
    loan = agreed()
    with transaction():
        loan.session.state = SessionState.CANCELLED
    reconcile()
    before = mails()
    reconcile()

    assert mails() == before


def test_the_owner_may_back_out_and_the_borrower_hears_it(database):
    loan = agreed()
    with transaction():
        service.answer(owner_of(loan.offer), loan.id, False, "")

    assert the_loan().state == LoanState.REFUSED
    assert ("loan_lost", loan.session.need.posted_by.members[0].user_id) in mails()


def test_the_owner_may_agree_after_all(database):
    loan = asked()
    with transaction():
        service.answer(owner_of(loan.offer), loan.id, False, "")
    with transaction():
        service.answer(owner_of(loan.offer), loan.id, True, "")

    assert the_loan().state == LoanState.AGREED


def test_a_coordinator_writes_down_what_was_said_on_the_phone(database):
    loan = asked()
    with transaction():
        service.answer(COORDINATOR, loan.id, True, "")

    assert (the_loan().state, the_loan().answer_channel) == (LoanState.AGREED, Channel.PHONE)


def test_nobody_answers_for_another_institution(database):
    loan, stranger = asked(), owner_of(make_offer())

    with transaction(), pytest.raises(NotFoundError):
        service.answer(stranger, loan.id, True, "")


def test_an_owner_sees_nothing_before_the_coordinator_asks(database):
    loan = make_loan()

    with pytest.raises(NotFoundError):
        service.visible(owner_of(loan.offer), loan.id)


def test_only_a_coordinator_approves(database):
    loan = make_loan()

    with transaction(), pytest.raises(ForbiddenError):
        service.ask(owner_of(loan.offer), loan.id)


def test_a_withdrawn_offer_cannot_be_approved(database):
    loan = make_loan(offer=make_offer(state=OfferState.WITHDRAWN))

    with transaction(), pytest.raises(RuleBrokenError, match="lending_withdrawn"):
        service.ask(COORDINATOR, loan.id)


def test_the_same_answer_twice_is_no_mistake(database):
    loan = agreed()
    with transaction():
        service.answer(owner_of(loan.offer), loan.id, True, "")

    assert len([kind for kind, _who in mails() if kind == "loan_agreed"]) == 1


def test_a_lent_thing_is_busy_for_the_next_run(database):
    offer, day = make_offer(), today() + timedelta(days=7)
    agreed(make_asking_need(day=day), offer)
    later = make_asking_need(day=day)
    make_session(later, day + timedelta(days=1))
    make_volunteer(max_hours_per_week=40, max_sessions_per_week=10)
    run()
    db.session.expire_all()
    proposed = db.session.scalars(select(Loan).where(Loan.state == LoanState.PROPOSED)).unique().all()

    assert [loan.session.starts_at.date() for loan in proposed] == [day + timedelta(days=1)]


def test_nobody_is_asked_to_lend_to_themselves(database):
    partner = make_partner()
    make_offer(partner)
    make_asking_need(partner=partner)
    make_volunteer()
    run()

    assert db.session.scalars(select(Loan)).first() is None
