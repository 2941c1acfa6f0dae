"""Starts the one Chromium of a test process; a second one in the same process cannot be driven."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools.chromium import ADVICE, find

# No word to the outside: every name but this machine's is unknown to the browser.
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def launched() -> Iterator[Browser]:
    """Yield Chromium, or fail plainly saying how to get it."""
    path = find()
    if path is None:
        pytest.fail(ADVICE, pytrace=False)
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()
