"""Answers that decide about papers stay as they are once somebody is admitted."""

from datetime import date

import pytest

from tests.factories import make_volunteer
from tests.people.forms import LIMITS
from volunteer_match.db import db
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerState

ADMITTED = [
    VolunteerState.AWAITING_GUARDIAN,
    VolunteerState.AWAITING_CLEARANCE,
    VolunteerState.AWAITING_AGREEMENT,
    VolunteerState.ACTIVE,
    VolunteerState.PAUSED,
]


@pytest.fixture
def answer(app, login):
    """Return a function that sends a volunteer's own answers on age and papers."""

    def send(state, before, **answers):
        with app.app_context():
            volunteer = make_volunteer(state=state, **before)
            browser, volunteer_id = login(volunteer.user), volunteer.id
        sent = browser.post("/me/edit/limits", data={**LIMITS, **answers})
        with app.app_context():
            return sent.status_code, db.session.get_one(Volunteer, volunteer_id)

    return send


@pytest.mark.parametrize("state", ADMITTED)
def test_an_admitted_minor_cannot_become_of_age(answer, state):
    status, kept = answer(state, {"birth_date": date(2010, 3, 8)}, birth_date="1992-03-08")

    assert (status, kept.birth_date) == (422, date(2010, 3, 8))


@pytest.mark.parametrize("field", ["foreign_citizen", "lived_abroad"])
def test_what_asked_for_a_paper_cannot_be_unsaid(answer, field):
    before = {"birth_date": date(1992, 3, 8), field: True}

    status, kept = answer(VolunteerState.ACTIVE, before, **{field: "no"})

    assert (status, getattr(kept, field)) == (422, True)


@pytest.mark.parametrize("field", ["foreign_citizen", "lived_abroad"])
def test_what_asks_for_a_further_paper_can_be_said_later(answer, field):
    status, kept = answer(VolunteerState.ACTIVE, {"birth_date": date(1992, 3, 8)}, **{field: "yes"})

    assert (status, getattr(kept, field)) == (302, True)


def test_the_limits_of_an_admitted_person_can_be_changed(answer):
    status, kept = answer(VolunteerState.ACTIVE, {"birth_date": date(1992, 3, 8)}, max_hours="3")

    assert (status, kept.max_hours_per_week) == (302, 3)


def test_an_applicant_can_correct_the_date_of_birth(answer):
    status, kept = answer(VolunteerState.SUBMITTED, {"birth_date": date(1991, 1, 1)})

    assert (status, kept.birth_date) == (302, date(1992, 3, 8))
