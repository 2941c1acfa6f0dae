"""From a registration to a public need, through the pages."""

import pytest
from sqlalchemy import select

from tests.factories import make_district, make_user
from tests.needs.typed import need_form
from volunteer_match.actor import Role
from volunteer_match.db import db
from volunteer_match.needs.models import Need
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.outbox import unseal
from volunteer_match.partners.models import Partner


@pytest.fixture
def stored(app):
    """Return a function that reads one row of a model in a context of its own."""

    def read(model, **filters):
        with app.app_context():
            found = db.session.scalar(select(model).filter_by(**filters))
            if isinstance(found, Partner):
                assert found.venues is not None
            return found

    return read


@pytest.fixture
def coordinator(app):
    with app.app_context():
        return make_user(Role.COORDINATOR).id


@pytest.fixture
def district_id(app):
    with app.app_context():
        return make_district("Osiedle Zmyślone").id


def registration(district_id):
    return {
        "name": "Klub Zmyślony",
        "kind": "ngo",
        "registry_kind": "nip",
        "registry_number": "123-456-32-18",
        "address": "ul. Zmyślona 1",
        "district_id": district_id,
        "contact_name": "Osoba Kontaktowa",
        "contact_email": "kontakt@klub.example",
        "contact_phone": "600 100 200",
    }


def test_from_registration_to_the_public_page(app, client, login, stored, coordinator, district_id):
    staff = login(coordinator)
    assert client.post("/partners/register", data=registration(district_id)).status_code == 200
    with app.app_context():
        token = unseal(stored(EmailMessage, kind="partner_confirm").sealed)["token"]
    assert client.get(f"/partners/confirm/{token}").status_code == 200
    assert client.post(f"/partners/confirm/{token}").headers["Location"] == "/partner"
    assert client.get("/partner").status_code == 200
    assert stored(EmailMessage, kind="partner_waiting").user_id == coordinator

    partner = stored(Partner)
    url = f"/partners/{partner.id}"
    assert staff.get(url).status_code == 200
    staff.post(f"{url}/decide", data={"event": "verify", "version": partner.version})
    partner = stored(Partner)
    standing = {"organiser": "1", "standards_adopted_on": "2026-05-01", "version": partner.version}
    assert staff.post(f"{url}/standing", data=standing).status_code == 302

    assert client.get("/needs/new").status_code == 200
    posted = client.post("/needs/new", data=need_form(partner, action="submit"))
    assert posted.status_code == 302, posted.text
    need = stored(Need)
    assert client.get(f"/needs/{need.id}/manage").status_code == 200
    assert app.test_client().get(f"/needs/{need.id}").status_code == 404
    assert staff.get("/needs/review").status_code == 200
    assert staff.get(f"/needs/{need.id}/manage").status_code == 200
    published = staff.post(f"/needs/{need.id}/publish", data={"version": need.version})
    assert published.status_code == 302, published.text
    assert stored(EmailMessage, kind="need_published").facts["sessions"] == 1

    for path in ("/", "/needs", f"/needs/{need.id}"):
        page = app.test_client().get(path)
        assert page.status_code == 200
        assert "Malowanie w sobotę" in page.text
        assert "kontakt@klub.example" not in page.text
