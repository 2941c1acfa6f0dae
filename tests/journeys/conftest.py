"""A club that runs, and browsers for its people."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import WIDTHS, Complaints, complaints
from tests.journeys.club import Club, Visitor, running_club
from tests.mail import MailSink

__all__ = ["complaints"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that it can be left out."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):  # noqa: PTH120
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def _running_club(_mail_server: MailSink) -> Iterator[Club]:
    with running_club(_mail_server) as club:
        yield club


@pytest.fixture
def club(_running_club: Club, mail_sink: MailSink) -> Iterator[Club]:
    """The demo club; what one journey did there stays for the next."""
    before = _running_club.said()
    yield _running_club
    assert _running_club.errors_since(before) == ""


NewVisitor = Callable[..., Visitor]


@pytest.fixture
def new_visitor(browser: Browser, club: Club, complaints: Complaints) -> Iterator[NewVisitor]:
    """Open somebody's browser: `new_visitor("en", width=320, javascript=False)`."""
    opened: list[BrowserContext] = []

    def open_one(locale: str = "pl", width: int = 1280, javascript: bool = True) -> Visitor:
        context = browser.new_context(
            base_url=club.url,
            viewport={"width": width, "height": WIDTHS[width]},
            locale={"pl": "pl-PL", "en": "en-GB"}[locale],
            timezone_id="Europe/Warsaw",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        context.on("page", complaints.listen)
        opened.append(context)
        return Visitor(club, context.new_page(), locale)

    yield open_one
    for context in opened:
        context.close()
