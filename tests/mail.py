"""A mail server of our own: real SMTP conversations, and the mails kept for reading."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LINK = re.compile(r"https?://[^\s<>\"')\]]+")


class MailSink:
    """Accepts every mail; `refuse` holds the answers to give before that, one per mail."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse: list[str] = []
        self.port = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail, or give the next refusal."""
        if self.refuse:
            return self.refuse.pop(0)
        content = envelope.original_content or b""
        self.messages.append(message_from_bytes(content, policy=policy.SMTP))
        return "250 OK"

    @property
    def url(self) -> str:
        """Return the SMTP_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to the address, oldest first."""
        return [message for message in self.messages if address in str(message["To"])]

    def clear(self) -> None:
        """Forget the mails and the refusals."""
        self.messages.clear()
        self.refuse.clear()


def text_of(message: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None, "the mail has no plain text"
    return str(part.get_content())


def links_in(message: EmailMessage) -> list[str]:
    """Return the addresses in the plain text of a mail."""
    return [link.rstrip(".,") for link in LINK.findall(text_of(message))]


class _Hrefs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def html_links_in(message: EmailMessage) -> list[str]:
    """Return the addresses behind the links of the HTML part of a mail."""
    part = message.get_body(("html",))
    assert part is not None, "the mail has no HTML part"
    parser = _Hrefs()
    parser.feed(str(part.get_content()))
    return parser.found


@contextmanager
def running_sink() -> Iterator[MailSink]:
    """Run a mail server on a free port of this machine."""
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=_free_port(), ready_timeout=20)
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()


def _free_port() -> int:

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
