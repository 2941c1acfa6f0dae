"""A registration whose link went to a mistyped address is no dead end."""

from datetime import timedelta

import pytest

from tests.factories import make_district, make_need, make_partner, make_user
from volunteer_match import clock, worker
from volunteer_match.accounts.models import User
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.partners.models import Partner, PartnerMember, Venue
from volunteer_match.partners.rules import PartnerState

WRONG, RIGHT = "kontakt@klbu.example", "kontakt@klub.example"


@pytest.fixture
def typed(stored):
    """A complete registration with a mistyped address."""
    return {
        "name": "Klub Zmyślony",
        "kind": "ngo",
        "registry_kind": "nip",
        "registry_number": "123-456-32-18",
        "address": "ul. Zmyślona 1",
        "district_id": stored.make(make_district).id,
        "contact_name": "Osoba Kontaktowa",
        "contact_email": WRONG,
        "contact_phone": "600 100 200",
    }


@pytest.fixture
def partner_id(client, stored, typed):
    """The institution as it registered itself."""
    client.post("/partners/register", data=typed)
    return stored.one(Partner).id


def _corrected(staff, partner_id, email=RIGHT):
    data = {"contact_name": "Osoba Kontaktowa", "contact_email": email}
    return staff.post(f"/partners/{partner_id}/registration-contact", data=data)


def test_a_rejected_registration_gives_its_name_free(client, staff, stored, typed, partner_id):
    version = stored.one(Partner).version
    staff.post(
        f"/partners/{partner_id}/decide", data={"event": "reject", "reason": "Zły adres.", "version": version}
    )

    page = client.post("/partners/register", data=typed | {"contact_email": RIGHT})

    assert page.status_code == 200
    assert stored.count(Partner, name="Klub Zmyślony") == 2


def test_a_coordinator_confirms_on_the_telephone(staff, stored, partner_id):
    answer = staff.post(f"/partners/{partner_id}/confirmed-by-phone", follow_redirects=True)

    assert answer.status_code == 200
    assert stored.one(Partner).state == PartnerState.UNDER_REVIEW
    assert stored.one(User, email=WRONG).email_confirmed_at is None


def test_the_mailed_link_then_opens_nothing(client, staff, stored, partner_id):
    staff.post(f"/partners/{partner_id}/confirmed-by-phone")

    assert client.get(f"/partners/confirm/{stored.token('partner_confirm')}").status_code == 410


def test_the_link_is_sent_to_the_corrected_address(client, staff, stored, partner_id):
    _corrected(staff, partner_id)

    assert [mail.recipient_email for mail in stored.mails("partner_confirm")] == [WRONG, RIGHT]
    client.post(f"/partners/confirm/{stored.token('partner_confirm')}")
    assert stored.one(Partner).state == PartnerState.UNDER_REVIEW
    assert client.get("/partner").status_code == 200


def test_the_link_at_the_wrong_address_opens_nothing_any_more(client, staff, stored, partner_id):
    wrong = stored.token("partner_confirm")
    _corrected(staff, partner_id)

    assert client.post(f"/partners/confirm/{wrong}").status_code == 410


def test_the_account_at_the_wrong_address_is_gone_and_the_telephone_kept(staff, stored, partner_id):
    _corrected(staff, partner_id)

    assert stored.one(User, email=WRONG) is None
    assert stored.one(User, email=RIGHT).phone == "+48 600 100 200"


def test_a_stranger_whose_address_was_typed_keeps_the_account(client, staff, stored, typed):
    stranger = stored.make(make_user, Role.VOLUNTEER, email=WRONG, name="Osoba Postronna").id
    client.post("/partners/register", data=typed)

    _corrected(staff, stored.one(Partner).id)

    assert stored.one(User, lambda user: user.roles, id=stranger) == {Role.VOLUNTEER}
    assert stored.count(PartnerMember, user_id=stranger) == 0


def test_the_same_address_gets_the_link_once_more(staff, stored, partner_id):
    _corrected(staff, partner_id, WRONG)

    assert [mail.recipient_email for mail in stored.mails("partner_confirm")] == [WRONG, WRONG]
    assert stored.count(PartnerMember, partner_id=partner_id) == 1


def test_a_bad_address_is_said_beside_the_field(staff, partner_id):
    page = _corrected(staff, partner_id, "kontakt@")

    assert page.status_code == 422
    assert 'id="contact_email-error"' in page.text


def test_an_institution_that_was_confirmed_cannot_be_redirected(staff, stored):
    partner_id = stored.make(make_partner).id

    assert _corrected(staff, partner_id).status_code == 422
    assert staff.post(f"/partners/{partner_id}/confirmed-by-phone").status_code == 422


def test_coordinators_see_what_to_do(staff, partner_id):
    page = staff.get(f"/partners/{partner_id}").text

    assert f"/partners/{partner_id}/confirmed-by-phone" in page
    assert f"/partners/{partner_id}/registration-contact" in page


def _grown_old(stored, partner_id, days=15):
    with stored.app.app_context(), transaction() as session:
        session.get_one(Partner, partner_id).created_at = clock.now() - timedelta(days=days)


def test_the_worker_forgets_what_nobody_confirmed(app, stored, partner_id):
    _grown_old(stored, partner_id)

    worker.perform(app, "tidy")

    assert [stored.count(model) for model in (Partner, PartnerMember, Venue, User)] == [0, 0, 0, 0]


def test_the_worker_keeps_fresh_registrations(app, stored, partner_id):
    _grown_old(stored, partner_id, days=13)

    worker.perform(app, "tidy")

    assert stored.count(Partner) == 1


def test_the_worker_keeps_who_wrote_a_need_or_was_confirmed(app, stored):
    with app.app_context():
        confirmed, writing = make_partner(), make_partner(state=PartnerState.REGISTERED)
        make_need(writing, state="draft")
        kept = {confirmed.id, writing.id}
        db.session.remove()
    for partner_id in kept:
        _grown_old(stored, partner_id)

    worker.perform(app, "tidy")

    assert stored.count(Partner) == 2
