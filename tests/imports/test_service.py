"""A list is imported whole or not at all, and says by line what is wrong."""

from collections import Counter
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests.database import count_queries
from tests.factories import make_district, make_partner, make_skill, make_user, make_volunteer
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, retrying
from volunteer_match.imports import service
from volunteer_match.imports.labels import ImportKind
from volunteer_match.needs.models import Need, NeedSession
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.partners.models import Partner
from volunteer_match.people.models import Volunteer

BY_LIST = Actor(None, frozenset({Role.COORDINATOR}), Channel.IMPORT)
take = retrying(service.take)
rehearse = retrying(service.rehearse)
PEOPLE = "imię i nazwisko;e-mail;telefon;umiejętności;dostępność;dzielnica\n"


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def complaints(kind: ImportKind, text: str) -> list[tuple[int, str]]:
    report = service.check(kind, text.encode())
    return [(c.line, c.column) for c in report.complaints]


@pytest.fixture
def context(app):
    with app.app_context():
        yield


def test_people_become_applications_with_skills_hours_and_district(context):
    make_skill("painting")
    district = make_district("Osiedle Zmyślone")

    take(
        BY_LIST,
        ImportKind.VOLUNTEERS,
        (PEOPLE + "Jan Zmyślony;;600 100 200;painting;sob 8-12;osiedle zmyslone\n").encode(),
    )

    volunteer = db.session.scalars(select(Volunteer)).one()
    assert (volunteer.state, volunteer.district_id) == ("submitted", district.id)
    assert [s.skill_code for s in volunteer.skills] == ["painting"]
    assert [(r.weekday, r.starts_minute, r.ends_minute) for r in volunteer.availability] == [(5, 480, 720)]


def test_every_wrong_cell_is_named_by_line_and_column(context):
    make_volunteer(email="ktos@poczta.example")
    text = PEOPLE + (
        "Ada Zmyślona;nie-adres;;;;\n"
        "Bolek Zmyślony;ktos@poczta.example;;;;\n"
        "Celina Zmyślona;;600 100 200;nieznane;;\n"
        "Darek Zmyślony;;600 100 200;;kiedyś;\n"
        "Ewa Zmyślona;;600 100 200;;;Nigdzie\n"
        ";;600 100 200;;;\n"
        "Filip Zmyślony;;;;;\n"
    )

    assert complaints(ImportKind.VOLUNTEERS, text) == [
        (2, "email"),
        (3, "email"),
        (4, "skills"),
        (5, "hours"),
        (6, "district_id"),
        (7, "name"),
        (8, "phone"),
    ]


def test_one_bad_line_keeps_all_lines_out(context):
    text = PEOPLE + "Jan Zmyślony;;600 100 200;;;\nAda Zmyślona;zły adres;;;;\n"

    with pytest.raises(service.RefusedError):
        take(BY_LIST, ImportKind.VOLUNTEERS, text.encode())

    assert (count(Volunteer), count(EmailMessage), count(AuditEvent)) == (0, 0, 0)


def test_a_rule_behind_the_form_keeps_all_lines_out_and_names_its_line(context):
    text = "nazwa;rodzaj;organizator\nKlub Zmyślony;ngo;nie\nFirma Zmyślona;company;tak\n"

    with pytest.raises(service.RefusedError) as caught:
        take(BY_LIST, ImportKind.PARTNERS, text.encode())

    assert [c.line for c in caught.value.report.complaints] == [3]
    assert count(Partner) == 0


def test_a_need_that_lacks_an_answer_names_its_column(context):
    make_partner(name="Klub Zmyślony")
    text = (
        "partner;tytuł;rola;ile osób;cykl;pierwszy dzień;od;do;kontakt;opublikuj\n"
        "Klub Zmyślony;Malowanie;Pomoc;2;raz;28.11.2099;10:00;12:00;dzieci;tak\n"
    )

    with pytest.raises(service.RefusedError) as caught:
        take(BY_LIST, ImportKind.NEEDS, text.encode())

    assert [(c.line, c.column) for c in caught.value.report.complaints] == [(2, "what")]


def test_a_rehearsal_leaves_nothing_behind(context):
    report = service.check(ImportKind.PARTNERS, "nazwa;rodzaj\nKlub Zmyślony;ngo\n".encode())

    assert rehearse(BY_LIST, ImportKind.PARTNERS, report) == []
    assert (count(Partner), count(AuditEvent)) == (0, 0)


def test_the_same_address_twice_in_a_file_is_named(context):
    text = PEOPLE + "Ada Zmyślona;ada@poczta.example;;;;\nAla Zmyślona;ADA@poczta.example;;;;\n"

    assert complaints(ImportKind.VOLUNTEERS, text) == [(3, "email")]


def test_pesel_in_free_text_is_refused(context):
    text = "imię i nazwisko;telefon;o sobie\nJan Zmyślony;600 100 200;mój numer 44051401359\n"

    assert complaints(ImportKind.VOLUNTEERS, text) == [(2, "about")]


NEEDS = "partner;tytuł;co;organizator;miejsce;kontakt;rola;minimum;ile osób;pierwszy dzień;od;do;opublikuj\n"


def need_line(partner: Partner, role: str = "Pomoc", first: bool = True) -> str:
    start = f"{partner.name};Malowanie;"
    if not first:
        return f"{start};;;;{role};0;1;;;;\n"
    venue = partner.venues[0].name
    return f"{start}Farby;{partner.name};{venue};bez dzieci;{role};1;2;2099-11-28;10:00;12:00;tak\n"


def test_a_published_need_gets_its_sessions(context):
    partner = make_partner()

    take(BY_LIST, ImportKind.NEEDS, (NEEDS + need_line(partner)).encode())

    assert (db.session.scalars(select(Need)).one().state, count(NeedSession)) == ("published", 1)


def test_further_lines_of_a_need_add_roles(context):
    partner = make_partner()

    take(
        BY_LIST,
        ImportKind.NEEDS,
        (NEEDS + need_line(partner) + need_line(partner, "Kierowca", False)).encode(),
    )

    need = db.session.scalars(select(Need)).one()
    assert [role.name for role in need.roles] == ["Pomoc", "Kierowca"]


def test_a_wrong_number_in_a_further_line_is_named_there(context):
    partner = make_partner()
    text = NEEDS + need_line(partner) + f"{partner.name};Malowanie;;;;;Kierowca;dużo;1;;;;\n"

    assert complaints(ImportKind.NEEDS, text) == [(3, "minimum")]


def test_a_further_line_may_not_contradict_the_first(context):
    partner = make_partner()
    text = NEEDS + need_line(partner) + f"{partner.name};Malowanie;Inne;;;;Kierowca;0;1;;;;\n"

    assert complaints(ImportKind.NEEDS, text) == [(3, "what")]


def test_unknown_partners_are_named(context):
    assert complaints(ImportKind.NEEDS, NEEDS + "Nikt;Malowanie;;;;;Pomoc;1;1;2099-01-01;10:00;11:00;\n") == [
        (2, "posted_by_id")
    ]


def test_checking_many_lines_asks_the_database_no_oftener(context):
    few = PEOPLE + "".join(f"Osoba {n};;600 100 200;;;\n" for n in range(2))
    many = PEOPLE + "".join(f"Osoba {n};;600 100 200;;;\n" for n in range(200))
    with count_queries() as once:
        service.check(ImportKind.VOLUNTEERS, few.encode())
    with count_queries() as again:
        service.check(ImportKind.VOLUNTEERS, many.encode())

    assert len(again) == len(once)


def test_an_upload_is_shown_only_to_who_made_it(app, login):
    with app.app_context():
        mine, other = make_user(Role.COORDINATOR), make_user(Role.COORDINATOR)
    text = "nazwa;rodzaj\nKlub Zmyślony;ngo\n"
    client = login(mine)
    data = {"kind": "partners", "file": (BytesIO(text.encode()), "lista.csv")}
    address = client.post("/imports", data=data).headers["Location"]

    assert client.get(address).status_code == 200
    assert login(other).get(address).status_code == 404


def test_from_upload_to_import(app, login):
    with app.app_context():
        user = make_user(Role.COORDINATOR)
    client = login(user)
    text = "organizacja właściwa;rodzaj\nKlub Zmyślony;ngo\n"
    data = {"kind": "partners", "file": (BytesIO(text.encode("cp1250")), "lista.csv")}
    address = client.post("/imports", data=data).headers["Location"]
    client.post(
        f"{address}/headings", data={"heading-name": "organizacja właściwa", "heading-kind": "rodzaj"}
    )

    client.post(address)

    with app.app_context():
        assert Counter(p.name for p in db.session.scalars(select(Partner))) == {"Klub Zmyślony": 1}


def test_a_report_shows_the_mistakes_by_line(app, login):
    with app.app_context():
        user = make_user(Role.COORDINATOR)
    client = login(user)
    data = {"kind": "volunteers", "file": (BytesIO((PEOPLE + "=1;a;;;;\n").encode()), "x.csv")}
    page = client.get(client.post("/imports", data=data).headers["Location"]).text

    assert "Komórka zawiera formułę" in page
