"""The mails of accounts, as facts."""

from datetime import datetime

from volunteer_match.accounts.models import User
from volunteer_match.accounts.rules import digest
from volunteer_match.actor import STAFF
from volunteer_match.notifications.message import Kind, Message, Recipient, register

register(
    Kind("sign_in_link"),
    Kind("sign_in_hint"),
    Kind("staff_invitation"),
    Kind("password_reset"),
    Kind("address_change"),
    Kind("account_notice"),
)


def sign_in_link(person: User, raw: str, code: str, expires_at: datetime) -> Message:
    """Carry a link and a code, either of which signs in."""
    return Message(
        kind="sign_in_link",
        recipient=_to(person),
        subject_id=person.id,
        secrets={"token": raw, "code": code},
        facts={"expires_at": expires_at.isoformat()},
        occasion=digest(raw)[:22],
        expires_at=expires_at,
    )


def sign_in_hint(person: User | None, email: str, name: str, locale: str, occasion: str) -> Message:
    """Answer somebody who asked for a link that cannot be given: how to sign in instead, or how to join."""
    way = "none" if person is None or person.disabled_at else "password" if person.roles & STAFF else "mail"
    return Message(
        kind="sign_in_hint",
        recipient=Recipient(person.id if person else None, name, email, locale),
        subject_id=occasion,
        facts={"way": way},
        occasion=occasion,
    )


def staff_invitation(person: User, raw: str, roles: list[str], expires_at: datetime) -> Message:
    """Carry the link with which staff choose a password."""
    return Message(
        kind="staff_invitation",
        recipient=_to(person),
        subject_id=person.id,
        secrets={"token": raw},
        facts={"roles": roles, "expires_at": expires_at.isoformat()},
        occasion=digest(raw)[:22],
        expires_at=expires_at,
    )


def password_reset(person: User, raw: str, expires_at: datetime) -> Message:
    """Carry the link with which a forgotten password is replaced."""
    return Message(
        kind="password_reset",
        recipient=_to(person),
        subject_id=person.id,
        secrets={"token": raw},
        facts={"expires_at": expires_at.isoformat()},
        occasion=digest(raw)[:22],
        expires_at=expires_at,
    )


def address_change(person: User, email: str, raw: str, expires_at: datetime) -> Message:
    """Ask the new address whether it belongs to the person."""
    return Message(
        kind="address_change",
        recipient=Recipient(person.id, person.name, email, person.locale),
        subject_id=person.id,
        secrets={"token": raw},
        facts={"expires_at": expires_at.isoformat()},
        occasion=digest(raw)[:22],
        expires_at=expires_at,
    )


def notice(person: User, what: str, occasion: str) -> Message:
    """Tell a person that something about the safety of the account changed."""
    return Message(
        kind="account_notice",
        recipient=_to(person),
        subject_id=person.id,
        facts={"what": what},
        occasion=occasion,
    )


def _to(person: User) -> Recipient:
    return Recipient(person.id, person.name, person.email, person.locale)
