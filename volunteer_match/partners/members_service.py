"""The people who act for an institution: inviting, joining, leaving, and who is called first."""

from volunteer_match import clock
from volunteer_match.accounts import queries as accounts_queries
from volunteer_match.accounts import service as accounts
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.errors import ExpiredLinkError, NotFoundError, RuleBrokenError
from volunteer_match.notifications import outbox
from volunteer_match.partners import messages, queries, rules
from volunteer_match.partners.models import Partner, PartnerInvitation, PartnerMember
from volunteer_match.partners.rules import TokenPurpose
from volunteer_match.partners.service import add_member


def invite(actor: Actor, partner_id: str, locale: str, name: str, email: str) -> PartnerInvitation:
    """Mail a colleague the link with which they can act for the institution too."""
    partner = queries.visible(actor, partner_id)
    waiting = queries.invitations(partner.id)
    if any(m.user.email == email for m in partner.members):
        raise RuleBrokenError("already_member")
    if any(i.email == email for i in waiting):
        raise RuleBrokenError("invitation_pending")
    if len(partner.members) + len(waiting) >= rules.MAX_MEMBERS:
        raise RuleBrokenError("too_many_members", limit=rules.MAX_MEMBERS)
    invitation = PartnerInvitation(
        id=new_id(),
        partner_id=partner.id,
        name=name,
        email=email,
        invited_by_id=actor.user_id,
        invited_at=clock.now(),
    )
    db.session.add(invitation)
    token = accounts.issue_token(TokenPurpose.INVITE, invitation.id, rules.INVITATION_LIFETIME)
    by = accounts_queries.user(actor.user_id or "").name
    expires_at = clock.now() + rules.INVITATION_LIFETIME
    outbox.put(messages.invited(partner, invitation, by, locale, token, expires_at))
    audit.record(actor, "partner_invited", "partner", partner.id)
    return invitation


def cancel_invitation(actor: Actor, partner_id: str, invitation_id: str) -> None:
    """Take an invitation back; its link opens nothing any more."""
    partner = queries.visible(actor, partner_id)
    invitation = queries.invitation(invitation_id)
    if invitation is None or invitation.partner_id != partner.id:
        raise NotFoundError("invitation")
    db.session.delete(invitation)
    accounts.void_tokens(invitation_id, TokenPurpose.INVITE)
    audit.record(actor, "partner_invitation_cancelled", "partner", partner.id)


def invited(raw: str) -> tuple[Partner, PartnerInvitation]:
    """Return what a link invites to, without using it."""
    found = accounts.read_token(TokenPurpose.INVITE, raw)
    invitation = queries.invitation(found.subject_id)
    if invitation is None:
        raise ExpiredLinkError("used")
    return queries.partner(invitation.partner_id), invitation


def join(raw: str, locale: str, name: str, phone: str) -> tuple[Partner, str]:
    """Accept an invitation: the invited address now acts for the institution. Return it and the account."""
    partner, invitation = invited(raw)
    accounts.consume_token(TokenPurpose.INVITE, raw)
    anonymous = Actor(None, channel=Channel.MAIL)
    person = accounts.register_person(anonymous, name, invitation.email, phone or None, locale, Role.PARTNER)
    actor = Actor(person.id, frozenset({Role.PARTNER}), Channel.MAIL)
    accounts.confirm_address(person.id)
    accounts.grant_role(actor, person.id, Role.PARTNER)
    add_member(partner, person)
    db.session.delete(invitation)
    audit.record(actor, "partner_joined", "partner", partner.id)
    return partner, person.id


def remove(actor: Actor, partner_id: str, user_id: str) -> None:
    """Let a person no longer act for the institution; somebody always stays."""
    partner = queries.visible(actor, partner_id)
    leaving = _member(partner, user_id)
    if len(partner.members) == 1:
        raise RuleBrokenError("last_member")
    partner.members.remove(leaving)
    if leaving.contact:
        partner.members[0].contact = True
    db.session.flush()  # the next question is whether the person still acts for anybody
    if not queries.own(user_id):
        accounts.revoke_role(actor, user_id, Role.PARTNER)
    audit.record(actor, "partner_member_removed", "partner", partner.id)


def choose_contact(actor: Actor, partner_id: str, user_id: str) -> None:
    """Make a person the one whom mails and calls reach."""
    partner = queries.visible(actor, partner_id)
    chosen = _member(partner, user_id)
    for member in partner.members:
        member.contact = member is chosen
    audit.record(actor, "partner_contact_chosen", "partner", partner.id)


def _member(partner: Partner, user_id: str) -> PartnerMember:
    found = next((m for m in partner.members if m.user_id == user_id), None)
    if found is None:
        raise NotFoundError("member")
    return found
