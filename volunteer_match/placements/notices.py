"""Who hears what when a match moves."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select

from volunteer_match import clock
from volunteer_match.accounts import service as accounts
from volunteer_match.accounts.models import User
from volunteer_match.actor import Actor
from volunteer_match.db import db
from volunteer_match.needs.models import Need
from volunteer_match.notifications import outbox
from volunteer_match.notifications.message import Message, Recipient
from volunteer_match.partners import queries as partners
from volunteer_match.partners.models import Partner
from volunteer_match.people.models import Volunteer
from volunteer_match.placements import calendar, messages
from volunteer_match.placements.messages import Case
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import OCCUPYING, MatchEvent, MatchState

OFFER = "offer"
# The institution did this itself and need not be told.
_OWN_DOING = frozenset({"need_withdrawn", "session_cancelled", "partner_not_verified"})


def tell(actor: Actor, match: Match, event: MatchEvent, source: MatchState) -> None:
    """Put every message that follows from this event into the outbox."""
    case = case_of(match)
    to = partners.recipient(match.volunteer.user)
    for message in _messages(match, case, to, event, source):
        outbox.put(message)


def _messages(
    match: Match, case: Case, to: Recipient, event: MatchEvent, source: MatchState
) -> Iterable[Message]:
    if event == MatchEvent.APPROVE:
        yield messages.offer_made(case, to, _token(match))
    elif event in (MatchEvent.ACCEPT, MatchEvent.RELEASE):
        yield messages.placement_confirmed(case, to, _token(match), calendar.entry(case, clock.now()))
        for contact in contacts(match.session.need):
            entry = calendar.entry_for_partner(case, clock.now())
            yield messages.helper_confirmed(case, contact, entry)
    elif event in (MatchEvent.DECLINE, MatchEvent.EXPIRE):
        yield messages.placement_released(case, to, _token(match), event == MatchEvent.DECLINE)
    elif event == MatchEvent.CANCEL:
        confirmed = source != MatchState.OFFERED
        yield messages.placement_cancelled(case, to, match.reason, confirmed)
    elif event == MatchEvent.HOLD:
        yield messages.placement_held(case, to, match.reason)
    if event in (MatchEvent.DECLINE, MatchEvent.CANCEL, MatchEvent.HOLD):
        own_doing = event != MatchEvent.DECLINE and match.reason in _OWN_DOING
        yield from [] if own_doing else _losses(match, case, source)


def _losses(match: Match, case: Case, source: MatchState) -> Iterable[Message]:
    if source != MatchState.CONFIRMED:
        return
    for contact in contacts(match.session.need):
        yield messages.helper_lost(case, contact)


def _token(match: Match) -> str:
    remaining = match.session.ends_at - clock.now()
    return accounts.issue_token(OFFER, match.id, max(remaining, timedelta(hours=1)), link_facts(match))


def link_facts(match: Match) -> dict[str, str | None]:
    """Return whose answer a link takes and where it is mailed."""
    return {"user": match.volunteer.user_id, "email": match.volunteer.user.email}


def contacts(need: Need) -> list[Recipient]:
    """Return who hears about a need: the contact people of the institution and of the organiser."""
    found: dict[str, Recipient] = {}
    for partner in (need.posted_by, need.organiser):
        for user in contact_people(partner):
            found[user.id] = partners.recipient(user)
    return list(found.values())


def contact_people(partner: Partner | None) -> list[User]:
    """Return the contact people of an institution, or everyone who acts for it when none is named."""
    members = [m for m in partner.members if m.user.disabled_at is None] if partner else []
    return [m.user for m in members if m.contact] or [m.user for m in members]


def case_of(match: Match) -> Case:
    """Return what the mails and the offer page say about a match."""
    need, meeting, venue = match.session.need, match.session, match.session.need.venue
    person = next(iter(contact_people(need.posted_by)), None)
    return Case(
        match_id=match.id,
        version=match.version,
        session_id=meeting.id,
        need_id=need.id,
        title=need.title,
        role=match.opening.role.name,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        where=", ".join(part for part in (venue.name, venue.address) if part) if venue else "",
        directions=venue.directions if venue else "",
        bring=need.bring,
        partner=need.posted_by.name,
        contact_name=person.name if person else "",
        contact_phone=(person.phone if person else "") or need.posted_by.phone,
        volunteer=match.volunteer.user.name,
        volunteer_phone=match.volunteer.user.phone or "",
        volunteer_email=match.volunteer.user.email or "",
        companions=tuple(companions(match)),
        answer_by=match.answer_by,
    )


def companions(match: Match) -> Sequence[str]:
    """Return the first names of the others who come to the session or were asked to."""
    names = db.session.scalars(
        select(User.name)
        .join(Volunteer, Volunteer.user_id == User.id)
        .join(Match, Match.volunteer_id == Volunteer.id)
        .where(
            Match.session_id == match.session_id,
            Match.state.in_(OCCUPYING),
            Match.volunteer_id != match.volunteer_id,
        )
        .order_by(User.name, User.id)
    )
    return messages.first_names(names.all())
