"""The page of an institution, its details and places, and the coordinators' list."""

from datetime import date

import pytest

from tests.factories import make_partner
from volunteer_match.partners.models import Partner, Venue
from volunteer_match.partners.rules import PartnerState


@pytest.fixture
def waiting(stored):
    """An institution that waits for verification."""
    return stored.make(
        make_partner, name="Fundacja Czekająca", state=PartnerState.UNDER_REVIEW, organiser=False
    )


def test_the_list_shows_those_that_wait_first(staff, stored, waiting):
    stored.make(make_partner, name="Ala ma klub")

    page = staff.get("/partners").text

    assert page.index("Fundacja Czekająca") < page.index("Ala ma klub")


@pytest.mark.parametrize(
    ("query", "shown"),
    [("?q=czekajaca", True), ("?state=under_review", True), ("?state=verified", False), ("?q=inna", False)],
)
def test_the_list_is_narrowed_down(staff, waiting, query, shown):
    assert ("Fundacja Czekająca" in staff.get(f"/partners{query}").text) is shown


def test_a_refusal_without_a_reason_comes_back_with_the_choice_kept(staff, stored, waiting):
    page = staff.post(f"/partners/{waiting.id}/decide", data={"event": "reject", "version": waiting.version})

    assert page.status_code == 422
    assert 'id="reason-error"' in page.text
    assert stored.one(Partner).state == "under_review"


def test_the_institution_reads_why_it_was_returned_and_sends_it_again(staff, login, stored, waiting):
    decision = {"event": "return", "reason": "Brakuje numeru KRS.", "version": waiting.version}
    staff.post(f"/partners/{waiting.id}/decide", data=decision)
    member = login(waiting.members[0].user_id)

    assert "Brakuje numeru KRS." in member.get(f"/partners/{waiting.id}").text
    assert member.post(f"/partners/{waiting.id}/resubmit").status_code == 302
    assert stored.one(Partner).state == "under_review"


def test_a_stale_decision_is_refused(staff, stored, waiting):
    staff.post(
        f"/partners/{waiting.id}/decide",
        data={"event": "return", "reason": "Powód", "version": waiting.version},
    )

    late = staff.post(
        f"/partners/{waiting.id}/decide",
        data={"event": "reject", "reason": "Powód", "version": waiting.version},
    )

    assert late.status_code == 409
    assert stored.one(Partner).state == "returned"


def test_an_organiser_needs_standards(staff, stored, waiting):
    url, version = f"/partners/{waiting.id}/standing", waiting.version

    assert staff.post(url, data={"organiser": "1", "version": version}).status_code == 422
    assert staff.post(url, data={"organiser": "1", "standards_adopted_on": "2026-02-01", "version": version})
    kept = stored.one(Partner)
    assert (kept.organiser, kept.standards_adopted_on) == (True, date(2026, 2, 1))


def test_a_verified_institution_keeps_its_verified_name(login, stored):
    partner = stored.make(make_partner, name="Fundacja Sprawdzona")
    typed = {"name": "Inna Nazwa", "kind": "company", "phone": "15 000 00 09", "version": partner.version}

    login(partner.members[0].user_id).post(f"/partners/{partner.id}/edit", data=typed)

    kept = stored.one(Partner)
    assert (kept.name, kept.kind, kept.phone) == ("Fundacja Sprawdzona", "ngo", "+48 150 000 009")


def test_an_edit_from_an_old_page_is_refused(login, stored):
    partner = stored.make(make_partner)
    member = login(partner.members[0].user_id)
    typed = {"name": partner.name, "kind": "ngo", "address": "ul. Nowa 1", "version": partner.version}
    member.post(f"/partners/{partner.id}/edit", data=typed)

    late = member.post(f"/partners/{partner.id}/edit", data=typed | {"address": "ul. Stara 2"})

    assert late.status_code == 409
    assert stored.one(Partner).address == "ul. Nowa 1"


def place(partner, **changes):
    return {
        "name": "Sala gimnastyczna",
        "address": "ul. Szkolna 5",
        "district_id": partner.venues[0].district_id,
    } | changes


def test_the_point_of_a_place_is_the_coordinators_to_confirm(login, staff, stored):
    partner = stored.make(make_partner)
    url = f"/partners/{partner.id}/venues/new"
    typed = place(partner, latitude="50,5705", longitude="22,0535")

    login(partner.members[0].user_id).post(url, data=typed)
    assert stored.one(Venue, name="Sala gimnastyczna").latitude is None
    staff.post(url, data=typed | {"name": "Druga sala"})
    assert stored.one(Venue, name="Druga sala").latitude == 50.5705


def test_half_a_point_is_refused(staff, stored):
    partner = stored.make(make_partner)

    page = staff.post(f"/partners/{partner.id}/venues/new", data=place(partner, latitude="50,5"))

    assert page.status_code == 422
    assert 'id="latitude-error"' in page.text
    assert stored.count(Venue) == 1


def test_a_place_that_moves_loses_its_confirmed_point(login, stored):
    partner = stored.make(make_partner)
    venue = partner.venues[0]
    typed = place(partner, name=venue.name, version=venue.version)

    login(partner.members[0].user_id).post(f"/partners/{partner.id}/venues/{venue.id}", data=typed)

    assert stored.one(Venue).latitude is None


def test_a_place_of_another_institution_does_not_exist(login, stored):
    mine, other = stored.make(make_partner), stored.make(make_partner)

    page = login(mine.members[0].user_id).get(f"/partners/{mine.id}/venues/{other.venues[0].id}")

    assert page.status_code == 404
