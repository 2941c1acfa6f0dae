"""The public board: what is on it, how it is searched, and what it costs."""

import gzip
from datetime import date, time, timedelta

import pytest
from sqlalchemy import insert

from tests.database import count_queries
from tests.days import today
from tests.factories import make_district, make_need, make_partner, make_session, make_skill, make_venue
from volunteer_match import clock
from volunteer_match.db import db, new_id, transaction
from volunteer_match.needs.models import Need, NeedRole, NeedRoleSkill, NeedSession, Opening
from volunteer_match.needs.rules import Contact, NeedState
from volunteer_match.needs.search import search_text, stems
from volunteer_match.partners.models import Partner
from volunteer_match.partners.rules import PartnerState
from volunteer_match.polish import fold

HEAVIEST_PAGE = 15 * 1024
MOST_STATEMENTS = 6


def published(title, partner=None, **fields):
    """Return a published need as the service leaves it: searchable, with its weekdays."""
    need = make_need(partner, title=title, **fields)
    with transaction():
        need.search_text = search_text(need)
        need.weekdays = need.weekdays or str(need.first_day.weekday())
    return need


def next_day(weekday):
    this_day = today()
    return this_day + timedelta(days=(weekday - this_day.weekday()) % 7, weeks=1)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("warsztat", True),
        ("WARSZTATÓW", True),
        ("warsztaty szycie", True),
        ("szyciem", True),
        ("filcu", True),
        ("zazolc", True),
        ("sewing", True),
        ("warsztaty gotowania", False),
        ("%", True),
        ("_", True),
    ],
)
def test_words_are_found_whatever_their_endings_and_diacritics(client, stored, typed, found):
    stored.make(published, "Warsztaty szycia z filcu, zażółć", required_skills=["sewing"])

    assert ("Warsztaty szycia" in client.get("/needs", query_string={"q": typed}).text) is found


def test_only_the_beginning_of_a_word_counts():
    assert stems("warsztatów dla dzieci") == ["warszta", "dla", "dzie"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, {"Malowanie", "Plakat", "Ogród"}),
        ({"contact": "children"}, {"Malowanie"}),
        ({"contact": "without"}, {"Plakat", "Ogród"}),
        ({"weekday": "5"}, {"Malowanie"}),
        ({"weekday": "9"}, {"Malowanie", "Plakat", "Ogród"}),
        ({"theme": "arts"}, {"Malowanie"}),
        ({"theme": "nic"}, set()),
        ({"page": "x"}, {"Malowanie", "Plakat", "Ogród"}),
    ],
)
def test_the_board_is_narrowed_down(client, stored, query, shown):
    stored.make(
        published, "Malowanie", day=next_day(5), contact=Contact.CHILDREN, required_skills=["painting"]
    )
    stored.make(published, "Plakat", day=next_day(1), contact=Contact.REMOTE)
    stored.make(published, "Ogród", day=next_day(0))

    page = client.get("/needs", query_string=query).text

    assert {title for title in ("Malowanie", "Plakat", "Ogród") if title in page} == shown


def test_the_board_is_narrowed_down_to_a_district(app, client, stored):
    with app.app_context():
        partner = make_partner()
        here = make_venue(partner, district=make_district("Stare Nibymiasto"))
        published("Tutaj", partner, venue_id=here.id)
        published("Gdzie indziej")
        district_id = here.district_id

    page = client.get("/needs", query_string={"district": district_id}).text

    assert "Tutaj" in page
    assert "Gdzie indziej" not in page


@pytest.mark.parametrize("state", [s for s in NeedState if s != NeedState.PUBLISHED])
def test_what_is_not_published_is_not_there(client, stored, state):
    need = stored.make(make_need, title="Niewidoczna", state=state)

    assert "Niewidoczna" not in client.get("/needs").text
    expected = 200 if state == NeedState.COMPLETED else 404
    assert client.get(f"/needs/{need.id}").status_code == expected


def test_what_is_over_leaves_the_board_but_keeps_its_page(client, stored):
    need = stored.make(make_need, title="Po wszystkim", day=date(2024, 5, 4))

    assert "Po wszystkim" not in client.get("/needs").text
    assert "To już się odbyło" in client.get(f"/needs/{need.id}").text


def test_a_suspended_institution_and_its_needs_are_hidden(app, client, stored):
    need = stored.make(make_need, title="Zawieszona")
    with app.app_context(), transaction():
        db.session.get(Partner, need.posted_by_id).state = PartnerState.SUSPENDED

    assert "Zawieszona" not in client.get("/needs").text
    assert client.get(f"/needs/{need.id}").status_code == 404


@pytest.mark.parametrize(
    ("minimum", "preferred", "filled", "words"),
    [
        (3, 4, 1, "Brakuje jeszcze 2 osób"),
        (1, 3, 1, "Przydadzą się jeszcze 2 osoby"),
        (1, 2, 2, "Komplet osób"),
    ],
)
def test_a_card_says_how_many_people_are_missing(app, client, stored, minimum, preferred, filled, words):
    need = stored.make(make_need, minimum=minimum, preferred=preferred)
    with app.app_context(), transaction():
        db.session.get(Need, need.id).sessions[0].openings[0].filled = filled

    assert words in client.get("/needs").text


def test_the_worst_staffed_date_counts(app, client, stored):
    with app.app_context():
        need = make_need(minimum=2, preferred=2, weeks=2)
        with transaction():
            need.sessions[0].openings[0].filled = 2

    assert "Brakuje jeszcze 2 osób" in client.get("/needs").text


def test_those_that_begin_first_are_on_top(app, client, stored):
    with app.app_context():
        late = make_need(title="Później", day=next_day(0) + timedelta(days=30))
        make_need(title="Wcześniej", day=next_day(0) + timedelta(days=20))
        make_session(late, next_day(0) + timedelta(days=60), time(9), time(10))

    page = client.get("/needs").text

    assert page.index("Wcześniej") < page.index("Później")


@pytest.fixture
def thousand(app):
    """A town with a thousand open needs."""
    with app.app_context():
        partner, skills = make_partner(), [make_skill(code).code for code in ("painting", "sewing", "maths")]
        with transaction() as session:
            for table, rows in _bulk(partner, skills, 1000):
                session.execute(insert(table), rows)
        db.session.remove()


def _bulk(partner, skills, count):
    now, day = clock.now(), next_day(5)
    needs, roles, wishes, meetings, places = [], [], [], [], []
    for number in range(count):
        need, role = new_id(), new_id()
        words = f"Zajęcia plastyczne numer {number} dla dzieci z osiedla"
        needs.append(
            {
                "id": need, "version": 1, "posted_by_id": partner.id, "organiser_id": partner.id,
                "venue_id": partner.venues[0].id, "state": "published", "title": words, "what": words * 3,
                "contact": "children", "children_count": 12, "age_from": 6, "age_to": 10, "weekdays": "5",
                "search_text": f" {fold(words)}", "created_at": now, "published_at": now,
            }
        )  # fmt: skip
        roles.append({"id": role, "need_id": need, "name": "Pomoc", "minimum": 1, "preferred": 2})
        wishes += [{"role_id": role, "skill_code": code} for code in skills]
        for week in range(2):
            meeting = new_id()
            begins = now + timedelta(days=(day - now.date()).days + 7 * week, minutes=number)
            meetings.append(
                {
                    "id": meeting, "version": 1, "need_id": need, "state": "scheduled",
                    "starts_at": begins, "ends_at": begins + timedelta(hours=2),
                }
            )  # fmt: skip
            places.append(
                {
                    "id": new_id(), "need_id": need, "session_id": meeting, "role_id": role,
                    "minimum": 1, "capacity": 2,
                }
            )  # fmt: skip
    return [
        (Need, needs),
        (NeedRole, roles),
        (NeedRoleSkill, wishes),
        (NeedSession, meetings),
        (Opening, places),
    ]


HEAVY = (
    ("/needs", 25, "1000 potrzeb"),
    ("/needs?page=40", 25, "Strona 40 z 40"),
    ("/needs?q=zajecia+plastyczne&weekday=5&theme=arts&contact=children", 25, "1000 potrzeb"),
    ("/", 6, "Zobacz wszystkie potrzeby (1000)"),
)


@pytest.mark.usefixtures("thousand")
def test_a_thousand_needs_cost_few_statements_and_light_pages(client):
    for path, cards, words in HEAVY:
        with count_queries(at_most=MOST_STATEMENTS):
            page = client.get(path)

        assert page.text.count('class="vm-card vm-need"') == cards
        assert words in page.text
        assert len(gzip.compress(page.data)) <= HEAVIEST_PAGE


@pytest.mark.usefixtures("thousand")
def test_the_list_of_those_who_look_after_needs_stays_bounded(staff):
    with count_queries(at_most=MOST_STATEMENTS):
        page = staff.get("/needs/review")

    assert page.text.count("data-row") == 25
