"""Reads accounts, their sessions and links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from volunteer_match.accounts.models import LoginSession, RecoveryCode, RoleGrant, SignInAttempt, Token, User
from volunteer_match.actor import STAFF, Role
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError


@dataclass(frozen=True)
class SignedIn:
    """A browser that showed the secret of a session which has not ended."""

    session: str
    public_id: str
    user_id: str
    name: str
    locale: str
    roles: frozenset[Role]
    strength: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None


def signed_in(session: str) -> SignedIn | None:
    """Return whose open session this is, in one statement; ended ones and disabled accounts have none."""
    rows = db.session.execute(_open_session(session)).all()
    if not rows:
        return None
    kept: dict[str, Any] = dict(zip(_SIGNED_IN_COLUMNS, rows[0], strict=False))
    return SignedIn(**kept, roles=frozenset(Role(row.role) for row in rows if row.role))


_SIGNED_IN_COLUMNS = {
    "session": LoginSession.id,
    "public_id": LoginSession.public_id,
    "user_id": User.id,
    "name": User.name,
    "locale": User.locale,
    "strength": LoginSession.strength,
    "created_at": LoginSession.created_at,
    "last_seen_at": LoginSession.last_seen_at,
    "expires_at": LoginSession.expires_at,
    "confirmed_at": LoginSession.confirmed_at,
}


def _open_session(session: str) -> Select[*tuple[Any, ...]]:
    return (
        select(*_SIGNED_IN_COLUMNS.values(), RoleGrant.role)
        .join(User, User.id == LoginSession.user_id)
        .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
        .where(LoginSession.id == session, LoginSession.ended_at.is_(None), User.disabled_at.is_(None))
    )


def user(user_id: str) -> User:
    """Return the account, or raise NotFoundError."""
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFoundError("account")
    return found


def user_by_email(email: str) -> User | None:
    """Return the account with the address, disabled ones included."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def open_sessions(user_id: str, now: datetime) -> Sequence[LoginSession]:
    """Return the browsers in which the account is signed in, latest first."""
    query = (
        select(LoginSession)
        .where(
            LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > now
        )
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.public_id)
    )
    return db.session.scalars(query).all()


def token(purpose: str, hashed: str) -> Token | None:
    """Return the link of this purpose, as the table has it now."""
    query = select(Token).where(Token.hash == hashed, Token.purpose == purpose)
    return db.session.scalar(query.execution_options(populate_existing=True))


def attempts_since(key: str, moment: datetime) -> int:
    """Return how many tries were counted for the key since the moment."""
    query = select(func.count()).where(SignInAttempt.key == key, SignInAttempt.at > moment)
    return db.session.scalar(query) or 0


def nth_latest_attempt(key: str, number: int, since: datetime) -> datetime | None:
    """Return when the try was made before which only `number - 1` were made later, if there are so many."""
    query = select(SignInAttempt.at).where(SignInAttempt.key == key, SignInAttempt.at > since)
    return db.session.scalar(query.order_by(SignInAttempt.at.desc()).offset(number - 1).limit(1))


def recovery_codes_left(user_id: str) -> int:
    """Return how many recovery codes the account has not used."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(query) or 0


def staff() -> Sequence[User]:
    """Return everyone with a role of the staff, by name."""
    holds = select(RoleGrant.user_id).where(RoleGrant.role.in_(STAFF))
    return db.session.scalars(select(User).where(User.id.in_(holds)).order_by(User.name_order, User.id)).all()


def other_administrators(user_id: str) -> int:
    """Return how many enabled administrators there are besides this one; waits for changes under way."""
    grants = select(RoleGrant.user_id).where(RoleGrant.role == Role.ADMINISTRATOR).order_by(RoleGrant.user_id)
    holders = db.session.scalars(grants.with_for_update()).all()
    enabled = select(func.count()).where(User.id.in_(holders), User.id != user_id, User.disabled_at.is_(None))
    return db.session.scalar(enabled) or 0


def examples(role: Role, limit: int) -> Sequence[User]:
    """Return the first few enabled accounts with the role that have an address."""
    query = (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == role, User.disabled_at.is_(None), User.email.is_not(None))
        .order_by(User.created_at, User.name_order, User.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()
