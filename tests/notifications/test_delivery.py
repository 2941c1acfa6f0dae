"""Delivery, state by state, through a real SMTP conversation on both databases."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet

from tests.notifications.conftest import again
from tests.notifications.postmaster import CUT, CUT_AFTER_TAKING, MUTE
from volunteer_match import clock
from volunteer_match.db import transaction
from volunteer_match.notifications import delivery, smtp
from volunteer_match.notifications.delivery import deliver_due, tidy
from volunteer_match.notifications.rules import MailState, Outcome


def later(hours: float = 0, minutes: float = 0):
    """Travel on, from wherever the clock stands."""
    return time_machine.travel(clock.now() + timedelta(hours=hours, minutes=minutes), tick=True)


def test_a_due_mail_is_sent_once(put, transport, postmaster):
    mail = put()

    deliver_due(transport)
    deliver_due(transport)

    assert (again(mail).state, len(postmaster.taken)) == (MailState.SENT, 1)


def test_every_mail_has_one_recipient(put, transport, postmaster):
    put(1, email="ala@poczta.example")
    put(2, email="ola@poczta.example")

    deliver_due(transport)

    assert sorted(postmaster.recipients) == [["ala@poczta.example"], ["ola@poczta.example"]]


def test_a_batch_uses_one_connection(put, transport, postmaster):
    for number in range(5):
        put(number)

    deliver_due(transport)

    assert (len(postmaster.taken), len(postmaster.sessions)) == (5, 1)


def test_no_line_ends_in_a_bare_line_feed_on_the_wire(put, transport, postmaster):
    put(facts={"title": "Zażółć " * 40})

    deliver_due(transport)

    data = postmaster.taken[0]
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 998


def test_a_line_that_begins_with_a_dot_arrives_whole(put, transport, postmaster):
    put(facts={"title": "Kropki", "note": "\n.\n..dwie\n.jedna"})

    deliver_due(transport)

    text = postmaster.messages[0].get_body(("plain",)).get_content()
    assert "\n.\n..dwie\n.jedna" in text.replace("\r\n", "\n")


def test_a_mail_for_later_waits(put, transport, postmaster):
    mail = put(due_at=clock.now() + timedelta(hours=1))

    deliver_due(transport)
    assert again(mail).state == MailState.QUEUED

    with later(hours=1.1):
        deliver_due(transport)
        assert again(mail).state == MailState.SENT


def test_a_mail_that_would_come_too_late_is_not_sent(put, transport, postmaster):
    mail = put(expires_at=clock.now() + timedelta(hours=1), secrets={"token": "t"})

    with later(hours=2):
        deliver_due(transport)

    found = again(mail)
    assert (found.state, found.sealed, postmaster.taken) == (MailState.EXPIRED, None, [])


def test_the_same_message_is_stored_once(put, transport, postmaster):
    put(7)
    put(7)

    deliver_due(transport)

    assert len(postmaster.taken) == 1


def test_without_an_address_somebody_has_to_call(put, transport, postmaster):
    mail = put(email=None)

    deliver_due(transport)

    assert (again(mail).state, postmaster.taken) == (MailState.SUPPRESSED, [])


def test_a_deferred_mail_is_tried_again_after_a_pause(put, transport, postmaster):
    postmaster.on_recipient = ["451 4.7.1 greylisted"]
    mail = put()

    deliver_due(transport)
    found = again(mail)
    assert (found.state, found.attempts, found.last_error) == (MailState.QUEUED, 1, "451 4.7.1 greylisted")

    deliver_due(transport)
    assert postmaster.taken == []

    with later(minutes=1.3):
        deliver_due(transport)
        assert (again(mail).state, len(postmaster.taken)) == (MailState.SENT, 1)


def test_greylisting_of_five_minutes_costs_at_most_five_tries(put, transport, postmaster):
    mail, began = put(), clock.now()
    minutes = 0.0
    while again(mail).state != MailState.SENT and minutes < 60:
        postmaster.on_recipient = ["451 greylisted"] if minutes < 5 else []
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            deliver_due(transport)
        minutes += 0.5

    assert again(mail).attempts <= 5
    assert minutes <= 21


def test_after_three_days_of_no_it_is_given_up(put, transport, postmaster):
    mail = put()

    for hours in (0, 1, 30, 73):
        postmaster.on_data = ["452 no space"]
        with later(hours=hours):
            deliver_due(transport)

    assert again(mail).state == MailState.FAILED


def test_a_reminder_put_long_before_is_not_given_up_at_its_first_no(put, transport, postmaster):
    mail = put(due_at=clock.now() + timedelta(days=10))
    postmaster.on_data = ["452 no space"]

    with later(hours=240.1):
        deliver_due(transport)

    assert again(mail).state == MailState.QUEUED


def test_a_refused_recipient_fails_at_once_and_the_others_go_on(put, transport, postmaster):
    postmaster.on_recipient = ["550 5.1.1 no such person"]
    mail, other = put(1), put(2)

    deliver_due(transport)

    assert again(mail).state == MailState.FAILED
    assert again(mail).last_error == "550 5.1.1 no such person"
    assert again(other).state == MailState.SENT


@pytest.mark.parametrize("command", ["on_sender", "on_recipient", "on_data"])
def test_a_closing_server_burns_no_attempt_and_ends_the_batch(put, transport, postmaster, command):
    setattr(postmaster, command, ["421 4.3.2 closing"])
    mails = [put(1), put(2)]

    results = deliver_due(transport)

    assert results == {Outcome.UNREACHABLE: 1}
    assert {again(m).state for m in mails} == {MailState.QUEUED}
    assert {again(m).attempts for m in mails} == {0}


def test_a_line_cut_before_the_data_burns_no_attempt(put, transport, postmaster):
    postmaster.on_recipient = [CUT]
    mail = put()

    deliver_due(transport)

    assert (again(mail).state, again(mail).attempts, again(mail).ambiguous) == (MailState.QUEUED, 0, 0)


def test_a_sender_the_server_does_not_want_is_no_fault_of_the_mail(put, transport, postmaster):
    postmaster.on_sender = ["550 5.7.1 not your domain"]
    mail = put()

    deliver_due(transport)

    assert (again(mail).state, again(mail).attempts) == (MailState.QUEUED, 0)


def test_an_unreachable_server_is_left_alone_for_a_while(put, transport, postmaster):
    postmaster.on_sender = ["421 closing"]
    put(1), put(2)

    deliver_due(transport)
    assert deliver_due(transport) == {}

    with later(minutes=2):
        assert deliver_due(transport) == {Outcome.SENT: 2}


def test_a_line_cut_after_the_data_is_sent_again_once(put, transport, postmaster):
    postmaster.on_data = [CUT_AFTER_TAKING]
    mail = put()

    deliver_due(transport)
    assert (again(mail).state, again(mail).ambiguous) == (MailState.QUEUED, 1)

    with later(minutes=2):
        deliver_due(transport)

    assert again(mail).state == MailState.SENT
    assert list(postmaster.copies().values()) == [2]


def test_twice_unknown_is_left_to_a_person(put, transport, postmaster):
    mail = put()
    for minutes in (0, 2):
        postmaster.on_data = [CUT_AFTER_TAKING]
        with later(minutes=minutes):
            deliver_due(transport)

    with later(hours=12):
        deliver_due(transport)

    assert again(mail).state == MailState.UNCERTAIN
    assert len(postmaster.taken) == 2


def test_a_server_that_says_nothing_after_the_data_makes_it_unknown(put, postmaster):
    postmaster.on_data = [MUTE]
    mail = put()

    deliver_due(smtp.SmtpTransport(smtp.parse_server(postmaster.url), timeout=0.3))

    assert (again(mail).state, again(mail).ambiguous) == (MailState.QUEUED, 1)


def test_the_deadline_ends_a_conversation_that_never_ends(put, postmaster):
    postmaster.on_data = [MUTE]
    mail = put()

    deliver_due(smtp.SmtpTransport(smtp.parse_server(postmaster.url), timeout=60, deadline=0.3))

    assert again(mail).ambiguous == 1


def test_an_idle_connection_that_was_closed_is_opened_anew(put, transport, postmaster):
    put(1)
    sender = Kept(transport)
    deliver_due(sender)
    transport._smtp.sock.shutdown(2)
    other = put(2)

    deliver_due(sender)

    assert again(other).state == MailState.SENT


class Kept:
    """A connection that outlives its batch."""

    def __init__(self, transport):
        self.send = transport.send

    def close(self):
        """Keep it open."""


def test_a_broken_template_is_parked_after_three_tries_and_the_others_go_on(put, transport, postmaster):
    broken, other = put(1, kind="test_broken"), put(2)

    for hours in (0, 1, 2):
        with later(hours=hours):
            deliver_due(transport)

    assert (again(broken).state, again(broken).stumbles) == (MailState.FAILED, 3)
    assert again(other).state == MailState.SENT


def test_a_seal_of_another_key_is_parked_with_its_reason_and_the_others_go_on(put, transport, postmaster):
    strange, other = put(1, secrets={"token": "t"}), put(2)
    with transaction():
        strange.sealed = Fernet(Fernet.generate_key()).encrypt(b"{}").decode()

    for hours in (0, 1, 2):
        with later(hours=hours):
            deliver_due(transport)

    found = again(strange)
    assert (found.state, found.last_error) == (
        MailState.FAILED,
        "the link was sealed with another encryption key",
    )
    assert again(other).state == MailState.SENT


def test_an_address_no_server_can_use_is_parked_with_its_reason(put, transport):
    mail = put(email="zażółć@poczta.example")

    for hours in (0, 1, 2):
        with later(hours=hours):
            deliver_due(transport)

    assert again(mail).state == MailState.FAILED
    assert "address" in again(mail).last_error


def test_the_message_id_stays_the_same_over_retries(put, transport, postmaster):
    postmaster.on_data = [CUT_AFTER_TAKING]
    mail = put()

    deliver_due(transport)
    with later(minutes=2):
        deliver_due(transport)

    assert list(postmaster.copies()) == [f"<{mail.id}@gromada.example>"]


def test_link_secrets_are_forgotten_once_sent(put, transport, postmaster):
    mail = put(secrets={"token": "tajny-token"})
    assert "tajny-token" not in mail.sealed

    deliver_due(transport)

    assert "tajny-token" in postmaster.messages[0].get_body(("plain",)).get_content()
    assert again(mail).sealed is None


def test_a_worker_that_died_while_sending_makes_the_mail_unknown(put, transport, postmaster, monkeypatch):
    mail = put()
    monkeypatch.setattr(delivery, "_finish", _die)
    with pytest.raises(KeyboardInterrupt):
        deliver_due(transport)
    assert again(mail).state == MailState.SENDING

    with later(minutes=6):
        tidy(clock.now())

    assert (again(mail).state, again(mail).ambiguous) == (MailState.QUEUED, 1)


def test_a_worker_that_died_before_sending_makes_no_second_copy(put, transport, postmaster, monkeypatch):
    mail = put()
    monkeypatch.setattr(delivery, "render", _die)
    with pytest.raises(KeyboardInterrupt):
        deliver_due(transport)
    assert again(mail).state == MailState.CLAIMED

    with later(minutes=6):
        tidy(clock.now())

    assert (again(mail).state, again(mail).ambiguous, again(mail).attempts) == (MailState.QUEUED, 0, 0)


def _die(*_args, **_kwargs):
    raise KeyboardInterrupt


def test_a_worker_that_was_too_slow_neither_sends_nor_marks(put, transport, postmaster, monkeypatch):
    mail = put()
    real = delivery.render

    def slow(outgoing):
        with later(minutes=6):
            tidy(clock.now())
        with later(minutes=10):
            assert delivery._claim(clock.now()).mail == outgoing
        return real(outgoing)

    monkeypatch.setattr(delivery, "render", slow)

    deliver_due(transport, limit=1)

    assert (again(mail).state, postmaster.taken) == (MailState.CLAIMED, [])


def test_no_mail_is_sent_while_a_transaction_is_open(put, transport, database):
    put()

    with transaction(), pytest.raises(RuntimeError, match="transaction is open"):
        deliver_due(transport)


def test_no_transaction_is_open_while_the_server_thinks(put, transport, postmaster, database, monkeypatch):
    put()
    seen = []
    real = smtplib.SMTP.getreply

    def watching(self):
        seen.append(database.session().in_transaction())
        return real(self)

    monkeypatch.setattr(smtplib.SMTP, "getreply", watching)

    deliver_due(transport)

    assert seen
    assert not any(seen)


def test_delivery_stops_when_asked(put, transport, postmaster):
    put(1), put(2), put(3)

    deliver_due(transport, stop=lambda: len(postmaster.taken) == 1)

    assert len(postmaster.taken) == 1
