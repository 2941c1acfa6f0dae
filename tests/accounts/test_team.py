"""Administrators decide about the staff, after showing their phone; the last one stays."""

from datetime import timedelta

import pytest
import time_machine

from tests.accounts.people import NEW_PASSWORD, is_in, mails, phone_code, saved, secret_of
from volunteer_match import clock
from volunteer_match.accounts import queries
from volunteer_match.actor import Role

ADDRESS = "nowa@klub.example"


@pytest.fixture
def admin(app):
    return saved(app, Role.ADMINISTRATOR, staff=True, name="Alicja Zmyślona")


@pytest.fixture
def browser(login, admin):
    return login(admin)


@pytest.fixture
def ewa(app):
    return saved(app, Role.COORDINATOR, staff=True, name="Ewa Zmyślona")


def invite(browser, **changes):
    data = {"name": "Nowa Osoba", "email": ADDRESS, "role": "coordinator", "locale": "pl", **changes}
    return browser.post("/team/invite", data=data)


def roles(app, user):
    with app.app_context():
        return queries.user(user.id).roles


def test_an_invitation_makes_the_account_and_is_mailed(app, browser):
    answer = invite(browser)
    with app.app_context():
        person = queries.user_by_email(ADDRESS)
        assert answer.location == f"/team/{person.id}"
        assert person.roles == {Role.COORDINATOR}
        assert [mail.kind for mail in mails()] == ["staff_invitation"]


def test_a_volunteer_may_be_invited_and_keeps_that_role(app, browser):
    user = saved(app, Role.VOLUNTEER, email=ADDRESS)
    invite(browser)
    assert roles(app, user) == {Role.VOLUNTEER, Role.COORDINATOR}


@pytest.mark.parametrize("role", ["volunteer", "partner", "root", ""])
def test_only_roles_of_the_staff_can_be_chosen(browser, role):
    assert invite(browser, role=role).status_code == 422


def test_a_second_invitation_makes_the_first_worthless(app, browser, client):
    place = invite(browser).location
    first = secret_of(app, "staff_invitation")
    browser.post(f"{place}/invite-again")
    assert client.get(f"/invitation/{first}").status_code == 410
    assert client.get(f"/invitation/{secret_of(app, 'staff_invitation')}").status_code == 200


def test_an_invitation_expires_after_a_week(app, browser, client):
    invite(browser)
    address = f"/invitation/{secret_of(app, 'staff_invitation')}"
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        assert client.post(address, data={"password": NEW_PASSWORD}).status_code == 410


def test_roles_are_given_and_taken(app, browser, ewa):
    browser.post(f"/team/{ewa.id}/give-role", data={"role": "officer"})
    browser.post(f"/team/{ewa.id}/take-role", data={"role": "coordinator"})
    assert roles(app, ewa) == {Role.OFFICER}


def test_a_change_of_role_signs_the_person_out_and_tells_them(app, browser, login, ewa):
    theirs = login(ewa)
    browser.post(f"/team/{ewa.id}/give-role", data={"role": "officer"})
    assert not is_in(theirs)
    with app.app_context():
        assert [mail.facts["what"] for mail in mails("account_notice")] == ["roles_changed"]


def test_the_last_administrator_cannot_step_down(app, browser, admin):
    assert browser.post(f"/team/{admin.id}/take-role", data={"role": "administrator"}).status_code == 422
    assert roles(app, admin) == {Role.ADMINISTRATOR}


def test_the_last_administrator_cannot_be_disabled(browser, admin):
    assert browser.post(f"/team/{admin.id}/disable").status_code == 422
    assert is_in(browser)


def test_a_disabled_person_is_out_and_can_be_enabled_again(app, browser, login, ewa):
    theirs = login(ewa)
    browser.post(f"/team/{ewa.id}/disable")
    assert not is_in(theirs)
    browser.post(f"/team/{ewa.id}/enable")
    assert is_in(login(ewa))


def test_signing_somebody_out_everywhere(browser, login, ewa):
    theirs = [login(ewa), login(ewa)]
    browser.post(f"/team/{ewa.id}/end-sessions")
    assert [is_in(one) for one in theirs] == [False, False]


def test_after_a_lost_phone_everything_begins_again_by_invitation(app, browser, login, ewa):
    theirs = login(ewa)
    browser.post(f"/team/{ewa.id}/reset-second-factor")
    assert not is_in(theirs)
    with app.app_context():
        person = queries.user(ewa.id)
        assert (person.password_hash, person.totp_secret) == (None, None)
        assert [mail.kind for mail in mails()] == ["staff_invitation"]


@pytest.mark.parametrize("act", ["give-role", "take-role", "disable", "end-sessions", "reset-second-factor"])
def test_grave_acts_ask_for_the_phone_again_after_a_quarter_of_an_hour(app, browser, ewa, act):
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        answer = browser.post(f"/team/{ewa.id}/{act}", data={"role": "coordinator"})
    assert answer.location == f"/account/confirm?next=/team/{ewa.id}"
    assert roles(app, ewa) == {Role.COORDINATOR}


def test_the_phone_opens_the_way_again(app, browser, ewa):
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        answer = browser.post("/account/confirm", data={"code": phone_code(), "next": f"/team/{ewa.id}"})
        assert answer.location == f"/team/{ewa.id}"
        browser.post(f"/team/{ewa.id}/give-role", data={"role": "officer"})
    assert Role.OFFICER in roles(app, ewa)


def test_a_wrong_code_does_not(browser, ewa):
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert browser.post("/account/confirm", data={"code": "000000"}).status_code == 422
        assert browser.get("/team/invite").status_code == 302


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OFFICER, Role.PARTNER, Role.VOLUNTEER])
def test_nobody_else_sees_the_staff(app, login, role):
    browser = login(saved(app, role))
    assert browser.get("/team").status_code == 404
    assert invite(browser).status_code == 404


def test_volunteers_are_not_on_the_staff_pages(app, browser):
    assert browser.get(f"/team/{saved(app, Role.VOLUNTEER).id}").status_code == 404


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_pages_open_in_both_languages(browser, ewa, locale):
    browser.post("/language", data={"locale": locale})
    for path in (
        "/team",
        "/team/invite",
        f"/team/{ewa.id}",
        "/account",
        "/account/password",
        "/account/confirm",
    ):
        page = browser.get(path)
        assert page.status_code == 200
        assert f'<html lang="{locale}"' in page.text
