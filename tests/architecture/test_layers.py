"""What each step of the flow may not know, also where its file is called `offers_views.py`."""

import ast
from fnmatch import fnmatch

import pytest

from tools.report import Source, sources

PACKAGE = "volunteer_match"
WEB = [f"{PACKAGE}.web.{part}" for part in ("access", "fields", "forms", "pages", "security")]
REQUESTS = ["flask", "flask_login", "flask_wtf", "flask_limiter"]
NEVER = {
    "rules": [*REQUESTS, "flask_babel", "flask_sqlalchemy", "sqlalchemy", "marshmallow", f"{PACKAGE}.db",
              f"{PACKAGE}.clock", f"{PACKAGE}.config", f"{PACKAGE}.web"],
    "models": [*REQUESTS, "flask_babel", "marshmallow", f"{PACKAGE}.*.*service", f"{PACKAGE}.web"],
    "schemas": [*REQUESTS, "sqlalchemy", f"{PACKAGE}.db", f"{PACKAGE}.*.*models"],
    "queries": [*REQUESTS, "marshmallow", f"{PACKAGE}.*.*service", *WEB],
    "messages": [*REQUESTS, "flask_babel", "marshmallow", f"{PACKAGE}.*.render", f"{PACKAGE}.*.smtp"],
    "service": [*REQUESTS, "flask_babel", "marshmallow", *WEB],
    "views": ["sqlalchemy", f"{PACKAGE}.*.*models", f"{PACKAGE}.matching.core"],
}  # fmt: skip


def _step(source: Source) -> str:
    return source.path.stem.rsplit("_", 1)[-1]


def _imported(source: Source) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.lineno, node.module))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def _is(name: str, pattern: str) -> bool:
    return fnmatch(name, pattern) or fnmatch(name, f"{pattern}.*")


@pytest.mark.parametrize("step", sorted(NEVER))
def test_a_step_does_not_know_what_is_not_its_business(step):
    broken = {
        f"{source.path}:{line} {name}"
        for source in sources()
        if _step(source) == step
        for line, name in _imported(source)
        if any(_is(name, pattern) for pattern in NEVER[step])
    }

    assert broken == set()


@pytest.mark.parametrize("step", sorted(NEVER))
def test_every_step_is_found_somewhere(step):
    assert any(_step(source) == step for source in sources())
