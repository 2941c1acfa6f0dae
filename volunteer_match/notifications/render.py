"""Words a message: facts and secrets become one mail in the recipient's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import css_inline
from flask import current_app
from jinja2 import Environment, StrictUndefined, Template, TemplateError, Undefined

from volunteer_match import clock
from volunteer_match.config import Settings
from volunteer_match.i18n import force_locale
from volunteer_match.notifications import headers
from volunteer_match.notifications.message import KINDS

# Quoted-printable instead of 8-bit: every server takes it and no line gets too long.
POLICY = SMTP.clone(cte_type="7bit")
HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "MIME-Version", "Content-Type", "Content-Language",
]  # fmt: skip
CALENDAR = "calendar"


class RenderError(Exception):
    """A template or a fact is broken; only a new version of either mends it."""


class Missing(StrictUndefined):
    """A fact that was not given: false in a condition, an error when it is to be printed."""

    def __bool__(self) -> bool:  # type: ignore[override]
        """Let templates ask whether an optional fact is there."""
        return False


class Elided(Undefined):
    """A link secret that is not shown to anybody but its recipient."""

    def __str__(self) -> str:
        """Stand for the secret."""
        return "…"


@dataclass(frozen=True)
class Outgoing:
    """What the outbox knows of one mail, apart from the database."""

    id: str
    kind: str
    name: str
    email: str
    locale: str
    facts: Mapping[str, Any]
    secrets: Mapping[str, str]


@dataclass(frozen=True)
class Letter:
    """A finished mail: the envelope's two addresses and the bytes between them."""

    id: str
    sender: str
    recipient: str
    data: bytes


def render(mail: Outgoing) -> Letter:
    """Return the finished mail, or raise RenderError saying what is wrong with it."""
    try:
        with force_locale(mail.locale):
            return _render(mail)
    except Exception as error:
        raise RenderError(f"{type(error).__name__}: {error}"[:400]) from error


def _render(mail: Outgoing) -> Letter:
    settings = _settings()
    recipient = deliverable(mail.email)
    sender = sender_address(settings)
    words = {part: _template(mail.kind, part).render(_context(mail, settings)) for part in _PARTS}
    message = EmailMessage(policy=POLICY)
    message["From"] = address(settings.brand_name, sender)
    message["To"] = address(mail.name, recipient)
    message["Reply-To"] = settings.mail_reply_to or sender
    message["Subject"] = headers.header_text(words["subject.txt"])
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    _add_bodies(message, words, mail)
    message["Content-Language"] = mail.locale  # set earlier it would move into the first part
    data = message.as_bytes()
    headers.check(message, data, HEADERS, {sender, recipient, settings.mail_reply_to or sender})
    return Letter(mail.id, sender, recipient, data)


def preview(mail: Outgoing, part: str = "body.txt") -> str:
    """Return the subject or the text of a mail for somebody else's eyes: without secrets, broken or not."""
    shown = replace(mail, secrets={})
    template = f"email/{mail.kind}/{part}"
    try:
        with force_locale(mail.locale):
            words = _environment(Elided).get_template(template).render(_context(shown, _settings()))
    except (TemplateError, ValueError, TypeError, LookupError, AttributeError):
        return mail.kind
    return _GAPS.sub("\n\n", words).strip()


_GAPS = re.compile(r"\n\s*\n\s*\n")
_PARTS = ("subject.txt", "body.txt", "body.html")


def _add_bodies(message: EmailMessage, words: Mapping[str, str], mail: Outgoing) -> None:
    message.set_content(_GAPS.sub("\n\n", words["body.txt"]).strip() + "\n")
    message.add_alternative(_inliner().inline(words["body.html"]), subtype="html")
    calendar = mail.facts.get(CALENDAR)
    if KINDS[mail.kind].calendar and calendar:
        message.add_attachment(
            str(calendar), subtype="calendar", params={"method": "PUBLISH"}, filename=f"{mail.kind}.ics"
        )


def address(name: str, email: str) -> Address:
    """Return the address with the name as people write it, cleaned."""
    return Address(headers.header_text(name), addr_spec=email)


def deliverable(email: str) -> str:
    """Return the address as servers understand it, or raise ValueError when it cannot be one."""
    local, at, domain = email.rpartition("@")
    if not at or not local.isascii() or not local.isprintable() or " " in local:
        raise ValueError("the address cannot be used in a mail")
    return f"{local}@{domain.encode('idna').decode()}"


def sender_address(settings: Settings) -> str:
    """Return the address that mails come from; the demo without a mail server needs none of its own."""
    return settings.mail_from or f"klub@{urlsplit(settings.base_url).hostname or 'localhost'}"


def _context(mail: Outgoing, settings: Settings) -> dict[str, Any]:
    base = settings.base_url.rstrip("/")
    contact = {"phone": settings.contact_phone, "email": settings.contact_email}
    facts = {key: value for key, value in mail.facts.items() if key != CALENDAR}
    return {
        **_with_moments(facts),
        **mail.secrets,
        "recipient": mail.name,
        "brand": {"name": settings.brand_name, "url": settings.brand_url or base, **contact},
        "contact": contact,
        "locale": mail.locale,
        "url": lambda path="/": base + path,
    }


def _with_moments(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {name: _with_moments(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_moments(inner, key) for inner in value]
    if isinstance(value, str) and key.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and key.endswith("_on"):
        return date.fromisoformat(value)
    return value


def _settings() -> Settings:
    return current_app.config["SETTINGS"]  # type: ignore[no-any-return]


def _template(kind: str, part: str) -> Template:
    return _environment(Missing).get_template(f"email/{kind}/{part}")


def _environment(undefined: type[Undefined]) -> Environment:
    made: dict[type[Undefined], Environment] = current_app.extensions.setdefault("mail_templates", {})
    if undefined not in made:
        made[undefined] = current_app.jinja_env.overlay(undefined=undefined)
    return made[undefined]


@cache
def _inliner() -> css_inline.CSSInliner:
    # At-rules stay in the head: mail programs that know dark mode and small screens read them there.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
