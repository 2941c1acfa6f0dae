"""The week on the screen, on the wall and on the phone list."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import make_need, make_partner, make_venue, make_volunteer
from tests.placements.builders import make_coordinator, make_match
from volunteer_match import clock
from volunteer_match.db import transaction
from volunteer_match.placements.rules import MatchState
from volunteer_match.placements.week_service import on_the_wall


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


def next_saturday():
    this_day = today()
    return this_day + timedelta(days=12 - this_day.weekday())


def week(browser, path="/week"):
    return browser.get(path, query_string={"from": next_saturday().isoformat()}).get_data(as_text=True)


def test_the_week_shows_who_goes_where_and_what_is_missing(desk):
    partner = make_partner()
    venue = make_venue(partner, name="Sala Tęczowa")
    need = make_need(partner, day=next_saturday(), title="Malowanie", minimum=2, venue_id=venue.id)
    make_match(need, make_volunteer(name="Ada Demowska"), state=MatchState.CONFIRMED)

    page = week(desk)

    assert "Sala Tęczowa" in page
    assert "Malowanie" in page
    assert "Ada Demowska" in page
    assert "1 missing" in page
    assert "10:00–12:00" in page


def test_proposals_are_not_on_the_week(desk):
    make_match(make_need(day=next_saturday()), make_volunteer(name="Ada Demowska"))

    assert "Ada Demowska" not in week(desk)


def test_another_week_shows_other_sessions(desk):
    make_need(day=next_saturday() + timedelta(days=7), title="Za tydzień")

    assert "Za tydzień" not in week(desk)


@pytest.mark.parametrize("asked", ["nonsense", "0001-01-01", "9999-12-31", ""])
def test_a_week_that_is_none_is_this_week(desk, asked):
    assert desk.get("/week", query_string={"from": asked}).status_code == 200


def test_the_wall_shows_first_names_and_initials_only(desk):
    need = make_need(day=next_saturday(), minimum=2)
    make_match(need, make_volunteer(name="Ada Demowska"), state=MatchState.CONFIRMED)

    page = week(desk, "/week/sheet")

    assert "☐ Ada D." in page
    assert "Demowska" not in page
    assert page.count("______________") == 1


@pytest.mark.parametrize(
    ("name", "shown"), [("Ada Demowska", "Ada D."), ("Ada", "Ada"), ("Ada Maria Demowska", "Ada D.")]
)
def test_a_name_on_the_wall(name, shown):
    assert on_the_wall(name) == shown


def test_people_without_an_address_are_called_first(desk):
    make_match(volunteer=make_volunteer(name="Ada Demowska"), state=MatchState.OFFERED)
    make_match(volunteer=make_volunteer(name="Zoja Urojona", email=None), state=MatchState.OFFERED)

    page = desk.get("/week/phone").get_data(as_text=True)

    assert page.index("Zoja Urojona") < page.index("Ada Demowska")
    assert "1</strong> person to call" in desk.get("/desk").get_data(as_text=True)


def test_the_keys_of_the_phone_list_are_explained_and_can_be_turned_off(desk):
    make_match(state=MatchState.OFFERED)

    assert "data-keys-switch" in desk.get("/week/phone").text


def test_in_danger_people_for_short_notice_are_called_first(desk):
    soon = make_need(minimum=2, day=today() + timedelta(days=2))
    with transaction():
        soon.sessions[0].at_risk_since = clock.now()
    make_match(soon, make_volunteer(name="Ada Demowska"), state=MatchState.OFFERED)
    make_match(soon, make_volunteer(name="Zofia Zmyślona", standby=True), state=MatchState.OFFERED)

    page = desk.get("/week/phone").text

    assert page.index("Zofia Zmyślona") < page.index("Ada Demowska")
    assert page.count("Can be called at short notice") == 1


def test_an_empty_phone_list_says_so(desk):
    assert "Nobody to call" in desk.get("/week/phone").get_data(as_text=True)
