"""People change their own data; a new address counts only after its link was used."""

import re

import pytest

from tests.accounts.people import is_in, mails, saved, secret_of
from volunteer_match.accounts import queries
from volunteer_match.actor import Role

OLD, NEW = "stary@poczta.example", "nowy@poczta.example"


@pytest.fixture
def jan(app):
    return saved(app, Role.VOLUNTEER, name="Jan Zmyślony", email=OLD)


@pytest.fixture
def browser(login, jan):
    return login(jan)


def account(app, user):
    with app.app_context():
        return queries.user(user.id)


def ask_for(browser, email=NEW):
    return browser.post("/account/address", data={"email": email})


def test_name_number_and_language_are_changed(app, browser, jan):
    browser.post("/account/edit", data={"name": "Jan Nowy", "phone": "600 100 200", "locale": "en"})
    kept = account(app, jan)
    assert (kept.name, kept.phone, kept.locale) == ("Jan Nowy", "+48 600 100 200", "en")


def test_the_form_offers_both_languages_by_name_and_ticks_the_present_one(browser):
    page = browser.get("/account/edit").text
    offered = re.findall(r'name="locale"[^>]*value="(\w+)"([^>]*)>\s*<label[^>]*>\s*(\w+)', page)
    assert [(value, name, "checked" in more) for value, more, name in offered] == [
        ("pl", "Polski", True),
        ("en", "English", False),
    ]


def test_the_number_may_be_taken_away(app, browser, jan):
    browser.post("/account/edit", data={"name": "Jan", "phone": "600 100 200", "locale": "pl"})
    browser.post("/account/edit", data={"name": "Jan", "phone": "", "locale": "pl"})
    assert account(app, jan).phone is None


@pytest.mark.parametrize("field", ["email", "roles", "password_hash", "version", "disabled_at", "__class__"])
def test_nothing_else_can_be_set_by_its_column_name(app, browser, jan, field):
    browser.post("/account/edit", data={"name": "Jan", "phone": "", "locale": "pl", field: "1"})
    kept = account(app, jan)
    assert (kept.email, kept.roles, kept.password_hash) == (OLD, {Role.VOLUNTEER}, None)


def test_a_refused_form_keeps_what_was_typed(browser):
    answer = browser.post("/account/edit", data={"name": "", "phone": "600 100 200", "locale": "pl"})
    assert answer.status_code == 422
    assert "600 100 200" in answer.text


@pytest.mark.parametrize("path", ["/account", "/account/edit", "/account/address"])
@pytest.mark.parametrize("locale", ["pl", "en"])
def test_pages_open_in_both_languages(browser, path, locale):
    browser.post("/language", data={"locale": locale})
    page = browser.get(path)
    assert page.status_code == 200
    assert f'<html lang="{locale}"' in page.text


def test_the_address_stays_until_the_link_is_used(app, browser, jan):
    ask_for(browser)
    assert account(app, jan).email == OLD


def test_the_link_goes_to_the_new_address_and_a_notice_to_the_old(app, browser, jan):
    ask_for(browser)
    browser.post(f"/new-address/{secret_of(app, 'address_change')}")
    with app.app_context():
        assert [(mail.kind, mail.recipient_email) for mail in mails()] == [
            ("address_change", NEW),
            ("account_notice", OLD),
        ]
    assert account(app, jan).email == NEW


def test_the_link_shows_a_button_before_anything_changes(app, browser, jan):
    ask_for(browser)
    assert NEW in browser.get(f"/new-address/{secret_of(app, 'address_change')}").text
    assert account(app, jan).email == OLD


def test_a_second_request_makes_the_first_link_worthless(app, browser, jan):
    ask_for(browser, "pierwszy@poczta.example")
    first = secret_of(app, "address_change")
    ask_for(browser)
    assert browser.post(f"/new-address/{first}").status_code == 410


def test_an_address_with_an_account_is_not_given_away(app, browser, jan):
    saved(app, Role.VOLUNTEER, email=NEW)
    answer = ask_for(browser)
    assert answer.location == ask_for(browser, "wolny@poczta.example").location == "/account"
    with app.app_context():
        assert [mail.kind for mail in mails() if mail.recipient_email == NEW] == ["sign_in_hint"]


def test_an_address_taken_meanwhile_is_refused(app, browser, jan):
    ask_for(browser)
    saved(app, Role.VOLUNTEER, email=NEW)
    assert browser.post(f"/new-address/{secret_of(app, 'address_change')}").status_code == 422
    assert account(app, jan).email == OLD


def test_changing_the_address_voids_sign_in_links_mailed_to_the_old(app, client, browser, jan):
    client.post("/sign-in", data={"email": OLD})
    ask_for(browser)
    browser.post(f"/new-address/{secret_of(app, 'address_change')}")
    assert client.post(f"/sign-in/link/{secret_of(app, 'sign_in_link')}").status_code == 410
    assert not is_in(client)
