"""The second factor: codes of an authenticator app, each good once, and recovery codes for a lost phone."""

import secrets
from base64 import b32encode

import pyotp
import segno
from sqlalchemy import delete, update

from volunteer_match import clock
from volunteer_match.accounts import messages, queries, rules
from volunteer_match.accounts.models import RecoveryCode, User
from volunteer_match.actor import Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.notifications import outbox

_STEP = 30
_TOLERATED = (0, -1, 1)


def new_secret() -> str:
    """Return a fresh secret for an authenticator app."""
    return pyotp.random_base32()


def drawing(secret: str, name: str, issuer: str) -> str:
    """Return the secret as a QR code, as the address of an image."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="white", dark="black"))


def seal(secret: str) -> str:
    """Return the secret as it may be stored or put into a cookie."""
    return outbox.seal({"totp": secret})


def unseal(sealed: str) -> str:
    """Return a sealed secret."""
    return outbox.unseal(sealed)["totp"]


def step_of(secret: str, code: str) -> int | None:
    """Return the half-minute whose code this is, when it is near enough."""
    digits = "".join(code.split())
    current, app = int(clock.now().timestamp()) // _STEP, pyotp.TOTP(secret)
    for step in (current + offset for offset in _TOLERATED):
        if secrets.compare_digest(app.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def use(user_id: str, code: str) -> bool:
    """Use a code of the app or of the recovery list; each works once, whoever else tries it meanwhile."""
    person = queries.user(user_id)
    if person.totp_secret is None:
        return False
    step = step_of(unseal(person.totp_secret), code)
    if step is not None:
        return _use_step(user_id, step)
    return _use_recovery_code(person, code)


def _use_step(user_id: str, step: int) -> bool:
    newer = (
        update(User)
        .where(User.id == user_id, User.totp_last_step < step)
        .values(totp_last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(db.session.execute(newer).rowcount == 1)  # type: ignore[attr-defined]


def _use_recovery_code(person: User, code: str) -> bool:
    unused = (
        update(RecoveryCode)
        .where(RecoveryCode.hash == _kept(person.id, code), RecoveryCode.user_id == person.id)
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(unused).rowcount != 1:  # type: ignore[attr-defined]
        return False
    audit.record(Actor(person.id), "recovery_code_used", "account", person.id)
    outbox.put(messages.notice(person, "recovery_code_used", new_id()))
    return True


def set_up(user_id: str, secret: str, code: str) -> list[str] | None:
    """Make the app of the secret the second factor when its code is right; return fresh recovery codes."""
    step = step_of(secret, code)
    if step is None:
        return None
    person = queries.user(user_id)
    replaced = person.totp_secret is not None
    person.totp_secret, person.totp_last_step = seal(secret), step
    audit.record(Actor(user_id), "second_factor_set_up", "account", user_id, replaced=replaced)
    outbox.put(messages.notice(person, "second_factor_changed", new_id()))
    return new_recovery_codes(user_id)


def new_recovery_codes(user_id: str) -> list[str]:
    """Replace the recovery codes of the account and return the new ones, for the only time."""
    codes = [_random_code() for _ in range(rules.RECOVERY_CODES)]
    forget_recovery_codes(user_id)
    db.session.add_all(RecoveryCode(hash=_kept(user_id, code), user_id=user_id) for code in codes)
    audit.record(Actor(user_id), "recovery_codes_made", "account", user_id)
    return codes


def forget_recovery_codes(user_id: str) -> None:
    """Make every recovery code of the account worthless."""
    db.session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.user_id == user_id)
        .execution_options(synchronize_session=False)
    )


def _random_code() -> str:
    text = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


def _kept(user_id: str, code: str) -> str:
    return rules.digest(f"{user_id}:{rules.plain(code)}")
