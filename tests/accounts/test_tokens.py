"""Mailed links: stored hashed, good for one purpose, used exactly once however many try."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.factories import make_user
from volunteer_match import clock
from volunteer_match.accounts import attempts, rules, service, sign_in_service
from volunteer_match.accounts.models import SignInAttempt, Token
from volunteer_match.actor import Role
from volunteer_match.db import db, retrying, transaction
from volunteer_match.errors import ExpiredLinkError

HOUR = timedelta(hours=1)
AT_ONCE = 16


@retrying
def issue(purpose="test", subject="s" * 22, lifetime=HOUR, facts=None):
    return service.issue_token(purpose, subject, lifetime, facts)


def at_once(app, work, times):
    """Run the work in as many threads at the same time, each with a database session of its own."""

    def run(_number):
        with app.app_context():
            try:
                return work()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def refusal(work):
    with pytest.raises(ExpiredLinkError) as error:
        work()
    return error.value.reason


def test_only_the_hash_is_stored(database):
    raw = issue()
    kept = database.session.scalars(select(Token)).one()
    assert raw not in (kept.hash, str(kept.facts), kept.subject_id)
    assert len(raw) == 43


def test_a_link_carries_its_facts(database):
    raw = issue(facts={"email": "nowy@poczta.example"})
    with transaction():
        assert service.consume_token("test", raw).facts == {"email": "nowy@poczta.example"}


def test_reading_does_not_use_a_link(database):
    raw = issue()
    service.read_token("test", raw)
    with transaction():
        assert service.consume_token("test", raw).used_at is not None


def test_a_used_link_says_so(database):
    raw = issue()
    retrying(service.consume_token)("test", raw)
    assert refusal(lambda: retrying(service.consume_token)("test", raw)) == "used"
    assert refusal(lambda: service.read_token("test", raw)) == "used"


def test_an_expired_link_says_so(database):
    raw = issue()
    with time_machine.travel(clock.now() + HOUR, tick=False):
        assert refusal(lambda: retrying(service.consume_token)("test", raw)) == "expired"
        assert refusal(lambda: service.read_token("test", raw)) == "expired"


def test_a_link_is_worthless_for_another_purpose(database):
    raw = issue()
    assert refusal(lambda: retrying(service.consume_token)("other", raw)) == "unknown"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 42), other=st.sampled_from("abcXYZ019-_"))
def test_a_link_with_one_letter_changed_is_unknown(database, place, other):
    raw = issue()
    changed = raw[:place] + other + raw[place + 1 :]
    if changed != raw:
        assert refusal(lambda: retrying(service.consume_token)("test", changed)) == "unknown"


def test_a_rolled_back_use_leaves_the_link_good(database):
    raw = issue()

    def use_and_fail():
        service.consume_token("test", raw)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        retrying(use_and_fail)()
    service.read_token("test", raw)


def test_of_sixteen_simultaneous_uses_exactly_one_succeeds(app, database):
    for _ in range(5):
        raw = issue()

        def use(raw=raw):
            try:
                retrying(service.consume_token)("test", raw)
            except ExpiredLinkError as error:
                return error.reason
            return "used now"

        answers = at_once(app, use, AT_ONCE)
        assert sorted(answers) == ["used"] * (AT_ONCE - 1) + ["used now"]


def test_thirty_two_parallel_tries_are_all_counted(app, database):
    retrying_note = retrying(attempts.note)
    at_once(app, lambda: retrying_note("password", "ktos@klub.example", "192.0.2.1"), 32)
    assert database.session.scalar(select(func.count()).select_from(SignInAttempt)) == 64


@pytest.mark.slow
def test_of_thirty_two_parallel_wrong_passwords_at_most_ten_are_looked_at(app):
    def answer():
        data = {"email": "ktos@klub.example", "password": "wrong"}
        return app.test_client().post("/sign-in/password", data=data).status_code

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _n: answer(), range(32)))
    assert set(answers) <= {422, 429}
    assert answers.count(422) <= 10


def test_of_parallel_wrong_codes_at_most_five_are_compared(app, database):
    make_user(Role.VOLUNTEER, email="zofia@poczta.example")
    browser = retrying(sign_in_service.ask_for_link)("zofia@poczta.example", "pl", "")

    def guess():
        try:
            retrying(sign_in_service.use_code)(browser, "wrong")
        except ExpiredLinkError:
            return "over"
        return "wrong"

    answers = at_once(app, guess, AT_ONCE)
    assert answers.count("wrong") == rules.CODE_TRIES


def test_one_code_of_the_phone_used_by_eight_at_once_lets_one_in(app, database):
    from tests.accounts.people import make_staff, phone_code
    from volunteer_match.accounts import second_factor

    user_id, code = make_staff().id, phone_code()
    answers = at_once(app, lambda: retrying(second_factor.use)(user_id, code), 8)
    assert answers.count(True) == 1


def test_old_tries_links_and_sessions_are_forgotten(database):
    user = make_user(Role.VOLUNTEER)
    issue()
    with transaction():
        service.open_session(user.id, "link", "tests")
        attempts.note("password", "ktos", "192.0.2.1")
    with transaction():
        service.tidy(clock.now() + timedelta(days=61))
    for table in (Token, SignInAttempt, service.LoginSession):
        assert database.session.scalar(select(func.count()).select_from(table)) == 0
