"""A list whose lines stopped being fine between the report and the import leaves nothing behind."""

from datetime import timedelta
from io import BytesIO

import pytest

from tests.days import today
from tests.factories import make_partner, make_user
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.db import db
from volunteer_match.needs import sessions_service
from volunteer_match.needs.models import Need

HEADINGS = "partner;tytuł;rola;ile osób;pierwszy dzień;od;do;organizator;kontakt;co;opublikuj\n"
LINE = "Partner Zmyślony;{title};pomoc;1;{day};10:00;11:00;Partner Zmyślony;zdalnie;opis;tak\n"


class Later:
    """A clock that is two days ahead."""

    @staticmethod
    def now():
        """Return the moment two days from now."""
        return clock.now() + timedelta(days=2)


@pytest.fixture
def upload(app, login):
    """Upload needs of which one begins tomorrow; return the browser and the report's address."""
    with app.app_context():
        browser = login(make_user(Role.COORDINATOR))
        make_partner(name="Partner Zmyślony")
    days = {"Potrzeba za tydzień": 7, "Potrzeba na jutro": 1}
    lines = [LINE.format(title=t, day=today() + timedelta(days=n)) for t, n in days.items()]
    file = (BytesIO((HEADINGS + "".join(lines)).encode()), "potrzeby.csv")
    return browser, browser.post("/imports", data={"kind": "needs", "file": file}).headers["Location"]


def test_a_refused_import_stores_none_of_its_lines(app, upload, monkeypatch):
    browser, report = upload
    monkeypatch.setattr(sessions_service, "clock", Later)

    browser.post(report)

    with app.app_context():
        assert db.session.query(Need).count() == 0


def test_the_report_then_says_which_line_stands_in_the_way(upload, monkeypatch):
    browser, report = upload
    monkeypatch.setattr(sessions_service, "clock", Later)

    browser.post(report)

    page = browser.get(report).get_data(as_text=True)
    assert "Nie ma żadnego terminu w przyszłości" in page
