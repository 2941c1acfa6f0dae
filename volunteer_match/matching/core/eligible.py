"""The hard rules for all volunteers at once: one bit per rule, no bit set means an edge.

`blockers` is the same set of rules for one pair, with facts; tests hold the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.columns import NEVER, Bools, Columns, Ints
from volunteer_match.matching.core.types import ADULT_AGE, Session

CODES = (
    "withheld",
    "forbidden",
    "too_young",
    "clearance_missing",
    "clearance_expires",
    "agreement_expires",
    "skill_missing",
    "language_missing",
    "no_licence",
    "needs_step_free",
    "too_far",
    "not_available",
    "away",
    "busy",
    "cap_hours",
    "cap_sessions",
    "cap_new",
    "wrong_kind",
)
BIT = {code: 1 << at for at, code in enumerate(CODES)}


@dataclass(frozen=True, slots=True)
class Edges:
    """All eligible pairs that are not fixed, sorted by role and then volunteer."""

    role: Ints
    volunteer: Ints

    @property
    def count(self) -> int:
        """Return how many eligible pairs there are."""
        return len(self.role)


def _marked(code: str, where: Bools) -> Ints:
    return where.astype(np.int64) * BIT[code]


def _marked_at(count: int, code: str, at: Ints | list[int]) -> Ints:
    bits = np.zeros(count, dtype=np.int64)
    bits[at] = BIT[code]
    return bits


def session_bits(columns: Columns, session: Session, of_place: Ints | None = None) -> Ints:
    """Return the broken rules of each volunteer that depend on the session alone; its place may be known."""
    bits = _marked("withheld", columns.withheld)
    bits |= place_bits(columns, session) if of_place is None else of_place
    return bits | _paper_bits(columns, session) | time_bits(columns, session)


def _paper_bits(columns: Columns, session: Session) -> Ints:
    needed = spans.last_day(session).toordinal()
    bits = _marked("agreement_expires", columns.agreed < needed)
    if session.children > 0:
        until = columns.cleared_for(spans.organiser(session))
        person = ~columns.resource
        bits |= _marked("clearance_missing", person & (until == NEVER))
        bits |= _marked("clearance_expires", person & (until != NEVER) & (until < needed))
    return bits


def place_bits(columns: Columns, session: Session) -> Ints:
    """Return the broken rules of each volunteer that depend on where the session is."""
    bits = np.zeros(columns.count, dtype=np.int64)
    if session.remote:
        return bits
    if not session.step_free:
        bits |= _marked("needs_step_free", columns.step_free)
    if session.place is not None:
        bits |= _marked("too_far", columns.metres(session.place) > columns.reach)
    return bits


def time_bits(columns: Columns, session: Session) -> Ints:
    """Return the broken rules of each volunteer that depend on when the session is."""
    problem, count = columns.index.problem, columns.count
    free = columns.always.copy()
    free[columns.available.covering(*spans.wanted_free(problem, session))] = True
    bits = _marked("not_available", ~free)
    bits |= _marked_at(count, "away", columns.away.touching(*spans.span(session)))
    bits |= _marked_at(count, "busy", columns.busy.touching(*spans.occupied(problem, session)))
    taken, sessions = columns.used(spans.week_of(session))
    starts, ends = spans.span(session)
    bits |= _marked("cap_hours", taken + (ends - starts) > columns.hours_cap)
    bits |= _marked("cap_sessions", sessions + 1 > columns.sessions_cap)
    return bits | _marked("cap_new", columns.new_cap == 0)


def role_bits(columns: Columns, role: int, of_session: Ints) -> Ints:
    """Return every broken rule of each volunteer for a role."""
    wanted, session = columns.index.roles[role], columns.index.session(role)
    bits = of_session | _marked("wrong_kind", columns.resource != wanted.resource)
    for skill, level in wanted.required_skills.items():
        bits |= _marked("skill_missing", columns.skill(skill) < level)
    for language in wanted.languages:
        bits |= _marked("language_missing", ~columns.speaks(language))
    if wanted.driving_licence:
        bits |= _marked("no_licence", ~columns.licence)
    if wanted.min_age > 0:
        bits |= _marked("too_young", columns.ages_on(spans.age_day(session)) < wanted.min_age)
    _mend_hours(columns, role, bits)
    return bits | _marked_at(columns.count, "forbidden", forbidden(columns, role))


def _mend_hours(columns: Columns, role: int, bits: Ints) -> None:
    # Hours given for a pair replace the session's length, which the session's bits went by.
    index = columns.index
    taken, _ = columns.used(spans.week_of(index.session(role)))
    for volunteer in index.overrides_of.get(role, ()):
        over = taken[volunteer] + index.pair_seconds(role, volunteer) > columns.hours_cap[volunteer]
        bits[volunteer] = (bits[volunteer] & ~BIT["cap_hours"]) | (BIT["cap_hours"] if over else 0)


def forbidden(columns: Columns, role: int) -> list[int]:
    """Return the volunteers who must not serve in a role."""
    index, session = columns.index, columns.index.session(role)
    targets = {session.partner, session.need, session.id, index.roles[role].id}
    return [who for target in sorted(targets) for who in index.barred.get(target, ())]


def cleared_adults(columns: Columns, session: Session) -> Ints:
    """Return 1 for each volunteer who counts as a cleared adult in a session, else 0."""
    needed = spans.last_day(session).toordinal()
    cleared = columns.cleared_for(spans.organiser(session)) >= needed
    grown_up = columns.ages_on(spans.age_day(session)) >= ADULT_AGE
    return (cleared & grown_up & ~columns.resource).astype(np.int64)
