"""Coordinators say how much a need presses, and past needs finish by themselves."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import actor_of, make_need, make_partner, make_user
from volunteer_match import worker
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.errors import ConflictError, NotFoundError
from volunteer_match.needs import queries, service
from volunteer_match.needs.models import Need
from volunteer_match.needs.rules import NeedState, Priority, SessionState


@pytest.fixture
def coordinator(database):
    """Somebody who coordinates."""
    return actor_of(make_user(Role.COORDINATOR))


def _stored(app, need_id):
    with app.app_context():
        return db.session.get(Need, need_id)


@pytest.mark.parametrize("state", [NeedState.SUBMITTED, NeedState.PUBLISHED])
def test_a_coordinator_says_that_a_need_is_urgent(app, login, state):
    with app.app_context():
        need = make_need(state=state)
        browser, need_id, version = login(make_user(Role.COORDINATOR)), need.id, need.version

    form = {"priority": str(int(Priority.URGENT)), "version": str(version)}
    answer = browser.post(f"/needs/{need_id}/priority", data=form, follow_redirects=True)

    assert answer.status_code == 200
    assert "Pilne" in answer.text
    assert _stored(app, need_id).priority == Priority.URGENT


def test_matching_hears_of_it(coordinator):
    need = make_need()

    with transaction():
        service.set_priority(coordinator, need.id, Priority.IMPORTANT)

    found = queries.open_sessions(today(), today() + timedelta(days=30))
    assert [session.priority for session in found] == [Priority.IMPORTANT]


def test_an_institution_cannot_press_its_own_need(coordinator):
    need = make_need()
    member = actor_of(need.posted_by.members[0].user)

    with pytest.raises(NotFoundError), transaction():
        service.set_priority(member, need.id, Priority.URGENT)


def test_two_who_decide_at_once_do_not_overwrite_each_other(coordinator):
    need = make_need()

    with pytest.raises(ConflictError), transaction():
        service.set_priority(coordinator, need.id, Priority.URGENT, version=need.version + 1)


def test_an_unknown_priority_is_refused(app, login):
    with app.app_context():
        need_id, browser = make_need().id, login(make_user(Role.COORDINATOR))

    assert browser.post(f"/needs/{need_id}/priority", data={"priority": "99"}).status_code == 422


def test_the_desk_shows_urgent_needs_before_others_of_the_same_danger(app, login):
    with app.app_context():
        partner = make_partner()
        days = {"Zwykła": 9, "Pilna": 10}
        for title, ahead in days.items():
            need = make_need(partner, title=title, day=today() + timedelta(days=ahead))
            if title == "Pilna":
                with transaction():
                    need.priority = Priority.URGENT
        browser = login(make_user(Role.COORDINATOR))

    page = browser.get("/desk").text

    assert page.index(">Pilna<") < page.index(">Zwykła<")
    assert "Pilne" in page


def test_a_need_whose_last_date_is_over_is_finished(app):
    with app.app_context():
        need_id = make_need(day=today() - timedelta(days=8), weeks=2).id

    worker.perform(app, "needs")

    assert _stored(app, need_id).state == NeedState.COMPLETED


def test_a_need_with_a_date_to_come_goes_on(app):
    with app.app_context():
        need_id = make_need(day=today() - timedelta(days=7), weeks=3).id

    worker.perform(app, "needs")

    assert _stored(app, need_id).state == NeedState.PUBLISHED


def test_a_cancelled_date_to_come_keeps_a_need_open(app):
    with app.app_context():
        need = make_need(day=today() - timedelta(days=7), weeks=3)
        need_id = need.id
        with transaction():
            need.sessions[-1].state = SessionState.CANCELLED

    worker.perform(app, "needs")

    assert _stored(app, need_id).state == NeedState.PUBLISHED


def test_a_finished_need_can_be_shown_and_posted_again(app, login):
    with app.app_context():
        need = make_need(day=today() - timedelta(days=8))
        need_id, browser = need.id, login(need.posted_by.members[0].user)
    worker.perform(app, "needs")

    assert browser.get(f"/needs/{need_id}").status_code == 200
    assert browser.get(f"/needs/{need_id}/manage").status_code == 200
    assert browser.post(f"/needs/{need_id}/clone").status_code == 302
