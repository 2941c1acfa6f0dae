"""Explains one session: who comes, who is proposed and why, who is not and why, what would fill a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from volunteer_match import clock
from volunteer_match.audit import queries as audit
from volunteer_match.audit.models import AuditEvent
from volunteer_match.i18n import sort_key, to_local
from volunteer_match.matching import pair_queries
from volunteer_match.matching import queries as runs
from volunteer_match.matching import service as matching
from volunteer_match.matching.models import MatchRun
from volunteer_match.matching.service import Explanation
from volunteer_match.needs.models import NeedSession, Opening
from volunteer_match.people.queries import names_of
from volunteer_match.placements import desk_queries, history_queries, queries, risk_service, suggestions
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import LIVE, OCCUPYING, MatchState

_WITHOUT_A_YES = frozenset({MatchState.DECLINED, MatchState.EXPIRED})
_ANSWERABLE = _WITHOUT_A_YES | {MatchState.OFFERED}


@dataclass(frozen=True)
class Question:
    """What the page is asked besides showing the session."""

    opening_id: str = ""
    volunteer_id: str = ""
    exact: str = ""
    """The proposal whose runner-up is to be weighed exactly."""


@dataclass(frozen=True)
class Person:
    """Somebody at a place: asked, confirmed or proposed."""

    match_id: str
    version: int
    volunteer_id: str
    name: str
    state: MatchState
    reason: str
    word: str
    """What the person wrote with the answer."""
    standby: bool
    may_say_yes: bool
    """A yes on the phone can be written down: to an open offer, after a no, or after silence."""
    answer_by: datetime | None
    score: int
    reasons: tuple[dict[str, Any], ...]
    runner_up: str
    runner_up_free: bool
    cost: dict[str, Any] | None
    """What the runner-up would cost the whole plan: losses by level, and whether that is exact."""


@dataclass(frozen=True)
class Role:
    """One role of the session with its people and its gap."""

    opening_id: str
    name: str
    filled: int
    minimum: int
    capacity: int
    people: list[Person]
    missing: int
    why: tuple[dict[str, Any], ...]
    openers: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Answer:
    """Why one person is or is not at one place."""

    name: str
    role: str
    explanation: Explanation | None


@dataclass(frozen=True)
class Event:
    """One line of the session's history."""

    at: datetime
    verb: str
    name: str
    by: str
    channel: str
    reason: str


@dataclass(frozen=True)
class SessionPage:
    """Everything the page of a session shows."""

    session: NeedSession
    roles: list[Role]
    adults_missing: int
    everybody: list[tuple[str, str]]
    question: Question
    answer: Answer | None
    run_id: str | None
    run_at: datetime | None
    history: list[Event]
    gaps: Mapping[str, Mapping[str, Any]]
    """What the newest run left empty, by role: why, and what would help."""
    pairs: list[Any]
    """What coordinators decided about pairs of this session."""

    def kept(self, opening_id: str, volunteer_id: str) -> str:
        """Return the decision that lets a pair stay, or nothing."""
        pair = (opening_id, volunteer_id)
        return next((each.id for each in self.pairs if (each.opening_id, each.volunteer_id) == pair), "")


def session_page(session_id: str, question: Question) -> SessionPage:
    """Return what the page of a session shows, with the answer to the question."""
    exact = _exact_cost(question.exact, session_id)
    meeting = queries.session_by_id(session_id)
    matches = desk_queries.of_session(session_id)
    run = runs.latest_done(to_local(meeting.starts_at).date())
    names = desk_queries.volunteer_names(
        {str(match.runner_up["volunteer"]) for match in matches if match.runner_up}
    )
    people = sorted(desk_queries.everybody(), key=lambda each: sort_key(each[1]))
    roles = [
        _role(opening, [m for m in matches if m.opening_id == opening.id], names, run, exact)
        for opening in meeting.openings
    ]
    return SessionPage(
        session=meeting,
        roles=roles,
        adults_missing=risk_service.dangers_of([meeting])[meeting.id].adults,
        everybody=people,
        question=question,
        answer=_answer(meeting, question, dict(people), run),
        run_id=run.id if run else None,
        run_at=run.finished_at if run else None,
        history=_history(matches),
        gaps={each["role"]: each for each in (run.plan or {}).get("unfilled", ())} if run else {},
        pairs=pair_queries.about_session(meeting.id, meeting.need_id, meeting.need.posted_by_id),
    )


def _role(
    opening: Opening,
    matches: Sequence[Match],
    names: dict[str, str],
    run: MatchRun | None,
    exact: Mapping[str, Any],
) -> Role:
    live = [m for m in matches if m.state in LIVE | _WITHOUT_A_YES]
    at_risk = opening.session.at_risk_since is not None
    proposed = sum(m.state == MatchState.PROPOSED for m in live)
    missing = max(0, opening.minimum - opening.filled - proposed)
    gap = _gap(run, opening.id) if missing else {}
    return Role(
        opening_id=opening.id,
        name=opening.role.name,
        filled=opening.filled,
        minimum=opening.minimum,
        capacity=opening.capacity,
        people=[_person(m, names, exact.get(m.id)) for m in sorted(live, key=partial(_order, at_risk))],
        missing=missing,
        why=tuple(gap.get("why", ())),
        openers=tuple(gap.get("openers", ())),
    )


def _order(at_risk: bool, match: Match) -> tuple[bool, bool, bool, str]:
    # In danger, those come first who said that they can be called at short notice.
    later = not (at_risk and match.volunteer.standby)
    return match.state not in OCCUPYING, match.state in _WITHOUT_A_YES, later, match.volunteer.user.name


def _gap(run: MatchRun | None, opening_id: str) -> dict[str, Any]:
    unfilled = (run.plan or {}).get("unfilled", []) if run else []
    return next((dict(each) for each in unfilled if each["role"] == opening_id), {})


def _person(match: Match, names: dict[str, str], exact: dict[str, Any] | None) -> Person:
    other = match.runner_up or {}
    return Person(
        match_id=match.id,
        version=match.version,
        volunteer_id=match.volunteer_id,
        name=match.volunteer.user.name,
        state=MatchState(match.state),
        reason=match.reason,
        word=match.reason if match.state in (MatchState.CONFIRMED, MatchState.DECLINED) else "",
        standby=match.volunteer.standby,
        may_say_yes=match.state in _ANSWERABLE and match.session.starts_at > clock.now(),
        answer_by=match.answer_by,
        score=match.score,
        reasons=tuple(match.reasons),
        runner_up=names.get(str(other.get("volunteer")), ""),
        runner_up_free=bool(other.get("free")),
        cost=exact or (dict(other["regret"]) if other.get("regret") else None),
    )


def _exact_cost(match_id: str, session_id: str) -> dict[str, dict[str, Any]]:
    """Return by match what its runner-up costs exactly, worked out before the page reads anything else."""
    match = queries.find(match_id)
    if match is None or match.session_id != session_id or not match.run_id or not match.runner_up:
        return {}
    instead, run = str(match.runner_up["volunteer"]), runs.run(match.run_id)
    try:
        found = matching.cost(run, match.opening_id, instead, match.volunteer_id)
    except matching.SolverError:
        found = None
    return {match_id: found} if found else {}


def _answer(
    meeting: NeedSession, question: Question, people: dict[str, str], run: MatchRun | None
) -> Answer | None:
    opening = next((o for o in meeting.openings if o.id == question.opening_id), None)
    name = people.get(question.volunteer_id)
    if opening is None or name is None:
        return None
    place = suggestions.place_of(opening, meeting)
    history = history_queries.history(clock.now())
    explanation = matching.explain(place, question.volunteer_id, history, run)
    return Answer(name, opening.role.name, explanation)


def _history(matches: Sequence[Match]) -> list[Event]:
    known = {match.id: match for match in matches}
    events = audit.history_of_many("match", list(known))
    actors = names_of({event.actor_id for event in events if event.actor_id})
    latest = {event.subject_id: event.id for event in reversed(events)}
    return [
        _event(event, known[event.subject_id], actors, event.id == latest[event.subject_id])
        for event in events
    ]


def _event(event: AuditEvent, match: Match, actors: dict[str, str], latest: bool) -> Event:
    # The history keeps codes only; what a person wrote is with the match, about its latest move.
    words = match.reason if latest else ""
    return Event(
        at=event.at,
        verb=event.verb,
        name=match.volunteer.user.name,
        by=actors.get(event.actor_id or "", ""),
        channel=event.channel,
        reason=str(event.facts.get("reason") or words),
    )
