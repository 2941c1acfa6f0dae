"""Everything a role can reach by links answers, speaks Polish and fits on a phone."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.pages import assert_no_horizontal_scroll
from tests.conftest import make_settings
from tests.journeys.club import Visitor
from tests.journeys.conftest import NewVisitor
from tests.tour import endpoint_of
from volunteer_match.app import create_app

PEOPLE = {
    "anonymous": "",
    "volunteer": "Ada Demowska",
    "minor": "Celina Próbna",
    "partner": "Regina Regałowa",
    "coordinator": "Koordynatorka Pogodna",
    "officer": "Strażniczka Standardów",
    "administrator": "Admin Wymyślony",
}
OF_EACH_KIND = 3
# Words that Polish does not have. Mails are in their readers' languages, lists may have English headings.
ENGLISH = frozenset(
    {"the", "and", "your", "with", "for", "is", "are", "this", "of", "you", "it", "be", "who", "what", "when"}
    | {"where", "which", "week", "desk", "change", "save", "people", "person", "done", "open", "places"}
    | {"skills", "needs", "remove", "add", "edit", "back", "send", "show", "choose", "needed", "waiting"}
)
MAY_SHOW_ENGLISH = ("notifications.", "imports.")
_NAMES = re.compile(r"\S+://\S+|Volunteer Match")
# Whole words only: a fingerprint such as 4be7 says nothing in any language.
_WORD = re.compile(r"\b[a-ząćęłńóśźż]+\b")


class _Content(HTMLParser):
    """The links and the words of a page, without what is marked as being in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        if not self._silent and (tag in ("script", "style") or (tag != "html" and "lang" in values)):
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words += _WORD.findall(_NAMES.sub("", data).lower())


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that is only asked which address belongs to which page."""
    folder: Path = tmp_path_factory.mktemp("routes")
    return create_app(make_settings(f"sqlite:///{folder}/none.sqlite3", folder))


@pytest.mark.slow
@pytest.mark.parametrize("role", PEOPLE)
def test_every_link_of_a_role_leads_to_a_polish_page(
    role: str, new_visitor: NewVisitor, routes: Flask
) -> None:
    visitor = new_visitor("pl", width=320)
    visitor.open("/")
    if PEOPLE[role]:
        visitor.enter_demo(PEOPLE[role])
    wrong = crawl(visitor, routes)
    assert not wrong, "\n".join(wrong)


def crawl(visitor: Visitor, routes: Flask) -> list[str]:
    """Follow links breadth first, a few of each kind; return what is wrong."""
    page, seen, wrong = visitor.page, Counter[str](), list[str]()
    waiting, tried = deque([urlsplit(page.url).path or "/", "/"]), {""}
    while waiting:
        path = waiting.popleft()
        kind = endpoint_of(routes, path) or path
        if path in tried or seen[kind] >= OF_EACH_KIND:
            continue
        tried.add(path)
        seen[kind] += 1
        answer = page.request.get(path, headers={"Accept": "text/html"})
        if answer.status != 200:
            wrong.append(f"{path} answers {answer.status}")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        content = _Content()
        content.feed(answer.text())
        waiting.extend(_own(content.links, f"{visitor.club.url}{path}"))
        if not kind.startswith(MAY_SHOW_ENGLISH):
            wrong += [f"{path} says {word!r}" for word in sorted(ENGLISH.intersection(content.words))]
        if seen[kind] == 1:
            wrong += _too_wide(page, path)
    return wrong


def _own(links: list[str], address: str) -> Iterator[str]:
    here = urlsplit(address)
    for link in links:
        target = urlsplit(urljoin(address, link))
        if target.netloc == here.netloc:
            yield f"{target.path}?{target.query}" if target.query else target.path


def _too_wide(page: Page, path: str) -> list[str]:
    page.goto(path)
    try:
        assert_no_horizontal_scroll(page)
    except AssertionError as error:
        return [str(error)]
    return []
