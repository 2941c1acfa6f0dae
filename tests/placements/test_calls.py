"""People without an address are told everything by phone, and the list says what."""

import pytest

from tests.factories import make_need, make_volunteer
from tests.placements.builders import COORDINATOR, apply, make_coordinator, make_match
from volunteer_match.actor import SYSTEM
from volunteer_match.placements.rules import MatchEvent, MatchState


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


def cancelled_for(name: str):
    match = make_match(
        make_need(title="Malowanie"), make_volunteer(name=name, email=None), state=MatchState.CONFIRMED
    )
    apply(COORDINATOR, match, MatchEvent.CANCEL, reason="other")


def test_a_cancelled_place_is_to_be_told(desk):
    cancelled_for("Bolek Fikcyjny")

    page = desk.get("/week/phone").text

    assert "What to tell people without an email address" in page
    assert "Bolek Fikcyjny" in page
    assert "Odwołane: Malowanie" in page  # in the language of the person called


def test_what_was_told_leaves_the_list(desk):
    cancelled_for("Bolek Fikcyjny")
    address = desk.get("/week/phone").text.split('action="/mails/')[1].split('"')[0]

    desk.post(f"/mails/{address}")

    assert "Bolek Fikcyjny" not in desk.get("/week/phone").text


def test_the_desk_counts_the_calls(desk):
    cancelled_for("Bolek Fikcyjny")

    assert "people to call" in desk.get("/desk").text or "person to call" in desk.get("/desk").text


def test_a_refused_approval_stays_on_the_desk_and_says_why(desk):
    need = make_need(minimum=1, preferred=1)
    match = make_match(need)
    make_match(need, state=MatchState.CONFIRMED)

    answer = desk.post(
        f"/desk/matches/{match.id}/approve", data={"version": match.version}, follow_redirects=True
    )

    assert answer.request.path == "/desk"
    assert "taken" in answer.text


def phoned(desk, match, answer):
    return desk.post(f"/desk/matches/{match.id}/phone", data={"answer": answer})


def on_the_phone_only(**fields):
    person = make_volunteer(name="Bolek Fikcyjny", email=None, **fields)
    return make_match(make_need(title="Malowanie"), person, state=MatchState.OFFERED)


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_what_somebody_just_said_on_the_phone_needs_no_second_call(desk, answer):
    phoned(desk, on_the_phone_only(), answer)
    desk.get("/desk")  # says once what was noted

    assert "Bolek Fikcyjny" not in desk.get("/week/phone").text


def test_an_offer_nobody_answered_in_time_is_to_be_told(desk):
    apply(SYSTEM, on_the_phone_only(), MatchEvent.EXPIRE)

    assert "Bolek Fikcyjny" in desk.get("/week/phone").text


def test_a_place_released_from_hold_is_to_be_told(desk):
    match = on_the_phone_only()
    phoned(desk, match, "accept")
    apply(SYSTEM, match, MatchEvent.HOLD, reason="clearance_missing")

    apply(SYSTEM, match, MatchEvent.RELEASE)

    assert desk.get("/week/phone").text.count("Bolek Fikcyjny</td>") == 1


def test_only_the_latest_news_about_a_thing_is_to_be_told(desk):
    match = make_match(
        make_need(title="Malowanie"),
        make_volunteer(name="Bolek Fikcyjny", email=None),
        state=MatchState.CONFIRMED,
    )
    apply(COORDINATOR, match, MatchEvent.HOLD, reason="clearance_missing")
    apply(COORDINATOR, match, MatchEvent.CANCEL, reason="other")

    page = desk.get("/week/phone").text

    assert page.count("Bolek Fikcyjny</td>") == 1
    assert "Odwołane: Malowanie" in page
