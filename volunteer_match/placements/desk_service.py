"""Puts the coordinator's desk together."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.i18n import from_local, to_local
from volunteer_match.lending import queries as lending
from volunteer_match.matching import queries as runs
from volunteer_match.matching.rules import MAX_WEEKS
from volunteer_match.needs.models import Opening
from volunteer_match.needs.rules import Priority
from volunteer_match.placements import desk_queries, mend_queries, phone_queries, queries
from volunteer_match.placements.desk_queries import Line, Waiting
from volunteer_match.placements.models import Match, Mend, MendPause
from volunteer_match.placements.rules import MendCause

PAGE_SIZE = 25
MOST_OPENERS = 2


@dataclass(frozen=True)
class Row:
    """One line of the desk: a person to decide about, or a place that nobody is proposed for."""

    tier: int
    missing: int
    opening_id: str
    session_id: str
    need_id: str
    title: str
    role: str
    where: str
    starts_at: datetime
    ends_at: datetime
    filled: int
    minimum: int
    capacity: int
    priority: int = Priority.NORMAL
    looked: bool = False
    """The newest run over that day looked for somebody and found too few."""
    match_id: str | None = None
    version: int = 0
    name: str = ""
    volunteer_id: str = ""
    reasons: tuple[dict[str, Any], ...] = ()
    runner_up: str = ""
    cost: dict[str, Any] | None = None
    """What the runner-up would cost the whole plan, as the run worked it out."""
    openers: tuple[dict[str, Any], ...] = ()
    """What would bring somebody to an empty place, the most helpful first."""


@dataclass(frozen=True)
class Recent:
    """An offer this coordinator just sent and may still take back."""

    match_id: str
    name: str
    title: str
    starts_at: datetime


@dataclass(frozen=True)
class Step:
    """Somebody who was put somewhere, moved, or taken off the desk when a gap was filled."""

    name: str
    standing: str
    """Where the match at the place joined, or else left, stands now; empty when there is none any more."""
    left: Any
    joined: Any
    """The places: id, session_id, title and starts_at; nothing when there is none."""


@dataclass(frozen=True)
class Changed:
    """What was changed on the desk to fill gaps, and what that is worth."""

    at: datetime
    asked: bool
    places: tuple[Any, ...]
    steps: tuple[Step, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    openers: tuple[tuple[Any, dict[str, Any]], ...]
    """Places that are still short of people, each with the change that would bring most."""


@dataclass(frozen=True)
class Desk:
    """Everything the desk shows."""

    rows: list[Row]
    total: int
    number: int
    at_risk: int
    proposals: int
    to_call: int
    loans: int
    waiting: Waiting
    recent: list[Recent]
    changed: list[Changed]
    looking: int
    """Places the worker is still to look for people for."""
    pauses: list[MendPause]
    """Weeks for which looking failed and is tried again."""
    run_id: str | None
    run_at: datetime | None


def desk(actor: Actor, number: int) -> Desk:
    """Return one page of the desk, the most pressing lines first."""
    now = clock.now()
    lines = desk_queries.lines(now, from_local(to_local(now).date() + timedelta(weeks=MAX_WEEKS), time()))
    number = min(number, max(1, -(-len(lines) // PAGE_SIZE)))
    part = lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    latest = runs.latest_on_desk()
    return Desk(
        rows=rows_of(part),
        total=len(lines),
        number=number,
        at_risk=desk_queries.at_risk(now),
        proposals=sum(line.match_id is not None for line in lines),
        to_call=phone_queries.calls(now),
        loans=lending.to_decide(now),
        waiting=desk_queries.waiting(now),
        recent=[_recent(match) for match in desk_queries.just_approved(actor.user_id, now)],
        changed=_changed(now),
        looking=mend_queries.waiting(now),
        pauses=mend_queries.pauses(now),
        run_id=latest.id if latest else None,
        run_at=latest.created_at if latest else None,
    )


def rows_of(lines: list[Line]) -> list[Row]:
    """Fill the lines with names and facts, and empty places with what the run says would help."""
    matches = desk_queries.matches([line.match_id for line in lines if line.match_id])
    openings = queries.openings(line.opening_id for line in lines)
    others = {str(m.runner_up["volunteer"]) for m in matches.values() if m.runner_up}
    names = desk_queries.volunteer_names(others)
    openers = runs.openers_of({to_local(line.starts_at).date() for line in lines if not line.match_id})
    rows = [_row(line, openings[line.opening_id], matches.get(line.match_id or ""), names) for line in lines]
    return [
        row if row.match_id else _with_openers(row, openers.get(line.opening_id))
        for row, line in zip(rows, lines, strict=True)
    ]


def _with_openers(row: Row, openers: list[dict[str, Any]] | None) -> Row:
    return replace(row, looked=openers is not None, openers=tuple((openers or ())[:MOST_OPENERS]))


def _row(line: Line, opening: Opening, match: Match | None, names: dict[str, str]) -> Row:
    need, meeting = opening.session.need, opening.session
    facts: dict[str, Any] = {
        "tier": line.tier,
        "missing": line.missing,
        "opening_id": opening.id,
        "session_id": meeting.id,
        "need_id": need.id,
        "title": need.title,
        "role": opening.role.name,
        "where": need.venue.name if need.venue else "",
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "filled": opening.filled,
        "minimum": opening.minimum,
        "capacity": opening.capacity,
        "priority": line.priority,
    }
    if match is None:
        return Row(**facts)
    return Row(
        **facts,
        match_id=match.id,
        version=match.version,
        name=match.volunteer.user.name,
        volunteer_id=match.volunteer_id,
        reasons=tuple(match.reasons),
        runner_up=names.get(str(match.runner_up["volunteer"]), "") if match.runner_up else "",
        cost=match.runner_up.get("regret") if match.runner_up else None,
    )


def _recent(match: Match) -> Recent:
    return Recent(match.id, match.volunteer.user.name, match.session.need.title, match.session.starts_at)


def _changed(now: datetime) -> list[Changed]:
    rows = mend_queries.recent(now)
    moves = [move for row in rows for move in row.moves]
    people = {str(move["volunteer"]) for move in moves}
    wanted = {str(move[side]) for move in moves for side in ("left", "joined") if move[side]}
    places = mend_queries.places(wanted.union(*(row.openings for row in rows)))
    told = _Told(
        desk_queries.volunteer_names(people),
        places,
        mend_queries.standing(wanted, people),
        mend_queries.short({opening for row in rows for opening in row.openers or {}}, now),
    )
    return [_change(row, told, now) for row in rows]


@dataclass(frozen=True)
class _Told:
    names: dict[str, str]
    places: dict[str, Any]
    standing: dict[tuple[str, str], str]
    short: set[str]


def _change(row: Mend, told: _Told, now: datetime) -> Changed:
    openers = (
        (told.places.get(opening), best[0])
        for opening, best in (row.openers or {}).items()
        if best and opening in told.short
    )
    return Changed(
        at=row.done_at or now,
        asked=row.cause == MendCause.ASKED,
        places=tuple(told.places[each] for each in row.openings if each in told.places),
        steps=tuple(_step(move, told) for move in row.moves),
        before=tuple(row.before),
        after=tuple(row.after),
        openers=tuple((place, best) for place, best in openers if place is not None),
    )


def _step(move: dict[str, Any], told: _Told) -> Step:
    who, left, joined = move["volunteer"], move["left"], move["joined"]
    return Step(
        name=told.names.get(who, "–"),
        standing=told.standing.get((joined or left, who), ""),
        left=told.places.get(left),
        joined=told.places.get(joined),
    )
