"""A corrected address: mails that wait follow it, with links that work."""

import pytest
from sqlalchemy import select

from tests.factories import actor_of, make_volunteer
from tests.placements.builders import COORDINATOR, apply, make_coordinator, make_match
from volunteer_match.actor import Channel
from volunteer_match.db import db, transaction
from volunteer_match.notifications import outbox
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.rules import MailState
from volunteer_match.people import answers_service
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchEvent, MatchState

NEW = "ada@poczta.example"


def offered(**mail):
    """Return a match whose offer waits in the outbox in some state."""
    match = make_match(volunteer=make_volunteer(name="Ada Demowska", email="adda@poczta.example"))
    apply(COORDINATOR, match, MatchEvent.APPROVE)
    with transaction():
        for name, value in mail.items():
            setattr(offer(), name, value)
    return match


def offer():
    return db.session.scalars(select(EmailMessage).where(EmailMessage.kind == "offer_made")).one()


def correct(match, email):
    coordinator = actor_of(make_coordinator()).by(Channel.PHONE)
    answers = {"name": "Ada Demowska", "phone": "+48 602 000 002", "locale": "pl", "email": email}
    with transaction():
        answers_service.edit_person(coordinator, match.volunteer_id, answers)


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.FAILED, MailState.UNCERTAIN])
def test_a_mail_that_waits_follows_to_the_new_address(database, state):
    correct(offered(state=state), NEW)

    assert (offer().recipient_email, offer().state) == (NEW, state)


def test_the_link_in_it_works(database, client):
    match = offered(state=MailState.FAILED)
    link = f"/o/{outbox.unseal(offer().sealed)['token']}"

    correct(match, NEW)
    client.post(link, data={"answer": "accept"})

    db.session.expire_all()
    assert db.session.get_one(Match, match.id).state == MatchState.CONFIRMED


def test_the_link_of_one_that_may_have_arrived_does_not(database, client):
    match = offered(state=MailState.UNCERTAIN, ambiguous=2)
    link = f"/o/{outbox.unseal(offer().sealed)['token']}"

    correct(match, NEW)

    assert client.get(link).status_code == 410


def test_a_mail_that_was_sent_stays_as_it_was(database):
    correct(offered(state=MailState.SENT), NEW)

    assert offer().recipient_email == "adda@poczta.example"


def test_without_an_address_somebody_has_to_call(database):
    correct(offered(), None)

    assert (offer().recipient_email, offer().state) == (None, MailState.SUPPRESSED)


def test_the_old_address_hears_that_it_was_left(database):
    correct(offered(), NEW)

    notice = db.session.scalars(select(EmailMessage).where(EmailMessage.kind == "account_notice")).one()
    assert notice.recipient_email == "adda@poczta.example"
