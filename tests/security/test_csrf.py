"""Every route that may change something refuses a form without its token, and forms from other places."""

import pytest

from tests.security.digest import digest
from tests.security.matrix import ROLES, hollow, reviewed
from tests.security.routes import changing
from volunteer_match.db import db


@pytest.fixture
def guarded(app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


def allowed_role(route):
    cells = reviewed().get(str(route), [])
    return next((role for role, cell in zip(ROLES, cells, strict=False) if cell == "allowed"), None)


def refused(app, browsers):
    """Return the changing routes that answered something else than 400 to somebody who may use them."""
    wrong = []
    with hollow(app):
        for route in changing(app):
            role = allowed_role(route)
            if role is None:
                continue
            form = {"csrf_token": "made-up"}
            answer = browsers[role].open(route.path, method=route.method, data=form)
            if answer.status_code != 400:
                wrong.append(f"{route}: {answer.status_code}")
    return wrong


def test_a_form_with_a_made_up_token_is_refused_everywhere(guarded, bench, browsers):
    before = digest(bench.engine, db.metadata)
    assert refused(guarded, browsers) == []
    assert digest(bench.engine, db.metadata) == before


def ask(browser, token, **more):
    data = {"email": "ktos@poczta.example", "csrf_token": token}
    return browser.post("/sign-in", data=data, **more).status_code


def token_of(browser):
    return browser.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_form_with_its_token_is_taken(guarded, client):
    assert ask(client, token_of(client)) == 302


def test_the_token_of_another_browser_is_refused(guarded, client):
    other = guarded.test_client()
    token_of(other)
    assert ask(other, token_of(client)) == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://zly.example"},
        {"Origin": "https://zly.example", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost.zly.example"},
    ],
)
def test_a_form_from_another_place_is_refused_even_with_its_token(guarded, client, headers):
    assert ask(client, token_of(client), headers=headers) == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_here_is_taken(guarded, client, headers):
    assert ask(client, token_of(client), headers=headers) == 302
