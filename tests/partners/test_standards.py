"""Protection standards: adopted on a day that has come, and still fresh when a need is published."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import actor_of, make_need, make_partner, make_user
from volunteer_match.actor import Role
from volunteer_match.db import transaction
from volunteer_match.errors import RuleBrokenError
from volunteer_match.needs import service as needs
from volunteer_match.needs.rules import Contact, NeedEvent, NeedState
from volunteer_match.partners import service


@pytest.fixture
def coordinator(database):
    """Somebody who coordinates."""
    return actor_of(make_user(Role.COORDINATOR))


@pytest.mark.parametrize(("adopted", "reviewed"), [(1, None), (-100, 1)])
def test_a_day_that_has_not_come_is_refused(coordinator, adopted, reviewed):
    partner = make_partner()
    reviewed_on = today() + timedelta(days=reviewed) if reviewed else None

    with pytest.raises(RuleBrokenError, match="standards_in_future"), transaction():
        service.set_standing(
            coordinator, partner.id, None, organiser=True,
            standards_adopted_on=today() + timedelta(days=adopted), standards_reviewed_on=reviewed_on,
        )  # fmt: skip


def _publish(coordinator, adopted_days_ago, contact=Contact.CHILDREN):
    partner = make_partner(standards_adopted_on=today() - timedelta(days=adopted_days_ago))
    children = {"children_count": 10, "age_from": 6, "age_to": 9, "supervision": "organiser"}
    need = make_need(partner, state=NeedState.SUBMITTED, contact=contact, **children)
    with transaction():
        return needs.apply(coordinator, need.id, NeedEvent.PUBLISH)


def test_stale_standards_stop_a_need_with_children(coordinator):
    with pytest.raises(RuleBrokenError, match="standards_stale"):
        _publish(coordinator, adopted_days_ago=800)


def test_stale_standards_stop_no_need_without_children(coordinator):
    assert _publish(coordinator, 800, Contact.NO_CHILDREN).state == NeedState.PUBLISHED


def test_fresh_standards_let_a_need_with_children_through(coordinator):
    assert _publish(coordinator, adopted_days_ago=30).state == NeedState.PUBLISHED


def test_the_problem_is_said_beside_the_organiser(coordinator):
    partner = make_partner(standards_adopted_on=today() - timedelta(days=800))
    children = {"children_count": 10, "age_from": 6, "age_to": 9, "supervision": "organiser"}
    need = make_need(partner, state=NeedState.SUBMITTED, contact=Contact.CHILDREN, **children)

    assert ("organiser_id", "standards_stale") in [(p.field, p.code) for p in needs.problems(need)]
