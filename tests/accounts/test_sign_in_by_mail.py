"""Volunteers and partners sign in by a mailed link, or by its code in the browser that asked."""

from datetime import timedelta

import pytest
import time_machine

from tests.accounts.people import is_in, mails, saved, secret_of
from volunteer_match import clock
from volunteer_match.accounts import queries, service
from volunteer_match.actor import SYSTEM, Role
from volunteer_match.db import transaction

ADDRESS = "zofia@poczta.example"


@pytest.fixture
def zofia(app):
    return saved(app, Role.VOLUNTEER, email=ADDRESS, name="Zofia Zmyślona")


def ask(browser, address=ADDRESS, **more):
    return browser.post("/sign-in", data={"email": address, **more})


def test_the_link_shows_a_button_and_does_not_sign_in_by_itself(app, client, zofia):
    ask(client)
    page = client.get(f"/sign-in/link/{secret_of(app, 'sign_in_link')}")
    assert page.status_code == 200
    assert not is_in(client)


def test_the_link_signs_in_on_another_device(app, client, zofia):
    ask(client)
    phone = app.test_client()
    phone.post(f"/sign-in/link/{secret_of(app, 'sign_in_link')}")
    assert is_in(phone)


@pytest.mark.slow
def test_a_hundred_scanners_do_not_use_the_link_up(app, client, zofia):
    ask(client)
    address = f"/sign-in/link/{secret_of(app, 'sign_in_link')}"
    for _ in range(50):
        client.get(address)
        client.head(address)
    client.post(address)
    assert is_in(client)


def test_the_link_works_once(app, client, zofia):
    ask(client)
    address = f"/sign-in/link/{secret_of(app, 'sign_in_link')}"
    client.post(address)
    second = app.test_client()
    assert second.post(address).status_code == 410
    assert not is_in(second)


def test_the_link_expires_after_ten_minutes(app, client, zofia):
    ask(client)
    address = f"/sign-in/link/{secret_of(app, 'sign_in_link')}"
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        assert client.get(address).status_code == 410
        assert client.post(address).status_code == 410


def test_the_code_signs_in_where_it_was_asked_for(app, client, zofia):
    ask(client)
    client.post("/sign-in/code", data={"code": secret_of(app, "sign_in_link", "code")})
    assert is_in(client)


def test_the_code_may_be_typed_with_a_gap(app, client, zofia):
    ask(client)
    code = secret_of(app, "sign_in_link", "code")
    client.post("/sign-in/code", data={"code": f"{code[:3]} {code[3:]}"})
    assert is_in(client)


def test_the_code_is_worthless_in_another_browser(app, client, zofia):
    ask(client)
    other = app.test_client()
    ask(other, "ktos@poczta.example")
    other.post("/sign-in/code", data={"code": secret_of(app, "sign_in_link", "code")})
    assert not is_in(other)


def test_a_wrong_code_says_so_beside_the_field(client, zofia):
    ask(client)
    answer = client.post("/sign-in/code", data={"code": "abcdef"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text


def test_five_wrong_codes_make_the_right_one_worthless(app, client, zofia):
    ask(client)
    right = secret_of(app, "sign_in_link", "code")
    wrong = "000000" if right != "000000" else "111111"
    assert [client.post("/sign-in/code", data={"code": wrong}).status_code for _ in range(5)] == [422] * 5
    assert client.post("/sign-in/code", data={"code": right}).status_code == 410
    assert not is_in(client)


def test_signing_in_by_code_uses_the_link_up(app, client, zofia):
    ask(client)
    client.post("/sign-in/code", data={"code": secret_of(app, "sign_in_link", "code")})
    other = app.test_client()
    assert other.post(f"/sign-in/link/{secret_of(app, 'sign_in_link')}").status_code == 410


def test_signing_in_leads_to_the_page_that_was_wanted(app, client, zofia):
    ask(client, next="/account/edit")
    answer = client.post(f"/sign-in/link/{secret_of(app, 'sign_in_link')}")
    assert answer.location == "/account/edit"


def test_an_unknown_address_gets_a_mail_that_says_so(app, client):
    ask(client, "nikt@poczta.example")
    with app.app_context():
        (mail,) = mails()
        assert (mail.kind, mail.facts["way"]) == ("sign_in_hint", "none")


def test_staff_get_no_link_but_the_way_by_password(app, client):
    saved(app, Role.COORDINATOR, staff=True, email=ADDRESS)
    ask(client)
    with app.app_context():
        (mail,) = mails()
        assert (mail.kind, mail.facts["way"]) == ("sign_in_hint", "password")


def test_a_link_asked_for_before_joining_the_staff_is_worthless(app, client, zofia):
    ask(client)
    with app.app_context(), transaction():
        service.grant_role(SYSTEM, zofia.id, Role.COORDINATOR)
    assert client.post(f"/sign-in/link/{secret_of(app, 'sign_in_link')}").status_code == 410
    assert not is_in(client)


def test_a_disabled_account_gets_no_link(app, client):
    saved(app, Role.VOLUNTEER, email=ADDRESS, disabled_at=clock.now())
    ask(client)
    with app.app_context():
        assert [mail.kind for mail in mails()] == ["sign_in_hint"]


def test_the_sixth_request_for_one_address_is_refused(client, zofia):
    answers = [ask(client).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_signing_in_confirms_the_address(app, client):
    with app.app_context(), transaction():
        user = service.register_person(SYSTEM, "Jan", ADDRESS, None, "pl", Role.VOLUNTEER)
        assert user.email_confirmed_at is None
    ask(client)
    client.post(f"/sign-in/link/{secret_of(app, 'sign_in_link')}")
    with app.app_context():
        assert queries.user(user.id).email_confirmed_at is not None
