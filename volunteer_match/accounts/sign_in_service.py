"""Ways in: a mailed link or code for volunteers and partners, a password and a second factor for staff."""

import secrets
from dataclasses import dataclass

from sqlalchemy import update

from volunteer_match import clock
from volunteer_match.accounts import messages, passwords, queries, rules, service
from volunteer_match.accounts.models import Token, User
from volunteer_match.accounts.rules import Purpose
from volunteer_match.actor import STAFF, Actor, Channel
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.errors import ExpiredLinkError
from volunteer_match.notifications import outbox


@dataclass(frozen=True)
class WayIn:
    """Who may be signed in, and where they wanted to go."""

    user_id: str
    target: str


def ask_for_link(email: str, locale: str, target: str) -> str:
    """Mail a link and a code, or to other addresses how to get in; return the secret the code is bound to.

    Known and unknown addresses leave the same rows behind, so that neither answer nor time tells them apart.
    """
    person, browser, code = queries.user_by_email(email), secrets.token_urlsafe(32), _random_code()
    welcome = person if person and _may_use_mail(person) else None
    subject = welcome.id if welcome else new_id()
    facts = {"next": target}
    raw = service.issue_token(Purpose.SIGN_IN, subject, rules.SIGN_IN_LIFETIME, facts)
    _add_code(browser, code, subject, facts)
    if welcome:
        expires_at = clock.now() + rules.SIGN_IN_LIFETIME
        outbox.put(messages.sign_in_link(welcome, raw, code, expires_at))
    else:
        _send_hint(person, email, locale)
    return browser


def _may_use_mail(person: User) -> bool:
    return person.disabled_at is None and not person.roles & STAFF


def _send_hint(person: User | None, email: str, locale: str) -> None:
    name, language = (person.name, person.locale) if person else (email, locale)
    outbox.put(messages.sign_in_hint(person, email, name, language, new_id()))


def _random_code() -> str:
    return f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"


def _add_code(browser: str, code: str, subject: str, facts: dict[str, str]) -> None:
    now = clock.now()
    db.session.add(
        Token(
            hash=rules.digest(browser),
            purpose=Purpose.SIGN_IN_CODE,
            subject_id=subject,
            # Six digits are soon tried through; bound to the browser's secret, the table alone is useless.
            facts={**facts, "code": rules.digest(f"{browser}:{code}")},
            created_at=now,
            expires_at=now + rules.SIGN_IN_LIFETIME,
        )
    )


def use_link(raw: str) -> WayIn:
    """Use the mailed link, or raise ExpiredLinkError."""
    return _let_in(service.consume_token(Purpose.SIGN_IN, raw))


def use_code(browser: str, code: str) -> WayIn | None:
    """Use the mailed code in the browser that asked; None when wrong, ExpiredLinkError when over."""
    counted = (
        update(Token)
        .where(Token.hash == rules.digest(browser), Token.purpose == Purpose.SIGN_IN_CODE)
        .where(Token.used_at.is_(None), Token.expires_at > clock.now(), Token.tries < rules.CODE_TRIES)
        .values(tries=Token.tries + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(counted).rowcount != 1:  # type: ignore[attr-defined]
        service.read_token(Purpose.SIGN_IN_CODE, browser)
        raise ExpiredLinkError("tries")
    kept = service.read_token(Purpose.SIGN_IN_CODE, browser)
    typed = rules.digest(f"{browser}:{''.join(code.split())}")
    if not secrets.compare_digest(typed, str(kept.facts["code"])):
        return None
    return _let_in(service.consume_token(Purpose.SIGN_IN_CODE, browser))


def _let_in(used: Token) -> WayIn:
    person = queries.user(used.subject_id)
    if not _may_use_mail(person):
        raise ExpiredLinkError("used")
    service.confirm_address(person.id)
    service.void_tokens(person.id, Purpose.SIGN_IN, Purpose.SIGN_IN_CODE)
    return WayIn(person.id, str(used.facts.get("next", "")))


def check_password(email: str, password: str) -> str | None:
    """Return the account that the address and the password belong to; takes the same time for every no."""
    person = queries.user_by_email(email)
    welcome = person is not None and person.disabled_at is None and bool(person.roles & STAFF)
    kept = person.password_hash if person and welcome else None
    right = passwords.matches(kept, password)
    return person.id if person and right else None


def renew_hash(user_id: str, password: str) -> str | None:
    """Return a fresh hash of the right password when the kept one was made with weaker parameters."""
    kept = queries.user(user_id).password_hash
    return passwords.hashed(password) if kept and passwords.is_outdated(kept) else None


def keep_hash(user_id: str, hashed: str) -> None:
    """Keep the hash of the same password made with today's parameters."""
    queries.user(user_id).password_hash = hashed


def ask_for_reset(email: str, locale: str) -> None:
    """Mail staff a link to choose a new password, and others how they get in without one."""
    person = queries.user_by_email(email)
    welcome = person if person and person.disabled_at is None and person.roles & STAFF else None
    raw = service.issue_token(Purpose.RESET, welcome.id if welcome else new_id(), rules.RESET_LIFETIME)
    if welcome:
        outbox.put(messages.password_reset(welcome, raw, clock.now() + rules.RESET_LIFETIME))
    else:
        _send_hint(person, email, locale)


def owner_of(purpose: Purpose, raw: str) -> User:
    """Return whose password the link may set, without using it."""
    return queries.user(service.read_token(purpose, raw).subject_id)


def reset_password(raw: str, hashed: str) -> None:
    """Set the password the link was mailed for; every session ends and the second factor stays due."""
    person = _set_by_link(Purpose.RESET, raw, hashed)
    outbox.put(messages.notice(person, "password_changed", new_id()))


def accept_invitation(raw: str, hashed: str) -> str:
    """Set the first password of an invited person and return the account."""
    return _set_by_link(Purpose.INVITATION, raw, hashed).id


def _set_by_link(purpose: Purpose, raw: str, hashed: str) -> User:
    person = queries.user(service.consume_token(purpose, raw).subject_id)
    if person.disabled_at is not None or not person.roles & STAFF:
        raise ExpiredLinkError("used")
    person.password_hash = hashed
    service.confirm_address(person.id)
    service.void_tokens(person.id, Purpose.RESET, Purpose.INVITATION)
    service.end_sessions(person.id)
    audit.record(Actor(person.id, channel=Channel.MAIL), "password_set", "account", person.id, by=purpose)
    return person


def change_password(actor: Actor, hashed: str, session: str) -> None:
    """Set a new password from inside the account and end the other sessions."""
    person = queries.user(actor.user_id or "")
    person.password_hash = hashed
    audit.record(actor, "password_set", "account", person.id, by="account")
    service.end_sessions(person.id, but=session)
    outbox.put(messages.notice(person, "password_changed", new_id()))
