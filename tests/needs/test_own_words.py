"""What somebody writes as a reason stays where it can be erased: the history cannot forget."""

import pytest

from tests.factories import actor_of, make_need, make_partner, make_user
from volunteer_match.actor import Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import transaction
from volunteer_match.needs import service, sessions_service
from volunteer_match.needs.rules import NeedEvent
from volunteer_match.partners import service as partners
from volunteer_match.partners.rules import PartnerEvent

WORDS = "Pani Zmyślona zachorowała"


@pytest.fixture
def coordinator(database):
    """Somebody who coordinates."""
    return actor_of(make_user(Role.COORDINATOR))


def _facts(kind, subject_id):
    return [event.facts for event in audit.history(kind, subject_id)]


def test_the_reason_of_a_returned_need_is_not_in_its_history(coordinator):
    need = make_need()

    with transaction():
        service.apply(coordinator, need.id, NeedEvent.RETURN, reason=WORDS)

    assert need.state_reason == WORDS
    assert WORDS not in str(_facts("need", need.id))


def test_the_reason_of_a_cancelled_date_is_not_in_the_history(coordinator):
    need = make_need()

    with transaction():
        sessions_service.cancel_session(coordinator, need.id, need.sessions[0].id, WORDS)

    assert need.sessions[0].state_reason == WORDS
    assert WORDS not in str(_facts("need", need.id))


def test_the_reason_of_a_suspended_partner_is_not_in_its_history(coordinator):
    partner = make_partner()

    with transaction():
        partners.apply(coordinator, partner.id, PartnerEvent.SUSPEND, reason=WORDS)

    assert partner.state_reason == WORDS
    assert WORDS not in str(_facts("partner", partner.id))
