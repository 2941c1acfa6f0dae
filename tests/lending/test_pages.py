"""The pages about lending, as institutions, coordinators and passers-by see them."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from tests.database import count_queries
from tests.days import today
from tests.factories import make_partner, make_user, make_venue
from tests.lending.builders import COORDINATOR, make_asking_need, make_loan, make_offer
from tests.lending.test_flow import agreed, asked
from tests.needs.typed import need_form
from tests.placements.builders import make_coordinator
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.lending.models import LendingOffer, Loan
from volunteer_match.lending.rules import LoanState, OfferState
from volunteer_match.needs.models import Need
from volunteer_match.needs.rules import NeedState
from volunteer_match.placements import run_steps


def offer_form(partner, **changes):
    return {"partner_id": partner.id, "kind": "chairs", "quantity": "30", **changes}


def offers():
    db.session.expire_all()
    return db.session.scalars(select(LendingOffer)).unique().all()


def test_an_institution_puts_something_on_offer(database, login):
    partner = make_partner()
    page = login(partner.members[0].user)
    page.post(
        "/lending/new", data=offer_form(partner, weekdays=["0", "4"], starts_local="8:00", ends_local="16:00")
    )

    (offer,) = offers()
    assert (offer.kind, offer.quantity, offer.weekdays, offer.starts_local) == ("chairs", 30, "04", time(8))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "elephant"}, "kind"),
        ({"quantity": "0"}, "quantity"),
        ({"starts_local": "8:00"}, "ends_local"),
        ({"starts_local": "9:00", "ends_local": "8:00"}, "ends_local"),
        ({"first_day": "2027-02-01", "last_day": "2027-01-01"}, "last_day"),
        ({"kind": "room"}, "venue_id"),
        ({"venue_id": "unknown"}, "venue_id"),
    ],
)
def test_a_wrong_answer_is_shown_at_its_field(database, login, changes, field):
    partner = make_partner()
    answer = login(partner.members[0].user).post("/lending/new", data=offer_form(partner, **changes))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert offers() == []


def test_a_room_of_another_institution_cannot_be_offered(database, login):
    partner = make_partner()
    foreign = make_venue(make_partner())
    given = offer_form(partner, kind="room", venue_id=foreign.id)

    assert login(partner.members[0].user).post("/lending/new", data=given).status_code == 422


def test_nobody_offers_for_another_institution(database, login):
    partner, other = make_partner(), make_partner()
    answer = login(partner.members[0].user).post("/lending/new", data=offer_form(other))

    assert answer.status_code == 404
    assert offers() == []


def test_an_offer_can_be_changed_and_shows_what_was_given(database, login):
    offer = make_offer(weekdays="5", starts_local=time(9), ends_local=time(12))
    page = login(offer.partner.members[0].user)
    shown = page.get(f"/lending/offers/{offer.id}/edit").get_data(as_text=True)
    page.post(
        f"/lending/offers/{offer.id}/edit",
        data=offer_form(offer.partner, kind="projector", quantity="2", version=str(offer.version)),
    )

    assert 'value="09:00"' in shown
    assert (offers()[0].quantity, offers()[0].weekdays) == (2, "")


def test_a_stale_form_changes_nothing(database, login):
    offer = make_offer()
    answer = login(offer.partner.members[0].user).post(
        f"/lending/offers/{offer.id}/edit", data=offer_form(offer.partner, version="7")
    )

    assert answer.status_code == 422
    assert offers()[0].kind == "projector"


def test_an_offer_is_taken_back_and_made_again(database, login):
    offer = make_offer()
    page = login(offer.partner.members[0].user)
    page.post(f"/lending/offers/{offer.id}/withdraw", data={"version": str(offer.version)})
    gone = offers()[0].state
    page.post(f"/lending/offers/{offer.id}/renew", data={"version": str(offers()[0].version)})

    assert (gone, offers()[0].state) == (OfferState.WITHDRAWN, OfferState.ACTIVE)


def test_offers_of_others_do_not_exist(database, login):
    offer = make_offer()
    page = login(make_partner().members[0].user)

    assert page.get(f"/lending/offers/{offer.id}/edit").status_code == 404
    assert page.post(f"/lending/offers/{offer.id}/withdraw", data={"version": "1"}).status_code == 404


def test_the_need_form_keeps_what_it_asks_to_borrow(database, login):
    partner = make_partner()
    asked_for = {"items-0-kind": "projector", "items-1-kind": "", "items-2-kind": "chairs"}
    more = {"items-0-needed": "1", "items-0-note": "z ekranem", "items-2-quantity": "12"}
    login(partner.members[0].user).post("/needs/new", data=need_form(partner, **asked_for, **more))

    (need,) = db.session.scalars(select(Need)).unique()
    assert [(item.kind, item.quantity, item.needed, item.note) for item in need.items] == [
        ("projector", 1, True, "z ekranem"),
        ("chairs", 12, False, ""),
    ]


def test_the_form_shows_again_what_was_asked(database, login):
    partner = make_partner()
    page = login(partner.members[0].user)
    page.post("/needs/new", data=need_form(partner, **{"items-0-kind": "tent", "items-0-needed": "1"}))
    (need,) = db.session.scalars(select(Need)).unique()
    shown = page.get(f"/needs/{need.id}/edit").get_data(as_text=True)

    assert '<option value="tent" selected>' in shown
    assert f'value="{need.items[0].id}"' in shown


def test_a_row_emptied_is_a_request_less(database, login):
    partner = make_partner()
    page = login(partner.members[0].user)
    page.post("/needs/new", data=need_form(partner, **{"items-0-kind": "tent"}))
    (need,) = db.session.scalars(select(Need)).unique()
    emptied = {"items-0-id": need.items[0].id, "items-0-kind": "", "version": str(need.version)}
    page.post(f"/needs/{need.id}/edit", data=need_form(partner, **emptied))
    db.session.expire_all()

    assert db.session.get(Need, need.id).items == []


def test_a_promised_thing_does_not_vanish_before_its_owner_is_told(database, login):
    loan = asked()
    need = loan.session.need
    with transaction():
        need.state = NeedState.RETURNED
    typed = need_form(need.posted_by, **{"roles-0-id": need.roles[0].id, "version": str(need.version)})
    answer = login(need.posted_by.members[0].user).post(f"/needs/{need.id}/edit", data=typed)
    db.session.expire_all()

    assert "za minutę" in answer.get_data(as_text=True)
    assert (answer.status_code, db.session.get(Loan, loan.id).state) == (422, LoanState.ASKED)


def test_a_copy_of_a_need_asks_for_the_same_things(database, login):
    need = make_asking_need("sound", quantity=2)
    login(need.posted_by.members[0].user).post(f"/needs/{need.id}/clone")
    copy = db.session.scalars(select(Need).where(Need.id != need.id)).unique().one()

    assert [(item.kind, item.quantity) for item in copy.items] == [("sound", 2)]
    assert copy.items[0].id != need.items[0].id


@pytest.mark.parametrize(("locale", "words"), [("pl", "Szukamy też"), ("en", "We also look for")])
def test_the_public_page_says_what_is_still_sought(database, client, locale, words):
    need = make_asking_need("projector")
    client.post("/language", data={"locale": locale})
    page = client.get(f"/needs/{need.id}", headers={"Accept-Language": locale}).get_data(as_text=True)

    assert words in page


def test_the_public_page_is_silent_once_everything_is_promised(database, client):
    loan = agreed()
    page = client.get(f"/needs/{loan.need_id}", headers={"Accept-Language": "en"}).get_data(as_text=True)

    assert "We also look for" not in page
    assert loan.offer.partner.name not in page


def test_the_borrower_reads_from_whom_and_how(database, login):
    loan = agreed()
    page = login(loan.session.need.posted_by.members[0].user)
    shown = page.get(f"/needs/{loan.need_id}/manage").get_data(as_text=True)

    assert loan.offer.partner.name in shown
    assert "Portiernia" in shown


def test_how_to_fetch_it_is_told_only_once_it_is_promised(database, login):
    loan = asked()
    page = login(loan.session.need.posted_by.members[0].user)

    assert "Portiernia" not in page.get(f"/needs/{loan.need_id}/manage").get_data(as_text=True)


def test_the_session_page_decides_about_things_too(database, login):
    loan = make_loan()
    desk = login(make_coordinator())
    shown = desk.get(f"/desk/sessions/{loan.session_id}").get_data(as_text=True)
    answer = desk.post(
        f"/desk/loans/{loan.id}/ask?session={loan.session_id}", data={"version": str(loan.version)}
    )
    db.session.expire_all()

    assert loan.offer.partner.name in shown
    assert answer.headers["Location"] == f"/desk/sessions/{loan.session_id}"
    assert db.session.get(Loan, loan.id).state == LoanState.ASKED


def test_the_sheet_for_the_wall_says_what_comes_from_whom(database, login):
    need = make_asking_need("projector", day=today() + timedelta(days=1))
    loan = agreed(need)
    day = need.sessions[0].starts_at.date()
    page = login(make_coordinator()).get(f"/week/sheet?from={day}").get_data(as_text=True)

    assert f"projector: {loan.offer.partner.name}" in page


def test_the_desk_counts_what_is_to_be_decided(database, login):
    make_loan()

    assert "loan to decide" in login(make_coordinator()).get("/desk").get_data(as_text=True)


@pytest.mark.parametrize("action", ["turn-down", "call-off"])
def test_a_coordinator_turns_down_or_takes_back(database, login, action):
    loan = asked() if action == "call-off" else make_loan()
    login(make_coordinator()).post(f"/desk/loans/{loan.id}/{action}", data={"version": str(loan.version)})
    db.session.expire_all()
    expected = LoanState.CANCELLED if action == "call-off" else LoanState.REJECTED

    assert db.session.get(Loan, loan.id).state == expected


def test_a_stale_decision_is_explained_and_changes_nothing(database, login):
    loan = make_loan()
    answer = login(make_coordinator()).post(
        f"/desk/loans/{loan.id}/ask", data={"version": "9"}, follow_redirects=True
    )
    db.session.expire_all()

    assert "Somebody changed this a moment ago" in answer.get_data(as_text=True)
    assert db.session.get(Loan, loan.id).state == LoanState.PROPOSED


def test_a_no_with_a_word_reaches_the_loan(database, login):
    loan = asked()
    page = login(loan.offer.partner.members[0].user)
    page.post(f"/lending/loans/{loan.id}", data={"answer": "decline", "reason": "Remont"})
    db.session.expire_all()

    assert (db.session.get(Loan, loan.id).state, db.session.get(Loan, loan.id).reason) == (
        "refused",
        "Remont",
    )


def test_the_page_of_lending_costs_the_same_for_many(database, login):
    need = make_asking_need()
    for _number in range(3):
        make_loan(need)
    desk = login(make_coordinator())
    desk.get("/lending")
    with count_queries(at_most=40):
        assert desk.get("/lending").status_code == 200


def test_staff_without_the_desk_see_nothing_of_it(database, login):
    assert login(make_user(Role.ADMINISTRATOR)).get("/lending").status_code == 404


def matched(need):
    """Run the matching over the day of a need."""
    day = need.first_day
    return run_steps.propose(COORDINATOR, day, day)


def session_page(login, need):
    return login(make_coordinator(), locale="en").get(f"/desk/sessions/{need.sessions[0].id}").text


def test_the_desk_says_why_something_is_borrowed_from_them(database, login):
    need = make_asking_need()
    make_offer()
    matched(need)

    assert "Why them: not asked for it yet" in session_page(login, need)
    assert "not asked for it yet" in login(make_coordinator(), locale="en").get("/lending").text


def test_the_desk_says_what_would_bring_a_missing_thing(database, login):
    need = make_asking_need("chairs", quantity=30, needed=True)
    make_offer(kind="chairs", quantity=20)
    matched(need)

    text = session_page(login, need)

    assert "20 instead: opens 1 offer" in text
    assert "1 × something else, or too few" in text


def test_what_is_on_offer_at_other_hours_opens_with_the_time(database, login):
    need = make_asking_need(needed=True)
    make_offer(starts_local=time(11), ends_local=time(14))
    matched(need)

    text = session_page(login, need)

    assert "1 hour later: opens 1 offer" in text
    assert "1 × not on offer at that time" in text
