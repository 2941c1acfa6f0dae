"""Photograph every kind of page as everyone sees it: `make screens`, pictures in screens/."""

import argparse
import os
import re
import sys
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.chromium import ARGUMENTS
from tests.browser.server import Server, running_server
from tests.scene import make_scene
from tests.sign_in import session_cookie, sign_in
from tests.tour import Stop, tour
from tools.chromium import ADVICE, find
from volunteer_match.actor import Role
from volunteer_match.config import ROOT

FOLDER = ROOT / "screens"
WHO = [None, Role.VOLUNTEER, Role.PARTNER, Role.COORDINATOR, Role.OFFICER, Role.ADMINISTRATOR]
LOOKS = [(w, dark, locale) for w in (320, 1280) for dark in (False, True) for locale in ("pl", "en")]


def photograph(only: str, folder: Path = FOLDER) -> int:
    """Take the pictures of every page whose kind contains the text; return how many."""
    path = find()
    if path is None:
        sys.exit(ADVICE)
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with ExitStack() as stack:
        server = stack.enter_context(running_server("smtp://127.0.0.1:9"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        stack.callback(browser.close)
        with server.app.app_context():
            people = make_scene()
        return sum(_of_role(browser, server, role, people.get(role), only, folder) for role in WHO)


def _of_role(
    browser: Browser, server: Server, role: Role | None, user: str | None, only: str, folder: Path
) -> int:
    client = sign_in(server.app, user) if user else server.app.test_client()
    stops = [stop for stop in tour(server.app, client) if only in stop.endpoint]
    for width, dark, locale in LOOKS:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            locale={"pl": "pl-PL", "en": "en-GB"}[locale],
            timezone_id="Europe/Warsaw",
            reduced_motion="reduce",
        )
        if user:
            context.add_cookies([session_cookie(server.app, user, locale)])
        look = f"{width}-{'dark' if dark else 'light'}-{locale}"
        _take(context, stops, folder / (role or "visitor"), look)
        context.close()
    return len(stops) * len(LOOKS)


def _take(context: BrowserContext, stops: list[Stop], folder: Path, look: str) -> None:
    page = context.new_page()
    for stop in stops:
        page.goto(stop.path)
        page.screenshot(
            path=folder / f"{re.sub(r'[^a-z0-9_]+', '-', stop.endpoint)}-{look}.png", full_page=True
        )


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="part of a page's kind, such as needs.")
    print(f"{photograph(parser.parse_args().only)} pictures in {FOLDER.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
