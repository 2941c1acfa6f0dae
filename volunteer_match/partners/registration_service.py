"""Registrations that got stuck: confirmed on the telephone, sent to the right address, or forgotten."""

from datetime import datetime

from volunteer_match.accounts import service as accounts
from volunteer_match.accounts.models import User
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.partners import queries, rules, service
from volunteer_match.partners.models import Partner
from volunteer_match.partners.rules import PartnerEvent, PartnerState, TokenPurpose


def confirm_by_phone(actor: Actor, partner_id: str) -> Partner:
    """Let a registration go on that the institution confirmed to a coordinator on the telephone.

    The address stays unconfirmed: the first link that somebody opens there confirms it.
    """
    partner = _stuck(actor, partner_id)
    for member in partner.members:
        accounts.grant_role(actor, member.user_id, Role.PARTNER)
    accounts.void_tokens(partner.id, TokenPurpose.CONFIRM)
    return service.apply(actor.by(Channel.PHONE), partner.id, PartnerEvent.CONFIRM_ADDRESS)


def correct_contact(actor: Actor, partner_id: str, contact_name: str, contact_email: str) -> Partner:
    """Mail the confirming link again, to the right person at the right address."""
    partner = _stuck(actor, partner_id)
    accounts.void_tokens(partner.id, TokenPurpose.CONFIRM)
    person = _contact_at(actor, partner, contact_name, contact_email)
    service.send_confirmation(partner, person)
    audit.record(actor, "partner_contact_corrected", "partner", partner.id)
    return partner


def _stuck(actor: Actor, partner_id: str) -> Partner:
    if not queries.coordinates(actor):
        raise NotFoundError("only coordinators help a registration on")
    partner = queries.partner(partner_id)
    if partner.state != PartnerState.REGISTERED:
        raise RuleBrokenError("partner_state")
    return partner


def _contact_at(actor: Actor, partner: Partner, name: str, email: str) -> User:
    contact = next(iter(queries.contact_people(partner)), None)
    if contact and contact.email == email:
        return contact
    phone = contact.phone if contact and _made_here(contact) else None
    locale = contact.locale if contact else "pl"
    partner.members.clear()  # nobody there has confirmed anything
    db.session.flush()
    if contact and _is_left_over(contact):
        db.session.delete(contact)
        db.session.flush()
    # As on the public form: an account that is known already gains nothing before its owner confirms.
    person = accounts.register_person(Actor(None), name, email, phone, locale, Role.PARTNER)
    service.add_member(partner, person, contact=True)
    return person


def _made_here(person: User) -> bool:
    return person.email_confirmed_at is None and person.roles == {Role.PARTNER}


def _is_left_over(person: User) -> bool:
    return _made_here(person) and not queries.own(person.id)


def forget_unconfirmed(now: datetime) -> None:
    """Forget registrations whose address nobody confirmed: whoever typed it may not have been its owner."""
    for partner in queries.unconfirmed(now - rules.UNCONFIRMED_KEPT):
        people = [member.user for member in partner.members]
        accounts.void_tokens(partner.id, TokenPurpose.CONFIRM)
        for venue in partner.venues:
            db.session.delete(venue)
        db.session.flush()  # the places refer to their institution
        db.session.delete(partner)
        db.session.flush()  # and its people to them
        for person in people:
            if _is_left_over(person):
                db.session.delete(person)
