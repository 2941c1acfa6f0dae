"""One problem ready to be decided: its edges with everything the objective and the joint rules ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import columns as columns_
from volunteer_match.matching.core import eligible, index, score, spans
from volunteer_match.matching.core.columns import Bools, Columns, Ints
from volunteer_match.matching.core.eligible import Edges
from volunteer_match.matching.core.index import Index
from volunteer_match.matching.core.types import Problem

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Joint:
    """What a session asks of everybody in it together, and how much of it is already there."""

    cleared_needed: int
    fixed_cleared: int
    experience_needed: bool
    fixed_experienced: int
    fixed: int

    @property
    def cleared_missing(self) -> int:
        """Return how many more cleared adults the session needs."""
        return max(0, self.cleared_needed - self.fixed_cleared)

    @property
    def experience_missing(self) -> bool:
        """Return whether the session still needs somebody who is not a newcomer."""
        return self.experience_needed and self.fixed_experienced == 0

    def met(self, cleared: int, experienced: int, people: int) -> bool:
        """Return whether the rules hold with these further people in the session."""
        lonely = self.experience_missing and experienced == 0 and people + self.fixed > 0
        return cleared >= self.cleared_missing and not lonely


@dataclass(frozen=True, slots=True)
class Instance:
    """Arrays over edges (sorted by role, then volunteer) and facts per role and session."""

    index: Index
    columns: Columns
    edges: Edges
    session: Ints
    quality: Ints
    seconds: Ints
    cleared: Ints
    experienced: Ints
    joint: tuple[Joint, ...]
    weight: tuple[int, ...]
    fixed_in: tuple[int, ...]
    base_load: Ints
    occupied: tuple[spans.Span, ...]
    week: tuple[str, ...]
    together: tuple[tuple[tuple[int, ...], ...], ...]

    def edges_of_role(self, role: int) -> range:
        """Return the positions of a role's edges."""
        low, high = np.searchsorted(self.edges.role, [role, role + 1])
        return range(int(low), int(high))

    def has_minimum(self, session: int) -> bool:
        """Return whether any role of a session asks for somebody."""
        return any(self.index.roles[role].min > 0 for role in self.index.roles_of[session])


def build(problem: Problem) -> Instance:
    """Find the edges of a problem and work out everything the solver needs about them."""
    lookup = index.build(problem)
    table = columns_.build(lookup)
    found = eligible.edges(table)
    session = np.array(lookup.session_of, dtype=np.int64)[found.role]
    cleared, joint = _joint(table, found, session)
    base = table.carried.copy()
    for volunteer, roles in lookup.fixed_roles.items():
        base[volunteer] += len(roles)
    return Instance(
        index=lookup,
        columns=table,
        edges=found,
        session=session,
        quality=score.qualities(table, found),
        seconds=_seconds(lookup, found, session),
        cleared=cleared,
        experienced=1 - table.newcomer.astype(np.int64)[found.volunteer],
        joint=joint,
        weight=tuple(_weight(lookup, at) for at in range(len(lookup.sessions))),
        fixed_in=tuple(len(lookup.fixed_people.get(at, ())) for at in range(len(lookup.roles))),
        base_load=base,
        occupied=tuple(spans.occupied(problem, each) for each in lookup.sessions),
        week=tuple(spans.week_of(each) for each in lookup.sessions),
        together=tuple(_together(lookup, at) for at in range(len(lookup.sessions))),
    )


def _seconds(lookup: Index, found: Edges, session: Ints) -> Ints:
    length = [ends - starts for starts, ends in map(spans.span, lookup.sessions)]
    result = np.array(length, dtype=np.int64)[session]
    for role, volunteers in lookup.overrides_of.items():
        low, high = np.searchsorted(found.role, [role, role + 1])
        at = low + np.searchsorted(found.volunteer[low:high], volunteers)
        for edge, volunteer in zip(at.tolist(), volunteers, strict=True):
            if edge < high and found.volunteer[edge] == volunteer:
                result[edge] = lookup.pair_seconds(role, volunteer)
    return result


def _together(lookup: Index, session: int) -> tuple[tuple[int, ...], ...]:
    # Friends come all or none; where one is already confirmed, the others are free to come or not.
    there = {who for role in lookup.roles_of[session] for who in lookup.fixed_people.get(role, ())}
    groups = (tuple(lookup.volunteer_at[who] for who in group) for group in lookup.problem.together)
    return tuple(group for group in groups if not there & set(group))


def _weight(lookup: Index, session: int) -> int:
    this = lookup.sessions[session]
    share = lookup.problem.partner_deficit.get(this.partner, 0.0)
    return this.priority * (PERCENT + round(PERCENT * share))


def _joint(table: Columns, found: Edges, session: Ints) -> tuple[Ints, tuple[Joint, ...]]:
    cleared = np.zeros(found.count, dtype=np.int64)
    order = np.argsort(session, kind="stable")
    bounds = np.searchsorted(session[order], np.arange(len(table.index.sessions) + 1))
    result = []
    for at in range(len(table.index.sessions)):
        counts = eligible.cleared_adults(table, table.index.sessions[at])
        here = order[bounds[at] : bounds[at + 1]]
        cleared[here] = counts[found.volunteer[here]]
        result.append(_joint_of(table, at, counts))
    return cleared, tuple(result)


def _joint_of(table: Columns, at: int, counts: Ints) -> Joint:
    lookup = table.index
    this = lookup.sessions[at]
    fixed = sorted({who for role in lookup.roles_of[at] for who in lookup.fixed_people.get(role, ())})
    newcomer: Bools = table.newcomer
    experienced = sum(1 for who in fixed if not newcomer[who])
    return Joint(
        cleared_needed=max(0, this.min_cleared_adults - this.staff_cleared_adults),
        fixed_cleared=sum(int(counts[who]) for who in fixed),
        experience_needed=not this.newcomers_alone and this.staff_cleared_adults == 0,
        fixed_experienced=experienced,
        fixed=len(fixed),
    )
