"""What the worker forgets by itself, and that nothing else goes with it."""

from datetime import timedelta

import pytest

from tests.factories import make_user, make_volunteer, save
from volunteer_match import clock, worker
from volunteer_match.accounts.models import User
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.imports.models import ImportFile
from volunteer_match.notifications import service as notifications
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.rules import MailState
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerState


def ago(days: int):
    """Return the moment so many days back."""
    return clock.now() - timedelta(days=days)


def mail(state: MailState, days: int) -> str:
    """Store a mail about somebody, made so many days ago, and return its id."""
    row = EmailMessage(
        kind="account_notice", dedupe_key=f"k:{state}:{days}:ala@poczta.example", subject_id="s" * 22,
        recipient_name="Ala Fikcyjna", recipient_email="ala@poczta.example", locale="pl",
        facts={"what": "password_changed"}, state=state, created_at=ago(days), wanted_at=ago(days),
        due_at=ago(days), last_error="550 ala@poczta.example",
    )  # fmt: skip
    save(row)
    return row.id


def personal(mail_id: str) -> tuple[object, ...]:
    """Return everything of a mail that says something about a person."""
    row = db.session.get_one(EmailMessage, mail_id)
    named = "ala" in row.dedupe_key
    return row.recipient_name, row.recipient_email, row.facts, row.sealed, row.last_error, named


@pytest.mark.parametrize("state", [MailState.SENT, MailState.FAILED, MailState.SUPPRESSED, MailState.CLOSED])
def test_texts_of_mails_are_forgotten_after_ninety_days(app, state):
    with app.app_context():
        mail_id = mail(state, days=91)

    worker.tick(app)

    with app.app_context():
        assert personal(mail_id) == ("", None, {}, None, None, False)


def test_texts_of_younger_mails_are_kept(app):
    with app.app_context():
        mail_id = mail(MailState.SENT, days=89)

    worker.tick(app)

    with app.app_context():
        assert personal(mail_id)[0] == "Ala Fikcyjna"


def test_a_forgotten_mail_can_still_be_looked_at(app, login):
    with app.app_context():
        mail_id, browser = mail(MailState.SENT, days=91), login(make_user(Role.COORDINATOR))
    worker.tick(app)

    assert browser.get(f"/mails/{mail_id}").status_code == 200
    assert browser.get("/mails").status_code == 200


def test_forgetting_goes_on_where_it_stopped(app, monkeypatch):
    monkeypatch.setattr(notifications, "_BATCH", 1)
    with app.app_context():
        ids = [mail(MailState.SENT, days) for days in (91, 92)]

    worker.tick(app)
    worker.tick(app)

    with app.app_context():
        assert [personal(mail_id)[0] for mail_id in ids] == ["", ""]


@pytest.mark.parametrize(("days", "left"), [(2, 0), (0, 1)])
def test_uploaded_lists_are_forgotten_after_a_day(app, days, left):
    with app.app_context():
        save(
            ImportFile(kind="volunteers", name="a.csv", content=b"x", created_at=ago(days), created_by_id="c")
        )

    worker.tick(app)

    with app.app_context():
        assert db.session.query(ImportFile).count() == left


def _signed_up(days: int, **account) -> str:
    volunteer = make_volunteer(state=VolunteerState.DRAFT)
    with transaction():
        volunteer.created_at = ago(days)
        for name, value in {"email_confirmed_at": None, **account}.items():
            setattr(volunteer.user, name, value)
    return volunteer.user_id


def test_a_sign_up_nobody_confirmed_is_forgotten(app):
    with app.app_context():
        user_id = _signed_up(8)

    worker.tick(app)

    with app.app_context():
        assert (db.session.get(User, user_id), db.session.query(Volunteer).count()) == (None, 0)


@pytest.mark.parametrize(
    ("days", "account"),
    [(6, {}), (8, {"created_by_id": "c" * 22}), (8, {"email_confirmed_at": clock.now()})],
)
def test_other_sign_ups_stay(app, days, account):
    with app.app_context():
        user_id = _signed_up(days, **account)

    worker.tick(app)

    with app.app_context():
        assert db.session.get(User, user_id) is not None
