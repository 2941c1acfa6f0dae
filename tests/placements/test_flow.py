"""The whole way by the browser: run, desk, approval, offer page, answer, and who hears what."""

import pytest
from sqlalchemy import select

from tests.factories import make_need, make_partner, make_volunteer
from tests.placements.builders import make_coordinator
from volunteer_match.db import db
from volunteer_match.notifications import outbox
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState


def mails(kind):
    return db.session.scalars(select(EmailMessage).where(EmailMessage.kind == kind)).all()


def link_of(match):
    """The path of the link in the offer mailed for the match."""
    row = db.session.scalars(
        select(EmailMessage).where(EmailMessage.kind == "offer_made", EmailMessage.subject_id == match.id)
    ).one()
    return f"/o/{outbox.unseal(row.sealed)['token']}"


def fresh(match):
    db.session.expire_all()
    return db.session.get(Match, match.id)


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


def test_the_week_goes_from_an_open_place_to_a_confirmed_person(database, client, desk):
    need = make_need(make_partner(), required_skills=["painting"], minimum=1, preferred=1, title="Malowanie")
    volunteer = make_volunteer(name="Ada Demowska", skills=["painting"])

    run = desk.post("/desk/run", data={"weeks": "4"}, follow_redirects=True).get_data(as_text=True)
    match = db.session.scalars(select(Match)).one()
    desk.post(f"/desk/matches/{match.id}/approve", data={"version": match.version})
    link = link_of(match)
    page = client.get(link).get_data(as_text=True)
    client.post(link, data={"answer": "accept"})

    assert "Ada Demowska" in run
    assert "Malowanie" in page
    assert (fresh(match).state, match.volunteer_id) == (MatchState.CONFIRMED, volunteer.id)
    assert match.answer_channel == "mail"
    assert [m.recipient_email for m in mails("placement_confirmed")] == [volunteer.user.email]
    assert [m.user_id for m in mails("helper_confirmed")] == [need.posted_by.members[0].user_id]


def test_nothing_goes_to_a_volunteer_before_the_approval(database, desk):
    make_need(minimum=1)
    make_volunteer()

    desk.post("/desk/run", data={"weeks": "4"})

    assert db.session.query(Match).count() == 1
    assert db.session.query(EmailMessage).count() == 0
