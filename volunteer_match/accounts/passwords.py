"""Passwords: how good they are, how they are kept, and how many may be tried at once."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from volunteer_match.accounts import rules

# 60 ms each on a small machine; two at once leave it room for everybody else's pages.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_permits = threading.BoundedSemaphore(2)
_scoring = threading.Lock()  # zxcvbn keeps the words of the caller in a global
# Of no password at all: unknown addresses must cost as much time as known ones.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$6UNkP2Y+X77mXSfSY+DtAw$a4thucn8gHwDpxcKqVvqHTSJt+l8PORVXVhSTlmLVHc"


def fault(password: str, *about: str) -> str | None:
    """Return the code of what is wrong with a new password, given words about its owner."""
    from zxcvbn import zxcvbn  # 0.2 s to import: only when somebody chooses a password

    too_short_or_long = rules.length_fault(password)
    if too_short_or_long:
        return too_short_or_long
    context = rules.context_words(*about)
    with _scoring:
        score = zxcvbn(password, user_inputs=list(context), max_length=rules.LONGEST_PASSWORD)["score"]
    return rules.password_fault(password, int(score), context)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _permits:
        return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Tell whether it is the password that was kept; without one, take the same time to say no."""
    with _permits:
        try:
            _hasher.verify(kept or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)
