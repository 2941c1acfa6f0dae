"""A real browser, the application in a process of its own, and a mail server."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.server import Server, running_server
from tests.mail import MailSink
from tests.sign_in import session_cookie
from volunteer_match.accounts.models import User

WIDTHS = {320: 640, 1280: 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that it can be left out."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):  # noqa: PTH120
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def _server(_mail_server: MailSink) -> Iterator[Server]:
    with running_server(_mail_server.url) as running:
        yield running


@pytest.fixture
def server(_server: Server, mail_sink: MailSink) -> Iterator[Server]:
    """The running application; `server.app` works on the same database. Rows are gone after the test."""
    yield _server
    _server.cleaner.clean()
    _server.app.extensions["queue"].flush()


class Complaints:
    """What browsers complained about: broken scripts, forbidden styles, failed requests."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.expected: set[int] = set()

    def expect_status(self, status: int) -> None:
        """Allow answers with this status, for tests of error pages."""
        self.expected.add(status)

    def listen(self, page: Page) -> None:
        """Note what goes wrong on a page."""
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("console", lambda line: self._console(line.type, line.text))

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and not any(f"status of {status}" in text for status in self.expected):
            self.heard.append(text)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """The browser's complaints; any that was not expected fails the test."""
    collected = Complaints()
    yield collected
    assert collected.heard == []


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser, server: Server, complaints: Complaints) -> Iterator[NewContext]:
    """Open a browser of one person: `new_context(width=320, dark=True, locale="en", user=somebody)`."""
    opened: list[BrowserContext] = []

    def open_one(
        width: int = 1280,
        dark: bool = False,
        locale: str = "pl",
        javascript: bool = True,
        user: User | str | None = None,
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": WIDTHS.get(width, 800)},
            color_scheme="dark" if dark else "light",
            locale={"pl": "pl-PL", "en": "en-GB"}[locale],
            timezone_id="Europe/Warsaw",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        context.on("page", complaints.listen)
        if user is not None:
            context.add_cookies([session_cookie(server.app, user, locale)])
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()
    assert server.errors() == ""


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page at 1280 px, light, in Polish."""
    return new_context().new_page()
