"""What a volunteer is asked and answers: from the mail, on the site, or by phone through a coordinator."""

from dataclasses import dataclass
from datetime import datetime

from volunteer_match import clock
from volunteer_match.accounts import service as accounts
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.errors import ExpiredLinkError, NotFoundError
from volunteer_match.placements import ground_queries, notices, queries, rules, transitions
from volunteer_match.placements.messages import Case
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchEvent, MatchState

_ANSWERABLE = frozenset({MatchState.OFFERED, MatchState.DECLINED, MatchState.EXPIRED})
_LEAVABLE = frozenset({MatchState.OFFERED, MatchState.CONFIRMED, MatchState.HELD})
_SHOWN = _ANSWERABLE | _LEAVABLE | {MatchState.CANCELLED}


@dataclass(frozen=True)
class Offer:
    """What the offer page shows: the facts, where it stands and what can still be answered."""

    match_id: str
    case: Case
    state: MatchState
    reason: str
    reasons: tuple[dict[str, object], ...]
    can_accept: bool
    can_decline: bool
    until: datetime
    """Until when a yes can be given here."""
    children: int
    age_from: int | None
    age_to: int | None


def match_of_link(token: str) -> Match:
    """Return the match a mailed link is about, or raise ExpiredLinkError."""
    found = accounts.read_token(notices.OFFER, token)
    match = queries.match(found.subject_id)
    person = match.volunteer.user
    # Whoever reads the mailbox it went to must still be the person who is asked.
    stands = person.disabled_at is None and found.facts == notices.link_facts(match)
    if not stands or match.state not in _SHOWN:
        raise ExpiredLinkError("overtaken")
    return match


def own_match(actor: Actor, match_id: str) -> Match:
    """Return a match of the acting volunteer, or raise NotFoundError."""
    match = queries.match(match_id)
    if match.volunteer.user_id != actor.user_id:
        raise NotFoundError("match")
    return match


def offer(match: Match) -> Offer:
    """Return what the page of an offer shows."""
    state = MatchState(match.state)
    if state not in _SHOWN:
        raise NotFoundError("offer")
    now, starts_at = clock.now(), match.session.starts_at
    until = rules.cut_off(starts_at, match.answer_by or starts_at)
    need = match.session.need
    return Offer(
        match_id=match.id,
        case=notices.case_of(match),
        state=state,
        reason=match.reason,
        reasons=tuple(match.reasons),
        can_accept=now < until and _acceptable(match, state, now),
        can_decline=state in _LEAVABLE and now < starts_at,
        until=until,
        children=need.children_count,
        age_from=need.age_from,
        age_to=need.age_to,
    )


def _acceptable(match: Match, state: MatchState, now: datetime) -> bool:
    if state not in _ANSWERABLE:
        return False
    room = state == MatchState.OFFERED or match.opening.filled < match.opening.capacity
    return room and rules.lost_ground(ground_queries.ground(match, now)) is None


def answer_link(token: str, accept: bool, reason: str) -> Match:
    """Take the answer given on the page of a mailed link."""
    match = match_of_link(token)
    actor = Actor(match.volunteer.user_id, frozenset({Role.VOLUNTEER}), Channel.MAIL)
    return _answer(actor, match, accept, reason)


def answer_own(actor: Actor, match_id: str, accept: bool, reason: str) -> Match:
    """Take the answer of a signed-in volunteer."""
    return _answer(actor, own_match(actor, match_id), accept, reason)


def answer_by_phone(actor: Actor, match_id: str, accept: bool, reason: str) -> Match:
    """Record what a volunteer said on the phone."""
    match = queries.match(match_id)
    return _answer(actor.by(Channel.PHONE, match.volunteer.user_id), match, accept, reason)


def _answer(actor: Actor, match: Match, accept: bool, reason: str) -> Match:
    # The same answer twice (a second press, a reloaded page) changes nothing and is no mistake.
    if match.state == (MatchState.CONFIRMED if accept else MatchState.DECLINED):
        return match
    return transitions.apply(
        actor, match.id, MatchEvent.ACCEPT if accept else MatchEvent.DECLINE, reason=reason
    )
