"""One problem ready to be decided: its edges with everything the objective and the joint rules ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import columns as columns_
from volunteer_match.matching.core import edges, eligible, index, score, spans
from volunteer_match.matching.core.columns import Columns, Ints
from volunteer_match.matching.core.eligible import Edges
from volunteer_match.matching.core.index import Index, grouped
from volunteer_match.matching.core.types import ADULT_AGE, Problem

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

    def next_price(self, volunteer: int, taken: int) -> int:
        """Return what one more place costs a volunteer who is proposed for so many; lending costs nothing."""
        if self.columns.resource[volunteer]:
            return 0
        step = score.load_step(self.index.problem.weights)
        return step * (int(self.base_load[volunteer]) + taken)

    def next_price_of_all(self) -> tuple[Ints, Ints]:
        """Return what the first place costs each volunteer, and what every further one adds."""
        step = score.load_step(self.index.problem.weights)
        added = np.where(self.columns.resource, 0, step).astype(np.int64)
        return added * self.base_load, added

    def has_minimum(self, session: int) -> bool:
        """Return whether any role of a session asks for somebody."""
        return any(self.index.roles[role].min > 0 for role in self.index.roles_of[session])


def build(problem: Problem) -> Instance:
    """Find the edges of a problem and work out everything the solver needs about them."""
    lookup = index.build(problem)
    table = columns_.build(lookup)
    found = edges.find(table)
    session = np.array(lookup.session_of, dtype=np.int64)[found.role]
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
        cleared=_cleared(table, found, session),
        experienced=(~table.newcomer & ~table.resource).astype(np.int64)[found.volunteer],
        joint=tuple(_joint(table, at) for at in range(len(lookup.sessions))),
        weight=tuple(_weight(lookup, at) for at in range(len(lookup.sessions))),
        fixed_in=tuple(len(lookup.fixed_people.get(at, ())) for at in range(len(lookup.roles))),
        base_load=base,
        occupied=tuple(spans.occupied(problem, each) for each in lookup.sessions),
        week=tuple(spans.week_of(each) for each in lookup.sessions),
        together=_together(lookup, found, session),
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


def _together(lookup: Index, found: Edges, session: Ints) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return for each session the friends of whom one could come: they come all or none.

    Where one is already confirmed, the others are free to come or not.
    """
    groups = [tuple(lookup.volunteer_at[who] for who in group) for group in lookup.problem.together]
    groups_of = grouped((who, at) for at, group in enumerate(groups) for who in group)
    having = np.zeros(len(lookup.volunteers), dtype=np.bool_)
    having[list(groups_of)] = True
    here = np.flatnonzero(having[found.volunteer])
    pairs = zip(session[here].tolist(), found.volunteer[here].tolist(), strict=True)
    could = grouped((where, at) for where, who in pairs for at in groups_of[who])
    result = []
    for where, roles in enumerate(lookup.roles_of):
        there = {who for role in roles for who in lookup.fixed_people.get(role, ())}
        open_here = sorted(set(could.get(where, ())))
        result.append(tuple(groups[at] for at in open_here if not there & set(groups[at])))
    return tuple(result)


def _weight(lookup: Index, session: int) -> int:
    this = lookup.sessions[session]
    share = lookup.problem.partner_deficit.get(this.partner, 0.0)
    return this.priority * (PERCENT + round(PERCENT * share))


def _cleared(table: Columns, found: Edges, session: Ints) -> Ints:
    """Return 1 for each edge whose volunteer counts as a cleared adult in its session, else 0."""
    meetings = table.index.sessions
    days = np.array([spans.age_day(each) for each in meetings], dtype=np.int64)
    needed = np.array([spans.last_day(each).toordinal() for each in meetings], dtype=np.int64)
    adult = table.ages_on(days[session], found.volunteer) >= ADULT_AGE
    adult &= ~table.resource[found.volunteer]
    until = table.cleared[found.volunteer]
    special = {
        at: org for at, org in enumerate(map(spans.organiser, meetings)) if not table.cleared_alike(org)
    }
    for edge in np.flatnonzero(np.isin(session, list(special))).tolist():
        until[edge] = table.cleared_for(special[int(session[edge])])[found.volunteer[edge]]
    return (adult & (until >= needed[session])).astype(np.int64)


def _joint(table: Columns, at: int) -> Joint:
    lookup = table.index
    this = lookup.sessions[at]
    there = {who for role in lookup.roles_of[at] for who in lookup.fixed_people.get(role, ())}
    fixed = sorted(who for who in there if not table.resource[who])
    cleared = int(eligible.cleared_adults(table, this)[fixed].sum()) if fixed else 0
    return Joint(
        cleared_needed=max(0, this.min_cleared_adults - this.staff_cleared_adults),
        fixed_cleared=cleared,
        experience_needed=not this.newcomers_alone and this.staff_cleared_adults == 0,
        fixed_experienced=sum(1 for who in fixed if not table.newcomer[who]),
        fixed=len(fixed),
    )
