"""An import on a page is bounded in lines and in time; a command may take longer."""

from io import BytesIO

import pytest

from tests.factories import make_user
from volunteer_match.actor import Role
from volunteer_match.db import db
from volunteer_match.imports import rules, service
from volunteer_match.imports.labels import ImportKind
from volunteer_match.people.models import Volunteer

HEADINGS = "imię i nazwisko;telefon\n"
LINES = "".join(f"Osoba Zmyślona {n};600 100 {n}\n" for n in range(201, 204))


@pytest.fixture
def upload(app, login):
    """Return a function that uploads a list of people and gives the browser and the report's address."""
    with app.app_context():
        browser = login(make_user(Role.COORDINATOR))

    def send(text: str):
        file = (BytesIO(text.encode()), "osoby.csv")
        sent = browser.post("/imports", data={"kind": "volunteers", "file": file})
        return browser, sent.headers["Location"]

    return send


def test_a_rehearsal_that_takes_too_long_names_the_line_to_split_at(upload, monkeypatch):
    monkeypatch.setattr(rules, "REHEARSAL_SECONDS", 0)

    browser, report = upload(HEADINGS + LINES)

    assert "drugiego pliku" in browser.get(report).get_data(as_text=True)


def test_such_a_file_cannot_be_imported_past_its_report(app, upload, monkeypatch):
    monkeypatch.setattr(rules, "REHEARSAL_SECONDS", 0)

    browser, report = upload(HEADINGS + LINES)
    browser.post(report)

    with app.app_context():
        assert db.session.query(Volunteer).count() == 0


def test_pages_take_fewer_lines_than_commands(app, upload, monkeypatch):
    monkeypatch.setattr(rules, "MAX_ROWS_ON_PAGES", 2)

    browser, report = upload(HEADINGS + LINES)

    assert "najwyżej 2" in browser.get(report).get_data(as_text=True)
    with app.app_context():
        assert service.check(ImportKind.VOLUNTEERS, (HEADINGS + LINES).encode()).ok
