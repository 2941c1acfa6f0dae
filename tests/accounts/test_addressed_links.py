"""A link is for whoever reads the mailbox it went to, while that is the account's and the account is open."""

from datetime import timedelta

import pytest

from tests.factories import actor_of, make_partner, make_user
from tests.people.forms import link_token, mails
from volunteer_match.accounts import service
from volunteer_match.accounts.rules import Purpose
from volunteer_match.actor import Role
from volunteer_match.db import transaction
from volunteer_match.errors import ExpiredLinkError
from volunteer_match.notifications.rules import MailState
from volunteer_match.partners import service as partners
from volunteer_match.partners.rules import PartnerState

HOUR = timedelta(hours=1)


@pytest.fixture
def registered(database):
    """A registered institution whose confirmation mail is out."""
    partner = make_partner(state=PartnerState.REGISTERED)
    with transaction():
        partners.send_confirmation(partner, partner.members[0].user)
    with transaction():
        (mail,) = mails("partner_confirm")
        mail.state = MailState.SENT  # one that waits follows its person to the new address
    return partner


def _move_away(person) -> None:
    with transaction():
        raw = service.issue_token(Purpose.ADDRESS, person.id, HOUR, {"email": "nowy@poczta.example"})
        service.change_address(raw)


def test_a_mailbox_somebody_has_left_confirms_no_institution(registered):
    _move_away(registered.members[0].user)

    with pytest.raises(ExpiredLinkError), transaction():
        partners.confirm_address(link_token("partner_confirm"))


def test_a_mailbox_somebody_has_left_signs_nobody_in(app, client, registered):
    _move_away(registered.members[0].user)

    assert client.post(f"/partners/confirm/{link_token('partner_confirm')}").status_code == 410
    assert client.get("/account").status_code == 302


def test_the_page_of_such_a_link_says_so(app, client, registered):
    _move_away(registered.members[0].user)

    assert client.get(f"/partners/confirm/{link_token('partner_confirm')}").status_code == 410


def test_the_links_of_a_closed_account_open_nothing(registered):
    with transaction():
        service.disable(actor_of(make_user(Role.ADMINISTRATOR)), registered.members[0].user_id)

    with pytest.raises(ExpiredLinkError), transaction():
        partners.confirm_address(link_token("partner_confirm"))


def test_the_link_works_while_the_address_is_the_accounts(registered):
    contact = registered.members[0].user_id

    with transaction():
        confirmed, user_id = partners.confirm_address(link_token("partner_confirm"))

    assert (confirmed.state, user_id) == (PartnerState.UNDER_REVIEW, contact)
