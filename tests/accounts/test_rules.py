"""Passwords, lifetimes and limits decide from plain data."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_match.accounts import passwords, rules
from volunteer_match.accounts.rules import Strength
from volunteer_match.actor import STAFF, Role

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("krótkie", "password_short"),
        ("x" * 129, "password_long"),
        ("aaaaaaaaaaaaaa", "password_easy"),
        ("password1234", "password_easy"),
        ("wesola gromadka 2026", "password_context"),
        ("Koordynator-Klub-77", "password_context"),
        ("trawnik-rower-97-zupa", None),
        ("zażółć gęślą jaźń w ogrodzie", None),
        ("gromada trawnik rower 97 zupa", None),
    ],
)
def test_passwords_are_judged(password, fault):
    assert passwords.fault(password, "Gromada") == fault


def test_a_password_made_of_ones_own_name_is_refused():
    assert passwords.fault("Zofia.Brzozowska.88", "Zofia Brzozowska") == "password_context"


@pytest.mark.slow
@given(st.text(min_size=1, max_size=200))
def test_no_text_makes_the_judgement_fail(password):
    assert rules.password_fault(password, 4, rules.context_words(password)) in {
        None, "password_short", "password_long", "password_context",
    }  # fmt: skip


def test_a_password_matches_its_hash_and_no_other():
    kept = passwords.hashed("trawnik-rower-97-zupa")
    assert passwords.matches(kept, "trawnik-rower-97-zupa")
    assert not passwords.matches(kept, "Trawnik-rower-97-zupa")


def test_nobody_has_no_password():
    assert not passwords.matches(None, "")


def test_the_hash_has_the_parameters_we_promise():
    assert passwords.hashed("trawnik-rower-97-zupa").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_mailed_link_is_never_enough_for_staff(role):
    assert not rules.strong_enough(Strength.LINK, frozenset({Role.VOLUNTEER, role}))
    assert rules.strong_enough(Strength.FULL, frozenset({role}))


@pytest.mark.parametrize("roles", [frozenset(), frozenset({Role.VOLUNTEER}), frozenset(STAFF)])
def test_a_half_open_door_is_enough_for_nobody(roles):
    assert not rules.strong_enough(Strength.PENDING, roles)


@pytest.mark.parametrize(("minutes", "recent"), [(0, True), (15, True), (16, False)])
def test_a_confirmation_holds_a_quarter_of_an_hour(minutes, recent):
    assert rules.confirmed_recently(NOW - timedelta(minutes=minutes), NOW) is recent


def test_no_confirmation_is_not_recent():
    assert not rules.confirmed_recently(None, NOW)
