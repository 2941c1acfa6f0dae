"""Walk through the application as somebody would: every page a person can reach, each kind once."""

from collections import Counter, deque
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

OF_EACH_KIND = 1
NOT_PAGES = ("assets.", "health.", "static")


@dataclass(frozen=True)
class Stop:
    """A page that was reached: its kind and its address."""

    endpoint: str
    path: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def tour(app: Flask, client: FlaskClient, start: str = "/") -> list[Stop]:
    """Return every kind of page the client can open: those without a parameter and those linked to."""
    waiting = deque([start, *_plain_addresses(app)])
    seen: Counter[str] = Counter()
    tried: set[str] = set()
    stops = []
    while waiting:
        path = waiting.popleft()
        endpoint = endpoint_of(app, path)
        if endpoint is None or path in tried or seen[endpoint] >= OF_EACH_KIND:
            continue
        tried.add(path)
        answer = client.get(path)
        assert answer.status_code < 500, f"{path} ({endpoint}) fails with {answer.status_code}"
        if answer.status_code == 200 and answer.mimetype == "text/html":
            seen[endpoint] += 1
            stops.append(Stop(endpoint, path))
            waiting.extend(_links(answer, path))
    return stops


def _plain_addresses(app: Flask) -> list[str]:
    rules = app.url_map.iter_rules()
    return sorted(rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments)


def _links(answer: TestResponse, path: str) -> list[str]:
    parser = _Links()
    parser.feed(answer.text)
    targets = [urlsplit(urljoin(f"http://localhost{path}", link)) for link in parser.found]
    return [f"{t.path}?{t.query}" if t.query else t.path for t in targets if t.hostname == "localhost"]


def endpoint_of(app: Flask, path: str) -> str | None:
    """Return the name of the page behind an address, `None` when it is no page of ours."""
    try:
        endpoint = str(app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")[0])
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint.startswith(NOT_PAGES) else endpoint
