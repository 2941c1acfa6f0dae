"""How many people each rule keeps from a role, counted rule by rule without asking who breaks which.

`eligible` knows the same rules person by person; tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from volunteer_match.matching.core import eligible, spans
from volunteer_match.matching.core.candidates import Finder
from volunteer_match.matching.core.columns import NEVER, Bools, Columns, Ints
from volunteer_match.matching.core.types import Reason, Role, Session

Broken = tuple[str, Bools]


def blocked(finder: Finder, role: int) -> tuple[Reason, ...]:
    """Count by rule those of the asked kind whom it keeps from a role, the commonest rule first."""
    columns = finder.columns
    wanted, session = columns.index.roles[role], columns.index.session(role)
    # Whoever is not of the asked kind at all is no news: a projector does not read to children.
    asked = columns.resource if wanted.resource else ~columns.resource
    counts = {code: int(np.count_nonzero(broken & asked)) for code, broken in _rules(columns, role)}
    if session.place is not None and not session.remote:
        near = finder.homes.near(session.place, asked[finder.homes.order])
        counts["too_far"] = int(np.count_nonzero(asked)) - len(near)
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Reason("blocked", {"rule": code, "people": people}) for code, people in ordered if people)


def _rules(columns: Columns, role: int) -> Iterator[Broken]:
    wanted, session = columns.index.roles[role], columns.index.session(role)
    yield "withheld", columns.withheld
    yield from _papers(columns, session)
    if not (session.remote or session.step_free):
        yield "needs_step_free", columns.step_free
    yield from _times(columns, session)
    yield "cap_hours", _over(columns, role)
    yield from _wishes(columns, wanted, session)
    yield "forbidden", _at(columns, eligible.forbidden(columns, role))


def _papers(columns: Columns, session: Session) -> Iterator[Broken]:
    needed = spans.last_day(session).toordinal()
    yield "agreement_expires", columns.agreed < needed
    if session.children > 0:
        until = columns.cleared_for(spans.organiser(session))
        yield "clearance_missing", ~columns.resource & (until == NEVER)
        yield "clearance_expires", ~columns.resource & (until != NEVER) & (until < needed)


def _times(columns: Columns, session: Session) -> Iterator[Broken]:
    problem = columns.index.problem
    free = columns.always.copy()
    free[columns.available.covering(*spans.wanted_free(problem, session))] = True
    yield "not_available", ~free
    yield "away", _at(columns, columns.away.touching(*spans.span(session)))
    yield "busy", _at(columns, columns.busy.touching(*spans.occupied(problem, session)))
    _, sessions = columns.used(spans.week_of(session))
    yield "cap_sessions", sessions >= columns.sessions_cap
    yield "cap_new", columns.new_cap == 0


def _over(columns: Columns, role: int) -> Bools:
    index = columns.index
    session = index.session(role)
    taken, _ = columns.used(spans.week_of(session))
    starts, ends = spans.span(session)
    over: Bools = taken + (ends - starts) > columns.hours_cap
    for who in index.overrides_of.get(role, ()):
        over[who] = taken[who] + index.pair_seconds(role, who) > columns.hours_cap[who]
    return over


def _wishes(columns: Columns, wanted: Role, session: Session) -> Iterator[Broken]:
    lacking = [columns.skill(skill) < level for skill, level in wanted.required_skills.items()]
    if lacking:
        yield "skill_missing", np.logical_or.reduce(lacking)
    silent = [~columns.speaks(language) for language in wanted.languages]
    if silent:
        yield "language_missing", np.logical_or.reduce(silent)
    if wanted.driving_licence:
        yield "no_licence", ~columns.licence
    if wanted.min_age > 0:
        yield "too_young", columns.ages_on(spans.age_day(session)) < wanted.min_age


def _at(columns: Columns, people: Ints | list[int]) -> Bools:
    marked = np.zeros(columns.count, dtype=np.bool_)
    marked[people] = True
    return marked
