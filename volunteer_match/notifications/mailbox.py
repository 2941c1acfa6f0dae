"""Reads the demo's folder of mails."""

import mailbox
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from volunteer_match.errors import NotFoundError

SHOWN = 200


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True)
class Mail:
    """One mail as its recipient sees it."""

    key: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Return the subject line."""
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        """Return whom it is for."""
        return str(self.message["To"] or "")

    @property
    def sent_at(self) -> datetime:
        """Return when it was written."""
        return parsedate_to_datetime(str(self.message["Date"])).astimezone(UTC)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Return all header lines."""
        return [(name, str(value)) for name, value in self.message.items()]

    def body(self, kind: str) -> str:
        """Return the body as `plain` or `html`, empty when there is none."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    @property
    def attachments(self) -> list[Attachment]:
        """Return the files that came with it."""
        return [_attachment(part) for part in self.message.iter_attachments()]


def latest(folder: str, words: str = "", limit: int = SHOWN) -> list[Mail]:
    """Return the newest mails whose subject or recipient has the words, newest first."""
    if not folder or not Path(folder).is_dir():
        return []
    box = mailbox.Maildir(folder, create=False)
    keys = sorted(box.keys(), key=_moment, reverse=True)
    found = (_read(box, key) for key in keys[: limit * 5])
    return _matching(found, words.lower())[:limit]


def _moment(key: str) -> tuple[int, ...]:
    # File names begin with the second, the microsecond, the process and a counter.
    return tuple(int(number) for number in re.findall(r"\d+", key)[:4])


def _matching(mails: Iterable[Mail], words: str) -> list[Mail]:
    return [mail for mail in mails if words in f"{mail.subject} {mail.to}".lower()]


def read(folder: str, key: str) -> Mail:
    """Return one mail, or raise NotFoundError."""
    if not folder or not Path(folder).is_dir():
        raise NotFoundError(key)
    box = mailbox.Maildir(folder, create=False)
    if key not in box:
        raise NotFoundError(key)
    return _read(box, key)


def _read(box: "mailbox.Maildir", key: str) -> Mail:
    message = message_from_bytes(box.get_bytes(key), policy=policy.default)
    return Mail(key, message)


def _attachment(part: EmailMessage) -> Attachment:
    content = part.get_content()
    data = content.encode() if isinstance(content, str) else bytes(content)
    return Attachment(part.get_filename() or "file", part.get_content_type(), data)
