"""What placements add to pages of other capabilities: a volunteer's own page, and the page of a need."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.matching import advice_labels
from volunteer_match.matching.advice_service import RoleAdvice
from volunteer_match.matching.labels import Names
from volunteer_match.matching.queries import skill_names
from volunteer_match.needs import form_queries
from volunteer_match.needs import sections as needs
from volunteer_match.needs.rules import EDITABLE
from volunteer_match.partners import queries as partners
from volunteer_match.people import queries as people_queries
from volunteer_match.people import sections as people
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import advice_service, labels, notices, section_queries
from volunteer_match.placements.messages import first_names
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState

_MOST_OPENERS = 5


def mine(volunteer_id: str) -> Mapping[str, Any] | None:
    """Return a volunteer's next sessions, open offers and applications, or None when there are none."""
    now = clock.now()
    matches = section_queries.coming(volunteer_id, now)
    wishes = section_queries.applied_for(volunteer_id, now)
    if not matches and not wishes:
        return None
    sure = [match for match in matches if match.state != MatchState.OFFERED]
    return {
        "next": notices.case_of(sure[0]) if sure else None,
        "next_state": sure[0].state if sure else None,
        "next_cause": labels.to_volunteer(sure[0].reason) if sure else "",
        "later": sure[1:],
        "applied": wishes,
        "offers": [match for match in matches if match.state == MatchState.OFFERED],
    }


def wonders(volunteer_id: str) -> Mapping[str, Any] | None:
    """Show people who may be asked the way to the page that says why they are not."""
    active = people_queries.volunteer(volunteer_id).state == VolunteerState.ACTIVE
    return {} if active else None


def history_of_person(volunteer_id: str) -> Mapping[str, Any] | None:
    """Return what staff see of a volunteer's matches, or None when there are none."""
    matches = section_queries.latest(volunteer_id)
    return {"matches": matches, "states": labels.STATES, "tones": labels.TONES} if matches else None


def filling(_actor: Actor, need_id: str) -> Mapping[str, Any] | None:
    """Return who comes to each coming session of a need: contacts once confirmed, before that first names."""
    matches = section_queries.of_need(need_id, clock.now())
    if not matches:
        return None
    meetings: dict[str, list[Match]] = {}
    for match in matches:
        meetings.setdefault(match.session_id, []).append(match)
    return {"meetings": [_meeting(group) for group in meetings.values()]}


def _meeting(matches: Sequence[Match]) -> Mapping[str, Any]:
    return {
        "starts_at": matches[0].session.starts_at,
        "ends_at": matches[0].session.ends_at,
        "people": [_helper(match) for match in matches],
    }


def _helper(match: Match) -> Mapping[str, str]:
    user, state = match.volunteer.user, MatchState(match.state)
    # The institution learns whom to call when the person has agreed to come, not before.
    confirmed = state == MatchState.CONFIRMED
    return {
        "name": user.name if confirmed else first_names([user.name])[0],
        "phone": (user.phone or "") if confirmed else "",
        "email": (user.email or "") if confirmed else "",
        "role": match.opening.role.name,
        "state": str(labels.STATES[state]),
        "tone": labels.TONES.get(state, "neutral"),
    }


def advice(actor: Actor, answers: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return who could come to a need that is being written, in words; None while it is too early."""
    found = advice_service.advise(actor, answers)
    if found is None:
        return None
    names = Names(skills=skill_names(str(get_locale())))
    exact = partners.coordinates(actor)
    return {"roles": [_role(each, names, exact=exact) for each in found]}


def fits(actor: Actor, need_id: str) -> Mapping[str, Any] | None:
    """Return who could come to a need that is not published yet; None for the others."""
    need = form_queries.need(need_id)
    return advice(actor, form_queries.given(need)) if need.state in EDITABLE else None


def _role(role: RoleAdvice, names: Names, *, exact: bool) -> Mapping[str, Any]:
    tight = advice_labels.tight(role.eligible, role.minimum, exact=exact)
    return {
        "name": role.name,
        "tight": tight,
        "coming": advice_labels.coming(role.eligible, exact=exact),
        "each_time": advice_labels.each_time(role.every_time, role.meetings, exact=exact)
        if role.eligible
        else "",
        "causes": advice_labels.causes(role.blocked, exact=exact) if tight else "",
        "openers": [advice_labels.opener(each, names, exact=exact) for each in role.openers[:_MOST_OPENERS]],
    }


people.add_home_section("placements/_mine.html", mine, position=10)
people.add_home_section("placements/_why.html", wonders, position=60)
people.add_person_section("placements/_person.html", history_of_person, position=40)
needs.set_form_advice("placements/_advice.html", advice)
needs.add_manage_section("placements/_fits.html", fits, position=15)
needs.add_manage_section("placements/_partner.html", filling, position=20)
