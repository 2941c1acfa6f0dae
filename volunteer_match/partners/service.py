"""Institutions: registration, verification, details and places."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from volunteer_match import clock, queue
from volunteer_match.accounts import service as accounts
from volunteer_match.accounts.models import User
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.notifications import outbox
from volunteer_match.partners import messages, queries, rules
from volunteer_match.partners.models import Partner, PartnerMember, Venue
from volunteer_match.partners.rules import PartnerEvent, PartnerKind, PartnerState, TokenPurpose

_DETAILS = ("name", "kind", "registry_kind", "registry_number", "about", "address", "phone")


def register(
    actor: Actor, locale: str, *, contact_name: str, contact_email: str, contact_phone: str, **given: Any
) -> Partner:
    """Register an institution with its contact person and mail the link that confirms the address."""
    partner = enter(actor, given)
    person = accounts.register_person(actor, contact_name, contact_email, contact_phone, locale, Role.PARTNER)
    add_member(partner, person, contact=True)
    send_confirmation(partner, person)
    return partner


def enter(actor: Actor, given: Mapping[str, Any], state: PartnerState = PartnerState.REGISTERED) -> Partner:
    """Add an institution without people yet, and its own place when the district is given."""
    if queries.name_taken(given["name"]):
        raise RuleBrokenError("partner_name_taken")
    details = {field: given[field] for field in _DETAILS if given.get(field)}
    partner = Partner(id=new_id(), state=state, created_at=clock.now(), members=[], venues=[], **details)
    db.session.add(partner)
    if given.get("district_id"):
        partner.venues.append(_own_place(given))
    audit.record(actor, "partner_registered", "partner", partner.id)
    db.session.flush()  # members and mails refer to it
    return partner


def _own_place(given: Mapping[str, Any]) -> Venue:
    _check_district(given["district_id"])
    return Venue(
        name=given["name"],
        address=given.get("address", ""),
        district_id=given["district_id"],
        step_free=bool(given.get("step_free")),
    )


def add_member(partner: Partner, person: User, *, contact: bool = False) -> None:
    """Let a person act for the partner; does nothing when they already do."""
    if queries.is_member(partner, person.id):
        return
    partner.members.append(
        PartnerMember(user_id=person.id, user=person, contact=contact, added_at=clock.now())
    )
    db.session.flush()  # who acts for it is asked next


def send_confirmation(partner: Partner, person: User) -> None:
    """Mail the link that confirms the address of the person who registered the partner."""
    lifetime = rules.CONFIRMATION_LIFETIME
    token = accounts.issue_token(TokenPurpose.CONFIRM, partner.id, lifetime, accounts.addressed_to(person))
    expires_at = clock.now() + lifetime
    outbox.put(messages.confirm(partner, queries.recipient(person), token, expires_at, new_id()))


def to_confirm(raw: str) -> Partner:
    """Return the registration that the mailed link would confirm, without using it."""
    found = accounts.read_token(TokenPurpose.CONFIRM, raw)
    accounts.addressee(found)
    return queries.partner(found.subject_id)


def confirm_address(raw: str) -> tuple[Partner, str]:
    """Use the mailed link: the registration goes to the coordinators. Return it and whose address it was."""
    used = accounts.consume_token(TokenPurpose.CONFIRM, raw)
    user_id = accounts.addressee(used).id
    actor = Actor(user_id, frozenset({Role.PARTNER}), Channel.MAIL)
    accounts.confirm_address(user_id)
    accounts.grant_role(actor, user_id, Role.PARTNER)
    return apply(actor, used.subject_id, PartnerEvent.CONFIRM_ADDRESS), user_id


def apply(
    actor: Actor, partner_id: str, event: PartnerEvent, *, reason: str = "", version: int | None = None
) -> Partner:
    """Move a registration: the one place that changes a partner's state."""
    partner = queries.visible(actor, partner_id)
    state = rules.target(PartnerState(partner.state), event)
    if not queries.coordinates(actor) and not actor.has(*rules.WHO[event]):
        raise ForbiddenError(event)
    check_version(partner, version)
    if state is None:
        raise RuleBrokenError("partner_state")
    if event in rules.NEEDS_REASON and not reason:
        raise RuleBrokenError("reason_missing")
    before, partner.state, partner.state_reason = partner.state, state, reason
    audit.record(actor, f"partner_{event}", "partner", partner.id, before=before, after=state)
    db.session.flush()  # counts the version that tells repeated mails apart
    _tell(partner, event)
    return partner


def _tell(partner: Partner, event: PartnerEvent) -> None:
    if event in (PartnerEvent.CONFIRM_ADDRESS, PartnerEvent.RESUBMIT):
        for coordinator in queries.coordinators():
            outbox.put(messages.waiting(partner, coordinator))
        return
    for contact in queries.contacts(partner):
        outbox.put(messages.decided(partner, event, contact))
    if event in (PartnerEvent.SUSPEND, PartnerEvent.REJECT):
        queue.wake("reconcile")


def check_version(row: Partner | Venue, version: int | None) -> None:
    """Refuse a form that was filled in before somebody else's change."""
    if version is not None and row.version != version:
        raise ConflictError


def edit(actor: Actor, partner_id: str, version: int, **given: Any) -> Partner:
    """Change the details; a verified institution's name, kind and number stay the coordinators' to change."""
    partner = queries.visible(actor, partner_id)
    check_version(partner, version)
    if queries.name_taken(given["name"], but=partner.id):
        raise RuleBrokenError("partner_name_taken")
    changed = [field for field in _DETAILS if getattr(partner, field) != given[field]]
    if not queries.coordinates(actor):
        changed = [field for field in changed if field not in locked_details(partner)]
    for field in changed:
        setattr(partner, field, given[field])
    if changed:
        audit.record(actor, "partner_edited", "partner", partner.id, fields=changed)
    return partner


def locked_details(partner: Partner) -> frozenset[str]:
    """Return the details that were verified, which the institution cannot change by itself any more."""
    verified = partner.state in (PartnerState.VERIFIED, PartnerState.SUSPENDED)
    return frozenset({"name", "kind", "registry_kind", "registry_number"}) if verified else frozenset()


def set_standing(
    actor: Actor,
    partner_id: str,
    version: int | None,
    *,
    organiser: bool,
    standards_adopted_on: date | None,
    standards_reviewed_on: date | None,
) -> Partner:
    """Record whether the institution organises activities with children, and its protection standards."""
    if not queries.coordinates(actor):
        raise ForbiddenError("coordinators decide who organises")
    partner = queries.partner(partner_id)
    check_version(partner, version)
    problem = rules.standing_problem(
        PartnerKind(partner.kind), organiser, standards_adopted_on, standards_reviewed_on, today()
    )
    if problem:
        raise RuleBrokenError(problem)
    lost = partner.organiser and not organiser
    partner.organiser = organiser
    partner.standards_adopted_on = standards_adopted_on
    partner.standards_reviewed_on = standards_reviewed_on
    audit.record(actor, "partner_standing_changed", "partner", partner.id, organiser=organiser)
    if lost:
        queue.wake("reconcile")
    return partner


def add_venue(actor: Actor, partner_id: str, **given: Any) -> Venue:
    """Add a place of the institution."""
    partner = queries.visible(actor, partner_id)
    if len(partner.venues) >= rules.MAX_VENUES:
        raise RuleBrokenError("too_many_venues", limit=rules.MAX_VENUES)
    venue = Venue(id=new_id(), partner_id=partner.id, name=given["name"], district_id=given["district_id"])
    _fill(actor, venue, given)
    partner.venues.append(venue)
    audit.record(actor, "venue_added", "partner", partner.id, venue=venue.id)
    db.session.flush()  # the next form may choose it
    return venue


def edit_venue(actor: Actor, partner_id: str, venue_id: str, version: int | None, **given: Any) -> Venue:
    """Change a place of the institution."""
    venue = own_venue(actor, partner_id, venue_id)
    check_version(venue, version)
    _fill(actor, venue, given)
    audit.record(actor, "venue_edited", "partner", partner_id, venue=venue.id)
    return venue


def own_venue(actor: Actor, partner_id: str, venue_id: str) -> Venue:
    """Return a place of a partner the actor may act for."""
    queries.visible(actor, partner_id)
    venue = queries.venue(venue_id)
    if venue.partner_id != partner_id:
        raise NotFoundError("venue")
    return venue


def _fill(actor: Actor, venue: Venue, given: Mapping[str, Any]) -> None:
    _check_district(given["district_id"])
    if (given.get("latitude") is None) != (given.get("longitude") is None):
        raise RuleBrokenError("point_incomplete")
    moved = (venue.address, venue.district_id) != (given["address"], given["district_id"])
    for field in ("name", "address", "district_id", "step_free", "directions"):
        setattr(venue, field, given[field])
    if queries.coordinates(actor):
        venue.latitude, venue.longitude = given.get("latitude"), given.get("longitude")
    elif moved:
        venue.latitude = venue.longitude = None  # the confirmed point was of the old address


def _check_district(district_id: str) -> None:
    if not queries.district_known(district_id):
        raise NotFoundError("district")
