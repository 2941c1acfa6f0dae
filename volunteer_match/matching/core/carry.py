"""What one shard leaves for another: problems narrowed to some sessions, and people with less time left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from volunteer_match.matching.core import columns, edges, index, spans
from volunteer_match.matching.core.index import Index, grouped
from volunteer_match.matching.core.types import Problem, Session, Use, Volunteer

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Placed:
    """One person at one place; `week` and `seconds` are what it takes of a weekly cap."""

    role: str
    volunteer: str
    session: str
    week: str
    starts: datetime
    ends: datetime
    seconds: int
    score: int = 0
    weight: int = 0
    remote: bool = False
    new: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person can take: weekly caps, what already counts, and the load they began with."""

    began: int
    seconds: int | None = None
    sessions: int | None = None
    new: int | None = None
    used: tuple[tuple[str, int, int], ...] = ()
    lends: bool = False


def limits_of(volunteer: Volunteer, confirmed: Sequence[Placed]) -> Limits:
    """Return the limits of a person who has some places confirmed."""
    cap = volunteer.max_hours_per_week
    used = [(each.week, round(each.hours * spans.HOUR), each.sessions) for each in volunteer.used]
    return Limits(
        began=columns.carried(volunteer) + len(confirmed),
        seconds=None if cap is None else round(cap * spans.HOUR),
        sessions=volunteer.max_sessions_per_week,
        new=volunteer.max_new,
        used=(*used, *((each.week, each.seconds, 1) for each in confirmed)),
        lends=volunteer.resource,
    )


def place(session: Session, role: str, volunteer: str, seconds: int) -> Placed:
    """Describe one place taken."""
    week, remote = spans.week_of(session), session.remote
    return Placed(role, volunteer, session.id, week, session.starts, session.ends, seconds, remote=remote)


def with_load(problem: Problem, load: Mapping[str, int]) -> Problem:
    """Let people bring the load they were given elsewhere."""
    people = (_loaded(each, load.get(each.id, 0)) for each in problem.volunteers)
    return replace(problem, volunteers=tuple(people))


def _loaded(volunteer: Volunteer, places: int) -> Volunteer:
    if not places:
        return volunteer
    return replace(volunteer, recent_sessions=volunteer.recent_sessions + places)


def with_places(problem: Problem, kept: Iterable[Placed]) -> Problem:
    """Let people be busy with places they have elsewhere, and have less of their caps left."""
    of = grouped((each.volunteer, each) for each in kept)
    people = (_busier(problem, each, of.get(each.id, ())) for each in problem.volunteers)
    return replace(problem, volunteers=tuple(people))


def _busier(problem: Problem, volunteer: Volunteer, kept: Sequence[Placed]) -> Volunteer:
    if not kept:
        return volunteer
    left = volunteer.max_new
    new = sum(each.new for each in kept)
    return replace(
        volunteer,
        busy=volunteer.busy + tuple(_busy(problem, each) for each in kept),
        used=volunteer.used + tuple(Use(each.week, each.seconds / spans.HOUR, 1) for each in kept),
        max_new=None if left is None else max(0, left - new),
    )


def with_confirmed(part: Problem, lookup: Index, here: Collection[str]) -> Problem:
    """Let confirmed places in other sessions than these keep people busy and count as their load."""
    away = [pair for pair in sorted(lookup.fixed) if lookup.session(pair[0]).id not in here]
    placed = [_confirmed(lookup, role, who) for role, who in away]
    return with_places(with_load(part, load_of(placed)), placed) if placed else part


def _confirmed(lookup: Index, role: int, who: int) -> Placed:
    seconds, session = lookup.pair_seconds(role, who), lookup.session(role)
    found = place(session, lookup.roles[role].id, lookup.volunteers[who].id, seconds)
    return replace(found, new=False)


def _busy(problem: Problem, kept: Placed) -> tuple[datetime, datetime]:
    # Travel is added to whatever makes somebody busy; from home there is none to add.
    half = timedelta(seconds=spans.travel_half(problem, remote=False)) if kept.remote else timedelta()
    starts, ends = kept.starts + half, kept.ends - half
    return (starts, ends) if starts < ends else (kept.starts, kept.ends)


def of_sessions(problem: Problem, sessions: Collection[str]) -> Problem:
    """Keep some sessions with their roles and what is said about these."""
    roles = tuple(each for each in problem.roles if each.session in sessions)
    names = {each.id for each in roles}
    return replace(
        problem,
        sessions=tuple(each for each in problem.sessions if each.id in sessions),
        roles=roles,
        fixed=tuple(pair for pair in problem.fixed if pair[0] in names),
        offered=tuple(pair for pair in problem.offered if pair[0] in names),
        pairs=tuple(each for each in problem.pairs if each.role in names),
    )


def only(problem: Problem, sessions: Collection[str]) -> Problem:
    """Keep some sessions, and of the volunteers whoever could come to them or has a friend who could."""
    part = of_sessions(problem, sessions)
    if problem.fixed:
        part = with_confirmed(part, index.build(problem), sessions)
    table = index.build(part)
    found = edges.find(columns.build(table))
    coming = {table.volunteers[at].id for at in set(found.volunteer.tolist())}
    return people(part, coming | {who for _, who in part.fixed})


def people(problem: Problem, coming: Collection[str]) -> Problem:
    """Keep some volunteers and their friends."""
    kept = set(coming)
    for group in problem.together:
        if kept & set(group):
            kept |= set(group)
    return replace(
        problem,
        volunteers=tuple(each for each in problem.volunteers if each.id in kept),
        familiar=tuple(each for each in problem.familiar if each.volunteer in kept),
        interested=tuple(each for each in problem.interested if each[0] in kept),
        forbidden=tuple(each for each in problem.forbidden if each.volunteer in kept),
        together=tuple(group for group in problem.together if set(group) <= kept),
        offered=tuple(pair for pair in problem.offered if pair[1] in kept),
        pairs=tuple(each for each in problem.pairs if each.volunteer in kept),
    )


def joined(parts: Sequence[Problem]) -> Problem:
    """Put problems of different sessions together; who is in several is the same person."""
    return replace(
        parts[0],
        sessions=tuple(each for part in parts for each in part.sessions),
        roles=tuple(each for part in parts for each in part.roles),
        volunteers=tuple({each.id: each for part in parts for each in part.volunteers}.values()),
        fixed=_all(part.fixed for part in parts),
        offered=_all(part.offered for part in parts),
        pairs=_all(part.pairs for part in parts),
        familiar=_all(part.familiar for part in parts),
        interested=_all(part.interested for part in parts),
        forbidden=_all(part.forbidden for part in parts),
        together=_all(part.together for part in parts),
        partner_deficit={name: share for part in parts for name, share in part.partner_deficit.items()},
    )


def _all(rows: Iterable[tuple[Row, ...]]) -> tuple[Row, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(rows)))


def load_of(placed: Iterable[Placed]) -> Counter[str]:
    """Count everybody's places."""
    return Counter(each.volunteer for each in placed)
