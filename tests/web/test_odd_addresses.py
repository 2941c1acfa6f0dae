"""Addresses nobody types by accident are answered as not found, or as if the odd part were not there."""

import re
from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import make_need, make_partner
from volunteer_match.web.static import digest_of


@pytest.fixture
def long_board(app):
    """A board of needs that does not fit on one page."""
    with app.app_context():
        partner = make_partner()
        for number in range(26):
            make_need(partner, day=today() + timedelta(days=3 + number % 20))


@pytest.mark.parametrize("odd", ["endpoint=x", "_method=POST", "_scheme=a", "_external=1", "_anchor=x"])
def test_the_pager_takes_no_orders_from_the_address(client, long_board, odd):
    page = client.get(f"/needs?{odd}&q=")

    links = re.findall(r'href="(/needs\?[^"]*page=2[^"]*)"', page.text)
    assert page.status_code == 200
    assert links
    assert all(odd in link for link in links)


def test_the_pager_keeps_every_value_of_a_filter(client, long_board):
    page = client.get("/needs?page=1&other=1&other=2&other=3")

    link = re.search(r'href="(/needs\?[^"]*page=2[^"]*)"', page.text)
    assert link
    assert link[1].count("other=") == 3
    assert link[1].count("page=") == 1


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000, "../app.py"])
def test_an_impossible_file_name_is_not_found(client, name):
    assert client.get(f"/assets/missing/{name}").status_code == 404


def test_no_file_has_the_digest_of_a_missing_one(client):
    assert digest_of("no-such-file.css") == "missing"
    assert client.get("/assets/missing/no-such-file.css").status_code == 404


@pytest.mark.parametrize(
    "address", ["/needs/%00", "/assets/missing/%00", "/needs?theme=a%00", "/needs?%00=1", "/join/confirm/%00"]
)
def test_a_null_character_reaches_no_database(client, address):
    assert client.get(address).status_code in (400, 404)
