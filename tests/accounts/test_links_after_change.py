"""Links mailed to an address open nothing once the account has another."""

import pytest

from tests.factories import actor_of, make_user
from volunteer_match.accounts import service
from volunteer_match.accounts.rules import RESET_LIFETIME, Purpose
from volunteer_match.actor import Channel, Role
from volunteer_match.db import transaction
from volunteer_match.errors import ExpiredLinkError
from volunteer_match.people import answers_service
from volunteer_match.people import service as people

PURPOSES = [*Purpose, people.CONFIRMATION_PURPOSE]


@pytest.fixture
def coordinator(database):
    """A coordinator as an acting person."""
    return actor_of(make_user(Role.COORDINATOR)).by(Channel.PHONE)


@pytest.fixture
def volunteer(coordinator):
    """Somebody who called, entered with a mistyped address."""
    given = {
        "name": "Bolek Fikcyjny", "email": "obca@poczta.example", "phone": "+48 602 000 002", "locale": "pl",
        "skills": [], "suggestion": "", "any_time": True, "cells": [], "district_id": None,
        "languages": ["pl"], "radius_km": None, "driving_licence": False, "step_free": False,
        "remote_only": False, "about": "", "birth_date": None, "foreign_citizen": False,
        "lived_abroad": False, "standby": False, "max_hours": 4, "max_sessions": 2,
    }  # fmt: skip
    with transaction():
        return answers_service.enter_by_phone(coordinator, given)


def _link(purpose, user_id):
    with transaction():
        return service.issue_token(purpose, user_id, RESET_LIFETIME)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_corrected_address_voids_what_was_mailed_before(coordinator, volunteer, purpose):
    link = _link(purpose, volunteer.user_id)
    contact = {"name": "Bolek Fikcyjny", "phone": "+48 602 000 002", "locale": "pl"}

    with transaction():
        answers_service.edit_person(coordinator, volunteer.id, {**contact, "email": "bolek@poczta.example"})

    with pytest.raises(ExpiredLinkError):
        service.read_token(purpose, link)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_an_address_changed_by_its_owner_voids_them_too(database, purpose):
    person = make_user(Role.VOLUNTEER)
    link = _link(purpose, person.id)
    with transaction():
        raw = service.issue_token(
            Purpose.ADDRESS, person.id, RESET_LIFETIME, {"email": "nowa@poczta.example"}
        )
        service.change_address(raw)

    with pytest.raises(ExpiredLinkError):
        service.read_token(purpose, link)


def test_confirming_an_address_voids_the_other_confirmations(volunteer):
    first, second = (_link(people.CONFIRMATION_PURPOSE, volunteer.user_id) for _ in range(2))

    with transaction():
        people.confirm_sign_up(second)

    with pytest.raises(ExpiredLinkError):
        service.read_token(people.CONFIRMATION_PURPOSE, first)
