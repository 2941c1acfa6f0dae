"""The page of a plan: its numbers, its pictures and who may read it."""

import re
from datetime import time, timedelta
from xml.etree import ElementTree

import pytest

from tests.database import count_queries
from tests.days import today
from tests.factories import make_need, make_partner, make_user, make_volunteer
from tests.placements.builders import make_coordinator, make_match
from tests.scene import make_run
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.matching.models import MatchRun
from volunteer_match.placements.rules import MatchState

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


@pytest.fixture
def run(database):
    """A plan with one person who agreed and others who are proposed."""
    first, second = make_partner(name="Klub Latawiec"), make_partner(name="Świetlica Pod Lipą")
    agreed = make_need(first, title="Szachy", minimum=2, preferred=2)
    make_match(agreed, make_volunteer(name="Ada Demowska"), state=MatchState.CONFIRMED)
    make_need(second, title="Teatr cieni", weeks=2, minimum=1, preferred=1, starts=time(14), ends=time(16))
    make_volunteer(name="Bolek Fikcyjny")
    return make_run()


def page_of(browser, run, query=""):
    return browser.get(f"/runs/{run.id}{query}").text


def drawn(page, name):
    """Return the picture with that name as a tree."""
    found = re.search(rf'<svg[^>]*aria-labelledby="{name}-title.*?</svg>', page, re.DOTALL)
    text = found.group().replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return ElementTree.fromstring(text)  # noqa: S314 - our own page


def words_in(picture, of):
    return [each.text for each in picture.iter(f"{SVG}text") if each.get("class") == f"vm-chart__{of}"]


def table_with(page, caption):
    """Return the cells of the table with that caption, row by row."""
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    table = next(each for each in tables if f">{caption}</caption>" in each)
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_coverage_and_fairness_stand_before_and_after(desk, run):
    rows = {
        row[0]: row[1:] for row in table_with(page_of(desk, run), "Coverage and fairness before and after")
    }

    assert rows["Sessions that can take place"] == ["0", "3", "3"]
    assert rows["Places filled, up to the minimum"] == ["1", "4", "4"]
    assert rows["People who help"] == ["1", "2", "2"]


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("partners-picture", "Places filled for each institution"),
        ("loads-picture", "Sessions for each person"),
    ],
)
def test_a_picture_and_its_table_have_the_same_numbers(desk, run, name, caption):
    page = page_of(desk, run)

    rows, picture = table_with(page, caption), drawn(page, name)
    assert words_in(picture, "words") == [row[0] for row in rows]
    assert words_in(picture, "number") == [" / ".join(row[2:]) for row in rows]


def test_bars_are_as_long_as_their_numbers(desk, run):
    picture = drawn(page_of(desk, run), "partners-picture")

    widths = {
        kind: [float(each.get("width")) for each in picture.iter(f"{SVG}rect") if each.get("class") == kind]
        for kind in ("vm-chart__track", "vm-chart__settled")
    }
    assert widths["vm-chart__settled"] == [(widths["vm-chart__track"][0] + 1) / 2]


def test_the_picture_of_the_week_shows_who_goes_where(desk, run):
    week = today() + timedelta(days=7)
    page = page_of(desk, run, f"?week={week}")

    picture = drawn(page, "week-picture")
    assert words_in(picture, "words") == ["Ada Demowska", "Bolek Fikcyjny"]
    assert "<dt>A</dt><dd>Szachy</dd>" in page
    assert words_in(picture, "letters vm-chart__letters--settled") == ["A"]


def test_the_week_as_a_table_says_the_same_in_words(desk, run):
    week = today() + timedelta(days=7)
    page = page_of(desk, run, f"?week={week}")

    assert re.search(r"Ada Demowska <span[^>]*>\(agreed or asked\)", page)
    assert re.search(r"Bolek Fikcyjny <span[^>]*>\(proposed\)", page)


def test_a_week_with_nothing_open_says_so(desk, run):
    last = today() + timedelta(days=27)

    assert "No session with open places this week." in page_of(desk, run, f"?week={last}")


@pytest.mark.parametrize("week", ["", "x", "1999-01-01", "9999-12-31", "2026-02-30"])
def test_any_week_in_the_address_is_harmless(desk, run, week):
    assert desk.get(f"/runs/{run.id}?week={week}").status_code == 200


def test_a_run_from_before_figures_were_kept_shows_them_too(desk, run):
    with transaction():
        db.session.get(MatchRun, run.id).figures = None

    assert table_with(page_of(desk, run), "Coverage and fairness before and after")[0][1:] == ["0", "3", "3"]


def test_the_page_takes_a_bounded_number_of_statements(desk, run):
    with count_queries() as few:
        page_of(desk, run)
    for number in range(5):
        make_need(make_partner(), minimum=2, preferred=3, weeks=2)
        make_volunteer(name=f"Osoba Zmyślona {number}")
    larger = make_run()
    with count_queries() as many:
        page_of(desk, larger)

    assert len(many) == len(few)


def test_the_page_speaks_polish(login, run):
    page = page_of(login(make_coordinator("pl")), run)

    assert "Co zmienia plan" in page
    assert "Before" not in page


def test_administrators_read_plans_and_are_led_to_no_decision(login, run):
    browser = login(make_user(Role.ADMINISTRATOR, locale="en"))

    page = page_of(browser, run)
    assert "Ada Demowska" in page
    assert "/desk" not in page
