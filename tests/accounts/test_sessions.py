"""A session is a row: when it ends there, no cookie of it opens anything any more."""

from datetime import timedelta

import pytest
import time_machine

from tests.accounts.people import NEW_PASSWORD, PASSWORD, is_in, saved, secret_of, sign_in_fully
from tests.database import count_queries
from volunteer_match import clock
from volunteer_match.accounts import queries, service
from volunteer_match.actor import SYSTEM, Role
from volunteer_match.db import transaction

ADDRESS = "koordynacja@klub.example"


@pytest.fixture
def jan(app):
    return saved(app, Role.VOLUNTEER, name="Jan Zmyślony")


@pytest.fixture
def ewa(app):
    return saved(app, Role.COORDINATOR, staff=True, email=ADDRESS)


def copy_of(app, browser):
    thief = app.test_client()
    thief.set_cookie("vm", browser.get_cookie("vm").value)
    return thief


def change(app, act, *args):
    with app.app_context(), transaction():
        act(*args)


def test_a_cookie_copied_before_signing_out_is_worthless_after(app, login, jan):
    browser = login(jan)
    thief = copy_of(app, browser)
    assert is_in(thief)
    browser.post("/sign-out")
    assert not is_in(thief)


def test_a_cookie_is_worthless_after_the_account_is_disabled(app, login, jan):
    browser = login(jan)
    change(app, service.disable, SYSTEM, jan.id)
    assert not is_in(browser)


def test_a_cookie_stays_worthless_after_the_account_is_enabled_again(app, login, jan):
    browser = login(jan)
    change(app, service.disable, SYSTEM, jan.id)
    change(app, service.enable, SYSTEM, jan.id)
    assert not is_in(browser)


def test_a_cookie_is_worthless_after_a_password_reset(app, client, login, ewa):
    browser = login(ewa)
    client.post("/sign-in/forgotten", data={"email": ADDRESS})
    client.post(f"/new-password/{secret_of(app, 'password_reset')}", data={"password": NEW_PASSWORD})
    assert not is_in(browser)


def test_a_cookie_is_worthless_after_a_role_of_the_staff_is_given(app, login, jan):
    browser = login(jan)
    change(app, service.grant_role, SYSTEM, jan.id, Role.COORDINATOR)
    assert not is_in(browser)


def test_a_cookie_is_worthless_after_a_role_is_taken(app, login, ewa):
    browser = login(ewa)
    change(app, service.revoke_role, SYSTEM, ewa.id, Role.COORDINATOR)
    assert not is_in(browser)


def test_a_session_opened_by_mail_never_serves_staff(app, login, ewa):
    assert not is_in(login(ewa, strength="link"))


def test_a_half_finished_session_serves_nobody(app, login, ewa):
    assert not is_in(login(ewa, strength="pending"))


def test_changing_the_password_signs_other_browsers_out_and_not_this_one(app, client, login, ewa):
    other = login(ewa)
    login(ewa, client)
    client.post("/account/password", data={"present": PASSWORD, "password": NEW_PASSWORD})
    assert is_in(client)
    assert not is_in(other)


def test_changing_the_password_needs_the_present_one(client, login, ewa):
    login(ewa, client)
    answer = client.post("/account/password", data={"present": "wrong", "password": NEW_PASSWORD})
    assert answer.status_code == 422


def test_a_made_up_cookie_secret_opens_nothing(client, app):
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": "made-up", "seen": int(clock.now().timestamp())})
    assert not is_in(client)


def test_the_secret_in_the_cookie_is_not_in_the_table(app, login, jan):
    with login(jan).session_transaction() as cookie:
        secret = cookie["_user_id"]
    with app.app_context():
        (row,) = queries.open_sessions(jan.id, clock.now())
        assert secret not in (row.id, row.public_id)


def test_signing_in_starts_a_fresh_session_and_csrf_token(app, client, ewa):
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        before = dict(cookie)
    client.post("/sign-in/password", data={"email": ADDRESS, "password": PASSWORD})
    with client.session_transaction() as cookie:
        half = cookie["_user_id"]
        assert cookie.get("csrf_token") != before["csrf_token"]
    sign_in_fully(client, ADDRESS)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != half


def test_the_half_open_session_ends_when_the_full_one_begins(app, client, ewa):
    client.post("/sign-in/password", data={"email": ADDRESS, "password": PASSWORD})
    thief = copy_of(app, client)
    sign_in_fully(client, ADDRESS)
    assert is_in(client)
    assert thief.get("/sign-in/second-factor").location == "/sign-in"


@pytest.mark.parametrize(("minutes", "inside"), [(29, True), (31, False)])
def test_staff_are_signed_out_after_half_an_hour_without_a_request(login, ewa, minutes, inside):
    browser = login(ewa)
    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
        assert is_in(browser) is inside


@pytest.mark.parametrize(("hours", "inside"), [(23, True), (25, False)])
def test_volunteers_are_signed_out_after_a_day_without_a_request(login, jan, hours, inside):
    browser = login(jan)
    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        assert is_in(browser) is inside


def stays_in(browser, step, times):
    start = clock.now()
    for n in range(1, times + 1):
        with time_machine.travel(start + n * step, tick=False):
            if not is_in(browser):
                return n
    return None


def test_reading_pages_keeps_staff_signed_in_for_twelve_hours_at_most(login, ewa):
    assert stays_in(login(ewa), timedelta(minutes=20), 40) == 36


def test_reading_pages_keeps_volunteers_signed_in_for_thirty_days_at_most(login, jan):
    assert stays_in(login(jan), timedelta(hours=20), 40) == 36


def test_people_see_and_end_their_own_sessions(app, login, jan):
    old, here = login(jan), login(jan)
    with app.app_context():
        ids = {row.public_id for row in queries.open_sessions(jan.id, clock.now())}
    page = here.get("/account").text
    (other,) = [public_id for public_id in ids if f"/account/sessions/{public_id}/end" in page]
    here.post(f"/account/sessions/{other}/end")
    assert is_in(here)
    assert not is_in(old)


def test_nobody_ends_somebody_elses_session(app, login, jan, ewa):
    victim = login(ewa)
    with app.app_context():
        (row,) = queries.open_sessions(ewa.id, clock.now())
    assert login(jan).post(f"/account/sessions/{row.public_id}/end").status_code == 404
    assert is_in(victim)


def test_every_other_browser_is_signed_out_at_once(login, jan):
    others, here = [login(jan) for _ in range(3)], login(jan)
    here.post("/account/sessions/end-others")
    assert [is_in(browser) for browser in (*others, here)] == [False, False, False, True]


def test_a_session_costs_one_statement(login, jan):
    browser = login(jan)
    with count_queries(at_most=1):
        browser.get("/sign-in")


def test_the_chosen_language_is_kept_in_the_account(app, login, jan):
    login(jan).post("/language", data={"locale": "en", "next": "/account"})
    assert '<html lang="en"' in login(jan).get("/account").text


def test_the_language_of_the_browser_session_survives_signing_in(app, client, ewa):
    client.post("/language", data={"locale": "en"})
    sign_in_fully(client, ADDRESS)
    assert '<html lang="en"' in client.get("/account").text


def test_an_unknown_language_changes_nothing(client, app):
    client.post("/language", data={"locale": "xx"})
    assert '<html lang="pl"' in client.get("/sign-in", headers={"Accept-Language": "pl"}).text
