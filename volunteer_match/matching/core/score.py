"""Quality of a pair as a sum of named whole numbers, and the rising price of load.

Every component is bounded, computed in whole numbers and shown to people, so an explanation adds up to
the score exactly. None of them looks at how much time a volunteer offers: hiding availability gains nothing.
"""

from __future__ import annotations

import numpy as np

from volunteer_match.matching.core import columns as c
from volunteer_match.matching.core import spans
from volunteer_match.matching.core.columns import Bools, Columns, Ints
from volunteer_match.matching.core.eligible import Edges
from volunteer_match.matching.core.index import Index
from volunteer_match.matching.core.types import Component, Facts, Role, Session, Weights

# The most points each component gives at weight 1.
WANTED_SKILLS = 400
DISTANCE = 250
CONTINUITY = 150
INTEREST = 150
NEWCOMER_FIRST = 100
WAITING = 60
KEPT_OFFER = 300
LOAD_STEP = 30

FAR_METRES = 20_000
FULL_LEVEL = 3
FULL_TIMES = 4
MILLI = 1_000


def most(base: int, weight: float) -> int:
    """Return the most points a component gives under its weight."""
    return round(base * weight)


def load_step(weights: Weights) -> int:
    """Return what each further place costs more than the one before."""
    return round(LOAD_STEP * weights.spread_load)


def components(index: Index, role: int, volunteer: int) -> tuple[Component, ...]:
    """List the parts of a pair's quality; they sum to it."""
    given = index.overrides.get((role, volunteer))
    if given is not None and given.quality is not None:
        return (Component("given", given.quality),)
    parts = (
        _wanted_skills(index, role, volunteer),
        _distance(index, role, volunteer),
        _continuity(index, role, volunteer),
        _interest(index, role, volunteer),
        _newcomer_first(index, volunteer),
        _waiting(index, volunteer),
        _kept_offer(index, role, volunteer),
    )
    return tuple(part for part in parts if part.points)


def _wanted_skills(index: Index, role: int, volunteer: int) -> Component:
    wanted, has = index.roles[role].wanted_skills, index.volunteers[volunteer].skills
    parts, whole = _skill_shares(index.roles[role])
    got = sum(share * min(has.get(skill, 0), FULL_LEVEL) for skill, share in parts)
    met = ", ".join(sorted(skill for skill in wanted if has.get(skill, 0)))
    ceiling = most(WANTED_SKILLS, index.problem.weights.wanted_skill)
    return Component("wanted_skills", ceiling * got // whole, {"skills": met})


def _skill_shares(role: Role) -> tuple[list[tuple[str, int]], int]:
    parts = [(skill, round(share * MILLI)) for skill, share in sorted(role.wanted_skills.items())]
    return parts, max(1, FULL_LEVEL * sum(share for _, share in parts))


def _distance(index: Index, role: int, volunteer: int) -> Component:
    ceiling = most(DISTANCE, index.problem.weights.distance)
    session, home = index.session(role), index.volunteers[volunteer].place
    if session.remote or session.place is None:
        return Component("distance", 0)
    if home is None:
        return Component("distance", ceiling // 2, {"km": None})
    away = spans.metres(home, session.place)
    points = ceiling * (FAR_METRES - min(away, FAR_METRES)) // FAR_METRES
    return Component("distance", points, {"km": away / 1000})


def _continuity(index: Index, role: int, volunteer: int) -> Component:
    times = index.familiar.get((index.volunteers[volunteer].id, index.session(role).need), 0)
    ceiling = most(CONTINUITY, index.problem.weights.continuity)
    return Component("continuity", ceiling * min(times, FULL_TIMES) // FULL_TIMES, {"times": times})


def _interest(index: Index, role: int, volunteer: int) -> Component:
    session, who = index.session(role), index.volunteers[volunteer].id
    stated = (who, session.need) in index.interested or (who, session.partner) in index.interested
    return Component("interest", stated * most(INTEREST, index.problem.weights.interest))


def _newcomer_first(index: Index, volunteer: int) -> Component:
    newcomer = index.volunteers[volunteer].newcomer
    return Component("newcomer_first", newcomer * most(NEWCOMER_FIRST, index.problem.weights.newcomer_first))


def _waiting(index: Index, volunteer: int) -> Component:
    person = index.volunteers[volunteer]
    days = c.waiting_days(index, person)
    facts: Facts = {"never": True} if person.last_asked is None else {"days": days}
    ceiling = most(WAITING, index.problem.weights.waiting)
    return Component("waiting", ceiling * days // c.MOST_WAITING_DAYS, facts)


def _kept_offer(index: Index, role: int, volunteer: int) -> Component:
    offered = (role, volunteer) in index.offered
    return Component("kept_offer", offered * most(KEPT_OFFER, index.problem.weights.keep_offers))


def qualities(columns: Columns, found: Edges) -> Ints:
    """Return the quality of every edge; equal to the sum of `components` pair by pair."""
    result = np.zeros(found.count, dtype=np.int64)
    index = columns.index
    own = _own_points(columns)
    starts = np.searchsorted(found.role, np.arange(len(index.roles) + 1))
    for role in range(len(index.roles)):
        here = slice(int(starts[role]), int(starts[role + 1]))
        result[here] = role_points(columns, role, own)[found.volunteer[here]]
    return result


def role_points(columns: Columns, role: int, own: Ints | None = None) -> Ints:
    """Return the quality of every volunteer for one role."""
    index, session = columns.index, columns.index.session(role)
    points = (_own_points(columns) if own is None else own).copy()
    points += _skill_points(columns, index.roles[role]) + _distance_points(columns, session)
    _add_known(columns, session, points)
    for volunteer in index.offered_of.get(role, ()):
        points[volunteer] += most(KEPT_OFFER, index.problem.weights.keep_offers)
    for volunteer in index.overrides_of.get(role, ()):
        given = index.overrides[role, volunteer].quality
        if given is not None:
            points[volunteer] = given
    return points


def _own_points(columns: Columns) -> Ints:
    weights = columns.index.problem.weights
    newcomer = columns.newcomer.astype(np.int64) * most(NEWCOMER_FIRST, weights.newcomer_first)
    return newcomer + most(WAITING, weights.waiting) * columns.waiting // c.MOST_WAITING_DAYS


def _skill_points(columns: Columns, role: Role) -> Ints:
    parts, whole = _skill_shares(role)
    got = np.zeros(columns.count, dtype=np.int64)
    for skill, share in parts:
        got += share * np.minimum(columns.skill(skill), FULL_LEVEL)
    return most(WANTED_SKILLS, columns.index.problem.weights.wanted_skill) * got // whole


def _distance_points(columns: Columns, session: Session) -> Ints:
    ceiling = most(DISTANCE, columns.index.problem.weights.distance)
    if session.remote or session.place is None:
        return np.zeros(columns.count, dtype=np.int64)
    away = columns.metres(session.place)
    unknown: Bools = np.isnan(away)
    metres = np.minimum(np.where(unknown, 0, away), FAR_METRES).astype(np.int64)
    return np.where(unknown, ceiling // 2, ceiling * (FAR_METRES - metres) // FAR_METRES)


def _add_known(columns: Columns, session: Session, points: Ints) -> None:
    index, weights = columns.index, columns.index.problem.weights
    ceiling = most(CONTINUITY, weights.continuity)
    for who in index.known_in.get(session.need, ()):
        times = min(index.familiar[who, session.need], FULL_TIMES)
        points[index.volunteer_at[who]] += ceiling * times // FULL_TIMES
    keen = {*index.keen_on.get(session.need, ()), *index.keen_on.get(session.partner, ())}
    for who in sorted(keen):
        points[index.volunteer_at[who]] += most(INTEREST, weights.interest)
