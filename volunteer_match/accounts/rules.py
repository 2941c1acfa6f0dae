"""Lifetimes, limits and passwords: decisions from plain data."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from volunteer_match.actor import STAFF, Role


class Strength(StrEnum):
    """How a browser proved who is using it."""

    LINK = "link"
    PENDING = "pending"
    """The second factor is still due: nobody is signed in yet."""
    FULL = "full"


class Purpose(StrEnum):
    """What a mailed link of this capability is good for."""

    SIGN_IN = "sign_in"
    SIGN_IN_CODE = "sign_in_code"
    INVITATION = "invitation"
    RESET = "reset"
    ADDRESS = "address"


SIGN_IN_LIFETIME = timedelta(minutes=10)
RESET_LIFETIME = timedelta(hours=1)
ADDRESS_LIFETIME = timedelta(hours=24)
INVITATION_LIFETIME = timedelta(days=7)
SECOND_FACTOR_LIFETIME = timedelta(minutes=10)
CONFIRMED_LIFETIME = timedelta(minutes=15)
CODE_TRIES = 5
CODE_DIGITS = 6
RECOVERY_CODES = 10


@dataclass(frozen=True)
class SessionLife:
    """How long a sign-in lasts: without a request, and at most."""

    idle: timedelta
    absolute: timedelta


_PENDING = SessionLife(idle=SECOND_FACTOR_LIFETIME, absolute=SECOND_FACTOR_LIFETIME)
_STAFF = SessionLife(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
_OTHERS = SessionLife(idle=timedelta(hours=24), absolute=timedelta(days=30))


def session_life(strength: str, roles: frozenset[Role]) -> SessionLife:
    """Return how long a session of this strength lasts for people with these roles."""
    if strength == Strength.PENDING:
        return _PENDING
    return _STAFF if roles & STAFF else _OTHERS


def strong_enough(strength: str, roles: frozenset[Role]) -> bool:
    """Tell whether the session lets people with these roles in: staff never by a mailed link alone."""
    return strength == Strength.FULL or (strength == Strength.LINK and not roles & STAFF)


def confirmed_recently(confirmed_at: datetime | None, now: datetime) -> bool:
    """Tell whether the second factor was shown lately enough for the gravest acts."""
    return confirmed_at is not None and now - confirmed_at <= CONFIRMED_LIFETIME


@dataclass(frozen=True)
class Limit:
    """How many tries within a span of time."""

    tries: int
    within: timedelta


@dataclass(frozen=True)
class Limits:
    """The limits of one kind of try: for the account aimed at and for the network address it comes from."""

    account: Limit
    network: Limit


_FIVE_MINUTES = timedelta(minutes=5)
LIMITS = {
    "password": Limits(Limit(10, _FIVE_MINUTES), Limit(20, _FIVE_MINUTES)),
    "second_factor": Limits(Limit(10, _FIVE_MINUTES), Limit(20, _FIVE_MINUTES)),
    # A whole hall of volunteers may sit behind one network address.
    "mail": Limits(Limit(5, timedelta(minutes=15)), Limit(60, timedelta(minutes=15))),
    # Anybody may register an institution, and each invitation is a mail to a stranger.
    "invitation": Limits(Limit(20, timedelta(days=1)), Limit(60, timedelta(days=1))),
}
"""Tries of each kind. Of a password or a code only the wrong ones stay; every mail that was sent counts."""
ASKING = frozenset({"mail", "invitation"})
"""Tries in which nothing is guessed."""
ATTEMPTS_KEPT = timedelta(days=1, hours=1)


def digest(text: str) -> str:
    """Return the SHA-256 of a secret, as tables keep it."""
    return hashlib.sha256(text.encode()).hexdigest()


SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
_LEAST_SCORE = 3
_LEFT_WITHOUT_CONTEXT = 8
CONTEXT_WORDS = (
    "gromada", "gromadka", "wolontariat", "wolontariusz", "wolontariuszka", "volunteer", "match", "klub",
    "klubik", "swietlica", "dzieci", "dziecko", "gmina", "miasto", "urzad", "szkola", "koordynator", "wesola",
    "haslo", "password", "admin", "administrator", "zaq12wsx", "qwerty",
)  # fmt: skip


def plain(text: str) -> str:
    """Return the letters and digits of a text in lower case without diacritics."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return re.sub(r"[^a-z0-9]", "", folded)


def context_words(*texts: str) -> tuple[str, ...]:
    """Return the words a password must not be made of: ours, and those of the account."""
    own = {plain(word) for text in texts for word in re.split(r"[\s@._-]+", text)}
    return (*CONTEXT_WORDS, *sorted(word for word in own if len(word) >= 3))


def length_fault(password: str) -> str | None:
    """Return the code of what is wrong with the length, before anything costly looks at the password."""
    if len(password) < SHORTEST_PASSWORD:
        return "password_short"
    return "password_long" if len(password) > LONGEST_PASSWORD else None


def password_fault(password: str, score: int, context: Iterable[str]) -> str | None:
    """Return the code of what is wrong with a password whose guessability was scored 0 to 4."""
    fault = length_fault(password)
    if fault:
        return fault
    if score < _LEAST_SCORE:
        return "password_easy"
    return "password_context" if _made_of(context, password) else None


def _made_of(context: Iterable[str], password: str) -> bool:
    before = left = plain(password)
    for word in sorted(context, key=len, reverse=True):
        left = left.replace(word, "")
    return left != before and len(left) < _LEFT_WITHOUT_CONTEXT
