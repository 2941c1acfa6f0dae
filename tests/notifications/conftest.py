"""A kind of mail made for the tests, and a mail server that can misbehave."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from jinja2 import ChoiceLoader, DictLoader

from tests.notifications.postmaster import Postmaster, running_postmaster
from volunteer_match.db import db, transaction
from volunteer_match.notifications import outbox, smtp
from volunteer_match.notifications.message import KINDS, Kind, Message, Recipient
from volunteer_match.notifications.models import EmailMessage

TEMPLATES = {
    "email/test_notice/subject.txt": "{{ title }}",
    "email/test_notice/body.txt": (
        "{% extends 'email/_base/layout.txt' %}{% block content %}{{ recipient }}: {{ title }}"
        "{% if starts_at %}, {{ starts_at|moment }}{% endif %}{% if note %} {{ note }}{% endif %}"
        "{% if token %} {{ url('/o/' ~ token) }}{% endif %}{% endblock %}"
    ),
    "email/test_notice/body.html": (
        "{% extends 'email/_base/layout.html' %}{% block heading %}{{ title }}{% endblock %}"
        "{% block content %}<p>{{ recipient }}</p>{% endblock %}"
    ),
    "email/test_broken/subject.txt": "{{ nobody_gave_this }}",
    "email/test_broken/body.txt": "-",
    "email/test_broken/body.html": "-",
}


@pytest.fixture
def kinds(app, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of mail for the tests: one that works and one whose template is broken."""
    monkeypatch.setattr(app, "jinja_loader", ChoiceLoader([DictLoader(TEMPLATES), app.jinja_loader]))
    app.extensions.pop("mail_templates", None)
    for kind in (Kind("test_notice", calendar=True), Kind("test_broken")):
        monkeypatch.setitem(KINDS, kind.code, kind)


@pytest.fixture
def put(database, kinds) -> Callable[..., EmailMessage]:
    """Put a mail into the outbox and return its row."""

    def put(number: int = 1, kind: str = "test_notice", email: str | None = "ala@poczta.example", **given):
        facts = given.pop("facts", {"title": f"Spotkanie {number}"})
        recipient = Recipient(None, "Ala Żółw", email, given.pop("locale", "pl"))
        message = Message(kind, recipient, str(number), facts, **given)
        with transaction():
            outbox.put(message)
        return row(message.dedupe_key)

    return put


def row(key: str) -> EmailMessage:
    """Return the outbox row as the database has it now."""
    db.session.rollback()
    found = db.session.scalars(db.select(EmailMessage).filter_by(dedupe_key=key)).one()
    db.session.rollback()
    return found


def again(mail: EmailMessage) -> EmailMessage:
    """Return the same row, read anew."""
    db.session.expire_all()
    return row(mail.dedupe_key)


@pytest.fixture(scope="session")
def _postmaster(mail_ports: set[int]) -> Iterator[Postmaster]:
    with running_postmaster() as master:
        mail_ports.add(master.port)
        yield master


@pytest.fixture
def postmaster(_postmaster: Postmaster) -> Iterator[Postmaster]:
    """A mail server that takes everything unless told otherwise."""
    yield _postmaster
    for orders in (_postmaster.on_sender, _postmaster.on_recipient, _postmaster.on_data):
        orders.clear()
    _postmaster.taken.clear()
    _postmaster.recipients.clear()
    _postmaster.sessions.clear()


@pytest.fixture
def transport(postmaster: Postmaster) -> Iterator[smtp.SmtpTransport]:
    """A connection to that server that loses its patience quickly."""
    made = smtp.SmtpTransport(smtp.parse_server(postmaster.url), timeout=2, deadline=5)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def calm(app_or_none) -> None:
    """Forget that a server was unreachable in an earlier test."""
    if app_or_none is not None:
        app_or_none.extensions.pop("mail_breaker", None)


@pytest.fixture
def app_or_none(request: pytest.FixtureRequest):
    """The application, in tests that use it."""
    return request.getfixturevalue("app") if "app" in request.fixturenames else None


MINUTE = timedelta(minutes=1)
