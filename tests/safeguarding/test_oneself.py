"""Staff who volunteer too do not attest anything about themselves."""

import pytest

from tests.factories import make_partner, make_skill, make_volunteer, save
from tests.people.forms import speaking
from tests.safeguarding.papers import agreement, paper
from tests.sign_in import sign_in
from volunteer_match.accounts.models import RoleGrant
from volunteer_match.actor import Role
from volunteer_match.db import db
from volunteer_match.people.models import Volunteer, VolunteerSkill
from volunteer_match.people.rules import VolunteerState
from volunteer_match.safeguarding import queries


@pytest.fixture
def own(app):
    """A coordinator and officer who applied as a volunteer: the browser, the volunteer, the organiser."""
    with app.app_context():
        organiser = make_partner()
        volunteer = make_volunteer(state=VolunteerState.SUBMITTED)
        for role in (Role.COORDINATOR, Role.OFFICER):
            save(RoleGrant(user_id=volunteer.user_id, role=role))
        return speaking(sign_in(app, volunteer.user_id), "en"), volunteer.id, organiser.id


def test_nobody_admits_themselves(app, own):
    browser, volunteer_id, organiser_id = own

    assert (
        browser.post(f"/people/{volunteer_id}/admit", data={"organiser_id": organiser_id}).status_code == 422
    )
    with app.app_context():
        assert db.session.get_one(Volunteer, volunteer_id).state == VolunteerState.SUBMITTED


@pytest.mark.parametrize(("what", "form"), [("paper", paper), ("agreement", agreement)])
def test_nobody_records_their_own_papers(app, own, what, form):
    browser, volunteer_id, organiser_id = own
    with browser.session_transaction() as cookie:
        cookie["papers"] = {volunteer_id: 2**40}

    sent = browser.post(f"/people/{volunteer_id}/papers/{what}", data=form(organiser_id))

    assert sent.status_code == 422
    with app.app_context():
        assert [*queries.papers_of(volunteer_id), *queries.agreements_of(volunteer_id)] == []


def test_nobody_confirms_their_own_qualification(app, own):
    browser, volunteer_id, _organiser_id = own
    with app.app_context():
        skill = make_skill(qualification=True)
        save(VolunteerSkill(volunteer_id=volunteer_id, skill_code=skill.code, level=2))
        code = skill.code

    assert browser.post(f"/people/{volunteer_id}/qualifications/{code}").status_code == 422
    with app.app_context():
        assert db.session.get_one(VolunteerSkill, (volunteer_id, code)).confirmed_at is None
