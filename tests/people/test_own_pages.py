"""A volunteer's own pages."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import make_partner, make_skill, make_user, make_volunteer
from tests.people.forms import LIMITS, mails, speaking, volunteer_named, week_of
from tests.sign_in import sign_in
from volunteer_match.actor import Channel, Role
from volunteer_match.audit import queries as audit
from volunteer_match.people.rules import VolunteerState

NAME = "Ada Demowska"


@pytest.fixture
def ada(app):
    """An English browser of an active volunteer."""
    with app.app_context():
        return speaking(sign_in(app, make_volunteer(name=NAME, skills=["painting"]).user), "en")


def test_the_home_says_where_things_stand(ada):
    page = ada.get("/me").text

    assert "Active" in page
    assert "All is ready" in page


@pytest.mark.parametrize("state", list(VolunteerState))
def test_the_home_opens_in_every_state(app, state):
    with app.app_context():
        browser = sign_in(app, make_volunteer(state=state).user)

    assert browser.get("/me").status_code == 200


@pytest.mark.parametrize("code", ["skills", "levels", "week", "hours", "about", "limits"])
def test_every_section_opens(ada, code):
    assert ada.get(f"/me/edit/{code}").status_code == 200


def test_an_unknown_section_does_not_exist(ada):
    assert ada.get("/me/edit/secrets").status_code == 404


def test_levels_are_kept(app, ada):
    ada.post("/me/edit/levels", data={"levels-0-code": "painting", "levels-0-level": "3"})

    with app.app_context():
        assert [(s.skill_code, s.level) for s in volunteer_named(NAME).skills] == [("painting", 3)]


def test_choosing_skills_again_keeps_the_level(app, ada):
    with app.app_context():
        make_skill("sewing")
    ada.post("/me/edit/levels", data={"levels-0-code": "painting", "levels-0-level": "3"})
    ada.post("/me/edit/skills", data={"skills": ["painting", "sewing"]})

    with app.app_context():
        levels = {s.skill_code: s.level for s in volunteer_named(NAME).skills}
        assert levels == {"painting": 3, "sewing": 2}


def test_exact_hours_replace_the_week(app, ada):
    rows = {
        "hours-0-weekday": "1", "hours-0-starts": "16:30", "hours-0-ends": "19:00",
        "hours-1-weekday": "1", "hours-1-starts": "19:00", "hours-1-ends": "00:00",
        "hours-2-weekday": "0", "hours-2-starts": "", "hours-2-ends": "",
    }  # fmt: skip
    ada.post("/me/edit/hours", data=rows)

    with app.app_context():
        assert week_of(volunteer_named(NAME)) == [(1, 990, 1440)]


@pytest.mark.parametrize(("locale", "words"), [("en", "The end lies before"), ("pl", "Koniec wypada przed")])
def test_hours_that_end_before_they_start_are_refused_beside_the_row(app, ada, locale, words):
    rows = {"hours-0-weekday": "1", "hours-0-starts": "16:00", "hours-0-ends": "15:00"}
    refused = speaking(ada, locale).post("/me/edit/hours", data=rows)

    assert refused.status_code == 422
    assert words in refused.text
    assert 'id="hours-0-ends-error"' in refused.text


def test_days_away_are_noted_and_forgotten(app, ada):
    day = (today() + timedelta(days=3)).isoformat()
    ada.post("/me/away", data={"kind": "away", "first_day": day, "starts": "10:00", "ends": "12:00"})
    with app.app_context():
        (exception,) = volunteer_named(NAME).exceptions
        noted = (exception.first_day.isoformat(), exception.last_day.isoformat(), exception.starts_minute)
        exception_id = exception.id
    shown = ada.get("/me/away").text
    ada.post(f"/me/away/{exception_id}/remove")

    assert noted == (day, day, 600)
    assert "10:00–12:00" in shown
    with app.app_context():
        assert volunteer_named(NAME).exceptions == []


def test_days_away_that_end_before_they_begin_are_refused(ada):
    refused = ada.post("/me/away", data={"first_day": "2026-12-10", "last_day": "2026-12-01"})

    assert refused.status_code == 422
    assert "The last day lies before the first" in refused.text


def test_somebody_elses_days_cannot_be_forgotten(app, ada):
    with app.app_context():
        other = make_volunteer(name="Inna Osoba")
        browser = sign_in(app, other.user)
    browser.post("/me/away", data={"first_day": today().isoformat()})
    with app.app_context():
        exception_id = volunteer_named("Inna Osoba").exceptions[0].id

    assert ada.post(f"/me/away/{exception_id}/remove").status_code == 404


def test_a_break_without_an_end_pauses_until_the_person_is_back(app, ada):
    ada.post("/me/break", data={"first_day": "", "last_day": ""})
    with app.app_context():
        paused = volunteer_named(NAME).state
    ada.post("/me/back")

    assert paused == VolunteerState.PAUSED
    with app.app_context():
        back = volunteer_named(NAME)
        assert (back.state, back.paused_from) == (VolunteerState.AWAITING_CLEARANCE, None)


def test_a_break_with_an_end_is_a_stretch_of_days(app, ada):
    last = today() + timedelta(days=10)
    ada.post("/me/break", data={"first_day": today().isoformat(), "last_day": last.isoformat()})

    with app.app_context():
        volunteer = volunteer_named(NAME)
        assert (volunteer.state, volunteer.paused_until) == (VolunteerState.ACTIVE, last)


def test_leaving_ends_the_work_together(app, ada):
    ada.post("/me/leave", data={"reason": "Przeprowadzka"})

    with app.app_context():
        assert volunteer_named(NAME).state == VolunteerState.ENDED
        assert mails("volunteering_ended") == []


def test_an_applicant_takes_the_application_back_and_may_send_it_again(app):
    with app.app_context():
        browser = sign_in(app, make_volunteer(name=NAME, skills=["painting"], state="submitted").user)
    browser.post("/me/leave", data={})
    with app.app_context():
        withdrawn = volunteer_named(NAME).state
    browser.post("/join/check")

    assert withdrawn == VolunteerState.WITHDRAWN
    with app.app_context():
        assert volunteer_named(NAME).state == VolunteerState.SUBMITTED


def test_changing_ones_citizenship_asks_for_the_paper_at_once(app):
    with app.app_context():
        browser = sign_in(app, make_volunteer(name=NAME, cleared_for=make_partner()).user)
    browser.post("/me/edit/limits", data={**LIMITS, "foreign_citizen": "yes"})

    with app.app_context():
        assert volunteer_named(NAME).state == VolunteerState.AWAITING_CLEARANCE
        assert [m.facts["papers"] for m in mails("papers_needed")] == [["foreign_record"]]


def test_a_change_is_kept_in_the_history_without_what_was_written(app, ada):
    ada.post("/me/edit/about", data={"about": "Lubię malować"})

    with app.app_context():
        events = audit.history("volunteer", volunteer_named(NAME).id)
        edits = [(e.facts, e.channel) for e in events if e.verb == "volunteer_edited"]
        assert edits == [({"section": "about"}, Channel.WEB)]


def test_the_page_needs_a_volunteer(app):
    with app.app_context():
        browser = sign_in(app, make_user(Role.PARTNER))

    assert browser.get("/me").status_code == 404


def test_visitors_are_led_to_the_sign_in(client):
    assert client.get("/me").status_code == 302


def test_days_in_a_row_with_the_same_hours_are_told_together(app):
    with app.app_context():
        free = [(0, 480, 900), (1, 480, 900), (2, 480, 900), (4, 480, 900), (5, 600, 1440)]
        browser = speaking(sign_in(app, make_volunteer(free=free).user), "en")

    assert "Mon–Wed 08:00–15:00; Friday 08:00–15:00; Saturday 10:00–24:00" in browser.get("/me").text
