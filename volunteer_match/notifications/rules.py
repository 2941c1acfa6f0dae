"""When a mail is tried again, and when it is given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class MailState(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    """The recipient has no address: somebody has to call."""
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"
    """Twice nobody could tell whether it arrived: sending again could make a third copy."""
    CLOSED = "closed"
    """A coordinator dealt with it another way."""


class Outcome(StrEnum):
    """How one try ended."""

    SENT = "sent"
    DEFERRED = "deferred"
    """The server asked to come back later with this mail."""
    REFUSED = "refused"
    """The server will never take this mail."""
    UNREACHABLE = "unreachable"
    """The server takes no mail at all now: not the fault of this one."""
    UNKNOWN = "unknown"
    """The connection broke after the data was sent: it may have arrived."""
    UNREADABLE = "unreadable"
    """The templates could not word it, or its sealed link cannot be opened."""
    INTERRUPTED = "interrupted"
    """The worker died while it held the mail, before sending it."""


BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60))
GIVE_UP_AFTER = timedelta(hours=72)
LEASE = timedelta(minutes=5)
LATE_AFTER = timedelta(minutes=30)
"""A mail that waits longer than this is shown to the coordinators."""
TEXTS_KEPT = timedelta(days=90)
"""As the privacy notice says; afterwards the log knows that there was a mail, and of which kind."""
STUMBLES_ALLOWED = {Outcome.UNREADABLE: 3, Outcome.INTERRUPTED: 10}
COPIES_ALLOWED = 2

TROUBLED = frozenset({MailState.FAILED, MailState.UNCERTAIN})
"""Nobody will try again by itself."""
HELD = frozenset({MailState.CLAIMED, MailState.SENDING})
DONE = frozenset({MailState.SENT, MailState.EXPIRED, MailState.CLOSED})
"""Nothing will be sent any more: link secrets are forgotten."""
CLOSEABLE = TROUBLED | {MailState.SUPPRESSED, MailState.QUEUED}


@dataclass(frozen=True)
class Standing:
    """What was tried so far with one mail."""

    attempts: int
    ambiguous: int
    stumbles: int
    wanted_at: datetime


@dataclass(frozen=True)
class Verdict:
    """What becomes of a mail after a try."""

    state: MailState
    standing: Standing
    due_at: datetime


def next_attempt(now: datetime, wanted: datetime, attempts: int, jitter: float) -> datetime | None:
    """Return when to try again after that many attempts, or None when it is time to give up.

    `jitter` in [-1, 1] spreads retries by up to a fifth of the pause.
    """
    if now - wanted >= GIVE_UP_AFTER:
        return None
    pause = BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
    return now + pause * (1 + 0.2 * jitter)


def judge(outcome: Outcome, before: Standing, now: datetime, jitter: float) -> Verdict:
    """Decide what becomes of a mail after a try that ended so."""
    after = _counted(outcome, before)
    if outcome is Outcome.SENT:
        return Verdict(MailState.SENT, after, now)
    if outcome is Outcome.REFUSED or after.stumbles >= STUMBLES_ALLOWED.get(outcome, after.stumbles + 1):
        return Verdict(MailState.FAILED, after, now)
    if after.ambiguous >= COPIES_ALLOWED:
        return Verdict(MailState.UNCERTAIN, after, now)
    tries = 1 if outcome is Outcome.UNREACHABLE else after.attempts + after.stumbles
    again = next_attempt(now, before.wanted_at, tries, jitter)
    return Verdict(MailState.QUEUED if again else MailState.FAILED, after, again or now)


def _counted(outcome: Outcome, before: Standing) -> Standing:
    stumbled = outcome in STUMBLES_ALLOWED
    burnt = not stumbled and outcome is not Outcome.UNREACHABLE
    return Standing(
        attempts=before.attempts + burnt,
        ambiguous=before.ambiguous + (outcome is Outcome.UNKNOWN),
        stumbles=before.stumbles + stumbled,
        wanted_at=before.wanted_at,
    )
