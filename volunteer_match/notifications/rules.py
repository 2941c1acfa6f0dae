"""When a mail is tried again, and when it is given up."""

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


BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60))
GIVE_UP_AFTER = timedelta(hours=72)


def next_attempt(now: datetime, created: datetime, attempts: int, jitter: float) -> datetime | None:
    """Return when to try again after that many attempts, or None when it is time to give up.

    `jitter` in [-1, 1] spreads retries by up to a fifth of the pause.
    """
    if now - created >= GIVE_UP_AFTER:
        return None
    pause = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return now + pause * (1 + 0.2 * jitter)
