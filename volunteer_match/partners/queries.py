"""Reads partners: the one page, the coordinators' list, the choices of forms, and who gets mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from volunteer_match.accounts.models import RoleGrant, User
from volunteer_match.actor import Actor, Role
from volunteer_match.db import Base, db
from volunteer_match.errors import NotFoundError
from volunteer_match.i18n import today
from volunteer_match.notifications.message import Recipient
from volunteer_match.partners import rules
from volunteer_match.partners.models import Partner, PartnerInvitation, PartnerMember, Venue
from volunteer_match.partners.rules import HOSTS, PartnerKind, PartnerState
from volunteer_match.people.models import District
from volunteer_match.polish import fold, sort_key


@dataclass(frozen=True)
class OrganiserChoice:
    """An institution that can organise; `with_children` tells whether it may where children are."""

    id: str
    name: str
    with_children: bool


@dataclass(frozen=True)
class VenueChoice:
    """A place in the words of a list."""

    id: str
    name: str
    owner: str
    step_free: bool


def partner(partner_id: str) -> Partner:
    """Return the partner, or raise NotFoundError."""
    found = db.session.get(Partner, partner_id)
    if found is None:
        raise NotFoundError("partner")
    return found


def visible(actor: Actor, partner_id: str) -> Partner:
    """Return the partner when it is the actor's own or the actor coordinates; else it does not exist."""
    found = partner(partner_id)
    if not coordinates(actor) and not is_member(found, actor.user_id):
        raise NotFoundError("partner")
    return found


def coordinates(actor: Actor) -> bool:
    """Tell whether the actor may act for every partner: coordinators, imports and the system itself."""
    return actor.has(Role.COORDINATOR) or actor.trusted


def is_member(partner: Partner, user_id: str | None) -> bool:
    """Tell whether the person acts for the partner."""
    return user_id is not None and any(m.user_id == user_id for m in partner.members)


def own(user_id: str | None) -> list[Partner]:
    """Return the partners a person acts for, by name."""
    mine = select(PartnerMember.partner_id).where(PartnerMember.user_id == user_id)
    found = db.session.scalars(select(Partner).where(Partner.id.in_(mine))).all()
    return sorted(found, key=lambda p: sort_key(p.name))


def name_taken(name: str, but: str | None = None) -> bool:
    """Tell whether another partner that was not turned away has the name, whatever its capitals."""
    living = Partner.state != PartnerState.REJECTED
    rows = db.session.execute(select(Partner.id, Partner.name).where(living)).all()
    return any(fold(row.name) == fold(name) and row.id != but for row in rows)


def listed(state: str, words: str) -> list[Partner]:
    """Return the partners in a state (all when empty) whose name holds every word, those waiting first."""
    query = select(Partner).where(Partner.state == state) if state else select(Partner)
    wanted = fold(words).split()
    found = [p for p in db.session.scalars(query).all() if all(w in fold(p.name) for w in wanted)]
    return sorted(found, key=lambda p: (p.state != PartnerState.UNDER_REVIEW, sort_key(p.name)))


def waiting() -> int:
    """Return how many registrations wait for a coordinator."""
    query = select(func.count()).where(Partner.state == PartnerState.UNDER_REVIEW)
    return db.session.scalar(query) or 0


def unconfirmed(before: datetime) -> Sequence[Partner]:
    """Return old registrations nobody confirmed or wrote a need for.

    Needs and offers to lend lie above partners in the import order, so this reads the tables by name.
    """
    need, lends = Base.metadata.tables["need"], Base.metadata.tables["lending_offer"]
    query = select(Partner).where(
        Partner.state == PartnerState.REGISTERED,
        Partner.created_at < before,
        Partner.id.not_in(select(need.c.posted_by_id)),
        Partner.id.not_in(select(lends.c.partner_id)),
    )
    return db.session.scalars(query).all()


def district_known(district_id: str) -> bool:
    """Tell whether there is such a district."""
    return db.session.get(District, district_id) is not None


def choices(only_verified: bool = False) -> list[tuple[str, str]]:
    """Return the partners somebody may act for on the phone, as (id, name)."""
    states = {PartnerState.VERIFIED} if only_verified else {PartnerState.VERIFIED, PartnerState.UNDER_REVIEW}
    rows = db.session.execute(select(Partner.id, Partner.name).where(Partner.state.in_(states))).all()
    return sorted(((row.id, row.name) for row in rows), key=lambda p: sort_key(p[1]))


def organisers() -> list[OrganiserChoice]:
    """Return the verified institutions that the law lets host volunteers, by name."""
    rows = db.session.execute(
        select(Partner.id, Partner.name, Partner.organiser).where(
            Partner.state == PartnerState.VERIFIED, Partner.kind.in_(HOSTS)
        )
    ).all()
    found = [OrganiserChoice(row.id, row.name, row.organiser) for row in rows]
    return sorted(found, key=lambda o: sort_key(o.name))


def may_host(partner_id: str) -> bool:
    """Tell whether the law lets the institution host volunteers, verified or not yet."""
    found = db.session.get(Partner, partner_id)
    return found is not None and found.kind in HOSTS


def venue_choices(partner_ids: Sequence[str]) -> list[VenueChoice]:
    """Return the places of these partners first, then those of every verified partner."""
    rows = db.session.execute(
        select(Venue.id, Venue.name, Venue.step_free, Venue.partner_id, Partner.name.label("owner"))
        .outerjoin(Partner, Partner.id == Venue.partner_id)
        .where(
            Venue.partner_id.in_(partner_ids)
            | Venue.partner_id.is_(None)
            | (Partner.state == PartnerState.VERIFIED)
        )
    ).all()
    rows = sorted(
        rows, key=lambda r: (r.partner_id not in partner_ids, sort_key(r.owner or ""), sort_key(r.name))
    )
    return [VenueChoice(r.id, r.name, r.owner or "", r.step_free) for r in rows]


def venue(venue_id: str) -> Venue:
    """Return the place, or raise NotFoundError."""
    found = db.session.get(Venue, venue_id)
    if found is None:
        raise NotFoundError("venue")
    return found


def standing_problem(partner: Partner) -> str | None:
    """Return why the institution may not organise activities with children today, if anything."""
    return rules.standing_problem(
        PartnerKind(partner.kind),
        partner.organiser,
        partner.standards_adopted_on,
        partner.standards_reviewed_on,
        today(),
    )


def invitations(partner_id: str) -> Sequence[PartnerInvitation]:
    """Return the invitations that nobody has accepted yet, oldest first."""
    query = select(PartnerInvitation).where(PartnerInvitation.partner_id == partner_id)
    return db.session.scalars(query.order_by(PartnerInvitation.invited_at, PartnerInvitation.id)).all()


def invitation(invitation_id: str) -> PartnerInvitation | None:
    """Return an open invitation."""
    return db.session.get(PartnerInvitation, invitation_id)


def contacts(partner: Partner) -> list[Recipient]:
    """Return who gets the partner's mails."""
    return [recipient(user) for user in contact_people(partner)]


def contact_people(partner: Partner | None) -> list[User]:
    """Return whom to reach at a partner: the contact person, or everybody while there is none."""
    members = [m for m in partner.members if m.user.disabled_at is None] if partner else []
    return [m.user for m in members if m.contact] or [m.user for m in members]


def coordinators() -> list[Recipient]:
    """Return every coordinator who can get a mail."""
    holds = select(RoleGrant.user_id).where(RoleGrant.role == Role.COORDINATOR)
    query = select(User).where(User.id.in_(holds), User.disabled_at.is_(None), User.email.is_not(None))
    return [recipient(user) for user in db.session.scalars(query.order_by(User.id))]


def recipient(user: User) -> Recipient:
    """Return a person as somebody a mail goes to."""
    return Recipient(user.id, user.name, user.email, user.locale)
