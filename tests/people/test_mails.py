"""The mails of an application, as people read them."""

from email import message_from_bytes, policy

import pytest

from tests.factories import make_volunteer
from tests.mail import links_in, text_of
from volunteer_match import clock
from volunteer_match.db import transaction
from volunteer_match.notifications import outbox
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.render import Outgoing, render
from volunteer_match.people import messages
from volunteer_match.people.rules import VolunteerState

FACTS = {"reason": "Mamy już komplet osób.", "papers": ["rspts", "krk"], "guardian": False, "agreement": True}


def _letter(row: EmailMessage):
    fields = Outgoing.__dataclass_fields__
    known = {
        "id": row.id, "kind": row.kind, "email": row.recipient_email, "name": row.recipient_name,
        "locale": row.locale, "facts": row.facts, "secrets": outbox.unseal(row.sealed),
    }  # fmt: skip
    return message_from_bytes(
        render(Outgoing(**{name: known[name] for name in fields})).data, policy=policy.SMTP
    )


def _put(message) -> EmailMessage:
    with transaction() as session:
        outbox.put(message)
        session.flush()
        return session.query(EmailMessage).one()


@pytest.mark.parametrize("locale", ["pl", "en"])
@pytest.mark.parametrize("state", list(messages.ARRIVALS))
def test_every_step_is_told_in_both_languages(database, state, locale):
    volunteer = make_volunteer(name="Ada Demowska")
    with transaction() as session:
        session.merge(volunteer.user).locale = locale
    letter = _letter(_put(messages.arrived(volunteer, state, FACTS)))

    assert letter["Content-Language"] == locale
    assert "Ada Demowska" in text_of(letter)


def test_the_papers_are_named_with_the_way_to_get_them(database):
    volunteer = make_volunteer()
    state = VolunteerState.AWAITING_CLEARANCE
    text = text_of(_letter(_put(messages.arrived(volunteer, state, FACTS))))

    assert "Zaświadczenie o niekaralności" in text
    assert "Krajowym Rejestrze Karnym" in text


def test_the_reason_of_a_refusal_is_quoted(database):
    volunteer = make_volunteer()
    text = text_of(_letter(_put(messages.arrived(volunteer, VolunteerState.REJECTED, FACTS))))

    assert "Mamy już komplet osób." in text


def test_the_confirmation_carries_its_link(database):
    volunteer = make_volunteer()
    message = messages.sign_up_confirmation(volunteer.user, "sekret", "1", clock.now())
    letter = _letter(_put(message))

    assert "http://localhost/join/confirm/sekret" in links_in(letter)


def test_people_known_already_are_led_to_the_sign_in(database):
    letter = _letter(_put(messages.account_known(make_volunteer().user, "1")))

    assert "http://localhost/sign-in" in links_in(letter)
