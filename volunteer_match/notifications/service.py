"""What a coordinator may do about a mail that does not go by itself."""

from datetime import datetime

from sqlalchemy import select

from volunteer_match import clock, queue
from volunteer_match.actor import Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.errors import ConflictError, NotFoundError, RuleBrokenError
from volunteer_match.notifications import rules
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.rules import MailState


def retry(actor: Actor, mail_id: str) -> None:
    """Send a failed or uncertain mail again, as if it had just been written."""
    mail = _mail(mail_id)
    now = clock.now()
    if mail.state not in rules.TROUBLED:
        raise ConflictError
    if mail.expires_at is not None and mail.expires_at <= now:
        raise RuleBrokenError("mail_too_late")
    mail.state = MailState.QUEUED
    mail.wanted_at = mail.due_at = now
    mail.attempts = mail.ambiguous = mail.stumbles = 0
    mail.last_error = None
    audit.record(actor, "mail_retry", "mail", mail.id, kind=mail.kind)
    queue.wake("mail")


def close(actor: Actor, mail_id: str) -> None:
    """Note that the recipient knows by other means: the mail is not sent any more."""
    mail = _mail(mail_id)
    if mail.state not in rules.CLOSEABLE:
        raise ConflictError
    audit.record(actor, "mail_close", "mail", mail.id, kind=mail.kind, source=mail.state)
    mail.state, mail.sealed = MailState.CLOSED, None


def forget_texts(now: datetime) -> None:
    """Forget what old mails said and whom they went to; a batch at a time, until none is left."""
    old = EmailMessage.created_at < now - rules.TEXTS_KEPT
    settled = EmailMessage.state.in_(rules.DONE | rules.CLOSEABLE - {MailState.QUEUED})
    told = EmailMessage.recipient_name != ""
    for mail in db.session.scalars(select(EmailMessage).where(settled, old, told).limit(_BATCH)):
        mail.facts, mail.sealed, mail.last_error = {}, None, None
        mail.recipient_name, mail.recipient_email = "", None
        mail.dedupe_key = f"forgotten:{mail.id}"  # it may name an address
        if mail.state not in rules.DONE:
            mail.state = MailState.EXPIRED


_BATCH = 500


def _mail(mail_id: str) -> EmailMessage:
    mail = db.session.get(EmailMessage, mail_id, with_for_update=True, populate_existing=True)
    if mail is None:
        raise NotFoundError(mail_id)
    return mail
