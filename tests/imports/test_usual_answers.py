"""What a list leaves out gets the answer a form would have had ready; what it says is not lost."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.days import today
from tests.factories import make_partner
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.db import db, retrying
from volunteer_match.imports import service
from volunteer_match.imports.labels import ImportKind
from volunteer_match.needs.models import Need
from volunteer_match.people.models import Volunteer

BY_LIST = Actor(None, frozenset({Role.COORDINATOR}), Channel.IMPORT)
NEED = "partner;tytuł;rola;ile osób;cykl;pierwszy dzień;ostatni dzień;od;do;organizator;kontakt;co"
take = retrying(service.take)


@pytest.fixture(autouse=True)
def context(app):
    """The application."""
    with app.app_context():
        yield


def _need_line(**changes: str) -> str:
    """Return the cells of a weekly need."""
    first = today() + timedelta(days=7)
    cells = {
        "partner": "Klub Zmyślony", "title": "Malowanie", "role": "pomoc", "heads": "1",
        "rhythm": "co tydzień",
        "first": first.isoformat(), "last": (first + timedelta(days=14)).isoformat(), "from": "10:00",
        "to": "11:00", "organiser": "Klub Zmyślony", "contact": "zdalnie", "what": "opis",
    } | changes  # fmt: skip
    return ";".join(cells.values())


def _complaints(kind: ImportKind, text: str) -> list[tuple[int, str, str]]:
    report = service.check(kind, text.encode())
    return [(c.line, c.column, c.code) for c in report.complaints]


@pytest.mark.parametrize(
    ("headings", "cells", "expected"),
    [
        ("", "", (True, True)),
        (";pomijaj święta;pomijaj ferie", ";;", (True, True)),
        (";pomijaj święta;pomijaj ferie", ";nie;tak", (False, True)),
        (";pomijaj święta", ";-", (False, True)),
    ],
)
def test_days_off_are_left_out_unless_the_list_says_otherwise(headings, cells, expected):
    make_partner(name="Klub Zmyślony")

    take(BY_LIST, ImportKind.NEEDS, f"{NEED}{headings}\n{_need_line()}{cells}\n".encode())

    need = db.session.scalars(select(Need)).one()
    assert (need.skip_holidays, need.skip_breaks) == expected


@pytest.mark.parametrize(("heading", "cell"), [("", ""), (";języki", ";")])
def test_a_person_without_a_language_speaks_the_usual_one(heading, cell):
    text = f"imię i nazwisko;telefon{heading}\nJan Zmyślony;600 100 200{cell}\n"

    take(BY_LIST, ImportKind.VOLUNTEERS, text.encode())

    assert [spoken.language for spoken in db.session.scalars(select(Volunteer)).one().languages] == ["pl"]


def test_a_persons_own_languages_stand_alone():
    text = "imię i nazwisko;telefon;języki\nJan Zmyślony;600 100 200;en\n"

    take(BY_LIST, ImportKind.VOLUNTEERS, text.encode())

    assert [spoken.language for spoken in db.session.scalars(select(Volunteer)).one().languages] == ["en"]


@pytest.mark.parametrize("cells", ["kontakt@klub.example;", ";600 100 200"])
def test_a_contact_without_a_name_is_complained_of(cells):
    text = f"nazwa;rodzaj;e-mail osoby;telefon osoby\nKlub Zmyślony;ngo;{cells}\n"

    assert _complaints(ImportKind.PARTNERS, text) == [(2, "contact_name", "invalid")]


def test_a_lone_dash_is_no_formula():
    text = "imię i nazwisko;telefon;prawo jazdy\nJan Zmyślony;600 100 200;-\n"

    assert _complaints(ImportKind.VOLUNTEERS, text) == []


def test_a_dash_before_a_name_still_is():
    text = "imię i nazwisko;telefon;o sobie\nJan Zmyślony;600 100 200;-A1\n"

    assert _complaints(ImportKind.VOLUNTEERS, text) == [(2, "about", "formula")]


def test_the_same_person_without_an_address_is_not_entered_twice():
    text = "imię i nazwisko;telefon\nJan Zmyślony;600 100 200\n"
    take(BY_LIST, ImportKind.VOLUNTEERS, text.encode())
    again = "imię i nazwisko;telefon\nJAN ZMYŚLONY;+48600100200\n"

    assert _complaints(ImportKind.VOLUNTEERS, again) == [(2, "name", "already_there")]


def test_a_family_may_share_a_telephone():
    text = "imię i nazwisko;telefon\nJan Zmyślony;600 100 200\nAnna Zmyślona;600 100 200\n"

    take(BY_LIST, ImportKind.VOLUNTEERS, text.encode())

    assert db.session.scalar(select(func.count()).select_from(Volunteer)) == 2


def test_the_same_person_twice_in_one_list_is_named():
    text = "imię i nazwisko;telefon\nJan Zmyślony;600 100 200\nJan Zmyślony;600-100-200\n"

    assert _complaints(ImportKind.VOLUNTEERS, text) == [(3, "name", "twice")]


def test_the_same_need_is_not_posted_twice():
    make_partner(name="Klub Zmyślony")
    text = f"{NEED}\n{_need_line()}\n"
    take(BY_LIST, ImportKind.NEEDS, text.encode())

    assert _complaints(ImportKind.NEEDS, text) == [(2, "title", "already_there")]


def test_the_same_title_from_another_day_is_another_need():
    make_partner(name="Klub Zmyślony")
    take(BY_LIST, ImportKind.NEEDS, f"{NEED}\n{_need_line()}\n".encode())
    later = (today() + timedelta(days=8)).isoformat()

    assert _complaints(ImportKind.NEEDS, f"{NEED}\n{_need_line(first=later)}\n") == []


def test_the_page_promises_as_many_lines_as_it_takes(app, login):
    from tests.factories import make_user

    page = login(make_user(Role.COORDINATOR)).get("/imports").text

    assert "1000 wierszy" in page
    assert "5000" not in page
