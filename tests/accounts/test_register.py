"""Accounts: one per address, roles given by those who may, the last administrator stays."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.factories import actor_of, make_user
from volunteer_match import clock
from volunteer_match.accounts import queries, service
from volunteer_match.actor import SYSTEM, Actor, Channel, Role
from volunteer_match.db import db, retrying, transaction
from volunteer_match.errors import ForbiddenError, RuleBrokenError

ANONYMOUS = Actor(user_id=None)
ADDRESS = "zofia@poczta.example"


@retrying
def register(actor=ANONYMOUS, email=ADDRESS, role=Role.VOLUNTEER, name="Zofia Zmyślona"):
    return service.register_person(actor, name, email, None, "pl", role)


def test_a_new_person_gets_account_and_role(database):
    user = register()
    assert (user.email, user.roles) == (ADDRESS, {Role.VOLUNTEER})


def test_a_known_address_gives_the_same_account(database):
    assert register().id == register(name="Ktoś Inny").id


def test_addresses_differ_not_by_capitals(database):
    assert register().id == register(email="ZOFIA@poczta.example").id


def test_typing_a_known_address_changes_nothing_of_the_account(database):
    register()
    again = register(role=Role.PARTNER, name="Ktoś Inny")
    assert (again.name, again.roles) == ("Zofia Zmyślona", {Role.VOLUNTEER})


def test_a_signed_in_person_gains_a_second_role(database):
    user = register()
    assert register(actor_of(user), role=Role.PARTNER).roles == {Role.VOLUNTEER, Role.PARTNER}


def test_a_coordinator_adds_a_role_to_a_known_person(database):
    register()
    actor = actor_of(make_user(Role.COORDINATOR))
    assert Role.PARTNER in register(actor, role=Role.PARTNER).roles


def test_people_without_address_are_always_new(database):
    assert register(email=None).id != register(email=None).id


def test_nobody_registers_as_staff_by_themselves(database):
    with pytest.raises(ForbiddenError):
        register(role=Role.COORDINATOR)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OFFICER, Role.PARTNER, Role.VOLUNTEER])
def test_only_administrators_give_roles_of_the_staff(database, role):
    target = register()
    with pytest.raises(ForbiddenError), transaction():
        service.grant_role(actor_of(make_user(role)), target.id, Role.ADMINISTRATOR)


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.IMPORT, Channel.PHONE])
def test_no_channel_but_the_command_line_and_the_system_gives_roles_of_the_staff(database, channel):
    target = register()
    with pytest.raises(ForbiddenError), transaction():
        service.grant_role(Actor(None, channel=channel), target.id, Role.OFFICER)


def test_the_last_administrator_keeps_the_role(database):
    admin = make_user(Role.ADMINISTRATOR)
    with pytest.raises(RuleBrokenError, match="last_administrator"), transaction():
        service.revoke_role(SYSTEM, admin.id, Role.ADMINISTRATOR)


def test_the_last_administrator_cannot_be_disabled(database):
    admin = make_user(Role.ADMINISTRATOR)
    with pytest.raises(RuleBrokenError, match="last_administrator"), transaction():
        service.disable(SYSTEM, admin.id)


def test_a_disabled_administrator_does_not_count(database):
    make_user(Role.ADMINISTRATOR, disabled_at=clock.now())
    admin = make_user(Role.ADMINISTRATOR)
    with pytest.raises(RuleBrokenError), transaction():
        service.revoke_role(SYSTEM, admin.id, Role.ADMINISTRATOR)


def test_two_administrators_removing_each_other_leave_one(app, database):
    first, second = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    together = threading.Barrier(2)

    def remove(actor, target):
        with app.app_context():
            together.wait()
            try:
                retrying(service.revoke_role)(actor, target, Role.ADMINISTRATOR)
            except RuleBrokenError as error:
                return error.code
            finally:
                db.session.remove()
            return "removed"

    pairs = [(actor_of(first), second.id), (actor_of(second), first.id)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: remove(*pair), pairs))
    assert sorted(answers) == ["last_administrator", "removed"]


def test_an_address_registered_twice_at_once_is_one_account(app):
    together = threading.Barrier(4)

    def sign_up(_number):
        with app.app_context():
            together.wait()
            try:
                return register().id
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(sign_up, range(4)))) == 1


def test_disabling_makes_mailed_links_worthless(database):
    from datetime import timedelta

    from volunteer_match.errors import ExpiredLinkError

    user = register()
    with transaction():
        raw = service.issue_token("sign_in", user.id, timedelta(hours=1))
        service.disable(SYSTEM, user.id)
    with pytest.raises(ExpiredLinkError):
        service.read_token("sign_in", raw)


def test_every_change_of_a_role_is_recorded(database):
    from volunteer_match.audit.queries import history

    user = register()
    with transaction():
        service.grant_role(SYSTEM, user.id, Role.COORDINATOR)
        service.revoke_role(SYSTEM, user.id, Role.COORDINATOR)
    verbs = sorted(event.verb for event in history("account", user.id))
    assert verbs == ["account_registered", "role_granted", "role_revoked"]


def test_an_unknown_account_is_not_found(database):
    from volunteer_match.errors import NotFoundError

    with pytest.raises(NotFoundError):
        queries.user("x" * 22)
