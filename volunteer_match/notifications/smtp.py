"""Talks to the mail server, and says exactly how far each mail got."""

import contextlib
import mailbox
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from volunteer_match.config import Settings
from volunteer_match.db import db
from volunteer_match.notifications.render import Letter

TIMEOUT = 20.0
"""Seconds the server may be silent."""
DEADLINE = 90.0
"""Seconds one mail may take in all, less than the lease: a dripping server must not make us send twice."""
_LEADING_DOT = re.compile(rb"(?m)^\.")


class DeliveryError(Exception):
    """The mail was not taken."""


class RetryableError(DeliveryError):
    """The server wants this mail later."""


class FinalError(DeliveryError):
    """The server will never take this mail."""


class SessionError(DeliveryError):
    """The server takes no mail from us now, whatever the mail."""


class AmbiguousError(DeliveryError):
    """The connection broke after the data: nobody knows whether the mail was taken."""


class Transport(Protocol):
    """Something that takes letters."""

    def send(self, letter: Letter, before_data: Callable[[], None]) -> None:
        """Hand the letter over; `before_data` runs when nothing but the letter itself is left to say."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True)
class Server:
    """Where mails go."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""


_SCHEMES = {"smtp": ("", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}


def parse_server(url: str) -> Server:
    """Return the server that an SMTP_URL names, or raise ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ValueError("SMTP_URL must look like smtp+starttls://user:password@host:587")
    security, port = _SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, parts.port or port, security, user, password)


def make_transport(settings: Settings) -> Transport:
    """Return what the settings name: a mail server, or the demo's folder."""
    if settings.smtp_url:
        return SmtpTransport(parse_server(settings.smtp_url))
    return MaildirTransport(Path(settings.maildir))


def refuse_open_transaction() -> None:
    """Raise when the database is held while the other side may keep us waiting."""
    if db.session().in_transaction():
        raise RuntimeError("no mail may be sent while a transaction is open")


class MaildirTransport:
    """Keeps mails in a folder, for the demo's mail page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter, before_data: Callable[[], None]) -> None:
        """Put the letter into the folder."""
        refuse_open_transaction()
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            box = mailbox.Maildir(self.folder, create=True)
            before_data()
            box.add(letter.data)
        except OSError as error:
            raise SessionError(f"the mail folder cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is kept open."""


class SmtpTransport:
    """One connection to a mail server, opened when first needed and kept for the whole batch."""

    def __init__(self, server: Server, timeout: float = TIMEOUT, deadline: float = DEADLINE) -> None:
        self.server, self.timeout, self.deadline = server, timeout, deadline
        self._smtp: smtplib.SMTP | None = None

    def send(self, letter: Letter, before_data: Callable[[], None]) -> None:
        """Hand the letter to the server, for its one recipient."""
        refuse_open_transaction()
        smtp = self._ready()
        with self._watched(smtp):
            self._envelope(smtp, letter)
            before_data()
            self._data(smtp, letter)

    def close(self) -> None:
        """Say goodbye, politely when the server still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def probe(self) -> str:
        """Connect, greet and sign in without sending; return the server's greeting name."""
        smtp = self._ready()
        name = (smtp.ehlo_resp or smtp.helo_resp or b"").decode("ascii", "replace").splitlines()
        self.close()
        return name[0] if name else ""

    def _ready(self) -> smtplib.SMTP:
        if self._smtp is not None:
            try:
                if self._smtp.rset()[0] == 250:
                    return self._smtp
            except (smtplib.SMTPException, OSError):
                pass  # an idle connection was closed by the other side: a fresh one will do
            self._drop()
        try:
            self._smtp = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise SessionError(_words(error)) from error
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=self.timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self.timeout)
        try:
            with self._watched(smtp):
                smtp.ehlo_or_helo_if_needed()
                if server.security == "starttls":
                    smtp.starttls(context=context)
                if server.user:
                    smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _envelope(self, smtp: smtplib.SMTP, letter: Letter) -> None:
        try:
            self._accepted(*smtp.mail(letter.sender), sender=True)
            self._accepted(*smtp.rcpt(letter.recipient))
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise SessionError(_words(error)) from error

    def _data(self, smtp: smtplib.SMTP, letter: Letter) -> None:
        begun = False
        try:
            code, words = smtp.docmd("DATA")
            if code != 354:
                self._accepted(code, words)
                raise RetryableError(f"{code} to DATA")
            begun = True
            smtp.send(_LEADING_DOT.sub(b"..", letter.data) + b".\r\n")
            self._accepted(*smtp.getreply())
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise (AmbiguousError if begun else SessionError)(_words(error)) from error

    def _accepted(self, code: int, words: bytes, sender: bool = False) -> None:
        if 200 <= code < 300:
            return
        text = f"{code} {words.decode('utf-8', 'replace')}"[:400]
        if code == 421 or (sender and code >= 500 and code != 552):
            self._drop()
            raise SessionError(text)
        raise FinalError(text) if code >= 500 else RetryableError(text)

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    @contextlib.contextmanager
    def _watched(self, smtp: smtplib.SMTP) -> Iterator[None]:
        watch = threading.Timer(self.deadline, _cut, [smtp])
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def _cut(smtp: smtplib.SMTP) -> None:
    sock = smtp.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(2)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
        return f"{error.smtp_code} {text}"[:400]
    return f"{type(error).__name__}: {error}"[:400]
