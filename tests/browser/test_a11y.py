"""Every page that can be reached, under axe, at the width of a small phone and of a desk.

`make test` looks at each kind of page once, with changing language and theme; `make a11y` at each page of
each role in every language, theme and width.
"""

import os

import pytest

from tests.browser.pages import assert_in_order, assert_no_horizontal_scroll
from tests.scene import make_scene
from tests.sign_in import sign_in
from tests.tour import tour
from volunteer_match.actor import Role

FULL = os.environ.get("A11Y_MATRIX") == "full"
WHO = [Role.COORDINATOR, Role.ADMINISTRATOR, Role.OFFICER, Role.PARTNER, Role.VOLUNTEER, None]
LOOKS = [(dark, locale) for dark in (False, True) for locale in ("pl", "en")]


@pytest.fixture
def people(server):
    """The people of the scene, by role."""
    with server.app.app_context():
        return make_scene()


def _stops(server, people, role):
    user = people.get(role)
    client = sign_in(server.app, user) if user else server.app.test_client()
    return tour(server.app, client)


def _new_stops(server, people, role):
    """Return the stops of a role that nobody before it in the list has been shown."""
    before = {stop.endpoint for earlier in WHO[: WHO.index(role)] for stop in _stops(server, people, earlier)}
    return [stop for stop in _stops(server, people, role) if stop.endpoint not in before]


def _look_at(page, path) -> list[str]:
    """Return what is wrong with a page, at 320 and at 1280 px."""
    problems = []
    for width, check in (
        (320, assert_in_order),
        (1280, assert_in_order if FULL else assert_no_horizontal_scroll),
    ):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        try:
            check(page)
        except AssertionError as problem:
            problems.append(f"{width} px: {problem}")
    return problems


@pytest.mark.parametrize("role", WHO, ids=lambda role: role or "visitor")
@pytest.mark.parametrize("look", LOOKS if FULL else [None])
def test_no_page_has_a_barrier(new_context, server, people, role, look):
    stops = _stops(server, people, role) if FULL else _new_stops(server, people, role)
    looks = [look] if FULL else LOOKS
    pages = [new_context(320, dark, locale, user=people.get(role)).new_page() for dark, locale in looks]

    problems = [text for n, stop in enumerate(stops) for text in _look_at(pages[n % len(pages)], stop.path)]

    assert problems == []
