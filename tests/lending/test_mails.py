"""Every mail about lending can be written in both languages and says what its reader needs."""

import pytest

from tests.lending.builders import COORDINATOR, make_asking_need, make_offer, owner_of
from tests.lending.test_flow import agreed, asked
from tests.placements.test_mails import letters
from volunteer_match.db import db, transaction
from volunteer_match.lending import service
from volunteer_match.lending.models import Loan


def plain(locale, subject_part):
    """Return the text of the one mail whose subject holds the words."""
    (found,) = [mail for mail in letters(locale) if subject_part in mail["Subject"]]
    return found.get_body(("plain",)).get_content()


def tables():
    return make_asking_need("tables", quantity=4, title="Kiermasz"), make_offer(kind="tables", quantity=6)


@pytest.mark.parametrize(
    ("locale", "subject", "thing"),
    [("pl", "Czy możecie pożyczyć?", "stoły (4)"), ("en", "Can you lend it?", "tables (4)")],
)
def test_the_owner_reads_what_for_whom_and_where_to_answer(database, locale, subject, thing):
    need, offer = tables()
    with transaction():
        for member in offer.partner.members:
            member.user.locale = locale
    loan = asked(need, offer)
    text = plain(locale, subject)

    assert thing in text
    assert "Kiermasz" in text
    assert need.posted_by.name in text
    assert f"/lending/loans/{loan.id}" in text


@pytest.mark.parametrize(("locale", "subject"), [("pl", "Będzie pożyczone"), ("en", "Will be lent")])
def test_the_borrower_reads_whom_to_call_and_how_to_fetch_it(database, locale, subject):
    loan = agreed(*tables())
    text = plain(locale, subject)

    assert loan.offer.partner.name in text
    assert "Portiernia, wejście od podwórza" in text
    assert "+48 100 200 300" in text


@pytest.mark.parametrize(("locale", "subject"), [("pl", "Jednak nie"), ("en", "Will not be lent")])
def test_the_borrower_reads_that_it_does_not_come(database, locale, subject):
    loan = agreed(*tables())
    with transaction():
        service.answer(owner_of(loan.offer), loan.id, False, "")

    assert "Kiermasz" in plain(locale, subject)


@pytest.mark.parametrize(("locale", "subject"), [("pl", "Niepotrzebne"), ("en", "Not needed")])
def test_the_owner_reads_that_it_is_not_needed(database, locale, subject):
    loan = asked(*tables())
    with transaction():
        service.call_off(COORDINATOR, loan.id)

    assert "Kiermasz" in plain(locale, subject)
    assert db.session.get(Loan, loan.id).state == "cancelled"
