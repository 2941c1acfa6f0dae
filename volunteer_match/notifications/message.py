"""A message is facts, not words: what happened, to whom it matters, in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Recipient:
    """Who gets a mail; without an address the message is put on the phone list instead."""

    user_id: str | None
    name: str
    email: str | None
    locale: str = "pl"


@dataclass(frozen=True)
class Message:
    """One mail to one recipient, before it is worded."""

    kind: str
    recipient: Recipient
    subject_id: str
    """What it is about (a match, a need, an account); part of the dedupe key."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """JSON values the templates word; moments as ISO 8601 UTC strings."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Link tokens: kept sealed, forgotten once the mail is sent."""
    occasion: str = ""
    """Tells repeated messages of one kind about one thing apart, such as a state version."""
    expires_at: datetime | None = None
    """After this moment the mail would only confuse and is not sent."""
    due_at: datetime | None = None
    overtakes: bool = False
    """Older mails to the same person about the same thing, still waiting, would only confuse."""
    heard: bool = False
    """The recipient heard it on the phone just now: without an address nobody has to call."""

    @property
    def dedupe_key(self) -> str:
        """Return the key that makes a second copy of the same message impossible."""
        who = self.recipient.user_id or self.recipient.email or self.recipient.name
        return f"{self.kind}:{self.subject_id}:{self.occasion}:{who}"


@dataclass(frozen=True)
class Kind:
    """A kind of mail: its code and whether it carries a calendar file."""

    code: str
    calendar: bool = False


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds of mail known; each needs its folder of templates."""
    KINDS.update({kind.code: kind for kind in kinds})
