"""Pages promise what the application does, and fields take what the rest of it can use."""

import pytest

from tests.factories import make_user
from volunteer_match.actor import Role
from volunteer_match.notifications.render import deliverable


def test_the_privacy_page_promises_only_what_is_done(client):
    page = client.get("/prywatnosc").text

    assert "90 dni" in page
    assert "24 miesi" not in page
    assert "6 miesi" not in page


@pytest.mark.parametrize("address", ["żaneta@poczta.example", "zaneta@poczta.example"])
def test_an_address_is_taken_exactly_when_mail_can_be_sent_to_it(client, address):
    try:
        expected = 200 if deliverable(address) else 0
    except ValueError:
        expected = 422

    assert client.post("/join", data={"name": "Żaneta", "email": address}).status_code == expected


def test_administrators_find_the_skills_they_keep(app, login):
    with app.app_context():
        browser = login(make_user(Role.ADMINISTRATOR))

    assert 'href="/skills"' in browser.get("/account").text
