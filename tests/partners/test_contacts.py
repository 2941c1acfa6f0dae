"""Who hears from us about an institution."""

import pytest

from tests.factories import make_partner, make_user, save
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.partners import queries
from volunteer_match.partners.models import PartnerMember


@pytest.fixture
def partner(database):
    """An institution with a contact person and a colleague."""
    partner, colleague = make_partner(), make_user(Role.PARTNER, name="Koleżanka Zmyślona")
    save(PartnerMember(partner_id=partner.id, user_id=colleague.id, added_at=clock.now()))
    db.session.refresh(partner)
    return partner


def _names(partner) -> list[str]:
    return [recipient.name for recipient in queries.contacts(partner)]


def test_the_contact_person_alone_gets_the_mails(partner):
    contact = next(m for m in partner.members if m.contact)

    assert _names(partner) == [contact.user.name]


def test_colleagues_get_them_once_the_contact_persons_account_is_closed(partner):
    with transaction():
        next(m for m in partner.members if m.contact).user.disabled_at = clock.now()

    assert _names(partner) == ["Koleżanka Zmyślona"]


def test_nobody_gets_them_when_every_account_is_closed(partner):
    with transaction():
        for member in partner.members:
            member.user.disabled_at = clock.now()

    assert _names(partner) == []
