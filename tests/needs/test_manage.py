"""Pages of those who look after needs: own list, all needs, one need, school breaks."""

from datetime import date

import pytest

from tests.factories import make_need, make_partner, make_user
from volunteer_match.actor import Role
from volunteer_match.db import transaction
from volunteer_match.needs import breaks_service
from volunteer_match.needs.models import Need, NeedSession, SchoolBreak
from volunteer_match.needs.rules import NeedState


def test_the_own_list_shows_own_needs_with_their_places(login, stored):
    partner = stored.make(make_partner)
    stored.make(make_need, partner, title="Nasze malowanie", minimum=2, preferred=3)
    stored.make(make_need, title="Cudze czytanie")

    page = login(partner.members[0].user_id).get("/partner").text

    assert "Nasze malowanie" in page
    assert "0 z 2" in page
    assert "Cudze czytanie" not in page


def test_somebody_without_an_institution_is_told_what_to_do(login, stored):
    page = login(stored.make(make_user, Role.PARTNER)).get("/partner")

    assert 'href="/partners/register"' in page.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("?state=submitted", True),
        ("?state=published", False),
        ("?state=nic", True),
        ("?q=xyz", False),
    ],
)
def test_coordinators_narrow_all_needs_down(staff, stored, query, shown):
    stored.make(make_need, title="Do sprawdzenia", state=NeedState.SUBMITTED)

    assert ("Do sprawdzenia" in staff.get(f"/needs/review{query}").text) is shown


def test_what_is_missing_is_listed_before_publishing(staff, stored):
    need = stored.make(make_need, state=NeedState.SUBMITTED, day=date(2024, 5, 4))

    page = staff.get(f"/needs/{need.id}/manage").text

    assert "Nie ma żadnego terminu w przyszłości." in page
    assert "disabled" in page


@pytest.mark.parametrize("step", ["return", "withdraw"])
def test_a_step_without_a_reason_comes_back_with_the_field_marked(staff, stored, step):
    need = stored.make(make_need, state=NeedState.SUBMITTED)

    page = staff.post(f"/needs/{need.id}/{step}", data={"version": need.version})

    assert page.status_code == 422
    assert 'id="reason-error"' in page.text
    assert stored.one(Need).state == "submitted"


def test_a_stale_publication_is_refused(staff, stored):
    need = stored.make(make_need, state=NeedState.SUBMITTED)
    staff.post(f"/needs/{need.id}/return", data={"version": need.version, "reason": "Powód"})

    late = staff.post(f"/needs/{need.id}/publish", data={"version": need.version})

    assert late.status_code == 409


def test_a_date_is_added_and_cancelled_on_the_page(staff, stored):
    need = stored.make(make_need)
    url = f"/needs/{need.id}/sessions"
    typed = {"day": "2027-06-05", "starts_local": "10:00", "ends_local": "11:00"}

    assert staff.post(url, data=typed).status_code == 302
    assert staff.post(url, data=typed).status_code == 422
    added = stored.one(NeedSession, starts_at=stored.one(NeedSession, need_id=need.id).starts_at).id
    without = staff.post(f"{url}/{added}/cancel", data={"reason": ""})
    assert (without.status_code, 'id="reason-error"' in without.text) == (422, True)
    staff.post(f"{url}/{added}/cancel", data={"reason": "Remont"})
    assert stored.one(NeedSession, id=added).state_reason == "Remont"


def test_the_number_of_statements_does_not_grow_with_the_dates(staff, stored):
    from tests.database import count_queries

    counts = []
    for weeks in (1, 12):
        need = stored.make(make_need, weeks=weeks, required_skills=["sewing"], languages=["pl"])
        with count_queries() as count:
            staff.get(f"/needs/{need.id}/manage")
        counts.append(len(count))

    assert counts[0] == counts[1]


def test_the_table_of_breaks_begins_with_the_national_calendar(app, stored):
    from volunteer_match.actor import SYSTEM

    with app.app_context():
        with transaction():
            assert breaks_service.seed_breaks(SYSTEM) == 4
        with transaction():
            assert breaks_service.seed_breaks(SYSTEM) == 0
    assert stored.one(SchoolBreak, name="Ferie zimowe").first_day == date(2027, 1, 18)


def test_coordinators_keep_the_table_of_breaks(staff, stored):
    typed = {"name": "Dni wolne", "first_day": "2027-05-04", "last_day": "2027-05-05"}
    staff.post("/school-breaks", data=typed)
    found = stored.one(SchoolBreak)
    assert "Dni wolne" in staff.get("/school-breaks").text

    staff.post(f"/school-breaks/{found.id}", data=typed | {"last_day": "2027-05-07"})
    assert stored.one(SchoolBreak).last_day == date(2027, 5, 7)
    staff.post(f"/school-breaks/{found.id}/remove")
    assert stored.one(SchoolBreak) is None


def test_a_break_does_not_end_before_it_begins(staff, stored):
    page = staff.post(
        "/school-breaks", data={"name": "Dni wolne", "first_day": "2027-05-04", "last_day": "2027-05-01"}
    )

    assert page.status_code == 422
    assert 'id="last_day-error"' in page.text
    assert stored.one(SchoolBreak) is None


def test_breaks_are_not_for_institutions(login, stored):
    member = login(stored.make(make_partner).members[0].user_id)

    assert member.get("/school-breaks").status_code == 404
