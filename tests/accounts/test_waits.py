"""Who asked too often waits as long as the page says, and no longer for asking again."""

import re
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.factories import make_partner, make_user
from volunteer_match import clock
from volunteer_match.accounts import attempts, rules
from volunteer_match.accounts.models import SignInAttempt
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.web.security import limiter


def _ask(client):
    return client.post("/sign-in", data={"email": "ada@poczta.example"})


def _pass(app, minutes):
    with app.app_context(), transaction():
        earlier = clock.now() - timedelta(minutes=minutes)
        db.session.execute(update(SignInAttempt).values(at=earlier))


@pytest.fixture
def refused(client):
    """The answer to the sixth mail asked for within a quarter of an hour."""
    for _time in range(5):
        _ask(client)
    return _ask(client)


def test_the_page_says_how_long_to_wait(refused):
    assert refused.status_code == 429
    assert "za 15 minut" in refused.text
    assert 880 <= int(refused.headers["Retry-After"]) <= 900


def test_the_wait_grows_shorter(app, client, refused):
    _pass(app, minutes=10)

    assert "za 5 minut" in _ask(client).text


def test_asking_in_vain_makes_nobody_wait_longer(app, client, refused):
    _ask(client)

    with app.app_context():
        assert db.session.query(SignInAttempt).count() == 2 * 5


def test_guessing_in_vain_does(app, client):
    with app.app_context():
        make_user(Role.COORDINATOR, email="ewa@klub.example")
    for _time in range(12):
        client.post("/sign-in/password", data={"email": "ewa@klub.example", "password": "zgadywanka"})

    with app.app_context():
        assert db.session.query(SignInAttempt).count() == 2 * 12


@pytest.fixture
def limited(benches, monkeypatch):
    """A browser of an installation with limits by network address, which tests do without otherwise."""
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)  # the application sets it: put it back
    with ExitStack() as stack:
        app = benches.fresh("sqlite", stack, testing=False)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            db.create_all()
        yield app.test_client()
        limiter.reset()


@pytest.mark.slow
def test_thirty_people_in_one_hall_can_sign_up(limited):
    def join(number):
        form = {"name": "Ada Demowska", "email": f"ada{number}@poczta.example"}
        return limited.post("/join", data=form).status_code

    assert {join(number) for number in range(30)} == {200}


@pytest.mark.slow
def test_a_limit_by_the_hour_says_when_its_window_ends(limited):
    answers = [limited.post("/partners/register", data={}) for _time in range(21)]

    assert [answer.status_code for answer in answers] == [422] * 20 + [429]
    (minutes,) = re.findall(r"za (\d+) minut", answers[-1].text)
    assert 1 <= int(minutes) <= 61


def test_an_institution_out_of_invitations_is_told_to_come_back_tomorrow(app, login):
    with app.app_context():
        partner = make_partner()
        browser, address = login(partner.members[0].user_id), f"/partners/{partner.id}/people"

    def invite(number):
        form = {"name": "Ola Demowska", "email": f"obca{number}@poczta.example"}
        return browser.post(address, data=form)

    with app.app_context(), transaction() as session:
        for _number in range(rules.LIMITS["invitation"].account.tries):
            attempts.note("invitation", partner.id, "127.0.0.1")
        session.flush()

    assert "za 24 godziny" in invite(1).text
