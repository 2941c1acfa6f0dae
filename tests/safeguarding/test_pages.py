"""Admission and papers as staff see them."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import make_papers, make_partner, make_volunteer
from tests.people.forms import mails, volunteer_named
from tests.safeguarding.papers import agreement, paper, staff
from tests.sign_in import sign_in
from volunteer_match.actor import Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import db
from volunteer_match.partners.models import Partner
from volunteer_match.people.rules import VolunteerState
from volunteer_match.safeguarding import queries
from volunteer_match.safeguarding.rules import ClearanceState

NAME = "Ewa Zmyślona"


@pytest.fixture
def organiser(app):
    """The id of a verified organiser."""
    with app.app_context():
        return make_partner(name="Klub Demo-Gromadka").id


@pytest.fixture
def ewa(app, organiser):
    """The id of an applicant nobody has looked at yet."""
    with app.app_context():
        return make_volunteer(name=NAME, state=VolunteerState.SUBMITTED).id


@pytest.fixture
def admitted(app, ewa, organiser):
    """A coordinator's browser with the papers of the admitted applicant open."""
    browser = staff(app)
    browser.post(f"/people/{ewa}/admit", data={"organiser_id": organiser})
    browser.post(f"/people/{ewa}/papers")
    return browser


def _state(app) -> str:
    with app.app_context():
        return volunteer_named(NAME).state


def test_an_applicant_is_admitted_and_becomes_active_paper_by_paper(app, admitted, ewa, organiser):
    states = [_state(app)]
    for form in (
        ("paper", paper(organiser, "rspts", document_date=None)),
        ("paper", paper(organiser, "krk")),
        ("agreement", agreement(organiser)),
    ):
        assert admitted.post(f"/people/{ewa}/papers/{form[0]}", data=form[1]).status_code == 302
        states.append(_state(app))

    assert states == ["awaiting_clearance", "awaiting_clearance", "awaiting_agreement", "active"]
    with app.app_context():
        assert [m.facts["papers"] for m in mails("papers_needed")] == [["rspts", "krk"]]
        assert len(mails("agreement_ready")) == len(mails("ready_to_start")) == 1


def test_the_papers_page_opens_for_a_quarter_of_an_hour_and_is_noted(app, ewa):
    browser = staff(app)
    before = browser.get(f"/people/{ewa}/papers")
    browser.post(f"/people/{ewa}/papers")
    after = browser.get(f"/people/{ewa}/papers")

    assert "The papers are closed" in before.text
    assert "No paper has been recorded yet" in after.text
    with app.app_context():
        assert [e.verb for e in audit.history("volunteer", ewa)] == ["papers_read"]


def test_papers_are_not_recorded_while_they_are_closed(app, ewa, organiser):
    refused = staff(app).post(f"/people/{ewa}/papers/paper", data=paper(organiser))

    assert refused.status_code == 409
    with app.app_context():
        assert queries.papers_of(ewa) == []


@pytest.mark.parametrize("what", ["paper", "agreement", "consent"])
def test_every_form_of_papers_opens(admitted, ewa, what):
    assert admitted.get(f"/people/{ewa}/papers/{what}").status_code == 200


def test_another_form_of_papers_does_not_exist(admitted, ewa):
    assert admitted.get(f"/people/{ewa}/papers/offence").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"document_date": "2020-01-01"}, "older than 90 days"),
        ({"document_date": None}, "date of the document is missing"),
        ({"seen_on": None}, "Say when it was seen"),
        ({"seen_on": "2090-01-01"}, "has not come yet"),
        ({"valid_until": "2090-01-01"}, "It counts until"),
        ({"dossier_ref": "44051401359"}, "PESEL"),
        ({"dossier_ref": "<b>"}, "Use letters, digits"),
    ],
)
def test_what_is_wrong_with_a_paper_is_said_beside_the_field(app, admitted, ewa, organiser, changes, words):
    refused = admitted.post(f"/people/{ewa}/papers/paper", data=paper(organiser, **changes))

    assert refused.status_code == 422
    assert words in refused.text
    with app.app_context():
        assert {p.state for p in queries.papers_of(ewa)} == {ClearanceState.REQUESTED}


def test_a_paper_may_be_made_to_count_shorter(app, admitted, ewa, organiser):
    with app.app_context():
        until = today() + timedelta(days=100)
    admitted.post(f"/people/{ewa}/papers/paper", data=paper(organiser, valid_until=until))

    with app.app_context():
        assert [p.valid_until for p in queries.papers_of(ewa) if p.kind == "krk"] == [until]


def test_an_agreement_without_insurance_is_kept_but_does_not_count(app, admitted, ewa, organiser):
    admitted.post(f"/people/{ewa}/papers/paper", data=paper(organiser, "rspts", document_date=None))
    admitted.post(f"/people/{ewa}/papers/paper", data=paper(organiser, "krk"))
    told = admitted.post(
        f"/people/{ewa}/papers/agreement", data=agreement(organiser, days=21), follow_redirects=True
    )

    assert "does not count yet" in told.text
    assert _state(app) == VolunteerState.AWAITING_AGREEMENT


def test_only_the_officer_may_record_that_a_condition_is_not_met(app, admitted, ewa, organiser):
    form = paper(organiser, outcome="not_met")

    assert "condition is not met" not in admitted.get(f"/people/{ewa}/papers/paper").text
    assert admitted.post(f"/people/{ewa}/papers/paper", data=form).status_code == 404
    officer = staff(app, Role.OFFICER)
    officer.post(f"/people/{ewa}/papers")
    assert "condition is not met" in officer.get(f"/people/{ewa}/papers/paper").text
    assert officer.post(f"/people/{ewa}/papers/paper", data=form).status_code == 302


def test_the_outcome_is_visible_to_the_officer_only(app, admitted, ewa, organiser):
    officer = staff(app, Role.OFFICER)
    officer.post(f"/people/{ewa}/papers")
    officer.post(f"/people/{ewa}/papers/paper", data=paper(organiser, outcome="not_met"))

    assert "Condition not met" in officer.get(f"/people/{ewa}/papers").text
    others = admitted.get(f"/people/{ewa}/papers").text
    assert "Condition not met" not in others
    assert "Not admitted" in others
    with app.app_context():
        history = [(e.verb, e.facts) for e in audit.history("volunteer", ewa)]
        assert ("paper_recorded", {"kind": "krk"}) in history
        assert "not_met" not in str(history)


def test_a_coordinator_cannot_overrule_the_officer(app, admitted, ewa, organiser):
    officer = staff(app, Role.OFFICER)
    officer.post(f"/people/{ewa}/papers")
    officer.post(f"/people/{ewa}/papers/paper", data=paper(organiser, outcome="not_met"))
    refused = admitted.post(f"/people/{ewa}/papers/paper", data=paper(organiser))

    assert refused.status_code == 422
    assert "with the safeguarding officer" in refused.text


def test_a_revoked_paper_takes_the_volunteer_out_at_once(app, organiser):
    browser = staff(app)
    with app.app_context():
        volunteer = make_volunteer(name=NAME)
        papers = make_papers(volunteer, db.session.get(Partner, organiser))
        volunteer_id, paper_id = volunteer.id, papers[0].id
    browser.post(f"/people/{volunteer_id}/papers")
    browser.post(f"/papers/{paper_id}/revoke", data={"reason": "Pomyłka przy wpisie", "version": "1"})

    assert _state(app) == VolunteerState.AWAITING_CLEARANCE


def test_volunteers_have_no_way_to_papers(app, ewa, organiser):
    with app.app_context():
        browser = sign_in(app, make_volunteer().user)

    for path in (f"/people/{ewa}/papers", f"/people/{ewa}/papers/paper", "/papers", f"/people/{ewa}"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"/people/{ewa}/papers").status_code == 404
    assert browser.post(f"/people/{ewa}/admit").status_code == 404


def test_the_list_of_papers_says_what_there_is_to_do(app, admitted, ewa):
    listed = admitted.get("/papers").text

    assert NAME in listed
    assert "Certificate of no criminal record" in listed
    assert "Missing" in listed


def test_the_person_page_offers_admission_with_the_organiser(app, ewa):
    page = staff(app).get(f"/people/{ewa}").text

    assert "Klub Demo-Gromadka" in page
    assert "Admit" in page


def test_a_minor_finds_the_form_for_the_guardian(app):
    with app.app_context():
        birth = today().replace(year=today().year - 15, day=1)
        volunteer = make_volunteer(
            name="Iga Wzorcowa", birth_date=birth, state=VolunteerState.AWAITING_GUARDIAN
        )
        browser = sign_in(app, volunteer.user)

    assert "/me/consent" in browser.get("/me").text
    assert "Iga Wzorcowa" in browser.get("/me/consent").text
