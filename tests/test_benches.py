"""The test tools themselves: an empty database for every test, no way out of this machine."""

import smtplib
import socket
from email.message import EmailMessage

import pytest
from flask import request_finished
from sqlalchemy import func, select, text

from tests.database import count_queries
from tests.factories import make_user
from tests.guards import ForbiddenInTestsError
from tests.mail import links_in
from volunteer_match import clock
from volunteer_match.actor import SYSTEM, Actor, Role
from volunteer_match.audit.models import AuditEvent
from volunteer_match.audit.service import record
from volunteer_match.db import transaction
from volunteer_match.web.access import current_actor


@pytest.mark.parametrize("round_number", [1, 2])
def test_every_test_starts_with_an_empty_database(database, round_number):
    with transaction():
        record(SYSTEM, "tested", "test", str(round_number), at=clock.now().isoformat())

    assert database.session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_statements_are_counted_without_transaction_marks(database):
    with count_queries() as count:
        database.session.execute(text("SELECT 1"))

    assert count.statements == ["SELECT 1"]


def test_too_many_statements_fail(database):
    with pytest.raises(AssertionError, match="1 statements, 0 allowed"), count_queries(at_most=0):
        database.session.execute(text("SELECT 1"))


def test_other_machines_are_out_of_reach():
    with socket.socket() as outside, pytest.raises(ForbiddenInTestsError):
        outside.connect(("192.0.2.1", 80))


def test_no_name_is_looked_up():
    with pytest.raises(ForbiddenInTestsError):
        socket.getaddrinfo("club.example", 80)


def test_no_mail_leaves_for_a_server_that_is_not_ours():
    with pytest.raises(ForbiddenInTestsError):
        smtplib.SMTP("127.0.0.1", 25)


def test_our_own_mail_server_takes_mail(mail_sink):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "klub@gromada.example",
        "ola@poczta.example",
        "Zażółć",
    )
    message.set_content("Zobacz: http://localhost/o/abc.")

    with smtplib.SMTP("127.0.0.1", mail_sink.port) as server:
        server.send_message(message)

    (received,) = mail_sink.to("ola@poczta.example")
    assert received["Subject"] == "Zażółć"
    assert links_in(received) == ["http://localhost/o/abc"]


def test_our_own_mail_server_can_refuse(mail_sink):
    mail_sink.refuse.append("451 later")

    with smtplib.SMTP("127.0.0.1", mail_sink.port) as server, pytest.raises(smtplib.SMTPDataError):
        server.sendmail("klub@gromada.example", ["ola@poczta.example"], "Subject: x\r\n\r\nx")

    assert mail_sink.messages == []


def test_a_signed_in_browser_is_known_to_the_application(app, database, login):
    user = make_user(Role.COORDINATOR)
    seen = []

    with request_finished.connected_to(lambda *_args, **_facts: seen.append(current_actor()), app):
        login(user).get("/no-such-page")

    assert seen == [Actor(user.id, frozenset({Role.COORDINATOR}))]
