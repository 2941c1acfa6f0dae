"""What returns with a need that is published again, and what stays as it was."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import actor_of, make_need, make_partner, make_user
from tests.needs.typed import need_form
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.needs import service, sessions_service
from volunteer_match.needs.models import Need
from volunteer_match.needs.rules import NeedEvent, NeedState, SessionState


@pytest.fixture
def coordinator(database):
    """Somebody who coordinates."""
    return actor_of(make_user(Role.COORDINATOR))


@pytest.fixture
def published(coordinator):
    """A published need of three Saturdays."""
    need = make_need(state=NeedState.SUBMITTED, weeks=3, day=today() + timedelta(days=9))
    _step(coordinator, need, NeedEvent.PUBLISH)
    return need


def _step(actor, need, event, reason=""):
    with transaction():
        service.apply(actor, need.id, event, reason=reason)


def _again(coordinator, need):
    _step(coordinator, need, NeedEvent.RETURN, "Popraw opis")
    _step(coordinator, need, NeedEvent.SUBMIT)
    _step(coordinator, need, NeedEvent.PUBLISH)
    db.session.expire_all()
    return [(m.state, m.state_reason) for m in need.sessions]


def _cancel_second(coordinator, need):
    with transaction():
        sessions_service.cancel_session(coordinator, need.id, need.sessions[1].id, "Sala zajęta")


def test_a_date_cancelled_by_itself_stays_cancelled(coordinator, published):
    _cancel_second(coordinator, published)

    planned = (SessionState.SCHEDULED, "")
    assert _again(coordinator, published) == [planned, (SessionState.CANCELLED, "Sala zajęta"), planned]


def test_it_stays_so_however_often_the_need_is_returned(coordinator, published):
    _again(coordinator, published)
    _cancel_second(coordinator, published)
    _again(coordinator, published)

    assert [state for state, _reason in _again(coordinator, published)].count(SessionState.CANCELLED) == 1


def test_a_coordinator_can_add_the_cancelled_date_again(coordinator, published):
    _cancel_second(coordinator, published)
    meeting = published.sessions[1]
    day = published.first_day + timedelta(weeks=1)

    with transaction():
        sessions_service.add_session(
            coordinator, published.id, day, published.starts_local, published.ends_local
        )

    assert meeting.state == SessionState.SCHEDULED


def test_a_need_whose_every_date_was_cancelled_is_not_published_empty(coordinator, published):
    for meeting in published.sessions:
        with transaction():
            sessions_service.cancel_session(coordinator, published.id, meeting.id, "Sala zajęta")
    _step(coordinator, published, NeedEvent.RETURN, "Popraw opis")

    assert "no_future_dates" in [problem.code for problem in service.problems(published)]


def _without_its_role(need):
    return need_form(
        need.posted_by, **{"roles-0-id": "", "roles-0-name": "Inna rola", "version": str(need.version)}
    )


def _booked(days: int) -> Need:
    need = make_need(make_partner(), day=today() + timedelta(days=days), weeks=3)
    with transaction():
        need.sessions[0].openings[0].filled = 1
    return need


def _edited(login, need) -> str:
    with transaction():
        need.state = NeedState.RETURNED
    typed, need_id = _without_its_role(need), need.id
    browser = login(make_user(Role.COORDINATOR))
    page = browser.post(f"/needs/{need_id}/edit", data=typed)
    assert page.status_code == 422
    return page.text


def test_a_role_somebody_has_helped_in_stays_and_the_page_says_why(app, login):
    with app.app_context():
        page = _edited(login, _booked(days=-7))

    assert "za minutę" not in page
    assert "zostaje" in page


def test_a_role_with_people_still_to_be_told_can_soon_be_removed(app, login):
    with app.app_context():
        page = _edited(login, _booked(days=7))

    assert "za minutę" in page
