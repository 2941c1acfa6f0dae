"""Delivers what is due: claims one mail under a lease, words it, sends it, marks it.

Every step is a transaction of its own and every mark is fenced by the lease, so that a worker may die
anywhere and two may run at once. Only a mail whose data was on the wire when the worker died can be sent
a second time.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import ColumnElement, CursorResult, select, update

from volunteer_match import clock
from volunteer_match.db import db, new_id, retrying
from volunteer_match.notifications import rules, smtp
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.outbox import SealError, unseal
from volunteer_match.notifications.queries import outgoing
from volunteer_match.notifications.render import Outgoing, RenderError, render
from volunteer_match.notifications.rules import MailState, Outcome, Standing

log = logging.getLogger(__name__)
_OUTCOMES: dict[type[Exception], Outcome] = {
    RenderError: Outcome.UNREADABLE,
    SealError: Outcome.UNREADABLE,
    smtp.RetryableError: Outcome.DEFERRED,
    smtp.FinalError: Outcome.REFUSED,
    smtp.SessionError: Outcome.UNREACHABLE,
    smtp.AmbiguousError: Outcome.UNKNOWN,
}


class LostLeaseError(Exception):
    """Another worker holds the mail by now."""


@dataclass(frozen=True)
class Claim:
    """One mail in our hands until the lease ends."""

    mail: Outgoing
    sealed: str | None
    token: str
    standing: Standing


@dataclass
class Breaker:
    """Leaves an unreachable server alone for a while, longer each time."""

    pause: timedelta = timedelta(seconds=15)
    longest: timedelta = timedelta(minutes=5)
    until: datetime | None = None
    _next: timedelta = field(default=timedelta(0), init=False)

    def is_open(self, now: datetime) -> bool:
        """Tell whether the server is to be left alone."""
        return self.until is not None and now < self.until

    def failed(self, now: datetime) -> None:
        """Note that the server could not be reached."""
        self._next = min(max(self._next * 2, self.pause), self.longest)
        self.until = now + self._next

    def succeeded(self) -> None:
        """Note that the server answers."""
        self.until, self._next = None, timedelta(0)


def deliver_due(
    transport: smtp.Transport | None = None, *, stop: Callable[[], bool] = lambda: False, limit: int = 100_000
) -> Counter[Outcome]:
    """Send every mail that is due, until nothing is left, the server is gone, or `stop` says so."""
    results: Counter[Outcome] = Counter()
    breaker: Breaker = current_app.extensions.setdefault("mail_breaker", Breaker())
    tidy(clock.now())
    if breaker.is_open(clock.now()):
        return results
    with closing(transport or smtp.make_transport(current_app.config["SETTINGS"])) as carrier:
        while results.total() < limit and not stop():
            claim = _claim(clock.now())
            if claim is None:
                break
            outcome = _deliver(claim, carrier)
            results[outcome] += 1
            if outcome is Outcome.UNREACHABLE:
                breaker.failed(clock.now())
                break
            if outcome is not Outcome.UNREADABLE:
                breaker.succeeded()
    return results


def _deliver(claim: Claim, carrier: smtp.Transport) -> Outcome:
    outcome, words = Outcome.SENT, None
    try:
        mail = replace(claim.mail, secrets=unseal(claim.sealed))
        carrier.send(render(mail), lambda: _start_sending(claim, clock.now()))
    except LostLeaseError:
        return Outcome.INTERRUPTED
    except tuple(_OUTCOMES) as error:
        outcome, words = _OUTCOMES[type(error)], str(error)
        log.warning("mail %s of kind %s: %s", claim.mail.id, claim.mail.kind, outcome)
    _finish(claim, outcome, words, clock.now())
    return outcome


@retrying
def _claim(now: datetime) -> Claim | None:
    row = db.session.scalars(
        select(EmailMessage)
        .where(EmailMessage.state == MailState.QUEUED, EmailMessage.due_at <= now)
        .order_by(EmailMessage.due_at, EmailMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)  # marks are set by statements the session does not see
    ).first()
    if row is None:
        return None
    row.state, row.lease_token, row.lease_until = MailState.CLAIMED, new_id(), now + rules.LEASE
    db.session.flush()  # within the retried block: a lost race shows here
    return Claim(outgoing(row), row.sealed, row.lease_token, _standing(row))


def _standing(row: EmailMessage) -> Standing:
    return Standing(row.attempts, row.ambiguous, row.stumbles, row.wanted_at)


@retrying
def _start_sending(claim: Claim, now: datetime) -> None:
    if not _mark(claim, (MailState.CLAIMED,), state=MailState.SENDING, lease_until=now + rules.LEASE):
        raise LostLeaseError(claim.mail.id)


@retrying
def _finish(claim: Claim, outcome: Outcome, words: str | None, now: datetime) -> None:
    if not _mark(claim, tuple(rules.HELD), **_after(outcome, claim.standing, words, now)):
        log.warning("mail %s was finished by another worker", claim.mail.id)


def _mark(claim: Claim, states: tuple[MailState, ...], **values: Any) -> bool:
    changed = db.session.execute(
        update(EmailMessage)
        .where(
            EmailMessage.id == claim.mail.id,
            EmailMessage.lease_token == claim.token,
            EmailMessage.state.in_(states),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], changed).rowcount == 1


def _after(outcome: Outcome, standing: Standing, words: str | None, now: datetime) -> dict[str, Any]:
    """Return the columns of a mail after a try that ended so."""
    verdict = rules.judge(outcome, standing, now, random.uniform(-1, 1))  # noqa: S311 - jitter, not a secret
    values: dict[str, Any] = {
        "state": verdict.state,
        "due_at": verdict.due_at,
        "attempts": verdict.standing.attempts,
        "ambiguous": verdict.standing.ambiguous,
        "stumbles": verdict.standing.stumbles,
        "lease_token": None,
        "lease_until": None,
        "last_error": words[:500] if words else None,
    }
    if verdict.state is MailState.SENT:
        values |= {"sent_at": now, "sealed": None}
    return values


@retrying
def tidy(now: datetime) -> None:
    """Let go of what came too late and take back what dead workers held."""
    over = EmailMessage.expires_at <= now
    waiting = EmailMessage.state.in_([MailState.QUEUED, MailState.SUPPRESSED])
    _update(over, waiting, state=MailState.EXPIRED, sealed=None)
    _update(over, EmailMessage.state.in_(rules.TROUBLED), EmailMessage.sealed.is_not(None), sealed=None)
    stale = (
        select(EmailMessage)
        .where(EmailMessage.state.in_(rules.HELD), EmailMessage.lease_until <= now)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for row in db.session.scalars(stale):
        outcome = Outcome.UNKNOWN if row.state == MailState.SENDING else Outcome.INTERRUPTED
        for column, value in _after(outcome, _standing(row), f"worker died: {outcome}", now).items():
            setattr(row, column, value)
    db.session.flush()  # an expired lease is taken back before the next claim reads


def _update(*conditions: ColumnElement[bool], **values: Any) -> None:
    db.session.execute(
        update(EmailMessage).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )
