"""What was taken back or found wanting counts nowhere any more."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import actor_of, make_papers, make_partner, make_user, make_volunteer
from volunteer_match.actor import Role
from volunteer_match.db import transaction
from volunteer_match.errors import RuleBrokenError
from volunteer_match.people import queries as people
from volunteer_match.safeguarding import queries, service
from volunteer_match.safeguarding.rules import ClearanceState


@pytest.fixture
def officer(database):
    """A safeguarding officer."""
    return actor_of(make_user(Role.OFFICER, password_hash="x"))


def _not_met(organiser, **changes):
    return {
        "organiser_id": organiser.id, "kind": "krk", "outcome": "not_met", "document_date": today(),
        "seen_on": today(), "valid_until": None, "dossier_ref": "", **changes,
    }  # fmt: skip


def test_withdrawing_one_of_two_recorded_consents_withdraws_the_guardians_word(officer):
    minor = make_volunteer(birth_date=today().replace(year=today().year - 15, day=1))
    signed = {"signed_on": today(), "dossier_ref": ""}
    with transaction():
        service.record_consent(officer, minor.id, signed)
        second = service.record_consent(officer, minor.id, signed)

    with transaction():
        service.withdraw_consent(officer, second.id)

    assert minor.id not in queries.consented([minor.id])


def test_a_record_that_is_not_met_stops_counting_for_every_organiser(officer):
    one, other = make_partner(), make_partner()
    volunteer = make_volunteer(cleared_for=one)
    make_papers(volunteer, other)

    with transaction():
        service.record_paper(officer, volunteer.id, _not_met(one))

    assert queries.cleared_until_by_organiser([volunteer.id], today()) == {}
    assert people.volunteer(volunteer.id).state == "awaiting_clearance"


def test_a_paper_of_another_kind_goes_on_counting(officer):
    one = make_partner()
    volunteer = make_volunteer(cleared_for=one)

    with transaction():
        service.record_paper(officer, volunteer.id, _not_met(one))

    states = {paper.kind: paper.state for paper in queries.papers_of(volunteer.id) if paper.kind == "rspts"}
    assert states == {"rspts": ClearanceState.MET}


@pytest.mark.parametrize("days_old", [120, None])
def test_that_a_record_is_not_met_is_recorded_however_old_the_document(officer, days_old):
    organiser = make_partner()
    volunteer = make_volunteer(cleared_for=organiser)
    dated = today() - timedelta(days=days_old) if days_old else None

    with transaction():
        service.record_paper(officer, volunteer.id, _not_met(organiser, document_date=dated))

    assert queries.cleared_until_by_organiser([volunteer.id], today()) == {}


def test_a_record_not_met_cannot_have_been_seen_tomorrow(officer):
    organiser = make_partner()
    volunteer = make_volunteer(cleared_for=organiser)

    with pytest.raises(RuleBrokenError, match="seen_in_future"), transaction():
        service.record_paper(officer, volunteer.id, _not_met(organiser, seen_on=today() + timedelta(days=1)))
