"""Staff sign in with a password and a code from the phone; failures are counted, whoever they aim at."""

from datetime import timedelta

import pytest
import time_machine

from tests.accounts.people import (
    NEW_PASSWORD,
    PASSWORD,
    is_in,
    mails,
    password_hash,
    phone_code,
    saved,
    secret_of,
    sign_in_fully,
)
from volunteer_match import clock
from volunteer_match.accounts import passwords, queries
from volunteer_match.actor import Role

ADDRESS = "koordynacja@klub.example"


@pytest.fixture
def ewa(app):
    return saved(app, Role.COORDINATOR, staff=True, email=ADDRESS)


def try_password(browser, password, address=ADDRESS, **more):
    return browser.post("/sign-in/password", data={"email": address, "password": password, **more})


def test_password_and_phone_sign_in(client, ewa):
    sign_in_fully(client, ADDRESS)
    assert is_in(client)


def test_the_password_alone_does_not(client, ewa):
    try_password(client, PASSWORD)
    assert not is_in(client)


def test_a_wrong_password_is_refused(client, ewa):
    answer = try_password(client, PASSWORD + "x")
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text


def test_the_typed_password_is_never_shown_again(client, ewa):
    assert "tajemnica-nie-do-pokazania" not in try_password(client, "tajemnica-nie-do-pokazania").text


def test_a_volunteer_with_an_old_password_does_not_get_in_by_it(app, client):
    saved(app, Role.VOLUNTEER, email=ADDRESS, password_hash=password_hash())
    assert try_password(client, PASSWORD).status_code == 422


def test_a_disabled_coordinator_does_not_get_in(app, client):
    saved(app, Role.COORDINATOR, staff=True, email=ADDRESS, disabled_at=clock.now())
    assert try_password(client, PASSWORD).status_code == 422


def test_the_eleventh_wrong_password_is_refused_unseen(client, ewa):
    answers = [try_password(client, "wrong").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_right_password_waits_too_when_the_limit_is_reached(client, ewa):
    for _ in range(10):
        try_password(client, "wrong")
    assert try_password(client, PASSWORD).status_code == 429


def test_the_limit_passes_after_five_minutes(client, ewa):
    for _ in range(11):
        try_password(client, "wrong")
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert try_password(client, PASSWORD).status_code == 302


def test_success_is_not_counted(client, ewa):
    answers = {try_password(client, PASSWORD).status_code for _ in range(12)}
    assert answers == {302}


def test_spraying_many_addresses_is_limited_by_network(client, app):
    answers = [try_password(client, "wrong", f"osoba{n}@klub.example").status_code for n in range(21)]
    assert answers == [422] * 20 + [429]


def test_no_password_is_hashed_once_the_limit_is_reached(client, ewa, monkeypatch):
    for _ in range(10):
        try_password(client, "wrong")
    monkeypatch.setattr(passwords, "matches", lambda *_: pytest.fail("hashed"))
    assert try_password(client, PASSWORD).status_code == 429


def test_unknown_addresses_cost_a_hash_too(client, app, monkeypatch):
    asked = []
    monkeypatch.setattr(passwords, "matches", lambda kept, typed: bool(asked.append(kept)))
    try_password(client, "wrong", "nikt@klub.example")
    assert asked == [None]


def test_an_outdated_hash_is_renewed(app, client):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    user = saved(app, Role.COORDINATOR, staff=True, email=ADDRESS, password_hash=weak)
    try_password(client, PASSWORD)
    with app.app_context():
        kept = queries.user(user.id).password_hash
        assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_forgotten_password_is_replaced_by_a_mailed_link(app, client, ewa):
    client.post("/sign-in/forgotten", data={"email": ADDRESS})
    answer = client.post(f"/new-password/{secret_of(app, 'password_reset')}", data={"password": NEW_PASSWORD})
    assert answer.location == "/sign-in/password"
    assert sign_in_fully(client, ADDRESS, password=NEW_PASSWORD).status_code == 302


def test_a_reset_does_not_bypass_the_phone(app, client, ewa):
    client.post("/sign-in/forgotten", data={"email": ADDRESS})
    client.post(f"/new-password/{secret_of(app, 'password_reset')}", data={"password": NEW_PASSWORD})
    assert not is_in(client)
    try_password(client, NEW_PASSWORD)
    assert client.get("/account/second-factor").status_code == 404


def test_a_reset_link_works_once(app, client, ewa):
    client.post("/sign-in/forgotten", data={"email": ADDRESS})
    address = f"/new-password/{secret_of(app, 'password_reset')}"
    client.post(address, data={"password": NEW_PASSWORD})
    assert client.post(address, data={"password": "parasol-17-za-rogiem"}).status_code == 410


def test_a_bad_choice_does_not_use_the_link_up(app, client, ewa):
    client.post("/sign-in/forgotten", data={"email": ADDRESS})
    address = f"/new-password/{secret_of(app, 'password_reset')}"
    assert client.post(address, data={"password": "short"}).status_code == 422
    assert client.post(address, data={"password": NEW_PASSWORD}).status_code == 302


def test_volunteers_who_ask_for_a_reset_are_told_how_they_sign_in(app, client):
    saved(app, Role.VOLUNTEER, email=ADDRESS)
    client.post("/sign-in/forgotten", data={"email": ADDRESS})
    with app.app_context():
        assert [(mail.kind, mail.facts["way"]) for mail in mails()] == [("sign_in_hint", "mail")]


def test_a_password_of_the_clubs_name_is_refused(app, client, ewa):
    client.post("/sign-in/forgotten", data={"email": ADDRESS})
    answer = client.post(
        f"/new-password/{secret_of(app, 'password_reset')}", data={"password": "wesola gromadka 2026"}
    )
    assert answer.status_code == 422


def test_the_next_page_survives_both_steps(client, ewa):
    first = client.post(
        "/sign-in/password", data={"email": ADDRESS, "password": PASSWORD, "next": "/account/edit"}
    )
    assert first.location == "/sign-in/second-factor?next=/account/edit"
    last = client.post("/sign-in/second-factor", data={"code": phone_code(), "next": "/account/edit"})
    assert last.location == "/account/edit"
