"""Lists of rooms and things to lend: preview, mistakes by line, all of it or nothing."""

from datetime import time
from io import BytesIO

import pytest
from sqlalchemy import select

from tests.factories import make_partner, make_user
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.db import db, retrying
from volunteer_match.imports import service
from volunteer_match.imports.labels import ImportKind
from volunteer_match.lending.models import LendingOffer

BY_LIST = Actor(None, frozenset({Role.COORDINATOR}), Channel.IMPORT)
HEAD = "partner;rodzaj;ile;opis;miejsce;jak odebrać;dni tygodnia;od;do\n"
GOOD = "Klub Zmyślony;krzesła;40;składane;;portiernia;pon,śr;8:00;16:00\n"
take = retrying(service.take)


@pytest.fixture
def partner(database):
    """An institution that lends."""
    return make_partner(name="Klub Zmyślony")


def offers():
    return db.session.scalars(select(LendingOffer)).unique().all()


def complaints(text):
    report = service.check(ImportKind.LENDING, text.encode())
    return [(each.line, each.column, each.code) for each in report.complaints]


def test_a_list_puts_things_on_offer(partner):
    take(BY_LIST, ImportKind.LENDING, (HEAD + GOOD).encode())

    (made,) = offers()
    assert (made.partner_id, made.kind, made.quantity, made.weekdays) == (partner.id, "chairs", 40, "02")
    assert (made.starts_local, made.ends_local, made.note) == (time(8), time(16), "portiernia")


def test_a_room_is_at_a_place_of_its_institution(partner):
    line = f"Klub Zmyślony;room;;;{partner.venues[0].name};;;;\n"

    take(BY_LIST, ImportKind.LENDING, (HEAD + line).encode())

    assert offers()[0].venue_id == partner.venues[0].id


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("Nikt;krzesła;1;;;;;;", "partner_id", "unknown_name"),
        ("Klub Zmyślony;słoń;1;;;;;;", "kind", "unknown_name"),
        ("Klub Zmyślony;krzesła;0;;;;;;", "quantity", "invalid"),
        ("Klub Zmyślony;krzesła;1;;;;kiedyś;;", "weekdays", "availability"),
        ("Klub Zmyślony;krzesła;1;;;;;16:00;8:00", "ends_local", "invalid"),
        ("Klub Zmyślony;krzesła;1;;Nigdzie;;;;", "venue_id", "unknown_name"),
    ],
)
def test_a_mistake_is_named_by_line_and_column(partner, line, column, code):
    assert complaints(f"{HEAD}{GOOD}{line}\n") == [(3, column, code)]


def test_what_is_listed_twice_or_there_already_is_a_mistake(partner):
    assert complaints(HEAD + GOOD + GOOD) == [(3, "kind", "twice")]

    take(BY_LIST, ImportKind.LENDING, (HEAD + GOOD).encode())

    assert complaints(HEAD + GOOD) == [(2, "kind", "already_there")]


def test_one_mistake_of_the_rules_imports_nothing(partner):
    text = f"{HEAD}{GOOD}Klub Zmyślony;sala;;;;;;;\n"

    with pytest.raises(service.RefusedError) as refused:
        take(BY_LIST, ImportKind.LENDING, text.encode())

    assert [(each.line, each.column) for each in refused.value.report.complaints] == [(3, "venue_id")]
    assert offers() == []


def test_a_coordinator_sees_what_would_happen_and_then_imports(partner, login):
    browser = login(make_user(Role.COORDINATOR), locale="en")
    sent = {"kind": "lending", "file": (BytesIO((HEAD + GOOD).encode()), "rzeczy.csv")}

    report = browser.post("/imports", data=sent).headers["Location"]
    assert browser.get(report).status_code == 200
    assert offers() == []
    browser.post(report)

    assert len(offers()) == 1
