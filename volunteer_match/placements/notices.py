"""Who hears what when a match moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from volunteer_match import clock
from volunteer_match.accounts import service as accounts
from volunteer_match.accounts.models import User
from volunteer_match.actor import Actor, Channel
from volunteer_match.db import db
from volunteer_match.needs import notices as needs
from volunteer_match.needs.models import Need
from volunteer_match.notifications import outbox
from volunteer_match.notifications.message import Message, Recipient
from volunteer_match.partners import queries as partners
from volunteer_match.people.models import Volunteer
from volunteer_match.placements import calendar, messages, rules
from volunteer_match.placements.messages import Case
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import OCCUPYING, MatchEvent, MatchState

OFFER = "offer"
NEAR_KM = 3
"""A place so near is a reason of its own."""
# The institutions hear of these as a whole, not person by person.
_TOLD_ELSEWHERE = frozenset({"need_withdrawn", "session_cancelled", "partner_not_verified"})
_COMING = (MatchState.CONFIRMED, MatchState.HELD)


def tell(actor: Actor, match: Match, event: MatchEvent, source: MatchState) -> None:
    """Put every message that follows from this event into the outbox."""
    case = case_of(match)
    to = partners.recipient(match.volunteer.user)
    heard = actor.channel == Channel.PHONE or (event == MatchEvent.CANCEL and match.reason == "person_called")
    for message in _messages(match, case, to, event, source):
        outbox.put(replace(message, overtakes=True, heard=heard and message.recipient == to))


def _messages(
    match: Match, case: Case, to: Recipient, event: MatchEvent, source: MatchState
) -> Iterable[Message]:
    if event == MatchEvent.APPROVE:
        yield messages.offer_made(case, to, _token(match), why_asked(match, to.locale))
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
    elif event in (MatchEvent.REJECT, MatchEvent.SUPERSEDE) and rules.applied(match.reasons):
        yield messages.not_this_time(case, to, match.reason)
    if event in (MatchEvent.DECLINE, MatchEvent.CANCEL, MatchEvent.HOLD) and source in _COMING:
        yield from _losses(match, case, event)


def _losses(match: Match, case: Case, event: MatchEvent) -> Iterable[Message]:
    # Words of somebody who declines may read like a cause of ours.
    cause = "" if event == MatchEvent.DECLINE else match.reason
    for contact in contacts(match.session.need) if cause not in _TOLD_ELSEWHERE else ():
        yield messages.helper_lost(case, contact, held=event == MatchEvent.HOLD)


def _token(match: Match) -> str:
    remaining = match.session.ends_at - clock.now()
    return accounts.issue_token(OFFER, match.id, max(remaining, timedelta(hours=1)), link_facts(match))


def why_asked(match: Match, locale: str) -> Mapping[str, Any]:
    """Return what speaks for asking this person and is pleasant to read: never points, never others."""
    parts = {str(part["code"]): part for part in match.reasons}
    wanted = str(parts.get("wanted_skills", {}).get("skills", "")).split(", ")
    km = parts.get("distance", {}).get("km")
    return {
        "skills": [
            each.skill.name_en if locale == "en" else each.skill.name_pl
            for each in sorted(
                match.opening.role.skills, key=lambda skill: (not skill.required, skill.skill_code)
            )
            if each.required or each.skill_code in wanted
        ],
        "times": int(parts.get("continuity", {}).get("times", 0)),
        "near": km is not None and float(km) <= NEAR_KM,
        "interest": "interest" in parts and rules.SELF_APPLIED not in parts,
        "applied": rules.SELF_APPLIED in parts,
        "beginner": "newcomer_first" in parts,
    }


def link_facts(match: Match) -> dict[str, str | None]:
    """Return whose answer a link takes and where it is mailed."""
    return {"user": match.volunteer.user_id, "email": match.volunteer.user.email}


def contacts(need: Need) -> list[Recipient]:
    """Return who hears about a need: the contact people of the institution and of the organiser."""
    return needs.contacts(needs.parties(need))


def case_of(match: Match) -> Case:
    """Return what the mails and the offer page say about a match."""
    need, meeting, venue = match.session.need, match.session, match.session.need.venue
    person = next(iter(partners.contact_people(need.posted_by)), None)
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
