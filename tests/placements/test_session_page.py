"""The page of a session answers why this person, why not that one, and what would fill a gap."""

import sys

import pytest
from sqlalchemy import select

from tests.factories import make_need, make_partner, make_volunteer
from tests.placements.builders import make_coordinator, make_match, opening_of
from volunteer_match import clock
from volunteer_match.db import db, transaction
from volunteer_match.matching import solver
from volunteer_match.matching.rules import PRICE_LIMIT_SECONDS
from volunteer_match.needs.rules import Contact
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


def page_of(browser, need, **query):
    return browser.get(f"/desk/sessions/{need.sessions[0].id}", query_string=query).get_data(as_text=True)


def why(browser, need, volunteer):
    return page_of(browser, need, opening=opening_of(need).id, volunteer=volunteer.id)


def test_the_parts_of_a_score_add_up(desk):
    need = make_need(minimum=1, preferred=1, wanted_skills=["guitar"])
    make_volunteer(skills=["guitar"])
    desk.post("/desk/run", data={"weeks": "4"})

    match = db.session.scalars(select(Match)).one()
    page = page_of(desk, need)

    assert match.score == sum(part["points"] for part in match.reasons) > 0
    assert f">{match.score}<" in page


BLOCKED = [
    ({"skills": []}, {"required_skills": ["chess"]}, "Does not offer: chess (en)"),
    ({"languages": ["pl"]}, {"languages": ["uk"]}, "Does not lead activities in: Ukrainian"),
    ({"free": []}, {}, "Is not free at that time"),
    ({"birth_date": None}, {}, "Younger than 18"),
    ({"max_hours_per_week": 1}, {}, "Has as many hours that week as agreed (1)"),
    ({"state": VolunteerState.AWAITING_CLEARANCE}, {}, "Application: Waiting for papers"),
    ({"state": VolunteerState.PAUSED}, {}, "Application: On a break"),
    ({"remote_only": True}, {}, "Helps from home only"),
    (
        {},
        {"contact": Contact.CHILDREN, "children_count": 5},
        "Checks for work with children are not complete",
    ),
    ({}, {"driving": True}, "Has no driving licence"),
    ({"step_free": True}, {}, "Needs a place without steps"),
]


@pytest.mark.parametrize(("volunteer", "need", "words"), BLOCKED)
def test_why_not_is_said_in_words(desk, volunteer, need, words):
    wanted = make_need(minimum=1, **need)
    person = make_volunteer(**volunteer)
    desk.post("/desk/run", data={"weeks": "4"})

    assert words in why(desk, wanted, person)


def test_why_not_works_before_any_run(desk):
    need = make_need(minimum=1, required_skills=["chess"])

    page = why(desk, need, make_volunteer())

    assert "Does not offer: chess (en)" in page
    assert "As things stand now." in page


def test_somebody_eligible_hears_that_another_fitted_better(desk):
    need = make_need(minimum=1, preferred=1, wanted_skills=["guitar"])
    make_volunteer(skills=["guitar"])
    other = make_volunteer()
    desk.post("/desk/run", data={"weeks": "4"})

    assert "others fit a little better" in why(desk, need, other)


def test_somebody_needed_elsewhere_is_said_to_be(desk):
    volunteer = make_volunteer(skills=["chess", "guitar"])
    make_need(title="Szachy", minimum=1, preferred=1, required_skills=["chess"], priority=5)
    other = make_need(title="Gitara", minimum=1, preferred=1, required_skills=["guitar"])
    desk.post("/desk/run", data={"weeks": "4"})

    page = why(desk, other, volunteer)

    assert "is more needed somewhere else" in page
    assert "Szachy" in page


def test_somebody_gone_is_explained_too(desk):
    need = make_need(minimum=1)
    person = make_volunteer(state=VolunteerState.REJECTED)

    assert "Is not among the people who can be asked" in why(desk, need, person)


def test_the_runner_up_has_a_price(desk):
    need = make_need(minimum=1, preferred=1, wanted_skills=["guitar"])
    make_volunteer(skills=["guitar"])
    make_volunteer(name="Ewa Zmyślona")
    desk.post("/desk/run", data={"weeks": "4"})

    page = page_of(desk, need)

    assert "Next in line: Ewa Zmyślona" in page
    assert "Cost of Ewa Zmyślona instead: 266 points of fit." in page
    assert "Worked out exactly, for the whole plan." in page


def test_a_price_known_only_roughly_can_be_worked_out(desk):
    need = make_need(minimum=1, preferred=1, wanted_skills=["guitar"])
    make_volunteer(skills=["guitar"])
    make_volunteer(name="Ewa Zmyślona")
    desk.post("/desk/run", data={"weeks": "4"})
    with transaction():
        match = db.session.scalars(select(Match)).one()
        match.runner_up = {**match.runner_up, "regret": {"losses": {"quality": 300}, "exact": False}}

    assert "instead: at most 300 points of fit." in page_of(desk, need)
    assert "instead: 266 points of fit." in page_of(desk, need, exact=match.id)


def test_a_price_that_takes_too_long_is_given_up_and_the_page_is_there(desk, monkeypatch):
    need = make_need(minimum=1, preferred=1)
    make_volunteer()
    make_volunteer()
    desk.post("/desk/run", data={"weeks": "4"})
    with transaction():
        match = db.session.scalars(select(Match)).one()
        match.runner_up = {**match.runner_up, "regret": None}
    endless = [sys.executable, "-c", "while True: pass"]
    monkeypatch.setattr(solver, "price_command", lambda _seconds: endless)
    monkeypatch.setattr(solver, "GRACE_SECONDS", 0.2 - PRICE_LIMIT_SECONDS)

    page = page_of(desk, need, exact=match.id)

    assert "Next in line:" in page
    assert "The exact cost could not be worked out." in page


def test_the_desk_says_what_the_runner_up_costs(desk):
    make_need(minimum=1, preferred=1)
    make_volunteer(name="Jan Wymyślony")
    make_volunteer(name="Ewa Wymyślona")
    desk.post("/desk/run", data={"weeks": "4"})

    assert "instead: nothing, both choices are equally good" in desk.get("/desk").text


def test_an_empty_place_says_what_would_open_it(desk):
    need = make_need(minimum=1, required_skills=["chess"])
    make_volunteer()
    desk.post("/desk/run", data={"weeks": "4"})

    page = page_of(desk, need)

    assert "without asking for chess (en): opens 1 person" in page
    assert "1 × without the skill" in page


def test_the_reasons_are_there_in_polish(database, login):
    desk = login(make_coordinator("pl"))
    need = make_need(minimum=1, required_skills=["chess"])
    person = make_volunteer()
    desk.post("/desk/run", data={"weeks": "4"})

    page = desk.get(
        f"/desk/sessions/{need.sessions[0].id}",
        query_string={"opening": opening_of(need).id, "volunteer": person.id},
    ).get_data(as_text=True)

    assert "Brak umiejętności: chess (pl)" in page
    assert "bez wymogu: chess (pl): może przyjść 1 osoba" in page


@pytest.mark.parametrize("state", [MatchState.DECLINED, MatchState.EXPIRED])
def test_a_late_yes_on_the_phone_is_recorded_on_the_page(desk, state):
    match = make_match(volunteer=make_volunteer(name="Ada Demowska"), state=state)
    page = page_of(desk, match.session.need)
    address = page.split('action="/desk/matches/')[1].split('"')[0].replace("&amp;", "&")

    answer = desk.post(f"/desk/matches/{address}", data={"answer": "accept"})

    assert "Said yes by phone" in page
    assert answer.location == f"/desk/sessions/{match.session_id}"
    db.session.expire_all()
    assert db.session.get_one(Match, match.id).state == MatchState.CONFIRMED


def test_a_yes_for_a_place_that_is_gone_is_refused_on_the_page(desk):
    need = make_need(minimum=1, preferred=1)
    match = make_match(need, state=MatchState.DECLINED)
    make_match(need, state=MatchState.CONFIRMED)

    answer = desk.post(
        f"/desk/matches/{match.id}/phone?session={match.session_id}",
        data={"answer": "accept"},
        follow_redirects=True,
    )

    assert answer.request.path == f"/desk/sessions/{match.session_id}"
    assert "Somebody else was faster" in answer.text


@pytest.mark.parametrize("state", [MatchState.CONFIRMED, MatchState.DECLINED])
def test_what_somebody_wrote_is_read_where_it_matters(desk, state):
    match = make_match(state=state, reason="Przyjdę z psem")

    assert "In their own words: Przyjdę z psem" in page_of(desk, match.session.need)


def test_in_danger_people_for_short_notice_come_first(desk):
    need = make_need(minimum=2)
    make_match(need, make_volunteer(name="Ada Demowska"))
    make_match(need, make_volunteer(name="Zofia Zmyślona", standby=True))
    calm = page_of(desk, need)
    with transaction():
        need.sessions[0].at_risk_since = clock.now()
    risky = page_of(desk, need)

    def names(page):
        return page.index("Zofia Zmyślona</a></h3>") < page.index("Ada Demowska</a></h3>")

    assert (names(calm), names(risky)) == (False, True)
    assert "Can be called at short notice" in calm


def test_the_history_says_who_did_what(desk):
    match = make_match(volunteer=make_volunteer(name="Ada Demowska"))
    desk.post(f"/desk/matches/{match.id}/approve", data={"version": match.version})

    page = page_of(desk, match.session.need)

    assert "Ada Demowska: Approved, offer sent" in page
    assert "Koordynatorka Wymyślona on the site" in page


def test_missing_adults_are_named(desk):
    partner = make_partner()
    need = make_need(
        partner, contact=Contact.CHILDREN, children_count=8, age_from=9, supervision="organiser", minimum=1
    )
    make_match(need, make_volunteer(cleared_for=partner), state=MatchState.CONFIRMED)

    assert "1 confirmed cleared adult is still missing" in page_of(desk, need)


def test_an_unknown_session_does_not_exist(desk):
    assert desk.get("/desk/sessions/nope").status_code == 404
