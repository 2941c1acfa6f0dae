"""A mail server that misbehaves on demand, in a real SMTP conversation."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

CUT = "cut the line"
CUT_AFTER_TAKING = "take the mail, then cut the line"
MUTE = "take the mail, then say nothing"


@dataclass
class Postmaster:
    """Takes mails; the lists hold what to do instead, one entry per command, until they are empty."""

    port: int = 0
    on_sender: list[str] = field(default_factory=list)
    on_recipient: list[str] = field(default_factory=list)
    on_data: list[str] = field(default_factory=list)
    trouble: Callable[[], str | None] = lambda: None
    """Asked for each mail when the list is empty."""
    taken: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    sessions: set[object] = field(default_factory=set)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address, options) -> str:  # noqa: N802
        """Take the sender."""
        self.sessions.add(session.peer)
        answer = await self._answer(server, self.on_sender)
        envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address, options) -> str:  # noqa: N802
        """Take the recipient."""
        answer = await self._answer(server, self.on_recipient)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the mail."""
        order = self.on_data[0] if self.on_data else self.trouble()
        if order in (None, CUT_AFTER_TAKING, MUTE):
            self.taken.append(envelope.original_content)
            self.recipients.append(list(envelope.rcpt_tos))
        answer = await self._answer(server, self.on_data if self.on_data else [order] if order else [])
        return answer or "250 OK"

    async def _answer(self, server: SMTP, orders: list[str]) -> str | None:
        order = orders.pop(0) if orders else None
        if order in (CUT, CUT_AFTER_TAKING):
            server.transport.abort()
            return "451 nobody hears this"
        if order == MUTE:
            await asyncio.sleep(3600)
        return order

    @property
    def url(self) -> str:
        """Return the SMTP_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """Return the mails taken, read."""
        return [message_from_bytes(data, policy=policy.SMTP) for data in self.taken]

    def copies(self) -> Counter[str]:
        """Return how often each Message-ID was taken."""
        return Counter(str(message["Message-ID"]) for message in self.messages)


@contextmanager
def running_postmaster(**options) -> Iterator[Postmaster]:
    """Run a mail server on a free port of this machine."""
    master = Postmaster()
    controller = Controller(master, hostname="127.0.0.1", port=free_port(), ready_timeout=20, **options)
    controller.start()
    master.port = controller.port
    try:
        yield master
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
