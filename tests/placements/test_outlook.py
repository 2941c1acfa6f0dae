"""Why there is no invitation: each obstacle in words, what would mend it, and nothing about anybody else."""

from datetime import date, timedelta

import pytest

from tests.database import count_queries
from tests.days import today
from tests.factories import make_district, make_need, make_partner, make_user, make_venue, make_volunteer
from tests.placements.builders import make_match
from tests.stored import Stored
from volunteer_match.actor import Role
from volunteer_match.db import db
from volunteer_match.needs.models import Need
from volunteer_match.needs.rules import Contact
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements.rules import MatchState


@pytest.fixture
def stored(app):
    """What the pages stored."""
    return Stored(app)


@pytest.fixture
def page(stored, login):
    """A function that returns what a volunteer reads, in Polish or in English."""

    def read(volunteer, locale="pl"):
        browser = login(volunteer.user_id)
        browser.post("/language", data={"locale": locale})
        return browser.get("/me/why").text

    return read


def both(page, volunteer, polish, english):
    return polish in page(volunteer), english in page(volunteer, "en")


def test_a_need_that_suits_can_be_applied_for_at_once(stored, page):
    need, person = stored.make(make_need), stored.make(make_volunteer)

    text = page(person)

    assert "Pasuje i jest jeszcze miejsce." in text
    assert f'action="/needs/{need.id}/apply"' in text


@pytest.mark.parametrize(
    ("need", "person", "polish", "english", "mended"),
    [
        ({"required_skills": ["first_aid"]}, {}, "Tu jest potrzebne: first_aid (pl).",
         "Needed here: first_aid (en).", "/me/edit/skills"),
        ({"languages": ["uk"]}, {}, "Język zajęć: ukraiński.", "The language is Ukrainian.",
         "/me/edit/about"),
        ({"driving": True}, {}, "Potrzebne jest prawo jazdy.", "A driving licence is needed.",
         "/me/edit/about"),
        ({"minimum_age": 40}, {"birth_date": date(2000, 1, 1)}, "Tu potrzebny jest wiek od 40 lat.",
         "For this one has to be 40 years old.", "/me"),
        ({}, {"step_free": True}, "W tym miejscu są schody.", "There are steps at this place.", "/me"),
        ({}, {"free": []}, "W profilu nie ma wolnego czasu w tych godzinach.",
         "Your profile has no free time at these hours.", "/me/edit/hours"),
        ({}, {"max_hours_per_week": 1},
         "W tym tygodniu byłoby to razem 2 godz., a w profilu jest najwyżej 1.",
         "It would make 2 hours that week; your profile says at most 1.", "/me/edit/limits"),
        ({"contact": Contact.CHILDREN}, {}, "Brakuje jeszcze dokumentów do pracy z dziećmi.",
         "Papers for work with children are still missing.", "/me"),
        ({}, {"remote_only": True}, "W profilu jest: tylko pomoc z domu.",
         "Your profile says: help from home only.", "/me/edit/about"),
    ],
)  # fmt: skip
def test_an_obstacle_is_named_with_the_way_to_mend_it(stored, page, need, person, polish, english, mended):
    stored.make(make_need, **need)
    volunteer = stored.make(make_volunteer, **person)

    assert both(page, volunteer, polish, english) == (True, True)
    assert f'href="{mended}"' in page(volunteer)


def test_a_place_too_far_is_told_with_both_distances(stored, page):
    def build():
        partner = make_partner()
        make_need(partner, venue_id=make_venue(partner, district=make_district(latitude=50.65)).id)
        return make_volunteer(district_id=make_district(latitude=50.57).id, radius_km=5)

    assert "To 8,9 km drogi, a w profilu jest najwyżej 5 km." in page(stored.make(build))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MatchState.DECLINED, "Odpowiedź na to zaproszenie brzmiała: nie tym razem."),
        (MatchState.EXPIRED, "Na to zaproszenie zabrakło odpowiedzi w terminie."),
        (MatchState.REJECTED, "Tym razem koordynator zdecydował inaczej."),
    ],
)
def test_what_was_decided_before_is_remembered(stored, page, state, words):
    need, person = stored.make(make_need), stored.make(make_volunteer)
    stored.make(held, need, person, state=state)

    assert words in page(person)


def held(need, person, **facts):
    make_match(db.session.get(Need, need.id), db.session.get(Volunteer, person.id), **facts)


def test_a_full_place_says_what_may_have_spoken_for_others(stored, page):
    need = stored.make(make_need, minimum=1, preferred=1, wanted_skills=["guitar"])
    other, person = stored.make(make_volunteer, name="Nie Do Pokazania"), stored.make(make_volunteer)
    stored.make(held, need, other, state=MatchState.OFFERED)

    text = page(person)

    assert "Pasuje. Tym razem zaproszenie dostały inne osoby." in text
    assert "Mile widziane jest też: guitar (pl)." in text
    assert "Osoby, które już znają grupę, mają pierwszeństwo" in text
    assert "Nie Do Pokazania" not in text


def test_an_open_invitation_leads_to_its_answer(stored, page):
    need, person = stored.make(make_need), stored.make(make_volunteer)
    stored.make(held, need, person, state=MatchState.OFFERED)

    assert both(page, person, "Zaproszenie już czeka.", "You are asked already.") == (True, True)


def test_a_wish_noted_before_is_not_asked_for_again(stored, login, page):
    need, person = stored.make(make_need), stored.make(make_volunteer)
    login(person.user_id).post(f"/needs/{need.id}/apply")

    assert "Zgłoszenie przyjęte, koordynator się nim zajmie." in page(person)


def test_a_proposal_nobody_has_decided_about_is_not_told(stored, page):
    need, person = stored.make(make_need), stored.make(make_volunteer)
    stored.make(held, need, person, state=MatchState.PROPOSED)

    assert "Pasuje i jest jeszcze miejsce." in page(person)


def test_confirmed_meetings_are_no_question(stored, page):
    need, person = stored.make(make_need, title="Szachy"), stored.make(make_volunteer)
    stored.make(held, need, person, state=MatchState.CONFIRMED)

    assert "Szachy" not in page(person)


def test_a_need_that_meets_often_is_one_line(stored, page):
    stored.make(make_need, title="Szachy", weeks=3)
    person = stored.make(make_volunteer)

    assert page(person).count(">Szachy<") == 1


def test_what_suits_comes_before_what_does_not(stored, page):
    stored.make(make_need, title="Alpejskie", required_skills=["first_aid"])
    stored.make(make_need, title="Zwykłe", day=today() + timedelta(days=14))
    text = page(stored.make(make_volunteer))

    assert text.index("Zwykłe") < text.index("Alpejskie")


def test_too_many_needs_are_counted_instead_of_shown(stored, page):
    for _number in range(13):
        stored.make(make_need)

    assert "i jeszcze 1 potrzeba" in page(stored.make(make_volunteer))


def test_without_needs_the_page_says_so(stored, page):
    assert "Teraz nikogo nie brakuje" in page(stored.make(make_volunteer))


def test_before_everything_is_ready_that_comes_first(stored, page):
    stored.make(make_need, title="Szachy")
    person = stored.make(make_volunteer, state=VolunteerState.AWAITING_CLEARANCE)

    text = page(person)

    assert "Zobacz, czego brakuje" in text
    assert "Szachy" not in text


def test_the_way_there_is_on_the_own_page(stored, login):
    person = stored.make(make_volunteer)

    assert 'href="/me/why"' in login(person.user_id).get("/me").text


def test_only_volunteers_wonder(stored, login):
    assert login(stored.make(make_user, Role.COORDINATOR)).get("/me/why").status_code == 404


def test_the_page_costs_the_same_however_many_needs_and_people_there_are(stored, login):
    stored.make(make_need)
    browser = login(stored.make(make_volunteer).user_id)
    with count_queries() as few:
        browser.get("/me/why")
    for _number in range(4):
        stored.make(make_need, weeks=2)
        stored.make(make_volunteer)
    with count_queries() as many:
        browser.get("/me/why")

    assert len(many) == len(few)


def test_the_page_of_a_need_says_what_stands_in_the_way(stored, login):
    need = stored.make(make_need, required_skills=["first_aid"])
    browser = login(stored.make(make_volunteer).user_id)

    page = browser.get(f"/needs/{need.id}").text

    assert "Czy to coś dla Ciebie?" in page
    assert "Tu jest potrzebne: first_aid (pl)." in page


def test_the_page_of_a_need_that_suits_keeps_to_its_button(stored, login):
    need = stored.make(make_need)
    browser = login(stored.make(make_volunteer).user_id)

    assert "Czy to coś dla Ciebie?" not in browser.get(f"/needs/{need.id}").text


def test_strangers_read_the_page_of_a_need_without_it(stored, client):
    need = stored.make(make_need, required_skills=["first_aid"])

    assert "Czy to coś dla Ciebie?" not in client.get(f"/needs/{need.id}").text
