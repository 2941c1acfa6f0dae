"""Signing up, page by page, as a browser without JavaScript does it."""

import re

import pytest

from tests.factories import make_skill, make_user, make_volunteer, save
from tests.people.forms import (
    ABOUT,
    ADDRESS,
    LIMITS,
    join,
    link_token,
    mails,
    speaking,
    volunteer_named,
)
from tests.sign_in import sign_in
from volunteer_match.actor import Role
from volunteer_match.db import transaction
from volunteer_match.people import queries
from volunteer_match.people.models import District, Skill
from volunteer_match.people.rules import VolunteerState


@pytest.fixture
def ada(app, client):
    """A browser in which Ada has confirmed her address."""
    join(client)
    with app.app_context():
        token = link_token("sign_up_confirmation")
    client.post(f"/join/confirm/{token}")
    return client


@pytest.fixture(autouse=True)
def _skill(app):
    with app.app_context():
        make_skill("painting")


def test_the_whole_sign_up_ends_with_an_application(app, ada):
    first = ada.get("/join")
    ada.post("/join/skills", data={"skills": ["painting"], "suggestion": "Umiem robić lalki z wełny"})
    ada.post("/join/week", data={"cells": ["5-morning", "5-noon"]})
    ada.post("/join/about", data=ABOUT)
    last_step = ada.post("/join/limits", data=LIMITS)
    sent = ada.post("/join/check", follow_redirects=True)

    assert first.headers["Location"] == "/join/skills"
    assert last_step.headers["Location"] == "/join/check"
    assert sent.status_code == 200
    with app.app_context():
        volunteer = volunteer_named("Ada Demowska")
        assert volunteer.state == VolunteerState.SUBMITTED
        assert [s.skill_code for s in volunteer.skills] == ["painting"]
        assert [(r.weekday, r.starts_minute, r.ends_minute) for r in volunteer.availability] == [
            (5, 480, 900)
        ]
        assert {s.language for s in volunteer.languages} == {"pl", "uk"}
        assert (volunteer.radius_km, volunteer.user.phone) == (8, "+48 601 000 001")
        assert (volunteer.max_hours_per_week, volunteer.max_sessions_per_week) == (5, 2)
        assert volunteer.birth_date.isoformat() == "1992-03-08"
        assert [s.text for s in queries.open_suggestions(volunteer.id)] == ["Umiem robić lalki z wełny"]
        assert len(mails("application_received")) == 1


def test_the_page_after_sending_says_what_happens_next(ada):
    speaking(ada, "en")
    ada.post("/join/skills", data={"skills": ["painting"]})
    ada.post("/join/week", data={"any_time": "1"})
    ada.post("/join/limits", data=LIMITS)
    sent = ada.post("/join/check", follow_redirects=True)

    assert "What happens next" in sent.text


def test_being_flexible_fills_the_whole_grid(app, ada):
    ada.post("/join/week", data={"any_time": "1"})

    with app.app_context():
        rules = volunteer_named("Ada Demowska").availability
        assert [(r.weekday, r.starts_minute, r.ends_minute) for r in rules] == [
            (d, 480, 1260) for d in range(7)
        ]


def test_progress_survives_leaving(app, ada):
    ada.post("/join/skills", data={"skills": ["painting"]})
    ada.post("/sign-out")
    with app.app_context():
        again = sign_in(app, volunteer_named("Ada Demowska").user)

    assert again.get("/join").headers["Location"] == "/join/week"
    assert 'value="painting" checked' in again.get("/join/skills").text


def test_steps_are_counted_in_words(ada):
    speaking(ada, "en")
    assert "Step 3 of 6" in ada.get("/join/week").text


def test_an_application_without_answers_is_not_sent(app, ada):
    speaking(ada, "en")
    refused = ada.post("/join/check")

    assert refused.status_code == 422
    assert "Some answers are still missing" in refused.text
    with app.app_context():
        assert volunteer_named("Ada Demowska").state == VolunteerState.DRAFT


def test_opening_the_link_changes_nothing(app, client):
    join(client)
    with app.app_context():
        token = link_token("sign_up_confirmation")
    page = client.get(f"/join/confirm/{token}")

    assert page.status_code == 200
    with app.app_context():
        assert volunteer_named("Ada Demowska").user.email_confirmed_at is None


def test_a_used_link_explains_itself(app, ada):
    with app.app_context():
        token = link_token("sign_up_confirmation")

    assert ada.post(f"/join/confirm/{token}").status_code == 410


def test_a_known_address_gets_the_same_page_and_another_mail(app, client):
    with app.app_context():
        make_volunteer(email="znana@poczta.example")
    unknown = join(client)
    known = join(client, email="znana@poczta.example")

    assert _plain(known.text).replace("znana@poczta.example", ADDRESS) == _plain(unknown.text)
    with app.app_context():
        assert [m.recipient_email for m in mails("account_known")] == ["znana@poczta.example"]
        assert [m.recipient_email for m in mails("sign_up_confirmation")] == [ADDRESS]


def _plain(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_asking_again_before_confirming_does_not_fill_the_mailbox(app, client):
    join(client)
    join(client)

    with app.app_context():
        assert len(mails("sign_up_confirmation")) == 1


def test_a_disabled_account_gets_no_mail(app, client):
    from volunteer_match import clock

    with app.app_context():
        make_user(Role.VOLUNTEER, email="zamkniete@poczta.example", disabled_at=clock.now())
    join(client, email="zamkniete@poczta.example")

    with app.app_context():
        assert mails("account_known") == mails("sign_up_confirmation") == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "Enter an email address like"), ("pl", "Prosimy wpisać adres e-mail")],
)
def test_a_wrong_address_is_answered_beside_the_field(client, locale, words):
    refused = speaking(client, locale).post("/join", data={"name": "Ada", "email": "ada@"})

    assert refused.status_code == 422
    assert words in refused.text
    assert 'value="ada@"' in refused.text


@pytest.mark.parametrize(("locale", "words"), [("en", "at least 13 years old"), ("pl", "co najmniej 13 lat")])
def test_children_cannot_sign_up(ada, locale, words):
    from volunteer_match.i18n import today

    with ada.application.app_context():
        birth = today().replace(year=today().year - 12, day=1).isoformat()
    refused = speaking(ada, locale).post("/join/limits", data={**LIMITS, "birth_date": birth})

    assert refused.status_code == 422
    assert words in refused.text


def test_a_pesel_in_the_free_text_is_refused_and_nothing_is_lost(app, ada):
    speaking(ada, "en")
    text = "Mój numer to 44051401359, dzwońcie"
    refused = ada.post("/join/about", data={**ABOUT, "about": text})

    assert refused.status_code == 422
    assert "PESEL" in refused.text
    assert text in refused.text
    with app.app_context():
        assert volunteer_named("Ada Demowska").radius_km is None


def test_a_stale_page_is_told_so(app, ada):
    ada.post("/join/skills", data={"skills": ["painting"], "version": "1"})

    assert ada.post("/join/skills", data={"skills": [], "version": "1"}).status_code == 409


def test_a_retired_skill_cannot_be_chosen(app, ada):
    speaking(ada, "en")
    with app.app_context():
        code = make_skill("flying").code
        with transaction() as session:
            session.get_one(Skill, code).retired = True
    refused = ada.post("/join/skills", data={"skills": ["flying"]})

    assert refused.status_code == 422
    assert "no longer on the list" in refused.text


def test_a_partner_may_sign_up_with_the_same_account(app):
    with app.app_context():
        partner = make_user(Role.PARTNER, name="Regina Regałowa")
        browser = sign_in(app, partner)
    page = browser.get("/join")
    begun = browser.post("/join/as-myself")

    assert page.status_code == 200
    assert begun.headers["Location"] == "/join/skills"
    with app.app_context():
        assert volunteer_named("Regina Regałowa").user.roles == {Role.PARTNER, Role.VOLUNTEER}


def test_the_sign_up_needs_no_district(app, ada):
    with app.app_context():
        save(District(name="Nibywola", latitude=50.6, longitude=22.1))

    assert ada.post("/join/about", data={"district_id": ""}).headers["Location"] == "/join/limits"


def test_an_active_volunteer_is_led_home(app):
    with app.app_context():
        browser = sign_in(app, make_volunteer().user)

    assert browser.get("/join").headers["Location"] == "/me"
    assert browser.get("/join/skills").status_code == 404
