"""An institution registers itself."""

import pytest

from tests.factories import make_district, make_partner, make_user
from volunteer_match.accounts.models import User
from volunteer_match.actor import Role
from volunteer_match.partners.models import Partner, Venue


@pytest.fixture
def typed(stored):
    """A complete registration."""
    return {
        "name": "Klub Zmyślony",
        "kind": "ngo",
        "registry_kind": "nip",
        "registry_number": "123-456-32-18",
        "about": "Zajęcia po lekcjach.",
        "address": "ul. Zmyślona 1",
        "district_id": stored.make(make_district).id,
        "step_free": "1",
        "contact_name": "Osoba Kontaktowa",
        "contact_email": "kontakt@klub.example",
        "contact_phone": "600 100 200",
    }


def test_the_institution_gets_its_first_place(client, stored, typed):
    client.post("/partners/register", data=typed)

    place = stored.one(Venue)
    assert (place.name, place.address, place.step_free) == ("Klub Zmyślony", "ul. Zmyślona 1", True)
    assert stored.one(Partner).registry_number == "1234563218"


@pytest.mark.parametrize(
    ("locale", "words"),
    [("pl", "Ten numer się nie zgadza"), ("en", "This number is not right")],
)
def test_a_wrong_number_is_said_beside_the_field_and_nothing_is_lost(client, typed, locale, words):
    client.post("/language", data={"locale": locale})

    page = client.post("/partners/register", data=typed | {"registry_number": "1234563219"})

    assert page.status_code == 422
    assert page.text.count(words) == 2  # in the summary and beside the field
    assert 'id="registry_number-error"' in page.text
    assert "Zajęcia po lekcjach." in page.text
    assert "kontakt@klub.example" in page.text


@pytest.mark.parametrize(
    "field",
    [
        "name",
        "kind",
        "registry_kind",
        "address",
        "district_id",
        "contact_name",
        "contact_email",
        "contact_phone",
    ],
)
def test_what_is_needed_is_asked_for(client, stored, typed, field):
    page = client.post("/partners/register", data=typed | {field: ""})

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert stored.one(Partner) is None


def test_a_name_is_registered_once(client, stored, typed):
    stored.make(make_partner, name="KLUB ZMYSLONY")

    page = client.post("/partners/register", data=typed)

    assert page.status_code == 422
    assert 'id="name-error"' in page.text
    assert stored.count(Partner) == 1


def test_a_pesel_is_refused_in_the_description(client, typed):
    page = client.post("/partners/register", data=typed | {"about": "44051401359"})

    assert page.status_code == 422
    assert 'id="about-error"' in page.text


def test_looking_at_the_link_does_not_use_it(client, stored, typed):
    client.post("/partners/register", data=typed)
    link = f"/partners/confirm/{stored.token('partner_confirm')}"

    assert [client.get(link).status_code for _ in range(2)] == [200, 200]
    assert stored.one(Partner).state == "registered"


def test_a_confirmed_registration_waits_for_every_coordinator(client, stored, typed):
    coordinators = {stored.make(make_user, Role.COORDINATOR).id for _ in range(2)}
    client.post("/partners/register", data=typed)

    client.post(f"/partners/confirm/{stored.token('partner_confirm')}")

    assert stored.one(Partner).state == "under_review"
    assert {mail.user_id for mail in stored.mails("partner_waiting")} == coordinators


def test_a_link_works_once(client, stored, typed):
    client.post("/partners/register", data=typed)
    link = f"/partners/confirm/{stored.token('partner_confirm')}"
    client.post(link)

    assert client.post(link).status_code == 410
    assert client.get(link).status_code == 410


def test_typing_somebodys_address_gives_their_account_nothing(app, client, stored, typed):
    stored.make(make_user, email="kontakt@klub.example")

    client.post("/partners/register", data=typed)

    assert stored.one(User, lambda user: user.roles, email="kontakt@klub.example") == frozenset()


def test_a_known_account_acts_for_the_institution_once_its_owner_confirmed(client, stored, typed):
    stored.make(make_user, Role.VOLUNTEER, email="kontakt@klub.example")
    client.post("/partners/register", data=typed)

    client.post(f"/partners/confirm/{stored.token('partner_confirm')}")

    roles = stored.one(User, lambda user: user.roles, email="kontakt@klub.example")
    assert roles == {Role.VOLUNTEER, Role.PARTNER}
    assert client.get("/partner").status_code == 200


def test_the_message_is_sent_again_only_while_it_is_needed(client, stored, typed):
    client.post("/partners/register", data=typed)
    partner_id = stored.one(Partner).id
    client.post(f"/partners/{partner_id}/confirmation")
    client.post(f"/partners/confirm/{stored.token('partner_confirm')}")

    client.post(f"/partners/{partner_id}/confirmation")

    assert len(stored.mails("partner_confirm")) == 2
