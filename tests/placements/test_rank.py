"""Who could take one place: the ranking of the engine as a page and as JSON."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.database import count_queries
from tests.days import today
from tests.factories import make_need, make_user, make_volunteer
from tests.placements.builders import make_match, opening_of
from volunteer_match.actor import Role
from volunteer_match.db import db
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState

DAY = today() + timedelta(days=9)


@pytest.fixture
def desk(database, login):
    """A coordinator's browser."""
    return login(make_user(Role.COORDINATOR), locale="en")


@pytest.fixture
def painting(database):
    """A place for somebody who can paint."""
    return make_need(day=DAY, minimum=1, preferred=1, required_skills=["painting"], wanted_skills=["guitar"])


def address(need):
    return f"/desk/openings/{opening_of(need).id}/people"


def asked(desk, need):
    return desk.get(address(need), headers={"Accept": "application/json"}).json


def test_people_are_listed_the_best_first_and_only_who_can_come(desk, painting):
    good = make_volunteer(name="Ada Demowska", skills=["painting"])
    best = make_volunteer(name="Fedir Vzirets", skills=["painting", "guitar"])
    make_volunteer(name="Bolek Fikcyjny")

    text = desk.get(address(painting)).text

    assert text.index(best.user.name) < text.index(good.user.name)
    assert "Bolek Fikcyjny" not in text


def test_the_same_is_told_as_json(desk, painting):
    best = make_volunteer(skills=["painting", "guitar"])
    make_volunteer()

    told = asked(desk, painting)

    assert (told["eligible"], told["open"]) == (1, True)
    assert [each["volunteer"] for each in told["people"]] == [best.id]
    assert told["people"][0]["points"] == sum(part["points"] for part in told["people"][0]["reasons"])


def test_what_keeps_the_others_is_counted(desk, painting):
    make_volunteer()
    make_volunteer(skills=["painting"], free=[])

    told = {each["rule"]: each["people"] for each in asked(desk, painting)["blocked"]}

    assert told == {"skill_missing": 1, "not_available": 1}


def test_it_is_said_who_is_proposed_elsewhere_at_that_time(desk, painting):
    person = make_volunteer(skills=["painting"])
    make_match(make_need(day=DAY, title="Szachy"), person)

    (told,) = asked(desk, painting)["people"]

    assert told["proposed_elsewhere"] == "Szachy"
    assert "Is proposed at that time for: Szachy." in desk.get(address(painting)).text


def propose(desk, need, person):
    return desk.post(f"/desk/openings/{opening_of(need).id}/propose/{person.id}")


def test_one_of_them_is_proposed_and_nobody_is_told(desk, painting):
    person = make_volunteer(skills=["painting"])

    answer = propose(desk, painting, person)

    match = db.session.scalars(select(Match)).one()
    assert (answer.status_code, match.state, match.volunteer_id) == (302, MatchState.PROPOSED, person.id)
    assert match.reasons
    assert db.session.query(EmailMessage).count() == 0


def test_who_cannot_come_is_not_proposed(desk, painting):
    assert propose(desk, painting, make_volunteer()).status_code == 422
    assert db.session.query(Match).count() == 0


def test_for_a_full_place_nobody_is_proposed(desk, painting):
    make_match(painting, make_volunteer(skills=["painting"]), state=MatchState.CONFIRMED)

    assert propose(desk, painting, make_volunteer(skills=["painting"])).status_code == 422
    assert "Propose</button>" not in desk.get(address(painting)).text


def test_when_nobody_can_come_the_page_says_why(desk, painting):
    make_volunteer(state=VolunteerState.PAUSED)

    text = desk.get(address(painting)).text

    assert "Nobody can come as things stand now" in text


def test_where_all_places_are_taken_nobody_is_said_to_be_unable(desk, painting):
    make_match(painting, make_volunteer(skills=["painting"]), state=MatchState.CONFIRMED)

    text = desk.get(address(painting)).text

    assert "All places are taken" in text
    assert "Nobody can come" not in text


def test_a_place_that_is_not_there_is_not_found(desk):
    assert desk.get("/desk/openings/nope/people").status_code == 404


def test_the_session_leads_to_the_page(desk, painting):
    assert address(painting) in desk.get(f"/desk/sessions/{painting.sessions[0].id}").text


def statements(desk, need):
    where = address(need)
    db.session.remove()
    with count_queries() as count:
        assert desk.get(where).status_code == 200
    return len(count)


def test_the_number_of_statements_does_not_grow_with_the_people(desk, painting):
    def after_a_change():
        make_match(make_need(day=DAY), make_volunteer(skills=["painting"]))
        return statements(desk, painting)

    after_a_change()
    few = after_a_change()
    for _number in range(6):
        make_match(make_need(day=DAY), make_volunteer(skills=["painting"]))

    assert after_a_change() == few


def test_while_nothing_changes_six_statements_do(desk, painting):
    make_volunteer(skills=["painting"])
    statements(desk, painting)

    # Who asks, what was changed, the place, the names and other proposals of those shown, skills in words.
    assert statements(desk, painting) == 6
