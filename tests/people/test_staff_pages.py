"""The coordinators' pages about volunteers."""

from datetime import timedelta

import pytest

from tests.database import count_queries
from tests.days import today
from tests.factories import make_district, make_skill, make_user, make_volunteer
from tests.people.forms import CALLER, mails, speaking, volunteer_named
from tests.safeguarding.papers import staff
from tests.sign_in import sign_in
from volunteer_match.accounts import queries as accounts
from volunteer_match.actor import Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import transaction
from volunteer_match.people.rules import VolunteerState


def test_a_caller_is_entered_with_name_and_telephone_alone(app):
    browser = staff(app)
    entered = browser.post("/people/new", data=CALLER, follow_redirects=True)

    assert "telephone only" in entered.text
    with app.app_context():
        bolek = volunteer_named("Bolek Fikcyjny")
        assert (bolek.state, bolek.user.email) == (VolunteerState.SUBMITTED, None)
        assert bolek.user.phone == "+48 602 000 002"
        events = {e.verb: e for e in audit.history("volunteer", bolek.id)}
        assert events["volunteer_submit"].channel == "phone"
        assert events["volunteer_submit"].on_behalf_of == bolek.user_id
        assert "data_notice_read" in events
        assert mails("application_received") == []


def test_everything_else_can_be_told_in_the_same_call(app):
    with app.app_context():
        make_skill("reading")
        district = make_district("Stare Nibymiasto").id
    staff(app).post(
        "/people/new",
        data={**CALLER, "skills": ["reading"], "cells": ["0-morning"], "district_id": district,
              "birth_date": "12.04.1959", "lived_abroad": "1"},
    )  # fmt: skip

    with app.app_context():
        bolek = volunteer_named("Bolek Fikcyjny")
        assert [s.skill_code for s in bolek.skills] == ["reading"]
        assert bolek.district.name == "Stare Nibymiasto"
        assert bolek.birth_date.isoformat() == "1959-04-12"
        assert bolek.lived_abroad


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "Read the information about data aloud first"), ("pl", "Najpierw przeczytaj")],
)
def test_nobody_is_entered_before_the_notice_was_read(app, locale, words):
    browser = speaking(staff(app), locale)
    refused = browser.post("/people/new", data={**CALLER, "notice_read": ""})

    assert refused.status_code == 422
    assert words in refused.text
    assert "Bolek Fikcyjny" in refused.text


def test_a_refused_entry_leaves_no_account_behind(app):
    form = {**CALLER, "email": "bolek@poczta.example", "skills": ["no_such_skill"]}
    refused = staff(app).post("/people/new", data=form)

    assert refused.status_code == 422
    with app.app_context():
        assert accounts.user_by_email("bolek@poczta.example") is None


def test_a_known_address_is_refused_beside_the_field(app):
    with app.app_context():
        make_volunteer(email="zajety@poczta.example")
    refused = staff(app).post("/people/new", data={**CALLER, "email": "zajety@poczta.example"})

    assert refused.status_code == 422
    assert 'id="email-error"' in refused.text


def test_a_given_address_is_confirmed_by_a_link(app):
    staff(app).post("/people/new", data={**CALLER, "email": "bolek@poczta.example"})

    with app.app_context():
        assert [m.recipient_email for m in mails("sign_up_confirmation")] == ["bolek@poczta.example"]


@pytest.mark.parametrize("code", ["person", "skills", "levels", "week", "hours", "about", "limits"])
def test_a_coordinator_opens_every_section(app, code):
    with app.app_context():
        volunteer_id = make_volunteer(skills=["painting"]).id

    assert staff(app).get(f"/people/{volunteer_id}/edit/{code}").status_code == 200


def test_a_change_told_on_paper_keeps_actor_and_channel(app):
    with app.app_context():
        volunteer = make_volunteer(name="Wit Zapasowy")
        volunteer_id, user_id = volunteer.id, volunteer.user_id
    form = {"channel": "paper", "languages": ["pl"], "radius_km": "15"}
    staff(app).post(f"/people/{volunteer_id}/edit/about", data=form)

    with app.app_context():
        assert volunteer_named("Wit Zapasowy").radius_km == 15
        event = next(e for e in audit.history("volunteer", volunteer_id) if e.verb == "volunteer_edited")
        assert (event.channel, event.on_behalf_of) == ("paper", user_id)
        assert event.actor_id not in (None, user_id)


def test_a_new_address_is_confirmed_and_the_old_one_told(app):
    with app.app_context():
        volunteer_id = make_volunteer(name="Wit Zapasowy", email="wit@poczta.example").id
    form = {"name": "Wit Zapasowy", "email": "nowy.wit@poczta.example", "phone": "", "locale": "pl"}
    staff(app).post(f"/people/{volunteer_id}/edit/person", data=form)

    with app.app_context():
        assert volunteer_named("Wit Zapasowy").user.email_confirmed_at is None
        assert [m.recipient_email for m in mails("account_notice")] == ["wit@poczta.example"]
        assert [m.recipient_email for m in mails("sign_up_confirmation")] == ["nowy.wit@poczta.example"]


def test_a_person_must_stay_reachable(app):
    with app.app_context():
        volunteer_id = make_volunteer().id
    form = {"name": "Wit Zapasowy", "email": "", "phone": "", "locale": "pl"}
    refused = staff(app).post(f"/people/{volunteer_id}/edit/person", data=form)

    assert refused.status_code == 422
    assert "telephone number or an email address" in refused.text


def test_rejecting_needs_a_reason_that_the_person_reads(app):
    with app.app_context():
        volunteer_id = make_volunteer(name="Żaneta Bajkowa", state=VolunteerState.SCREENING).id
    browser = staff(app)
    refused = browser.post(f"/people/{volunteer_id}/move", data={"event": "reject"})
    form = {"event": "reject", "reason": "Teraz mamy już komplet osób."}
    browser.post(f"/people/{volunteer_id}/move", data=form)

    assert refused.status_code == 422
    assert "Write the reason" in refused.text
    with app.app_context():
        assert volunteer_named("Żaneta Bajkowa").state == VolunteerState.REJECTED
        assert mails("application_decided")[0].facts["reason"] == "Teraz mamy już komplet osób."


def test_a_stale_decision_is_refused(app):
    with app.app_context():
        volunteer_id = make_volunteer(state=VolunteerState.SUBMITTED).id
    browser = staff(app)
    browser.post(f"/people/{volunteer_id}/move", data={"event": "screen", "version": "1"})

    stale = {"event": "reject", "reason": "Nie teraz.", "version": "1"}
    assert browser.post(f"/people/{volunteer_id}/move", data=stale).status_code == 409


def test_admission_does_not_go_through_the_plain_acts(app):
    with app.app_context():
        volunteer_id = make_volunteer(name="Ewa Zmyślona", state=VolunteerState.SUBMITTED).id
    refused = staff(app).post(f"/people/{volunteer_id}/move", data={"event": "admit"})

    assert refused.status_code == 422
    with app.app_context():
        assert volunteer_named("Ewa Zmyślona").state == VolunteerState.SUBMITTED


def test_a_break_is_noted_and_ended_for_the_person(app):
    with app.app_context():
        volunteer_id = make_volunteer(name="Natan Atrapa").id
    browser = staff(app)
    browser.post(f"/people/{volunteer_id}/break", data={"channel": "phone"})
    with app.app_context():
        paused = volunteer_named("Natan Atrapa").state
    browser.post(f"/people/{volunteer_id}/back", data={"channel": "phone"})

    assert paused == VolunteerState.PAUSED
    with app.app_context():
        assert volunteer_named("Natan Atrapa").paused_from is None


def test_a_qualification_counts_once_the_proof_was_seen(app):
    with app.app_context():
        make_skill("paramedic", qualification=True)
        volunteer_id = make_volunteer(name="Ola Symulacja", skills=["paramedic"]).id
    browser = staff(app)
    browser.post(f"/people/{volunteer_id}/qualifications/paramedic", data={"seen": "1"})

    with app.app_context():
        assert volunteer_named("Ola Symulacja").skills[0].confirmed_at is not None
    assert "proof seen" in browser.get(f"/people/{volunteer_id}").text


@pytest.mark.parametrize(("answers", "counts"), [("11", True), ("10", False), ("00", False)])
def test_two_who_saw_the_same_proof_agree(app, answers, counts):
    with app.app_context():
        make_skill("paramedic", qualification=True)
        volunteer_id = make_volunteer(name="Ola Symulacja", skills=["paramedic"]).id
    for seen in answers:
        staff(app).post(f"/people/{volunteer_id}/qualifications/paramedic", data={"seen": seen})

    with app.app_context():
        assert bool(volunteer_named("Ola Symulacja").skills[0].confirmed_at) == counts


def test_what_is_no_qualification_cannot_be_confirmed(app):
    with app.app_context():
        volunteer_id = make_volunteer(skills=["painting"]).id

    assert staff(app).post(f"/people/{volunteer_id}/qualifications/painting").status_code == 404


@pytest.mark.parametrize("state", list(VolunteerState))
def test_the_person_page_opens_in_every_state(app, state):
    with app.app_context():
        volunteer_id = make_volunteer(state=state).id

    assert staff(app).get(f"/people/{volunteer_id}").status_code == 200
    assert staff(app, Role.OFFICER).get(f"/people/{volunteer_id}").status_code == 200


def test_days_that_differ_are_noted_for_the_person(app):
    with app.app_context():
        volunteer_id = make_volunteer(name="Wit Zapasowy").id
    browser = staff(app)
    browser.post(f"/people/{volunteer_id}/away", data={"first_day": "2026-12-24", "channel": "phone"})
    with app.app_context():
        (exception,) = volunteer_named("Wit Zapasowy").exceptions
        exception_id = exception.id
    browser.post(f"/people/{volunteer_id}/away/{exception_id}/remove", data={})

    with app.app_context():
        assert volunteer_named("Wit Zapasowy").exceptions == []


def test_other_peoples_pages_do_not_exist_for_volunteers(app):
    with app.app_context():
        volunteer_id = make_volunteer().id
        browser = sign_in(app, make_volunteer().user)

    for path in ("/people", "/people/new", f"/people/{volunteer_id}", f"/people/{volunteer_id}/edit/about"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"/people/{volunteer_id}/edit/about", data={}).status_code == 404
    assert browser.post(f"/people/{volunteer_id}/move", data={"event": "end"}).status_code == 404


def test_an_officer_reads_but_does_not_edit(app):
    with app.app_context():
        volunteer_id = make_volunteer().id
    officer = staff(app, Role.OFFICER)

    assert officer.get(f"/people/{volunteer_id}/edit/about").status_code == 404
    assert officer.post(f"/people/{volunteer_id}/edit/about", data={}).status_code == 404


@pytest.mark.parametrize("words", ["zaneta", "ŻANETA", "bajk", "625 000", "zaneta.b"])
def test_people_are_found_without_polish_letters_by_name_telephone_and_address(app, words):
    with app.app_context():
        bajkowa = make_volunteer(name="Żaneta Bajkowa", email="zaneta.bajkowa@poczta.example")
        make_volunteer(name="Leon Umowny", email="leon@poczta.example")
        with transaction() as session:
            session.merge(bajkowa.user).phone = "+48 625 000 025"
    page = staff(app).get("/people", query_string={"words": words}).text

    assert "Żaneta Bajkowa" in page
    assert "Leon Umowny" not in page


def test_a_percent_sign_finds_nobody(app):
    with app.app_context():
        make_volunteer(name="Leon Umowny")

    assert "Nobody found" in staff(app).get("/people?words=%25").text


def test_the_list_is_narrowed_by_state_and_skill(app):
    with app.app_context():
        make_volunteer(name="Kto Maluje", skills=["painting"])
        make_volunteer(name="Kto Szyje", skills=["sewing"])
        make_volunteer(name="Kto Czeka", skills=["painting"], state=VolunteerState.SUBMITTED)
    page = staff(app).get("/people?state=active&skill=painting").text

    assert "Kto Maluje" in page
    assert "Kto Szyje" not in page
    assert "Kto Czeka" not in page


def test_the_list_takes_the_same_few_queries_however_long_it_is(app):
    with app.app_context():
        for _ in range(3):
            make_volunteer(skills=["painting"])
    browser = staff(app)
    browser.get("/people")
    with count_queries() as few:
        browser.get("/people")
    with app.app_context():
        for _ in range(27):
            make_volunteer(skills=["painting", "sewing"])
    with count_queries(at_most=len(few)):
        full = browser.get("/people")

    assert len(few) <= 8
    assert "page=2" in full.text


def test_who_is_on_a_planned_break_is_seen_as_on_a_break(app, login):
    with app.app_context():
        day = today()
        make_volunteer(
            name="Natan Atrapa", paused_from=day - timedelta(days=7), paused_until=day + timedelta(days=9)
        )
        coordinator = make_user(Role.COORDINATOR, locale="en")

    assert "On a break" in login(coordinator).get("/people").text.split("Natan Atrapa")[1].split("</tr>")[0]
