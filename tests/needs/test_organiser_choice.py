"""A company gives and does not host, so it is not offered as the organiser of what it posts."""

import re

from tests.factories import make_partner
from tests.needs.typed import need_form
from volunteer_match.partners.rules import PartnerState


def _chosen(page: str) -> str:
    options = page[page.index('id="organiser_id"') :].split("</select>")[0]
    found = re.search(r'value="([^"]*)"[^>]*selected', options)
    return found[1] if found else ""


def test_a_company_is_not_offered_itself(app, login):
    with app.app_context():
        company = make_partner(kind="company", organiser=False, name="Firma Zmyślona")
        partner_id, browser = company.id, login(company.members[0].user)

    page = browser.get("/needs/new").text

    options = page[page.index('id="organiser_id"') :].split("</select>")[0]
    assert partner_id not in options
    assert _chosen(page) == ""


def test_a_company_cannot_name_itself_either(app, login):
    with app.app_context():
        company = make_partner(kind="company", organiser=False)
        browser, typed = login(company.members[0].user), need_form(company)

    page = browser.post("/needs/new", data=typed)

    assert page.status_code == 422
    assert 'id="organiser_id-error"' in page.text


def test_a_club_that_waits_for_verification_is_chosen_already(app, login):
    with app.app_context():
        club = make_partner(state=PartnerState.UNDER_REVIEW)
        club_id, browser = club.id, login(club.members[0].user)

    assert _chosen(browser.get("/needs/new").text) == club_id
