"""Every route of the application, with addresses that lead nowhere in particular."""

import re
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NOBODY = "A" * 22
_ARGUMENT = re.compile(r"<(\w+:)?\w+>")


@dataclass(frozen=True)
class Route:
    """One method of one address."""

    endpoint: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def all_routes(app: Flask) -> list[Route]:
    """Return every route with GET, or with its unsafe method, in a stable order."""
    found = [
        Route(rule.endpoint, method, _path(rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda route: (route.endpoint, route.method, route.path))


def _path(rule: Rule) -> str:
    return _ARGUMENT.sub(lambda match: "1" if match[1] == "int:" else _NOBODY, str(rule))


def reading(app: Flask) -> list[Route]:
    """Return the routes that must not change anything."""
    return [route for route in all_routes(app) if route.method in SAFE]


def changing(app: Flask) -> list[Route]:
    """Return the routes that may change something."""
    return [route for route in all_routes(app) if route.method not in SAFE]
