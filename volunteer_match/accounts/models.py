"""Accounts, roles, sign-in sessions and mailed links."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from volunteer_match.accounts.rules import Strength
from volunteer_match.actor import Role
from volunteer_match.db import Base, Identified, Versioned, one_of
from volunteer_match.polish import sort_text


class User(Identified, Versioned, Base):
    """A person's account; a volunteer entered by phone may have no address."""

    __tablename__ = "user_account"

    name: Mapped[str] = mapped_column(String(120))
    name_order: Mapped[str] = mapped_column(String(240), index=True)
    """Follows the name: databases do not sort Ć, Ł and Ż where Polish does."""
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    email_confirmed_at: Mapped[datetime | None]
    phone: Mapped[str | None] = mapped_column(String(30))
    locale: Mapped[str] = mapped_column(String(5), default="pl")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(Text)
    """Sealed with the installation's key; set once the second factor is confirmed."""
    totp_last_step: Mapped[int] = mapped_column(default=0)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(String(22))
    """The coordinator who entered the person, when it was not the person."""

    grants: Mapped[list["RoleGrant"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @validates("name")
    def _keep_order(self, _field: str, name: str) -> str:
        self.name_order = sort_text(name[:120])
        return name

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles the account holds."""
        return frozenset(Role(grant.role) for grant in self.grants)


class RoleGrant(Base):
    """One role of one account."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint(one_of("role", Role), name="role"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class LoginSession(Base):
    """A signed-in browser; ending it here ends it at once, whatever cookie is replayed."""

    __tablename__ = "login_session"
    __table_args__ = (CheckConstraint(one_of("strength", Strength), name="strength"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the secret in the cookie, so that a stolen table opens nothing."""
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    strength: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    confirmed_at: Mapped[datetime | None]
    """When the second factor was last shown in this browser."""


class Token(Base):
    """A mailed link or code: 256 random bits, stored hashed, used once by compare-and-set."""

    __tablename__ = "token"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(22), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """How often a typed code was compared; counted before comparing, so that parallel tries all count."""


class SignInAttempt(Identified, Base):
    """One try to sign in, written before tries are counted so that parallel ones all count."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    key: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the account's address or of the network address."""
    at: Mapped[datetime]


class RecoveryCode(Base):
    """A one-time replacement for a lost second factor."""

    __tablename__ = "recovery_code"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None]
