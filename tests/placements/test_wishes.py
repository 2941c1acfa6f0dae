"""How much each wish counts: trying other settings changes nothing, using them does."""

import re

import pytest
from sqlalchemy import select

from tests.database import count_queries
from tests.factories import make_need, make_user, make_volunteer
from tests.placements.builders import make_coordinator, make_match, opening_of
from volunteer_match.actor import Role
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db
from volunteer_match.matching import rules, wish_queries
from volunteer_match.matching.core.types import Weights
from volunteer_match.matching.models import MatchRun, Wishes
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState

USUAL = dict.fromkeys(rules.WISHES, 2)


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


@pytest.fixture
def club(database):
    """One place; Ada brings a wanted skill, Bolek lives next door: the usual wishes prefer Ada."""
    need = make_need(title="Szachy", minimum=1, preferred=1, wanted_skills=["chess"])
    ada = make_volunteer(name="Ada Demowska", skills=["chess"])
    bolek = make_volunteer(name="Bolek Fikcyjny", district_id=need.venue.district_id)
    return need, ada, bolek


def try_out(desk, **steps):
    data = {**USUAL, "wanted_skill": 0, "newcomer_first": 4, "weeks": 4, **steps}
    return desk.post("/wishes/try", data=data, follow_redirects=True)


def trial():
    db.session.expire_all()
    return db.session.scalars(select(MatchRun).where(MatchRun.based_on_id.is_not(None))).one()


def proposals():
    db.session.expire_all()
    return db.session.scalars(select(Match).where(Match.state == MatchState.PROPOSED)).all()


def test_as_usual_gives_the_weights_of_the_core():
    assert rules.weights_of(USUAL) == Weights()


@pytest.mark.parametrize(("step", "times"), [(0, 0), (1, 0.5), (2, 1), (3, 2), (4, 4)])
def test_each_step_has_its_weight(step, times):
    assert rules.weights_of({"distance": step}).distance == Weights().distance * times


def test_what_is_not_a_wish_cannot_be_weighed():
    assert rules.weights_of({"keep_offers": 0}) == Weights()


def test_trying_out_changes_nothing(desk, club):
    need, _ada, bolek = club
    old = make_match(need, bolek)

    try_out(desk)

    assert [(each.id, each.run_id) for each in proposals()] == [(old.id, None)]
    assert db.session.scalars(select(Wishes)).all() == []
    assert db.session.scalars(select(EmailMessage)).all() == []
    assert "has not been run yet" in desk.get("/desk").text


def test_both_plans_stand_side_by_side(desk, club):
    page = try_out(desk).text

    assert "Two plans side by side" in page
    assert "Skills that are wanted, too: does not count" in page
    assert re.search(r"Sessions that can take place</th>(<td[^>]*>1</td>){3}", page)


def test_the_pairs_that_differ_are_named(desk, club):
    page = try_out(desk).text

    assert "Bolek Fikcyjny instead of Ada Demowska" in page
    assert "0 pairs are the same." in page


def test_points_are_counted_alike_for_both_plans(desk, club):
    try_out(desk)
    made = trial()
    present = db.session.get(MatchRun, made.based_on_id)

    assert present.figures["fit"]["wanted_skills"] == 266
    assert made.figures["fit"] == {"distance": 125, "newcomer_first": 50, "waiting": 30}


def test_a_trial_with_the_present_wishes_gives_the_same_plan(desk, club):
    page = try_out(desk, **USUAL).text

    assert "Nothing: these wishes are in force." in page
    assert "Both plans are the same." in page
    assert "Use these" not in page


def test_using_a_trial_puts_its_plan_on_the_desk(desk, club):
    need, _ada, _bolek = club
    try_out(desk)
    planned = {each["volunteer"] for each in trial().plan["assignments"]}

    desk.post(f"/runs/{trial().id}/use")

    assert {(each.opening_id, each.volunteer_id) for each in proposals()} == {
        (opening_of(need).id, who) for who in planned
    }
    assert wish_queries.steps() == {**USUAL, "wanted_skill": 0, "newcomer_first": 4}


def test_wishes_in_force_count_in_the_next_run(desk, club):
    try_out(desk)
    desk.post(f"/runs/{trial().id}/use")

    desk.post("/desk/run", data={"weeks": "4"})

    latest = db.session.scalars(select(MatchRun).order_by(MatchRun.created_at.desc())).first()
    assert (latest.weights["wanted_skill"], latest.weights["newcomer_first"]) == (0.0, 2.0)


def test_who_set_what_and_when_is_shown_and_remembered(desk, club):
    try_out(desk)
    desk.post(f"/runs/{trial().id}/use")

    page = desk.get("/wishes").text
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "wishes_set")).one()

    assert "Skills that are wanted, too: does not count" in page
    assert "Koordynatorka Wymyślona" in page
    assert event.facts["wanted_skill"] == 0


def test_a_trial_is_not_taken_for_the_plan_of_the_desk(desk, club):
    try_out(desk)

    page = desk.get(f"/desk/sessions/{club[0].sessions[0].id}").text
    assert "Run the matching to see what would help." in page


@pytest.mark.parametrize("wrong", [{"distance": 5}, {"distance": -1}, {"distance": "much"}, {"weeks": 99}])
def test_steps_that_do_not_exist_are_refused(desk, club, wrong):
    assert try_out(desk, **wrong).status_code == 422
    assert db.session.scalars(select(MatchRun)).all() == []


def test_only_a_trial_can_be_used(desk, club):
    desk.post("/desk/run", data={"weeks": "4"})
    run = db.session.scalars(select(MatchRun)).one()

    page = desk.post(f"/runs/{run.id}/use", follow_redirects=True).text

    assert "This trial cannot be used any more." in page
    assert db.session.scalars(select(Wishes)).all() == []


def test_a_trial_can_be_changed_a_little(desk, club):
    try_out(desk, distance=4)

    page = desk.get(f"/wishes?trial={trial().id}").text

    assert re.search(r'id="distance".*?<option value="4" selected', page, re.DOTALL)


@pytest.mark.parametrize(("locale", "words"), [("en", "Rules for safety"), ("pl", "Zasady bezpieczeństwa")])
def test_the_page_says_what_cannot_be_changed(database, login, locale, words):
    assert words in login(make_coordinator(locale)).get("/wishes").text


def test_administrators_read_and_change_nothing(desk, login, club):
    try_out(desk)
    browser = login(make_user(Role.ADMINISTRATOR, locale="en"))

    assert "Try it out" not in browser.get("/wishes").text
    page = browser.get(f"/runs/{trial().id}/compare").text
    assert "Two plans side by side" in page
    assert "Use these" not in page


def test_comparing_takes_a_bounded_number_of_statements(desk, club):
    try_out(desk)
    with count_queries() as few:
        desk.get(f"/runs/{trial().id}/compare")
    for number in range(5):
        make_need(minimum=2, preferred=3, wanted_skills=["chess"])
        make_volunteer(name=f"Osoba Zmyślona {number}", skills=["chess"])
    answer = try_out(desk)
    with count_queries() as many:
        desk.get(answer.request.path)

    assert len(many) <= len(few) + 1  # names of people, when any pair differs
