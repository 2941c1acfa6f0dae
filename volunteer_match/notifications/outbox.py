"""Puts messages into the outbox, inside the transaction of the change that causes them."""

import json
from collections.abc import Callable

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from sqlalchemy import select, update

from volunteer_match import clock, queue
from volunteer_match.db import db
from volunteer_match.notifications.message import KINDS, Message
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.rules import TROUBLED, MailState


class SealError(Exception):
    """A seal was made with another key, or is damaged."""


def put(message: Message) -> None:
    """Store the message for the worker; a second one with the same dedupe key changes nothing."""
    if message.kind not in KINDS:
        raise LookupError(f"unknown kind of message: {message.kind}")
    if _known(message.dedupe_key):
        return
    if message.overtakes:
        _let_older_go(message)
    db.session.add(_row(message))
    queue.wake("mail")


def readdress(user_id: str, old: str, new: str | None, ends: Callable[[str], bool]) -> list[str]:
    """Send a person's waiting mails to the new address; return the link secrets nobody can have read.

    Mails with a link that `ends` with the old address are given up.
    """
    query = select(EmailMessage).where(
        EmailMessage.user_id == user_id,
        EmailMessage.recipient_email == old,
        EmailMessage.state.in_(TROUBLED | {MailState.QUEUED}),
    )
    found: list[str] = []
    for mail in db.session.scalars(query.with_for_update()):
        if any(ends(secret) for secret in _secrets(mail)):
            mail.state = MailState.CLOSED
            continue
        mail.recipient_email = new
        mail.state = mail.state if new else MailState.SUPPRESSED
        # One that may have arrived at the old address leaves its link there, dead.
        found += _secrets(mail) if not mail.ambiguous else []
    return found


def _secrets(mail: EmailMessage) -> list[str]:
    try:
        return list(unseal(mail.sealed).values())
    except SealError:
        return []


def _let_older_go(message: Message) -> None:
    older = update(EmailMessage).where(
        EmailMessage.user_id == message.recipient.user_id,
        EmailMessage.subject_id == message.subject_id,
        EmailMessage.state == MailState.QUEUED,
    )
    gone = older.values(state=MailState.EXPIRED, sealed=None, last_error="newer news overtook it")
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def _known(key: str) -> bool:
    return db.session.scalar(select(EmailMessage.id).where(EmailMessage.dedupe_key == key)) is not None


def _row(message: Message) -> EmailMessage:
    now = clock.now()
    return EmailMessage(
        kind=message.kind,
        dedupe_key=message.dedupe_key,
        user_id=message.recipient.user_id,
        subject_id=message.subject_id,
        recipient_name=message.recipient.name,
        recipient_email=message.recipient.email,
        locale=message.recipient.locale,
        facts=dict(message.facts),
        sealed=seal(dict(message.secrets)) if message.secrets else None,
        state=_first_state(message),
        created_at=now,
        wanted_at=message.due_at or now,
        due_at=message.due_at or now,
        expires_at=message.expires_at,
    )


def _first_state(message: Message) -> MailState:
    if message.recipient.email:
        return MailState.QUEUED
    return MailState.CLOSED if message.heard else MailState.SUPPRESSED


def seal(secrets: dict[str, str]) -> str:
    """Encrypt link secrets for their time in the outbox."""
    return _fernet().encrypt(json.dumps(secrets).encode()).decode()


def unseal(sealed: str | None) -> dict[str, str]:
    """Return the link secrets of a message that waits to be sent."""
    try:
        return dict(json.loads(_fernet().decrypt(sealed.encode()))) if sealed else {}
    except InvalidToken as error:
        raise SealError("the link was sealed with another encryption key") from error


def _fernet() -> Fernet:
    return Fernet(current_app.config["SETTINGS"].encryption_key)
