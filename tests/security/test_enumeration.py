"""Nobody learns from an answer whether an address has an account."""

import re

import pytest

from tests.accounts.people import mails, saved
from volunteer_match import clock
from volunteer_match.accounts import passwords
from volunteer_match.accounts.models import SignInAttempt, Token
from volunteer_match.actor import Role
from volunteer_match.db import db

UNKNOWN = "nikt@klub.example"
KINDS = ("volunteer", "coordinator", "disabled")


@pytest.fixture
def known(app):
    return {
        "volunteer": saved(app, Role.VOLUNTEER, email="a1kt@klub.example").email,
        "coordinator": saved(app, Role.COORDINATOR, staff=True, email="b1kt@klub.example").email,
        "disabled": saved(
            app, Role.COORDINATOR, staff=True, email="c1kt@klub.example", disabled_at=clock.now()
        ).email,
    }


def seen(browser, path, email, **more):
    """Return everything a stranger sees: the answer, the page it leads to, and which cookies were set."""
    first = browser.post(path, data={"email": email, **more})
    pages = [first] + ([browser.get(first.location)] if first.status_code == 302 else [])
    return [(page.status_code, sorted(set(page.headers.keys())), _masked(page.text, email)) for page in pages]


def _masked(text, email):
    return re.sub(r'value="[\w.-]{60,}"', "", text.replace(email, "ADDRESS"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("path", "more"),
    [("/sign-in", {}), ("/sign-in/forgotten", {}), ("/sign-in/password", {"password": "wrong"})],
)
def test_known_and_unknown_addresses_get_the_same_answer(app, known, kind, path, more):
    assert seen(app.test_client(), path, known[kind], **more) == seen(
        app.test_client(), path, UNKNOWN, **more
    )


@pytest.mark.parametrize("kind", KINDS)
def test_being_limited_looks_the_same_too(app, known, kind):
    def worn_out(email):
        browser = app.test_client()
        for _ in range(5):
            browser.post("/sign-in", data={"email": email})
        return seen(browser, "/sign-in", email)

    assert worn_out(known[kind]) == worn_out(UNKNOWN)


def rows(app):
    with app.app_context():
        tables = (Token, SignInAttempt)
        return [db.session.query(table).count() for table in tables] + [len(mails())]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgotten"])
def test_known_and_unknown_addresses_leave_as_many_rows(app, client, known, kind, path):
    start = rows(app)
    client.post(path, data={"email": known[kind]})
    middle = rows(app)
    client.post(path, data={"email": UNKNOWN})
    grown = [[b - a for a, b in zip(*pair, strict=True)] for pair in ((start, middle), (middle, rows(app)))]
    assert grown[0] == grown[1]


@pytest.mark.parametrize("kind", [*KINDS, "unknown"])
def test_every_wrong_password_costs_one_hash(app, client, known, kind, monkeypatch):
    hashes, verify = [], passwords._hasher.verify

    class Counting:
        def verify(self, kept, typed):
            hashes.append(kept)
            return verify(kept, typed)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    client.post("/sign-in/password", data={"email": known.get(kind, UNKNOWN), "password": "wrong"})
    assert len(hashes) == 1


def test_tries_at_the_code_look_the_same(app, known):
    def tried(email):
        browser = app.test_client()
        browser.post("/sign-in", data={"email": email})
        answers = [browser.post("/sign-in/code", data={"code": "wrong"}) for _ in range(6)]
        return [(answer.status_code, _masked(answer.text, email)) for answer in answers]

    assert tried(known["volunteer"]) == tried(UNKNOWN)
