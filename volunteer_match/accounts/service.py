"""Accounts, their roles, their sessions, and the links that are mailed to people."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from volunteer_match import clock
from volunteer_match.accounts import messages, queries, rules
from volunteer_match.accounts.models import LoginSession, RoleGrant, SignInAttempt, Token, User
from volunteer_match.actor import STAFF, Actor, Channel, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.errors import ExpiredLinkError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.notifications import outbox

# People and roles


def register_person(
    actor: Actor, name: str, email: str | None, phone: str | None, locale: str, role: Role
) -> User:
    """Return the account of a person, made now or known by its address already.

    A known account stays as it is; it gains the role only when the actor is that person, staff or a trusted
    channel, so that typing somebody's address into a public form changes nothing of theirs.
    """
    email = email.strip().lower() if email else None
    known = queries.user_by_email(email) if email else None
    if known is None:
        known = _add_person(actor, name, email, phone, locale)
        if known is not None:
            return _with_first_role(actor, known, role)
        known = queries.user_by_email(email or "")  # somebody registered the same address meanwhile
        assert known is not None  # noqa: S101 - the unique address was the only way to fail
    if actor.user_id == known.id or actor.has(*STAFF) or actor.trusted:
        grant_role(actor, known.id, role)
    return known


def _add_person(actor: Actor, name: str, email: str | None, phone: str | None, locale: str) -> User | None:
    person = User(
        name=name,
        email=email,
        phone=phone,
        locale=locale,
        created_at=clock.now(),
        created_by_id=actor.user_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        return None
    return person


def _with_first_role(actor: Actor, person: User, role: Role) -> User:
    _check_may_grant(actor, role)
    person.grants.append(RoleGrant(user_id=person.id, role=role))
    audit.record(actor, "account_registered", "account", person.id, role=role)
    db.session.flush()  # callers refer to the account by its key
    return person


def grant_role(actor: Actor, user_id: str, role: Role) -> None:
    """Give the account a role; a role of the staff ends its sessions, which had less proof."""
    _check_may_grant(actor, role)
    person = queries.user(user_id)
    if role in person.roles:
        return
    person.grants.append(RoleGrant(user_id=user_id, role=role))
    audit.record(actor, "role_granted", "account", user_id, role=role)
    db.session.flush()  # who asks for the roles next must see the new one
    if role in STAFF:
        end_sessions(user_id)


def revoke_role(actor: Actor, user_id: str, role: Role) -> None:
    """Take a role from the account and end its sessions; the last administrator stays."""
    _check_may_grant(actor, role)
    person = queries.user(user_id)
    grant = next((g for g in person.grants if g.role == role), None)
    if grant is None:
        return
    if role is Role.ADMINISTRATOR:
        _check_not_last(user_id)
    person.grants.remove(grant)
    audit.record(actor, "role_revoked", "account", user_id, role=role)
    end_sessions(user_id)


def _check_may_grant(actor: Actor, role: Role) -> None:
    trusted = actor.channel in (Channel.CLI, Channel.SYSTEM) or actor.has(Role.ADMINISTRATOR)
    if role in STAFF and not trusted:
        raise ForbiddenError("only administrators decide about the staff")


def _check_not_last(user_id: str) -> None:
    if not queries.other_administrators(user_id):
        raise RuleBrokenError("last_administrator")


def disable(actor: Actor, user_id: str) -> None:
    """Close the account: its sessions end at once and nobody can sign in to it."""
    person = queries.user(user_id)
    if person.disabled_at is not None:
        return
    if person.roles & STAFF:
        _check_may_grant(actor, Role.ADMINISTRATOR)
    if Role.ADMINISTRATOR in person.roles:
        _check_not_last(user_id)
    person.disabled_at = clock.now()
    audit.record(actor, "account_disabled", "account", user_id)
    end_sessions(user_id)
    void_tokens(user_id)


def enable(actor: Actor, user_id: str) -> None:
    """Open a disabled account again."""
    person = queries.user(user_id)
    if person.disabled_at is None:
        return
    if person.roles & STAFF:
        _check_may_grant(actor, Role.ADMINISTRATOR)
    person.disabled_at = None
    audit.record(actor, "account_enabled", "account", user_id)


# Own data


def edit_own_data(actor: Actor, name: str, phone: str | None, locale: str) -> None:
    """Change what people may change of their own account."""
    person = queries.user(actor.user_id or "")
    changed = [
        field
        for field, value in (("name", name), ("phone", phone or None), ("locale", locale))
        if getattr(person, field) != value
    ]
    person.name, person.phone, person.locale = name, phone or None, locale
    if changed:
        audit.record(actor, "account_edited", "account", person.id, fields=changed)


def choose_locale(user_id: str, locale: str) -> None:
    """Keep the language a signed-in person chose."""
    queries.user(user_id).locale = locale


def ask_for_new_address(actor: Actor, email: str) -> None:
    """Mail a link to the new address; the old one stays valid until it is used."""
    person = queries.user(actor.user_id or "")
    email = email.strip().lower()
    if email == person.email:
        return
    taken = queries.user_by_email(email)
    if taken is not None:
        # The form answers as always: it must not tell who has an account.
        outbox.put(messages.sign_in_hint(taken, email, taken.name, taken.locale, new_id()))
        return
    void_tokens(person.id, rules.Purpose.ADDRESS)
    raw = issue_token(rules.Purpose.ADDRESS, person.id, rules.ADDRESS_LIFETIME, {"email": email})
    expires_at = clock.now() + rules.ADDRESS_LIFETIME
    outbox.put(messages.address_change(person, email, raw, expires_at))


def change_address(raw: str) -> User:
    """Use the link mailed to the new address, and tell the old one."""
    used = consume_token(rules.Purpose.ADDRESS, raw)
    person, email = queries.user(used.subject_id), str(used.facts["email"])
    if queries.user_by_email(email) is not None:
        raise RuleBrokenError("address_taken")
    move_mails(person, email)  # but not the notice, which is for the old address
    if person.email:
        outbox.put(messages.notice(person, "address_changed", new_id()))
    person.email, person.email_confirmed_at = email, clock.now()
    audit.record(Actor(person.id, channel=Channel.MAIL), "address_changed", "account", person.id)
    void_tokens(person.id)  # whatever was mailed to the old address
    db.session.flush()  # a second account with the address must fail here
    return person


def move_mails(person: User, email: str | None) -> None:
    """Let mails that wait for a person follow to the new address, with the links in them."""
    if person.email is None:
        return

    def ends(raw: str) -> bool:
        link = db.session.get(Token, rules.digest(raw))
        return link is not None and link.subject_id == person.id  # one that signs in

    for raw in outbox.readdress(person.id, person.email, email, ends):
        link = db.session.get(Token, rules.digest(raw))
        if link is not None and link.facts.get("email") == person.email:
            link.facts = {**link.facts, "email": email}


def confirm_address(user_id: str) -> None:
    """Note that a link mailed to the address of the account was used."""
    person = queries.user(user_id)
    person.email_confirmed_at = person.email_confirmed_at or clock.now()


# Mailed links


def issue_token(
    purpose: str, subject_id: str, lifetime: timedelta, facts: Mapping[str, Any] | None = None
) -> str:
    """Return the secret of a fresh link; the table keeps only its hash."""
    raw = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        Token(
            hash=rules.digest(raw),
            purpose=purpose,
            subject_id=subject_id,
            facts=dict(facts or {}),
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    db.session.flush()  # it may be used later in the same transaction
    return raw


def read_token(purpose: str, raw: str) -> Token:
    """Return a link that could be used now without using it, or raise ExpiredLinkError."""
    found = queries.token(purpose, rules.digest(raw))
    if found is None:
        raise ExpiredLinkError("unknown")
    if found.used_at is not None:
        raise ExpiredLinkError("used")
    if found.expires_at <= clock.now():
        raise ExpiredLinkError("expired")
    return found


def consume_token(purpose: str, raw: str) -> Token:
    """Use a link: of any number of simultaneous uses exactly one gets it, the others ExpiredLinkError."""
    now = clock.now()
    unused = (
        update(Token)
        .where(Token.hash == rules.digest(raw), Token.purpose == purpose)
        .where(Token.used_at.is_(None), Token.expires_at > now)
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(unused).rowcount == 1:  # type: ignore[attr-defined]
        found = queries.token(purpose, rules.digest(raw))
        assert found is not None  # noqa: S101 - it was just updated
        return found
    read_token(purpose, raw)
    raise ExpiredLinkError("used")


def addressed_to(person: User) -> dict[str, Any]:
    """Return the facts by which a link about something else knows whose mailbox it went to."""
    return {"user_id": person.id, "email": person.email}


def addressee(token: Token) -> User:
    """Return whom the link was mailed to; ExpiredLinkError when the account is closed or has moved away."""
    person = queries.user(str(token.facts["user_id"]))
    if person.disabled_at is not None or person.email != token.facts.get("email"):
        raise ExpiredLinkError("used")
    return person


def void_tokens(subject_id: str, *purposes: str) -> None:
    """Make every unused link of these purposes worthless; without purposes, of every capability's."""
    which = [Token.purpose.in_(purposes)] if purposes else []
    db.session.execute(
        update(Token)
        .where(Token.subject_id == subject_id, Token.used_at.is_(None), *which)
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )


# Sessions


def open_session(user_id: str, strength: str, user_agent: str) -> str:
    """Start a session and return the secret its cookie carries."""
    person = queries.user(user_id)
    secret, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        LoginSession(
            id=rules.digest(secret),
            public_id=new_id(),
            user_id=user_id,
            strength=strength,
            created_at=now,
            last_seen_at=now,
            expires_at=now + rules.session_life(strength, person.roles).absolute,
            user_agent=user_agent[:200],
            confirmed_at=now if strength == rules.Strength.FULL else None,
        )
    )
    audit.record(Actor(user_id), "signed_in", "account", user_id, strength=strength)
    return secret


def end_session(session: str) -> None:
    """End one session, known by the hash of its secret."""
    _end(LoginSession.id == session)


def end_own_session(actor: Actor, public_id: str) -> None:
    """End one of the actor's own sessions."""
    if not _end(LoginSession.public_id == public_id, LoginSession.user_id == actor.user_id):
        raise NotFoundError("session")


def end_sessions(user_id: str, but: str | None = None) -> int:
    """End every session of the account, except maybe the one in use; return how many."""
    if but is None:
        return _end(LoginSession.user_id == user_id)
    return _end(LoginSession.user_id == user_id, LoginSession.id != but)


def _end(*which: Any) -> int:
    ended = (
        update(LoginSession)
        .where(LoginSession.ended_at.is_(None), *which)
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return int(db.session.execute(ended).rowcount)  # type: ignore[attr-defined]


def touch_session(session: str) -> None:
    """Note that the session is in use."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session)
        .values(last_seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def confirm_session(session: str) -> None:
    """Note that the second factor was shown again in this session."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session)
        .values(confirmed_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def tidy(now: datetime) -> None:
    """Forget tries, links and sessions that nobody can use or ask about any more."""
    month_ago = now - timedelta(days=30)
    for stale in (
        delete(SignInAttempt).where(SignInAttempt.at < now - rules.ATTEMPTS_KEPT),
        delete(Token).where(Token.expires_at < month_ago),
        delete(LoginSession).where(LoginSession.expires_at < month_ago),
    ):
        db.session.execute(stale.execution_options(synchronize_session=False))
