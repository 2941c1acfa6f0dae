"""Counts tries to sign in: each is stored before they are counted, so that parallel ones all count."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from volunteer_match import clock
from volunteer_match.accounts import queries, rules
from volunteer_match.accounts.models import SignInAttempt
from volunteer_match.db import db


def note(kind: str, account: str, network: str) -> tuple[str, str]:
    """Store one try, to be committed before `within_limits` is asked; return what `forget` takes back."""
    now = clock.now()
    tries = [SignInAttempt(key=key, at=now) for key in _keys(kind, account, network)]
    db.session.add_all(tries)
    db.session.flush()  # the identifiers are handed out
    return tries[0].id, tries[1].id


def within_limits(kind: str, account: str, network: str) -> bool:
    """Tell whether this try, stored already, may go on."""
    limits, now = rules.LIMITS[kind], clock.now()
    by_account, by_network = _keys(kind, account, network)
    return (
        queries.attempts_since(by_account, now - limits.account.within) <= limits.account.tries
        and queries.attempts_since(by_network, now - limits.network.within) <= limits.network.tries
    )


def wait(kind: str, account: str, network: str) -> timedelta:
    """Return how long it takes until another try is within the limits."""
    limits, now = rules.LIMITS[kind], clock.now()
    pairs = zip(_keys(kind, account, network), (limits.account, limits.network), strict=True)
    free_at = [_free_at(key, limit, now) for key, limit in pairs]
    return max(free_at) - now


def _free_at(key: str, limit: rules.Limit, now: datetime) -> datetime:
    nth = queries.nth_latest_attempt(key, limit.tries, now - limit.within)
    return nth + limit.within if nth else now


def forget(tries: tuple[str, str]) -> None:
    """Take a try back that succeeded: only failures are to be limited."""
    db.session.execute(
        delete(SignInAttempt).where(SignInAttempt.id.in_(tries)).execution_options(synchronize_session=False)
    )


def _keys(kind: str, account: str, network: str) -> tuple[str, str]:
    return rules.digest(f"{kind}:account:{account}"), rules.digest(f"{kind}:network:{network}")
