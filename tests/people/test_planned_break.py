"""A break that begins later begins then, and what the coordinator is told by phone is kept as that."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import actor_of, make_volunteer
from tests.safeguarding.papers import staff
from volunteer_match.audit import queries as audit
from volunteer_match.db import db, transaction
from volunteer_match.people import rules, service
from volunteer_match.people.models import AvailabilityException, Volunteer
from volunteer_match.people.rules import VolunteerState


def _paused(volunteer, ahead):
    with transaction():
        service.pause(actor_of(volunteer.user), volunteer.id, today() + timedelta(days=ahead), None)
    return db.session.get(Volunteer, volunteer.id)


@pytest.mark.parametrize(("ahead", "state"), [(0, VolunteerState.PAUSED), (40, VolunteerState.ACTIVE)])
def test_an_open_break_begins_on_its_first_day(database, ahead, state):
    assert _paused(make_volunteer(), ahead).state == state


@pytest.mark.parametrize(("day", "seen"), [(39, VolunteerState.ACTIVE), (40, VolunteerState.PAUSED)])
def test_from_that_day_on_the_person_is_seen_as_on_a_break(database, day, seen):
    volunteer = _paused(make_volunteer(), 40)

    state = VolunteerState(volunteer.state)
    on = today() + timedelta(days=day)
    assert rules.seen_state(state, volunteer.paused_from, volunteer.paused_until, on) == seen


def test_who_planned_a_break_can_take_it_back(app, login):
    with app.app_context():
        volunteer = make_volunteer()
        volunteer_id, browser = volunteer.id, login(volunteer.user)
    browser.post("/me/break", data={"first_day": (today() + timedelta(days=40)).isoformat()})
    page = browser.get("/me").text

    browser.post("/me/back")

    assert "Masz przerwę" not in page
    with app.app_context():
        assert db.session.get(Volunteer, volunteer_id).paused_from is None


def test_days_taken_back_on_the_phone_are_kept_as_told_on_the_phone(app):
    with app.app_context():
        volunteer = make_volunteer()
        with transaction():
            day = today() + timedelta(days=3)
            volunteer.exceptions.append(AvailabilityException(first_day=day, last_day=day, free=False))
        volunteer_id, exception_id = volunteer.id, volunteer.exceptions[0].id

    staff(app).post(f"/people/{volunteer_id}/away/{exception_id}/remove")

    with app.app_context():
        (event,) = [e for e in audit.history("volunteer", volunteer_id) if e.verb == "volunteer_edited"]
        assert event.channel == "phone"
