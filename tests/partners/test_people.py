"""Several people act for one institution."""

import pytest

from tests.factories import actor_of, make_partner, make_user
from volunteer_match.accounts.models import User
from volunteer_match.actor import Role
from volunteer_match.db import transaction
from volunteer_match.errors import RuleBrokenError
from volunteer_match.partners import members_service
from volunteer_match.partners.models import Partner, PartnerInvitation


@pytest.fixture
def partner(stored):
    """A verified institution: its id, and the account of its contact person."""
    made = stored.make(make_partner)
    return made.id, made.members[0].user_id


@pytest.fixture
def member(login, partner):
    """The browser of the contact person."""
    return login(partner[1])


def people(stored, partner):
    return stored.one(Partner, lambda row: {m.user.email: m.contact for m in row.members}, id=partner[0])


def invite(member, partner, email="nowa@klub.example"):
    return member.post(f"/partners/{partner[0]}/people", data={"name": "Nowa Osoba", "email": email})


def test_an_invited_colleague_joins_and_posts_needs(app, stored, member, partner):
    invite(member, partner)
    browser = app.test_client()
    link = f"/partners/join/{stored.token('partner_invitation')}"

    assert "Nowa Osoba" in browser.get(link).text
    assert browser.post(link, data={"name": "Nowa Osoba", "phone": ""}).status_code == 302
    assert browser.get("/needs/new").status_code == 200
    assert people(stored, partner)["nowa@klub.example"] is False


def test_an_invitation_works_once(app, stored, member, partner):
    invite(member, partner)
    link = f"/partners/join/{stored.token('partner_invitation')}"
    app.test_client().post(link, data={"name": "Nowa Osoba"})

    assert app.test_client().post(link, data={"name": "Ktoś Inny"}).status_code == 410


def test_an_invitation_taken_back_opens_nothing(app, stored, member, partner):
    invite(member, partner)
    link = f"/partners/join/{stored.token('partner_invitation')}"
    invitation = stored.one(PartnerInvitation).id

    member.post(f"/partners/{partner[0]}/invitations/{invitation}/cancel")

    assert app.test_client().get(link).status_code == 410
    assert len(people(stored, partner)) == 1


def test_nobody_is_invited_twice(stored, member, partner):
    invite(member, partner)

    page = invite(member, partner)

    assert page.status_code == 422
    assert 'id="email-error"' in page.text
    assert len(stored.mails("partner_invitation")) == 1


def test_a_wrong_address_is_said_beside_the_field(member, partner):
    page = invite(member, partner, email="bez-malpy")

    assert page.status_code == 422
    assert "bez-malpy" in page.text


def test_the_contact_person_is_chosen(app, stored, member, partner):
    invite(member, partner)
    app.test_client().post(
        f"/partners/join/{stored.token('partner_invitation')}", data={"name": "Nowa Osoba"}
    )
    new = stored.one(User, email="nowa@klub.example").id

    member.post(f"/partners/{partner[0]}/people/{new}/contact")

    assert [email for email, contact in people(stored, partner).items() if contact] == ["nowa@klub.example"]


def test_a_removed_person_is_signed_out_and_sees_nothing_any_more(app, stored, member, partner):
    invite(member, partner)
    browser = app.test_client()
    browser.post(f"/partners/join/{stored.token('partner_invitation')}", data={"name": "Nowa Osoba"})
    new = stored.one(User, email="nowa@klub.example").id

    member.post(f"/partners/{partner[0]}/people/{new}/remove")

    assert browser.get(f"/partners/{partner[0]}").status_code == 302
    assert stored.one(User, lambda user: user.roles, id=new) == frozenset()


def test_somebody_always_stays(database):
    partner = make_partner()
    only = partner.members[0].user

    with pytest.raises(RuleBrokenError, match="last_member"), transaction():
        members_service.remove(actor_of(only), partner.id, only.id)


def test_when_the_contact_person_leaves_another_becomes_it(database):
    partner = make_partner()
    first, second = partner.members[0].user, make_user(Role.PARTNER)
    with transaction():
        members_service.add_member(partner, second)
    with transaction():
        members_service.remove(actor_of(first), partner.id, first.id)

    assert [(m.user_id, m.contact) for m in partner.members] == [(second.id, True)]


STRANGERS = [
    ("get", "/partners/{id}"),
    ("get", "/partners/{id}/edit"),
    ("get", "/partners/{id}/venues/new"),
    ("post", "/partners/{id}/edit"),
    ("post", "/partners/{id}/people"),
    ("post", "/partners/{id}/people/{user}/remove"),
    ("post", "/partners/{id}/people/{user}/contact"),
    ("post", "/partners/{id}/resubmit"),
    ("post", "/partners/{id}/venues/new"),
]


@pytest.mark.parametrize(("method", "path"), STRANGERS)
def test_other_institutions_do_not_exist(login, stored, partner, method, path):
    stranger = login(stored.make(make_partner).members[0].user_id)
    typed = {
        "name": "Nazwa", "email": "a@b.example", "kind": "ngo", "address": "ul. 1", "version": "1",
        "district_id": "x",
    }  # fmt: skip

    answer = getattr(stranger, method)(
        path.format(id=partner[0], user=partner[1]), **({"data": typed} if method == "post" else {})
    )

    assert answer.status_code == 404
