"""Pages that need nobody signed in, under axe."""

import os

import pytest

from tests.browser.pages import assert_in_order

FULL = os.environ.get("A11Y_MATRIX") == "full"
LOOKS = [(320, False, "pl"), (1280, True, "en")]
ALL_LOOKS = [
    (width, dark, locale) for width in (320, 1280) for dark in (False, True) for locale in ("pl", "en")
]


@pytest.mark.parametrize(("width", "dark", "locale"), ALL_LOOKS if FULL else LOOKS)
@pytest.mark.parametrize("path", ["/"])
def test_open_pages_have_no_barrier(new_context, path, width, dark, locale):
    page = new_context(width, dark, locale).new_page()

    page.goto(path)

    assert_in_order(page)
