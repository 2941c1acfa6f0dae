"""The staff: inviting, changing roles, closing accounts, helping after a lost phone."""

from volunteer_match import clock
from volunteer_match.accounts import messages, queries, rules, second_factor, service
from volunteer_match.accounts.models import User
from volunteer_match.accounts.rules import Purpose
from volunteer_match.actor import STAFF, Actor, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import new_id
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.notifications import outbox


def member(user_id: str) -> User:
    """Return somebody of the staff, or raise NotFoundError."""
    person = queries.user(user_id)
    if not person.roles & STAFF:
        raise NotFoundError("staff")
    return person


def invite(actor: Actor, name: str, email: str, role: Role, locale: str) -> User:
    """Give the role to the person with the address, new or known, and mail the way in."""
    person = add(actor, name, email, role, locale)
    if person.password_hash and person.totp_secret:
        outbox.put(messages.notice(person, "roles_changed", new_id()))
    else:
        send_invitation(actor, person.id)
    return person


def add(actor: Actor, name: str, email: str, role: Role, locale: str) -> User:
    """Give the role of the staff to the person with the address, new or known."""
    person = service.register_person(actor, name, email, None, locale, role)
    service.grant_role(actor, person.id, role)
    return person


def send_invitation(actor: Actor, user_id: str) -> str:
    """Mail a fresh invitation, worthless for the earlier ones, and return its secret."""
    person = member(user_id)
    if person.disabled_at is not None:
        raise RuleBrokenError("account_disabled")
    service.void_tokens(user_id, Purpose.INVITATION)
    raw = service.issue_token(Purpose.INVITATION, user_id, rules.INVITATION_LIFETIME)
    expires_at = clock.now() + rules.INVITATION_LIFETIME
    outbox.put(messages.staff_invitation(person, raw, sorted(person.roles & STAFF), expires_at))
    audit.record(actor, "invitation_sent", "account", user_id)
    return raw


def change_role(actor: Actor, user_id: str, role: Role, *, give: bool) -> None:
    """Give or take a role of the staff and tell the person."""
    person = member(user_id)
    before = person.roles
    (service.grant_role if give else service.revoke_role)(actor, user_id, role)
    if person.roles != before:
        outbox.put(messages.notice(person, "roles_changed", new_id()))


def reset_second_factor(actor: Actor, user_id: str) -> str:
    """Forget password and second factor after a lost phone; return the secret of a new invitation."""
    person = member(user_id)
    person.password_hash = person.totp_secret = None
    second_factor.forget_recovery_codes(user_id)
    service.end_sessions(user_id)
    service.void_tokens(user_id, Purpose.RESET)
    audit.record(actor, "second_factor_reset", "account", user_id)
    return send_invitation(actor, user_id)


def end_sessions(actor: Actor, user_id: str) -> None:
    """Sign somebody of the staff out everywhere."""
    member(user_id)
    ended = service.end_sessions(user_id)
    audit.record(actor, "sessions_ended", "account", user_id, count=ended)
