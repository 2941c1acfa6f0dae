"""What stands in the place of a paper, or against one, is the safeguarding officer's word alone."""

import pytest

from tests.factories import actor_of, make_partner, make_user, make_volunteer
from tests.safeguarding.papers import paper, staff
from volunteer_match.actor import Role
from volunteer_match.db import transaction
from volunteer_match.errors import RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.safeguarding import queries, service

EXEMPTION = {"kind": "krk", "reason": "Art. 21 ust. 10"}


@pytest.fixture
def people(app):
    """A volunteer and an organiser, by their ids."""
    with app.app_context():
        return make_volunteer().id, make_partner().id


def _papers_open(app, volunteer_id, role):
    browser = staff(app, role)
    browser.post(f"/people/{volunteer_id}/papers")
    return browser


def test_a_coordinator_sees_no_way_to_an_exemption(app, people):
    volunteer_id, organiser_id = people
    browser = _papers_open(app, volunteer_id, Role.COORDINATOR)
    form = {**EXEMPTION, "organiser_id": organiser_id}

    assert "papers/exemption" not in browser.get(f"/people/{volunteer_id}/papers").get_data(as_text=True)
    assert browser.get(f"/people/{volunteer_id}/papers/exemption").status_code == 404
    assert browser.post(f"/people/{volunteer_id}/papers/exemption", data=form).status_code == 404
    with app.app_context():
        assert queries.papers_of(volunteer_id) == []


def test_the_officer_records_one(app, people):
    volunteer_id, organiser_id = people
    browser = _papers_open(app, volunteer_id, Role.OFFICER)
    form = {**EXEMPTION, "organiser_id": organiser_id}

    assert "papers/exemption" in browser.get(f"/people/{volunteer_id}/papers").get_data(as_text=True)
    assert browser.get(f"/people/{volunteer_id}/papers/exemption").status_code == 200
    assert browser.post(f"/people/{volunteer_id}/papers/exemption", data=form).status_code == 302


def test_what_was_not_met_is_not_met_for_another_organiser_on_a_coordinators_word(database):
    volunteer, one, other = make_volunteer(), make_partner(), make_partner()
    day = today()
    given = {
        **paper("", document_date=day, seen_on=day),
        "document_date": day, "seen_on": day, "valid_until": None,
    }  # fmt: skip
    officer, coordinator = (actor_of(make_user(role)) for role in (Role.OFFICER, Role.COORDINATOR))
    with transaction():
        service.record_paper(officer, volunteer.id, {**given, "organiser_id": one.id, "outcome": "not_met"})

    with pytest.raises(RuleBrokenError, match="officer_decides"), transaction():
        service.record_paper(coordinator, volunteer.id, {**given, "organiser_id": other.id})
