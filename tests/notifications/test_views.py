"""The coordinators' mail log and the demo's mailbox."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.database import count_queries
from tests.factories import make_user
from tests.notifications.conftest import again
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, transaction
from volunteer_match.notifications import queries
from volunteer_match.notifications.delivery import deliver_due
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.rules import MailState
from volunteer_match.notifications.smtp import MaildirTransport


@pytest.fixture
def coordinator(login, put):
    """A coordinator's browser."""
    return login(make_user(Role.COORDINATOR, locale="pl"))


def fail(mail, state=MailState.FAILED, **values):
    """Leave a mail in trouble."""
    with transaction():
        db.session.execute(
            db.update(EmailMessage).where(EmailMessage.id == mail.id).values(state=state, **values)
        )


def test_the_log_names_the_mail_and_what_became_of_it(coordinator, put):
    fail(put(facts={"title": "Szachy w sobotę"}))

    page = coordinator.get("/mails").text

    assert "Szachy w sobotę" in page
    assert "niedostarczona" in page


def test_the_log_shows_only_the_group_asked_for(coordinator, put):
    fail(put(1))
    put(2)

    page = coordinator.get("/mails?group=trouble").text

    assert ("Spotkanie 1" in page, "Spotkanie 2" in page) == (True, False)


def test_the_log_finds_a_recipient(coordinator, put):
    put(1, email="ala@poczta.example")
    put(2, email="ola_1%@poczta.example")

    page = coordinator.get("/mails?q=_1%25").text

    assert ("ola_1%" in page, "ala@" in page) == (True, False)


@pytest.mark.parametrize("query", ["group=nonsense", "page=-3", "page=x", "q=" + "x" * 5000])
def test_nonsense_in_the_address_shows_a_list(coordinator, query):
    assert coordinator.get(f"/mails?{query}").status_code == 200


def test_the_log_takes_as_many_queries_for_many_mails_as_for_one(coordinator, put):
    put(0)
    with count_queries() as few:
        coordinator.get("/mails")
    for number in range(1, 25):
        put(number)

    with count_queries(at_most=len(few)):
        coordinator.get("/mails")


def test_a_mail_can_be_read_without_its_secret_link(coordinator, put):
    mail = put(secrets={"token": "tajny-token-z-linku"}, facts={"title": "Szachy"})

    page = coordinator.get(f"/mails/{mail.id}").text

    assert "Szachy" in page
    assert "tajny-token" not in page


def test_a_failed_mail_is_sent_again_from_the_start(coordinator, put):
    mail = put()
    fail(mail, attempts=9, ambiguous=2, wanted_at=clock.now() - timedelta(days=9), last_error="550 no")

    coordinator.post(f"/mails/{mail.id}/retry")

    found = again(mail)
    assert (found.state, found.attempts, found.ambiguous, found.last_error) == (MailState.QUEUED, 0, 0, None)
    assert clock.now() - found.wanted_at < timedelta(minutes=1)


def test_sending_again_is_written_down(coordinator, put):
    mail = put()
    fail(mail)

    coordinator.post(f"/mails/{mail.id}/retry")

    assert db.session.scalars(db.select(AuditEvent.verb).filter_by(subject_id=mail.id)).all() == [
        "mail_retry"
    ]


def test_a_mail_that_was_sent_is_not_sent_again(coordinator, put):
    mail = put()
    fail(mail, MailState.SENT)

    assert coordinator.post(f"/mails/{mail.id}/retry").status_code == 409
    assert again(mail).state == MailState.SENT


def test_a_mail_whose_moment_is_over_is_not_sent_again(coordinator, put):
    mail = put()
    fail(mail, expires_at=clock.now() - timedelta(hours=1))

    answer = coordinator.post(f"/mails/{mail.id}/retry")

    assert answer.status_code == 422
    assert "już minęło" in answer.text


def test_a_settled_mail_is_off_the_list_and_forgets_its_link(coordinator, put):
    mail = put(secrets={"token": "t"})
    fail(mail, MailState.UNCERTAIN)

    coordinator.post(f"/mails/{mail.id}/close")

    assert (again(mail).state, again(mail).sealed) == (MailState.CLOSED, None)
    assert queries.failures().failed == 0


def test_a_mail_nobody_knows_is_not_found(coordinator):
    assert coordinator.get("/mails/nobody").status_code == 404
    assert coordinator.post("/mails/nobody/retry").status_code == 404


def test_the_desk_learns_how_many_mails_need_a_person(put):
    for number, state in enumerate([MailState.FAILED, MailState.UNCERTAIN, MailState.SENT]):
        fail(put(number), state)
    put(10, email=None)
    put(11)
    fail(put(12), MailState.QUEUED, wanted_at=clock.now() - timedelta(hours=2))

    found = queries.failures()

    assert (found.failed, found.phone, found.late) == (2, 1, 1)
    assert found.oldest_due_at == again_oldest()


def again_oldest():
    """Return since when the longest waiting mail waits."""
    db.session.rollback()
    return db.session.scalar(db.select(db.func.min(EmailMessage.wanted_at)))


@pytest.fixture
def demo(app, client, put, tmp_path, monkeypatch):
    """A browser in the demo, whose mails are kept in a folder."""
    settings = replace(app.config["SETTINGS"], demo=True, maildir=str(tmp_path / "mails"))
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return client


@pytest.fixture
def letter(demo, put, tmp_path):
    """The address of a mail in the demo's mailbox."""
    calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    put(facts={"title": "Szachy <b>w sobotę</b>", "calendar": calendar}, secrets={"token": "abc"})
    deliver_due(MaildirTransport(tmp_path / "mails"))
    page = demo.get("/skrzynka").text
    return page.split('href="/skrzynka/')[1].split('"')[0]


def test_the_mailbox_lists_what_would_have_been_sent(demo, letter):
    page = demo.get("/skrzynka").text

    assert "Szachy &lt;b&gt;w sobotę" in page
    assert "ala@poczta.example" in page


def test_the_mailbox_is_empty_before_the_first_mail(demo):
    assert demo.get("/skrzynka").status_code == 200


def test_the_mailbox_finds_a_mail_by_its_recipient(demo, letter):
    assert "Szachy" in demo.get("/skrzynka?q=ALA@").text
    assert "Szachy" not in demo.get("/skrzynka?q=ola@").text


def test_a_letter_shows_text_headers_and_files(demo, letter):
    page = demo.get(f"/skrzynka/{letter}").text

    assert "http://localhost/o/abc" in page
    assert "Message-ID" in page
    assert "test_notice.ics" in page


def test_only_the_page_of_a_letter_may_hold_a_frame(demo, letter):
    assert "frame-src 'self'" in demo.get(f"/skrzynka/{letter}").headers["Content-Security-Policy"]
    assert "frame-src" not in demo.get("/skrzynka").headers["Content-Security-Policy"]


def test_the_frame_may_style_itself_and_nothing_else(demo, letter):
    policy = demo.get(f"/skrzynka/{letter}/html").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "script-src" not in policy


def test_the_calendar_can_be_downloaded(demo, letter):
    answer = demo.get(f"/skrzynka/{letter}/0")

    assert answer.mimetype == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.text.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    "path", ["nobody", "nobody/html", "nobody/0", "..%2f..%2fetc%2fpasswd", "{letter}/7"]
)
def test_what_is_not_in_the_mailbox_is_not_found(demo, letter, path):
    assert demo.get(f"/skrzynka/{path.format(letter=letter)}").status_code == 404


@pytest.mark.parametrize("path", ["", "/x", "/x/html", "/x/0"])
def test_outside_the_demo_there_is_no_mailbox(client, path):
    assert client.get(f"/skrzynka{path}").status_code == 404
