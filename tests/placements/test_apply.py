"""A volunteer applies for a need: through the same desk, and only where the hard rules hold."""

import pytest
from sqlalchemy import select

from tests.factories import make_need, make_volunteer
from tests.placements.builders import make_coordinator, make_match, opening_of
from volunteer_match import clock
from volunteer_match.db import db, transaction
from volunteer_match.needs.models import NeedRole, Opening
from volunteer_match.needs.rules import Contact, NeedState
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import history_queries
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState


def apply_for(login, volunteer, need):
    return login(volunteer.user_id).post(f"/needs/{need.id}/apply")


def test_an_application_goes_over_the_desk(database, login):
    need, volunteer = make_need(), make_volunteer(name="Ada Demowska")

    answer = apply_for(login, volunteer, need)

    match = db.session.scalars(select(Match)).one()
    assert answer.status_code == 200
    assert (match.state, match.volunteer_id) == (MatchState.PROPOSED, volunteer.id)
    assert "Własne zgłoszenie" in login(make_coordinator("pl")).get("/desk").get_data(as_text=True)
    assert db.session.query(EmailMessage).count() == 0


def test_every_coming_date_is_noted(database, login):
    need, volunteer = make_need(weeks=3), make_volunteer()

    apply_for(login, volunteer, need)

    assert db.session.query(Match).count() == 3


def test_what_is_missing_is_said(database, login):
    need = make_need(contact=Contact.CHILDREN, children_count=8, required_skills=["chess"])

    page = apply_for(login, make_volunteer(), need).get_data(as_text=True)

    assert "Brakuje jeszcze dokumentów do pracy z dziećmi" in page
    assert "Tu jest potrzebne: chess (pl)" in page
    assert db.session.query(Match).count() == 0


def test_applying_twice_is_once(database, login):
    need, volunteer = make_need(), make_volunteer()

    for _ in range(2):
        assert apply_for(login, volunteer, need).status_code == 200

    assert db.session.query(Match).count() == 1


def test_somebody_proposed_already_is_known_to_have_asked(database, login):
    match = make_match(reasons=[{"code": "distance", "points": 5, "km": 1.0}])

    apply_for(login, match.volunteer, match.session.need)

    db.session.expire_all()
    found = db.session.get_one(Match, match.id)
    assert [part["code"] for part in found.reasons] == ["self_applied", "distance"]
    assert history_queries.history(clock.now()).wishes == ((match.volunteer_id, match.session.need_id),)


def test_dates_are_counted_not_roles(database, login):
    need = make_need()
    with transaction() as session:
        role = NeedRole(need_id=need.id, position=1, name="Kuchnia", minimum=1, preferred=1, minimum_age=18)
        session.add(role)
        session.flush()
        session.add(
            Opening(
                need_id=need.id,
                session_id=need.sessions[0].id,
                role_id=role.id,
                minimum=1,
                capacity=1,
                filled=0,
            )
        )
    db.session.expire_all()

    page = apply_for(login, make_volunteer(), need).get_data(as_text=True)

    assert "1 termin" in page


@pytest.mark.parametrize("state", [VolunteerState.DRAFT, VolunteerState.ENDED])
def test_an_unfinished_sign_up_is_said_to_be_what_is_missing(database, login, state):
    page = apply_for(login, make_volunteer(state=state), make_need()).get_data(as_text=True)

    assert "Zgłoszenie do wolontariatu nie jest jeszcze zakończone" in page


def test_what_is_asked_for_is_on_the_own_page_until_it_is_decided(database, login):
    volunteer = make_volunteer()
    apply_for(login, volunteer, make_need(title="Teatrzyk lalek"))

    page = login(volunteer.user_id).get("/me").get_data(as_text=True)

    assert "Teatrzyk lalek" in page
    assert "Czeka na odpowiedź" in page


def test_a_proposal_nobody_asked_for_is_not_on_the_own_page(database, login):
    match = make_match(make_need(title="Teatrzyk lalek"))

    assert "Teatrzyk lalek" not in login(match.volunteer.user_id).get("/me").get_data(as_text=True)


def test_a_run_does_not_push_an_application_aside(database, login):
    need = make_need(minimum=1, preferred=1, wanted_skills=["guitar"])
    volunteer = make_volunteer()
    apply_for(login, volunteer, need)
    make_volunteer(skills=["guitar"])

    login(make_coordinator()).post("/desk/run", data={"weeks": "4"})

    db.session.expire_all()
    match = db.session.scalars(select(Match).where(Match.volunteer_id == volunteer.id)).one()
    assert match.state == MatchState.PROPOSED


def test_a_run_keeps_saying_that_somebody_applied(database, login):
    need, volunteer = make_need(minimum=1, preferred=1), make_volunteer()
    apply_for(login, volunteer, need)

    login(make_coordinator()).post("/desk/run", data={"weeks": "4"})

    db.session.expire_all()
    match = db.session.scalars(select(Match)).one()
    assert {part["code"] for part in match.reasons} >= {"self_applied", "interest"}


def test_somebody_turned_down_does_not_come_back_by_applying(database, login):
    match = make_match(state=MatchState.REJECTED)

    page = apply_for(login, match.volunteer, match.session.need).get_data(as_text=True)

    assert "koordynator zdecydował inaczej" in page.lower()
    db.session.expire_all()
    assert db.session.get(Match, match.id).state == MatchState.REJECTED


def test_a_full_need_says_so(database, login):
    need = make_need(minimum=1, preferred=1)
    make_match(need, state=MatchState.CONFIRMED)

    assert apply_for(login, make_volunteer(), need).status_code == 422
    assert opening_of(need).filled == 1


@pytest.mark.parametrize("state", [NeedState.DRAFT, NeedState.CANCELLED])
def test_a_need_that_is_not_public_does_not_exist(database, login, state):
    assert apply_for(login, make_volunteer(), make_need(state=state)).status_code == 404
