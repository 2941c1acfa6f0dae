"""The phone: each code once, recovery codes once, set up by invitation, shown again before grave acts."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.accounts.people import (
    NEW_PASSWORD,
    PASSWORD,
    is_in,
    mails,
    phone_code,
    saved,
    secret_of,
    sign_in_fully,
)
from volunteer_match import clock
from volunteer_match.accounts import second_factor, team_service
from volunteer_match.actor import SYSTEM, Role
from volunteer_match.db import transaction

ADDRESS = "koordynacja@klub.example"


@pytest.fixture
def ewa(app):
    return saved(app, Role.COORDINATOR, staff=True, email=ADDRESS)


def wait_for_code(browser):
    browser.post("/sign-in/password", data={"email": ADDRESS, "password": PASSWORD})
    return browser


def give_code(browser, code):
    return browser.post("/sign-in/second-factor", data={"code": code})


@pytest.fixture
def fixed_time():
    with time_machine.travel(clock.now(), tick=False) as moment:
        yield moment


def test_a_code_is_good_once(app, client, ewa, fixed_time):
    code = phone_code()
    give_code(wait_for_code(client), code)
    thief = wait_for_code(app.test_client())
    assert give_code(thief, code).status_code == 422
    assert not is_in(thief)


def test_an_earlier_code_is_refused_after_a_later_one(app, client, ewa, fixed_time):
    earlier = phone_code(-1)
    give_code(wait_for_code(client), phone_code())
    assert give_code(wait_for_code(app.test_client()), earlier).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_phone_may_be_half_a_minute_off(client, ewa, fixed_time, steps, status):
    assert give_code(wait_for_code(client), phone_code(steps)).status_code == status


def test_wrong_codes_are_limited(client, ewa):
    wait_for_code(client)
    answers = [give_code(client, "wrong").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_second_step_alone_leads_to_the_first(client, ewa):
    assert give_code(client, phone_code()).location == "/sign-in"


def test_the_half_open_door_closes_after_ten_minutes(client, ewa):
    wait_for_code(client)
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        assert give_code(client, phone_code()).location == "/sign-in"


def recovery_codes(app, user):
    with app.app_context(), transaction():
        return second_factor.new_recovery_codes(user.id)


def test_a_recovery_code_replaces_the_phone_and_is_reported(app, client, ewa):
    code = recovery_codes(app, ewa)[3]
    give_code(wait_for_code(client), code)
    assert is_in(client)
    with app.app_context():
        assert [mail.facts["what"] for mail in mails("account_notice")] == ["recovery_code_used"]


def test_a_recovery_code_works_once(app, client, ewa):
    code = recovery_codes(app, ewa)[0]
    give_code(wait_for_code(client), code)
    assert give_code(wait_for_code(app.test_client()), code).status_code == 422


def test_ten_different_recovery_codes_are_made(app, ewa):
    assert len(set(recovery_codes(app, ewa))) == 10


def test_new_recovery_codes_replace_the_old(app, client, ewa):
    old = recovery_codes(app, ewa)[0]
    recovery_codes(app, ewa)
    assert give_code(wait_for_code(client), old).status_code == 422


def test_somebody_elses_recovery_code_is_worthless(app, client, ewa):
    other = saved(app, Role.COORDINATOR, staff=True)
    assert give_code(wait_for_code(client), recovery_codes(app, other)[0]).status_code == 422


def invited(app):
    with app.app_context(), transaction():
        return team_service.invite(SYSTEM, "Adam Zmyślony", ADDRESS, Role.COORDINATOR, "pl")


def accept(app, browser):
    invited(app)
    browser.post(f"/invitation/{secret_of(app, 'staff_invitation')}", data={"password": NEW_PASSWORD})
    page = browser.get("/account/second-factor").text
    return "".join(re.search(r"<code>([A-Z2-7 ]{39,})</code>", page)[1].split())


def test_an_invited_person_connects_a_phone_and_is_in(app, client):
    secret = accept(app, client)
    assert not is_in(client)
    answer = client.post("/account/second-factor", data={"code": phone_code(secret=secret)})
    assert len(re.findall(r"<code>[a-z2-7]{4}(?:-[a-z2-7]{4}){3}</code>", answer.text)) == 10
    assert is_in(client)


def test_a_wrong_first_code_connects_nothing(app, client):
    accept(app, client)
    assert client.post("/account/second-factor", data={"code": "000000"}).status_code == 422
    assert not is_in(client)


def test_the_code_that_connected_the_phone_is_used_up(app, client, fixed_time):
    code = phone_code(secret=accept(app, client))
    client.post("/account/second-factor", data={"code": code})
    again = app.test_client()
    assert sign_in_fully(again, ADDRESS, code, NEW_PASSWORD).status_code == 422


def test_the_secret_is_stored_sealed(app, client):
    from volunteer_match.accounts import queries

    secret = accept(app, client)
    client.post("/account/second-factor", data={"code": phone_code(secret=secret)})
    with app.app_context():
        kept = queries.user_by_email(ADDRESS).totp_secret
        assert secret not in kept
        assert second_factor.unseal(kept) == secret


def test_the_secret_in_the_cookie_is_sealed(app, client):
    secret = accept(app, client)
    with client.session_transaction() as cookie:
        assert secret not in str(dict(cookie))


def test_replacing_the_phone_asks_for_the_present_one_first(app, client, login, ewa):
    login(ewa, client)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        answer = client.get("/account/second-factor")
        assert answer.location == "/account/confirm?next=/account/second-factor"
        client.post("/account/confirm", data={"code": phone_code()})
        assert client.get("/account/second-factor").status_code == 200


def test_replacing_the_phone_signs_other_browsers_out(app, client, login, ewa):
    other = login(ewa)
    login(ewa, client)
    page = client.get("/account/second-factor").text
    secret = "".join(re.search(r"<code>([A-Z2-7 ]{39,})</code>", page)[1].split())
    client.post("/account/second-factor", data={"code": phone_code(secret=secret)})
    assert is_in(client)
    assert not is_in(other)


def test_volunteers_have_no_second_factor_to_set_up(app, client, login):
    login(saved(app, Role.VOLUNTEER), client)
    assert client.get("/account/second-factor").status_code == 404
