"""Builders of matches in every state, on top of the general ones."""

from typing import Any

from tests.factories import make_need, make_user, make_volunteer, save
from volunteer_match import clock
from volunteer_match.accounts.models import User
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.db import db, transaction
from volunteer_match.needs.models import Need, Opening
from volunteer_match.needs.rules import slots
from volunteer_match.people.models import Volunteer
from volunteer_match.placements import rules, transitions
from volunteer_match.placements.models import Match, VolunteerSlot
from volunteer_match.placements.rules import OCCUPYING, MatchEvent, MatchState

COORDINATOR = Actor("c" * 22, frozenset({Role.COORDINATOR}))


def opening_of(need: Need, session: int = 0) -> Opening:
    """Return the places of the need's only role in one of its sessions."""
    return need.sessions[session].openings[0]


def make_match(
    need: Need | None = None,
    volunteer: Volunteer | None = None,
    *,
    state: MatchState = MatchState.PROPOSED,
    session: int = 0,
    **fields: Any,
) -> Match:
    """Return a saved match in the state, with its place and its time taken where the state takes them."""
    opening = opening_of(need or make_need(), session)
    volunteer = volunteer or make_volunteer()
    now = clock.now()
    match = Match(
        opening_id=opening.id,
        session_id=opening.session_id,
        volunteer_id=volunteer.id,
        state=state,
        created_at=now,
        changed_at=now,
        offered_at=None if state == MatchState.PROPOSED else now,
        answer_by=None
        if state == MatchState.PROPOSED
        else rules.answer_deadline(now, opening.session.starts_at),
        **fields,
    )
    save(match)
    if state in OCCUPYING:
        occupy(match)
    return match


def occupy(match: Match) -> None:
    """Take the place and the time of a match that was put into the table directly."""
    with transaction() as session:
        match.opening.filled += 1
        for at in slots(match.session.starts_at, match.session.ends_at):
            session.add(VolunteerSlot(volunteer_id=match.volunteer_id, starts_at=at, match_id=match.id))


def apply(actor: Actor, match: Match, event: MatchEvent, **more: Any) -> Match:
    """Move a match inside a transaction of its own."""
    with transaction():
        return transitions.apply(actor, match.id, event, **more)


def volunteer_actor(match: Match, channel: Channel = Channel.WEB) -> Actor:
    """Return the volunteer of the match as an acting person."""
    return Actor(match.volunteer.user_id, frozenset({Role.VOLUNTEER}), channel)


def make_coordinator(locale: str = "en") -> User:
    """Return a saved coordinator who reads that language."""
    return make_user(Role.COORDINATOR, name="Koordynatorka Wymyślona", locale=locale)


def slots_of(volunteer: Volunteer) -> int:
    """Return how many quarter-hours of the volunteer are booked."""
    return db.session.query(VolunteerSlot).filter_by(volunteer_id=volunteer.id).count()
