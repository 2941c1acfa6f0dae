"""The demo club as `make demo` starts it, with a mail server of ours, and the people who visit it."""

import gettext
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count, zip_longest
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Locator, Page, expect

from tests.database import scratch_folder
from tests.mail import MailSink, links_in
from volunteer_match.config import ROOT

STARTS_WITHIN = 120.0
WORKER_WITHIN = 40.0
_BREATH = threading.Event()


@dataclass
class Club:
    """A running club: its address, its outgoing mail and what its processes wrote."""

    url: str
    mails: MailSink
    log: Path

    def said(self) -> str:
        """Return all that its processes wrote so far."""
        return self.log.read_text(encoding="utf-8")

    def errors_since(self, before: str) -> str:
        """Return what its processes wrote since then, when one of them complained."""
        text = self.said().removeprefix(before)
        return text if "Traceback" in text or '"level": "error"' in text else ""


@contextmanager
def running_club(mails: MailSink) -> Iterator[Club]:
    """Run the demo in a folder and on a port of its own."""
    with scratch_folder() as folder:
        port = _free_port()
        club = Club(f"http://127.0.0.1:{port}", mails, folder / "club.log")
        command = ["-m", "volunteer_match.run_demo", "run", "--port", str(port), "--folder", str(folder)]
        with club.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=os.environ | {"DEMO_SMTP_URL": mails.url},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait_until_open(club, process)
                yield club
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=40)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(club: Club, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(int(STARTS_WITHIN / 0.2)):
        assert process.poll() is None, club.said()
        with suppress(OSError), urlopen(f"{club.url}/readyz", timeout=10):  # noqa: S310
            return
        _BREATH.wait(0.2)
    raise AssertionError(f"the club did not open: {club.log.read_text(encoding='utf-8')}")


class Words:
    """The words of a page in one language, by the English of the sources."""

    def __init__(self, locale: str) -> None:
        folder = ROOT / "volunteer_match" / "translations"
        self.locale = locale
        self._catalogue: gettext.NullTranslations = (
            gettext.NullTranslations()
            if locale == "en"
            else gettext.translation("messages", folder, [locale])
        )

    def __call__(self, msgid: str, **facts: Any) -> str:
        """Return the words with the facts filled in."""
        words = self._catalogue.gettext(msgid)
        return words % facts if facts else words.replace("%%", "%")

    def pattern(self, msgid: str, **facts: Any) -> re.Pattern[str]:
        """Return what the words look like when only some of the facts are known."""
        parts = re.split(r"%\((\w+)\)s", self._catalogue.gettext(msgid))
        known = [re.escape(str(facts[name])) if name in facts else ".*" for name in parts[1::2]]
        words = [re.escape(part) for part in parts[0::2]]
        return re.compile("".join(a + b for a, b in zip_longest(words, known, fillvalue="")))

    def count(self, singular: str, plural: str, number: int) -> str:
        """Return the words for that many."""
        return self._catalogue.ngettext(singular, plural, number) % {"num": number}


def _named(words: str) -> re.Pattern[str]:
    # Optional fields say so, and repeated controls say to the screen reader which one they are.
    return re.compile(rf"^\s*{re.escape(words)}\s*(\([^)]*\)|:.*)?\s*$", re.DOTALL)


class Visitor:
    """Somebody with a browser. Everything is found by the words on the page, in the visitor's language."""

    def __init__(self, club: Club, page: Page, locale: str) -> None:
        self.club, self.page, self.words = club, page, Words(locale)

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)
        self._speak()

    def _speak(self) -> None:
        # Accounts of the demo are Polish; the switch at the top is what an English reader would press.
        if self.page.locator("html").get_attribute("lang") != self.words.locale:
            self.page.locator(f'.vm-languages button[value="{self.words.locale}"]').click()
            expect(self.page.locator("html")).to_have_attribute("lang", self.words.locale)

    def enter_demo(self, name: str) -> None:
        """Enter as somebody of the demo."""
        self.open("/demo")
        self.page.get_by_role("button").filter(has_text=name).click()
        self._speak()

    def button(self, msgid: str, within: Locator | None = None, **facts: Any) -> Locator:
        """Return the button with these words."""
        return (within or self.page).get_by_role("button", name=_named(self.words(msgid, **facts)))

    def press(self, msgid: str, within: Locator | None = None, **facts: Any) -> None:
        """Press the first button with these words."""
        self.button(msgid, within, **facts).first.click()

    def link(self, msgid: str, within: Locator | None = None) -> Locator:
        """Return the link with these words, also one that looks like a button."""
        scope, name = within or self.page, _named(self.words(msgid))
        return scope.locator("a").and_(
            self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name))
        )

    def follow(self, msgid: str, within: Locator | None = None) -> None:
        """Follow the first link with these words."""
        self.link(msgid, within).first.click()

    def field(self, msgid: str, within: Locator | None = None, **facts: Any) -> Locator:
        """Return the field with this label."""
        return (within or self.page).get_by_label(_named(self.words(msgid, **facts))).first

    def fill(self, answers: dict[str, str], within: Locator | None = None) -> None:
        """Type into fields, by label."""
        for msgid, answer in answers.items():
            self.field(msgid, within).fill(answer)

    def choose(self, msgid: str, choice: str, within: Locator | None = None) -> None:
        """Choose from a list, by label and by the words or the beginning of the choice."""
        field = self.field(msgid, within)
        field.wait_for()
        labels = field.locator("option").all_inner_texts()
        field.select_option(label=next(label for label in labels if label.startswith(choice)))

    def tick(self, group: str, choice: str) -> None:
        """Tick a box or a radio button in the group with this legend."""
        within = self.page.get_by_role("group", name=_named(self.words(group))).first
        within.get_by_label(choice, exact=True).check()

    def agree(self, msgid: str) -> None:
        """Tick the single box with these words."""
        self.field(msgid).check()

    def sees(self, text: str) -> None:
        """Fail unless the main part of the page shows the text."""
        expect(self.page.locator("main")).to_contain_text(text)

    def sees_title(self, msgid: str, **facts: Any) -> None:
        """Fail unless the page has this heading."""
        expect(self.page.locator("h1").first).to_have_text(_named(self.words(msgid, **facts)))

    def hears(self, *msgids: str, **facts: Any) -> None:
        """Fail unless a banner says one of these."""
        said = "|".join(self.words.pattern(msgid, **facts).pattern for msgid in msgids)
        expect(self.page.locator(".vm-banner").first).to_contain_text(re.compile(said))

    def patiently(self) -> Iterator[int]:
        """Try again and again for what the worker does a moment later."""
        ends = time.monotonic() + WORKER_WITHIN
        for attempt in count():
            yield attempt
            if time.monotonic() > ends:
                return
            _BREATH.wait(0.1)

    def mail(self, address: str, subject: str, **facts: Any) -> EmailMessage:
        """Return the newest mail to the address whose subject has these words; wait for it a while."""
        wanted = self.words.pattern(subject, **facts)
        for _attempt in self.patiently():
            for message in reversed(self.club.mails.to(address)):
                if wanted.search(str(message["Subject"])):
                    return message
        subjects = [str(message["Subject"]) for message in self.club.mails.to(address)]
        raise AssertionError(f"no mail {wanted.pattern!r} to {address}, only {subjects}")

    def open_mail(self, message: EmailMessage) -> None:
        """Follow the first link of a mail that leads to a page of its own."""
        link = next(link for link in links_in(message) if link.removeprefix(self.club.url).strip("/"))
        assert link.startswith(self.club.url), link
        self.open(link)
