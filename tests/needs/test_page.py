"""The public page of a need, and the same for other programs."""

import json
from datetime import date, time

import pytest
from icalendar import Calendar

from tests.factories import make_need, make_partner, make_session, make_user
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.needs.models import Need
from volunteer_match.needs.rules import Contact, NeedState
from volunteer_match.partners.models import Partner

DAY = date(2027, 3, 6)


@pytest.fixture
def need(stored):
    """A published need with two dates."""
    return stored.make(
        make_need,
        stored.make(make_partner, name="Klub Zmyślony"),
        title="Czytanie na głos",
        day=DAY,
        weeks=2,
        bring="Pytać o Panią Zmyśloną.",
        contact=Contact.CHILDREN,
        supervision="parents_present",
        children_count=15,
        age_from=3,
        age_to=6,
    )


def contact_of(stored, need):
    return stored.one(Partner, lambda partner: partner.members[0].user_id, id=need.posted_by_id)


def test_the_page_says_what_when_where_and_for_whom(client, need):
    page = client.get(f"/needs/{need.id}").text

    for words in (
        "Czytanie na głos",
        "sob. 6 marca, 10:00–12:00",
        "15 dzieci w wieku 3–6 lat",
        "Rodzice zostają",
    ):
        assert words in page


def test_the_page_speaks_english(client, need):
    client.post("/language", data={"locale": "en"})

    page = client.get(f"/needs/{need.id}").text

    assert "15 children aged 3–6" in page
    assert "Sat 6 March, 10:00–12:00" in page


def test_nothing_personal_is_on_the_page(client, stored, need):
    page = client.get(f"/needs/{need.id}").text
    person = stored.one(Partner, lambda partner: partner.members[0].user, id=need.posted_by_id)

    for secret in (person.name, person.email, person.phone, "Panią Zmyśloną"):
        assert secret not in page


def test_its_own_people_see_it_before_it_is_public(login, client, stored):
    need = stored.make(make_need, state=NeedState.SUBMITTED)

    assert client.get(f"/needs/{need.id}").status_code == 404
    member = login(contact_of(stored, need))
    assert "nie jest opublikowana" in member.get(f"/needs/{need.id}").text


@pytest.mark.parametrize("path", ["calendar.ics", "event.jsonld"])
def test_other_programs_get_only_public_needs(login, stored, path):
    need = stored.make(make_need, state=NeedState.SUBMITTED)
    member = login(contact_of(stored, need))

    assert member.get(f"/needs/{need.id}/{path}").status_code == 404


def test_the_calendar_file_has_every_coming_date_in_utc(app, client, need):
    with app.app_context():
        cancelled = make_session(db.session.get(Need, need.id), date(2027, 4, 3), time(10), time(12))
        with transaction():
            cancelled.state = "cancelled"

    answer = client.get(f"/needs/{need.id}/calendar.ics")

    found = Calendar.from_ical(answer.data)
    assert answer.mimetype == "text/calendar"
    begins = [event["dtstart"].to_ical().decode() for event in found.walk("VEVENT")]
    assert begins == ["20270306T090000Z", "20270313T090000Z"]
    assert str(found.walk("VEVENT")[0]["summary"]) == "Czytanie na głos"


def test_search_engines_read_a_series_of_events(client, need):
    assert f'href="/needs/{need.id}/event.jsonld"' in client.get(f"/needs/{need.id}").text

    answer = client.get(f"/needs/{need.id}/event.jsonld")

    facts = json.loads(answer.text)
    assert answer.mimetype == "application/ld+json"
    assert (facts["@type"], facts["startDate"]) == ("EventSeries", "2027-03-06T09:00:00+00:00")
    assert len(facts["subEvent"]) == 2
    assert facts["organizer"]["name"] == "Klub Zmyślony"


def test_a_single_date_is_a_single_event(client, stored):
    need = stored.make(make_need, day=DAY)

    facts = json.loads(client.get(f"/needs/{need.id}/event.jsonld").text)

    assert (facts["@type"], facts["endDate"]) == ("Event", "2027-03-06T11:00:00+00:00")


def test_visitors_are_led_to_the_sign_up_and_volunteers_apply_at_once(client, login, stored, need):
    volunteer = login(stored.make(make_user, Role.VOLUNTEER))

    assert 'href="/join"' in client.get(f"/needs/{need.id}").text
    assert f'action="/needs/{need.id}/apply"' in volunteer.get(f"/needs/{need.id}").text


def test_similar_needs_are_of_the_same_theme(client, stored):
    need = stored.make(make_need, title="Malowanie", required_skills=["painting"])
    stored.make(make_need, title="Szycie z filcu", required_skills=["sewing"])
    stored.make(make_need, title="Przewóz mebli")

    page = client.get(f"/needs/{need.id}").text

    assert "Szycie z filcu" in page
    assert "Przewóz mebli" not in page


def test_the_front_page_without_needs_says_what_to_do(client):
    assert "W tej chwili niczego nie brakuje" in client.get("/").text


def test_what_people_write_is_never_markup(client, stored):
    need = stored.make(make_need, title="<script>alert(1)</script>", why="<b>ważne</b>")

    for path in ("/", "/needs", f"/needs/{need.id}"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<b>ważne" not in page
