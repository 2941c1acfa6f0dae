"""Who could take one place: the engine's ranking with names, and a proposal from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.db import retrying
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.i18n import to_local
from volunteer_match.matching import rank_service
from volunteer_match.matching.service import Proposal
from volunteer_match.placements import (
    desk_queries,
    history_queries,
    queries,
    rank_queries,
    suggestions,
    transitions,
)
from volunteer_match.placements.models import Match

MOST = 20


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take the place, with what speaks for it in points."""

    volunteer_id: str
    name: str
    points: int
    reasons: tuple[dict[str, Any], ...]
    here: bool
    """Is proposed for this session already."""
    elsewhere: str
    """The title of another session at that time for which the person is proposed."""


@dataclass(frozen=True)
class Place:
    """One place of a session with everybody who could take it, the best first."""

    opening_id: str
    session_id: str
    title: str
    role: str
    where: str
    starts_at: datetime
    ends_at: datetime
    filled: int
    minimum: int
    capacity: int
    candidates: tuple[Candidate, ...]
    eligible: int
    blocked: tuple[dict[str, Any], ...]
    open: bool


def place(opening_id: str) -> Place:
    """Return the people for one place, or raise NotFoundError."""
    now = clock.now()
    facts = _facts(opening_id, now)
    found = (
        rank_service.people_for(_asked(facts), now, history_queries.history, MOST) if facts.ahead else None
    )
    return Place(
        opening_id=facts.id,
        session_id=facts.session_id,
        title=facts.title,
        role=facts.role,
        where=facts.where or "",
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        filled=facts.filled,
        minimum=facts.minimum,
        capacity=facts.capacity,
        candidates=_named(facts, found.best if found else ()),
        eligible=found.eligible if found else 0,
        blocked=found.blocked if found else (),
        open=found is not None and facts.filled < facts.capacity,
    )


def propose(actor: Actor, opening_id: str, volunteer_id: str) -> Match:
    """Put somebody on the desk for a place; nobody is told before the approval."""
    now = clock.now()
    facts = _facts(opening_id, now)
    if facts.filled >= facts.capacity:
        raise RuleBrokenError("place_taken")
    ranked = (
        rank_service.person_for(_asked(facts), volunteer_id, now, history_queries.history)
        if facts.ahead
        else None
    )
    if ranked is None:
        raise RuleBrokenError("not_for_this_place")
    return _put(actor, opening_id, ranked)


@retrying
def _put(actor: Actor, opening_id: str, ranked: Proposal) -> Match:
    """Look again while nobody else decides about the place or the person, and put the person on the desk."""
    # Before the look: whoever pauses or is kept apart after it finds the proposal and takes it off.
    transitions.lock_pair(opening_id, ranked.volunteer_id)
    now = clock.now()
    opening, facts = queries.openings([opening_id]).get(opening_id), _facts(opening_id, now)
    if opening is None or opening.filled >= opening.capacity:
        raise RuleBrokenError("place_taken")
    fits = facts.ahead and rank_service.fits(
        _asked(facts), ranked.volunteer_id, now, history_queries.history(now)
    )
    if not fits:
        raise RuleBrokenError("not_for_this_place")
    return suggestions.put(actor, opening, ranked, None)


def _facts(opening_id: str, now: datetime) -> Any:
    facts = rank_queries.place(opening_id, now)
    if facts is None:
        raise NotFoundError("opening")
    return facts


def _asked(facts: Any) -> rank_service.Place:
    return rank_service.Place(facts.id, facts.session_id, to_local(facts.starts_at).date())


def _named(facts: Any, best: tuple[Proposal, ...]) -> tuple[Candidate, ...]:
    ids = [each.volunteer_id for each in best]
    if not ids:
        return ()
    names = desk_queries.volunteer_names(ids)
    proposed = rank_queries.proposed_at(ids, facts.starts_at, facts.ends_at)
    return tuple(
        Candidate(
            volunteer_id=each.volunteer_id,
            name=names.get(each.volunteer_id, "–"),
            points=each.score,
            reasons=each.reasons,
            here=(each.volunteer_id, facts.session_id) in proposed,
            elsewhere=next(
                (
                    title
                    for (who, at), title in proposed.items()
                    if who == each.volunteer_id and at != facts.session_id
                ),
                "",
            ),
        )
        for each in best
    )
