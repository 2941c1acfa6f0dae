"""Reads the outbox for people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from volunteer_match import clock
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.notifications import rules
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.render import Outgoing
from volunteer_match.notifications.rules import MailState

GROUPS: dict[str, Collection[MailState]] = {
    "trouble": rules.TROUBLED,
    "phone": (MailState.SUPPRESSED,),
    "waiting": (MailState.QUEUED, *rules.HELD),
    "sent": (MailState.SENT,),
    "closed": (MailState.EXPIRED, MailState.CLOSED),
}
"""How the mail log is sorted: what needs a person first."""


@dataclass(frozen=True)
class Failures:
    """How many mails need a person."""

    failed: int
    """Given up, or uncertain after two tries."""
    phone: int
    """The recipient has no address: call."""
    late: int
    """Still tried, but waiting too long."""
    oldest_due_at: datetime | None
    """Since when the mail that waits longest should be gone."""


def failures(now: datetime | None = None) -> Failures:
    """Count the mails that need a person."""
    late = _late(now or clock.now())
    row = db.session.execute(
        select(
            func.count().filter(EmailMessage.state.in_(rules.TROUBLED)),
            func.count().filter(EmailMessage.state == MailState.SUPPRESSED),
            func.count().filter(late),
            func.min(EmailMessage.wanted_at).filter(late),
        ).where(EmailMessage.state.not_in(rules.DONE))
    ).one()
    return Failures(*row)


def to_tell(but_kinds: Collection[str], limit: int = 50) -> Sequence[EmailMessage]:
    """Return what people without an address have to be told by phone, oldest first."""
    query = select(EmailMessage).where(_to_tell(but_kinds)).order_by(EmailMessage.created_at, EmailMessage.id)
    return db.session.scalars(query.limit(limit)).all()


def count_to_tell(but_kinds: Collection[str]) -> int:
    """Return how many such messages wait for a call."""
    return db.session.scalar(select(func.count()).where(_to_tell(but_kinds))) or 0


def _to_tell(but_kinds: Collection[str]) -> ColumnElement[bool]:
    now = clock.now()
    current = or_(EmailMessage.expires_at.is_(None), EmailMessage.expires_at > now)
    newer = aliased(EmailMessage)
    # What came later about the same thing makes the earlier news stale, told or not.
    overtaken = exists().where(
        newer.user_id == EmailMessage.user_id,
        newer.subject_id == EmailMessage.subject_id,
        newer.created_at > EmailMessage.created_at,
    )
    open_ = EmailMessage.state == MailState.SUPPRESSED
    return and_(open_, EmailMessage.kind.not_in(but_kinds), current, ~overtaken)


def counts() -> dict[str, int]:
    """Return how many mails each group of the log holds."""
    states = select(EmailMessage.state, func.count()).group_by(EmailMessage.state)
    found = {str(state): int(number) for state, number in db.session.execute(states)}
    return {group: sum(found.get(state, 0) for state in held) for group, held in GROUPS.items()}


def log(group: str | None, words: str, start: int, size: int) -> tuple[Sequence[EmailMessage], int]:
    """Return part of the mail log, newest first, and how long the whole of it is."""
    condition = and_(*_conditions(group, words))
    total = db.session.scalar(select(func.count()).select_from(EmailMessage).where(condition)) or 0
    query = (
        select(EmailMessage)
        .where(condition)
        .order_by(EmailMessage.created_at.desc(), EmailMessage.id)
        .offset(start)
        .limit(size)
    )
    return db.session.scalars(query).all(), total


def mail(mail_id: str) -> EmailMessage:
    """Return one mail of the log, or raise NotFoundError."""
    found = db.session.get(EmailMessage, mail_id)
    if found is None:
        raise NotFoundError(mail_id)
    return found


def outgoing(row: EmailMessage) -> Outgoing:
    """Return what the renderer needs of a mail, without its secrets."""
    return Outgoing(
        id=row.id,
        kind=row.kind,
        name=row.recipient_name,
        email=row.recipient_email or "",
        locale=row.locale,
        facts=row.facts,
        secrets={},
    )


def about(subject_id: str) -> Sequence[EmailMessage]:
    """Return the mails about one thing, newest first."""
    query = (
        select(EmailMessage)
        .where(EmailMessage.subject_id == subject_id)
        .order_by(EmailMessage.created_at.desc(), EmailMessage.id)
    )
    return db.session.scalars(query).all()


def _conditions(group: str | None, words: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [EmailMessage.state.in_(list(GROUPS.get(group or "", MailState)))]
    if words:
        name = EmailMessage.recipient_name.icontains(words, autoescape=True)
        conditions.append(or_(name, EmailMessage.recipient_email.icontains(words, autoescape=True)))
    return conditions


def _late(now: datetime) -> ColumnElement[bool]:
    waiting = EmailMessage.state.in_((MailState.QUEUED, *rules.HELD))
    return and_(waiting, EmailMessage.wanted_at <= now - rules.LATE_AFTER)
