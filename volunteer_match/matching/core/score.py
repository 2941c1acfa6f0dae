"""Quality of a pair as a sum of named whole numbers, and the rising price of load.

Every component is bounded, computed in whole numbers and shown to people, so an explanation adds up to
the score exactly. None of them looks at how much time a volunteer offers: hiding availability gains nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from volunteer_match.matching.core import columns as c
from volunteer_match.matching.core import spans
from volunteer_match.matching.core.columns import Bools, Columns, Floats, Ints
from volunteer_match.matching.core.eligible import Edges
from volunteer_match.matching.core.index import Index
from volunteer_match.matching.core.types import Component, Facts, Role, Session, Volunteer, Weights

# The most points each component gives at weight 1.
WANTED_SKILLS = 400
DISTANCE = 250
CONTINUITY = 150
NEW_FACE = 30
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


def most_points(weights: Weights) -> int:
    """Return the most points a pair can have."""
    parts = (
        most(WANTED_SKILLS, weights.wanted_skill),
        most(DISTANCE, weights.distance),
        most(CONTINUITY, weights.continuity),
        most(INTEREST, weights.interest),
        most(NEWCOMER_FIRST, weights.newcomer_first),
        most(WAITING, weights.waiting),
        most(KEPT_OFFER, weights.keep_offers),
    )
    return sum(parts)


def load_step(weights: Weights) -> int:
    """Return what each further place costs more than the one before."""
    return round(LOAD_STEP * weights.spread_load)


def components(index: Index, role: int, volunteer: int) -> tuple[Component, ...]:
    """List the parts of a pair's quality; they sum to it."""
    given = index.overrides.get((role, volunteer))
    if given is not None and given.quality is not None:
        return (Component("given", given.quality),) if given.quality else ()
    session, person = index.session(role), index.volunteers[volunteer]
    parts: tuple[tuple[str, int, Facts], ...] = (
        ("wanted_skills", *_wanted_skills(index, index.roles[role], person)),
        ("distance", *_distance(index, session, person)),
        ("continuity", *_continuity(index, session, person)),
        ("new_face", _new_face(index, session, person), {}),
        ("interest", _interest(index, session, person), {}),
        ("newcomer_first", _newcomer_first(index, person), {}),
        ("waiting", *_waiting(index, person)),
        ("kept_offer", _kept_offer(index, role, volunteer), {}),
    )
    return tuple(Component(code, points, facts) for code, points, facts in parts if points)


def _wanted_skills(index: Index, role: Role, person: Volunteer) -> tuple[int, Facts]:
    has = person.skills
    met = sorted(skill for skill in role.wanted_skills if has.get(skill, 0))
    if not met:
        return 0, {}
    parts, whole = _skill_shares(role)
    got = sum(share * min(has.get(skill, 0), FULL_LEVEL) for skill, share in parts)
    ceiling = most(WANTED_SKILLS, index.problem.weights.wanted_skill)
    return ceiling * got // whole, {"skills": ", ".join(met)}


def _skill_shares(role: Role) -> tuple[list[tuple[str, int]], int]:
    parts = [(skill, round(share * MILLI)) for skill, share in sorted(role.wanted_skills.items())]
    return parts, max(1, FULL_LEVEL * sum(share for _, share in parts))


def _distance(index: Index, session: Session, person: Volunteer) -> tuple[int, Facts]:
    if session.remote or session.place is None:
        return 0, {}
    ceiling = most(DISTANCE, index.problem.weights.distance)
    if person.place is None:
        return ceiling // 2, {"km": None}
    away = spans.metres(person.place, session.place)
    return ceiling * (FAR_METRES - min(away, FAR_METRES)) // FAR_METRES, {"km": away / 1000}


def _continuity(index: Index, session: Session, person: Volunteer) -> tuple[int, Facts]:
    bond = person.id, session.need
    times = index.familiar.get(bond, 0)
    if not times or (session.rotating and bond in index.guests):
        return 0, {}
    ceiling = most(CONTINUITY, index.problem.weights.continuity)
    return ceiling * min(times, FULL_TIMES) // FULL_TIMES, {"times": times}


def _new_face(index: Index, session: Session, person: Volunteer) -> int:
    new = session.rotating and not person.resource and not index.familiar.get((person.id, session.need))
    return most(NEW_FACE, index.problem.weights.continuity) if new else 0


def _interest(index: Index, session: Session, person: Volunteer) -> int:
    stated = (person.id, session.need) in index.interested or (person.id, session.partner) in index.interested
    return most(INTEREST, index.problem.weights.interest) if stated else 0


def _newcomer_first(index: Index, person: Volunteer) -> int:
    return most(NEWCOMER_FIRST, index.problem.weights.newcomer_first) if person.newcomer else 0


def _waiting(index: Index, person: Volunteer) -> tuple[int, Facts]:
    days = c.waiting_days(index, person)
    facts: Facts = {"never": True} if person.last_asked is None else {"days": days}
    ceiling = most(WAITING, index.problem.weights.waiting)
    return ceiling * days // c.MOST_WAITING_DAYS, facts


def _kept_offer(index: Index, role: int, volunteer: int) -> int:
    offered = (role, volunteer) in index.offered
    return most(KEPT_OFFER, index.problem.weights.keep_offers) if offered else 0


def qualities(columns: Columns, found: Edges) -> Ints:
    """Return the quality of every edge; equal to the sum of `components` pair by pair."""
    index = columns.index
    session = np.array(index.session_of, dtype=np.int64)[found.role]
    result = own_points(columns)[found.volunteer] + _edge_distances(columns, found, session)
    _add_skills(columns, found, result)
    _add_bonds(columns, found, session, result)
    keys = found.role * columns.count + found.volunteer
    offered = np.array([role * columns.count + who for role, who in sorted(index.offered)], dtype=np.int64)
    result[np.isin(keys, offered)] += most(KEPT_OFFER, index.problem.weights.keep_offers)
    for (role, who), each in index.overrides.items():
        key = role * columns.count + who
        at = int(np.searchsorted(keys, key))
        if each.quality is not None and at < len(keys) and keys[at] == key:
            result[at] = each.quality
    return result


def _edge_distances(columns: Columns, found: Edges, session: Ints) -> Ints:
    ceiling = most(DISTANCE, columns.index.problem.weights.distance)
    meetings = columns.index.sessions
    somewhere = np.array([not each.remote and each.place is not None for each in meetings], dtype=np.bool_)
    places = np.array([each.place or (0.0, 0.0) for each in meetings], dtype=np.float64).reshape(-1, 2)
    points = _near_points(c.metres(columns.place[found.volunteer], places[session]), ceiling)
    return np.where(somewhere[session], points, 0)


def _near_points(away: Floats, ceiling: int) -> Ints:
    unknown: Bools = np.isnan(away)
    metres = np.minimum(np.where(unknown, 0, away), FAR_METRES).astype(np.int64)
    return np.where(unknown, ceiling // 2, ceiling * (FAR_METRES - metres) // FAR_METRES)


def _add_skills(columns: Columns, found: Edges, result: Ints) -> None:
    starts = np.searchsorted(found.role, np.arange(len(columns.index.roles) + 1)).tolist()
    for at, role in enumerate(columns.index.roles):
        here = slice(starts[at], starts[at + 1])
        if role.wanted_skills:
            result[here] += _skill_points(columns, role, found.volunteer[here])


def _add_bonds(columns: Columns, found: Edges, session: Ints, result: Ints) -> None:
    """Add what a pair has in common: the times served before, and a stated interest."""
    index, weights = columns.index, columns.index.problem.weights
    needs, partners = [each.need for each in index.sessions], [each.partner for each in index.sessions]
    times = np.minimum(_bonds(columns, found, session, needs, index.familiar), FULL_TIMES)
    rotating = np.array([each.rotating for each in index.sessions], dtype=np.bool_)[session]
    new = rotating & (times == 0) & ~columns.resource[found.volunteer]
    result += most(NEW_FACE, weights.continuity) * new
    guest = _bonds(columns, found, session, needs, dict.fromkeys(index.guests, 1)) > 0
    times = np.where(rotating & guest, 0, times)
    result += most(CONTINUITY, weights.continuity) * times // FULL_TIMES
    keen = dict.fromkeys(index.interested, 1)
    in_need = _bonds(columns, found, session, needs, keen)
    in_partner = _bonds(columns, found, session, partners, keen)
    result += most(INTEREST, weights.interest) * np.maximum(in_need, in_partner)


def _bonds(
    columns: Columns, found: Edges, session: Ints, names: list[str], bonds: dict[tuple[str, str], int]
) -> Ints:
    """Return for each edge the bond of its volunteer to what their session is called, 0 if none."""
    volunteer_at = columns.index.volunteer_at
    called = {name: at for at, name in enumerate(dict.fromkeys(names))}
    known = {
        called[name] * columns.count + volunteer_at[who]: value
        for (who, name), value in bonds.items()
        if name in called and who in volunteer_at
    }
    keys = (
        np.array([called[name] for name in names], dtype=np.int64)[session] * columns.count + found.volunteer
    )
    wanted = np.array([-1, *sorted(known)], dtype=np.int64)
    values = np.array([0, *(known[key] for key in wanted[1:].tolist())], dtype=np.int64)
    at = np.searchsorted(wanted, keys, side="right") - 1
    return np.where(wanted[at] == keys, values[at], 0)


def role_points(columns: Columns, role: int, own: Ints, people: Ints) -> Ints:
    """Return the quality of some volunteers (sorted) for one role; `own` are everybody's own points."""
    index, session = columns.index, columns.index.session(role)
    points = own[people] + _skill_points(columns, index.roles[role], people)
    points += _distance_points(columns, session, people)
    points += _new_face_points(columns, session, people)
    for who, gain in _known(index, session):
        points[_position(people, who)] += gain
    for who in index.offered_of.get(role, ()):
        points[_position(people, who)] += most(KEPT_OFFER, index.problem.weights.keep_offers)
    for who in index.overrides_of.get(role, ()):
        given = index.overrides[role, who].quality
        if given is not None:
            points[_position(people, who)] = given
    return points


def _position(people: Ints, who: int) -> slice:
    low, high = np.searchsorted(people, [who, who + 1])
    return slice(int(low), int(high))


def own_points(columns: Columns) -> Ints:
    """Return what each volunteer brings to any role."""
    weights = columns.index.problem.weights
    newcomer = columns.newcomer.astype(np.int64) * most(NEWCOMER_FIRST, weights.newcomer_first)
    return newcomer + most(WAITING, weights.waiting) * columns.waiting // c.MOST_WAITING_DAYS


def _skill_points(columns: Columns, role: Role, people: Ints) -> Ints:
    parts, whole = _skill_shares(role)
    got = np.zeros_like(people)
    for skill, share in parts:
        got += share * np.minimum(columns.skill(skill)[people], FULL_LEVEL)
    return most(WANTED_SKILLS, columns.index.problem.weights.wanted_skill) * got // whole


def _distance_points(columns: Columns, session: Session, people: Ints) -> Ints:
    if session.remote or session.place is None:
        return np.zeros_like(people)
    ceiling = most(DISTANCE, columns.index.problem.weights.distance)
    return _near_points(columns.metres(session.place, people), ceiling)


def _new_face_points(columns: Columns, session: Session, people: Ints) -> Ints:
    index, points = columns.index, np.zeros_like(people)
    if session.rotating:
        points += most(NEW_FACE, index.problem.weights.continuity) * ~columns.resource[people]
        for who in index.known_in.get(session.need, ()):
            if index.familiar[who, session.need]:
                points[_position(people, index.volunteer_at[who])] = 0
    return points


def _known(index: Index, session: Session) -> Iterator[tuple[int, int]]:
    """List who knows a session's need or cares for it or its partner, with the points of that."""
    weights = index.problem.weights
    ceiling = most(CONTINUITY, weights.continuity)
    for who in index.known_in.get(session.need, ()):
        if session.rotating and (who, session.need) in index.guests:
            continue
        times = min(index.familiar[who, session.need], FULL_TIMES)
        yield index.volunteer_at[who], ceiling * times // FULL_TIMES
    keen = {*index.keen_on.get(session.need, ()), *index.keen_on.get(session.partner, ())}
    for who in sorted(keen):
        yield index.volunteer_at[who], most(INTEREST, weights.interest)
