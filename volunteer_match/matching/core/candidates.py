"""All eligible pairs of a problem, without looking at most of the others.

What many sessions share is worked out once: who is free at a time. How far they live is asked of those
alone, which leaves a session few people; what its roles ask is looked up for the few. `blockers` reads the
same rules pair by pair, and tests hold the two together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from volunteer_match.matching.core import blockers, eligible, homes, spans
from volunteer_match.matching.core.columns import Bools, Columns, Ints
from volunteer_match.matching.core.eligible import Edges
from volunteer_match.matching.core.types import Session

NOBODY: Ints = np.zeros(0, dtype=np.int64)
When = tuple[spans.Span, bool, bool, str]


@dataclass(slots=True)
class Finder:
    """Finds the eligible people of one role after another, keeping what later roles ask again."""

    columns: Columns
    homes: homes.Homes
    willing: Bools
    free: dict[When, Bools] = field(default_factory=dict)
    room: dict[tuple[str, int], Bools] = field(default_factory=dict)

    def session(self, at: int) -> Ints:
        """Return who is eligible for a session, in no order, as far as its roles have no say."""
        session = self.columns.index.sessions[at]
        people = self.homes.near(None if session.remote else session.place, self.who_is_free(session))
        needed = spans.last_day(session).toordinal()
        last: Bools = self.columns.agreed[people] >= needed
        if session.children > 0:
            cleared = self.columns.cleared_for(spans.organiser(session))[people] >= needed
            last &= cleared | self.columns.resource[people]
        return people[last]

    def role(self, role: int, people: Ints) -> Ints:
        """Return who of the people eligible for its session may take a role, sorted, without the fixed."""
        columns = self.columns
        wanted = columns.index.roles[role]
        people = people[columns.resource[people] == wanted.resource]
        for skill, level in wanted.required_skills.items():
            people = people[columns.skill(skill)[people] >= level]
        for language in wanted.languages:
            people = people[columns.speaks(language)[people]]
        if wanted.driving_licence:
            people = people[columns.licence[people]]
        if wanted.min_age > 0:
            day = spans.age_day(columns.index.session(role))
            people = people[columns.ages_on(day, people) >= wanted.min_age]
        return self._single_out(role, np.sort(people))

    def who_is_free(self, session: Session) -> Bools:
        """Return who has the time for a session and minds nothing about its place, in order of homes."""
        taken, week = spans.span(session), spans.week_of(session)
        with_steps = not (session.remote or session.step_free)
        key = (taken, session.remote, with_steps, week)
        if key not in self.free:
            columns, problem = self.columns, self.columns.index.problem
            free = columns.always.copy()
            free[columns.available.covering(*spans.wanted_free(problem, session))] = True
            free[columns.away.touching(*taken)] = False
            free[columns.busy.touching(*spans.occupied(problem, session))] = False
            free &= self.willing & self._has_room(week, taken[1] - taken[0])
            if with_steps:
                free &= ~columns.step_free
            self.free[key] = free[self.homes.order]
        return self.free[key]

    def _has_room(self, week: str, seconds: int) -> Bools:
        key = (week, seconds)
        if key not in self.room:
            columns = self.columns
            taken, sessions = columns.used(week)
            room = (taken + seconds <= columns.hours_cap) & (sessions < columns.sessions_cap)
            self.room[key] = room
        return self.room[key]

    def _single_out(self, role: int, people: Ints) -> Ints:
        """Take out and put in whom only rules about the very pair decide about."""
        index = self.columns.index
        for who in index.overrides_of.get(role, ()):
            if index.overrides[role, who].hours is None:
                continue
            at = int(np.searchsorted(people, who))
            there = at < len(people) and people[at] == who
            if there == bool(blockers.blockers(index, role, who)):
                people = np.delete(people, at) if there else np.insert(people, at, who)
        out = [*eligible.forbidden(self.columns, role), *index.fixed_people.get(role, ())]
        return np.setdiff1d(people, out, assume_unique=True) if out else people


def build(columns: Columns) -> Finder:
    """Prepare to find people."""
    willing = ~columns.withheld & (columns.new_cap > 0)
    return Finder(columns, homes.build(columns), willing)


def edges(columns: Columns) -> Edges:
    """Find every eligible pair that is not fixed."""
    finder, index = build(columns), columns.index
    people = [NOBODY] * len(index.roles)
    for session, roles in enumerate(index.roles_of):
        could = finder.session(session)
        for role in roles:
            people[role] = finder.role(role, could)
    roles_of = np.repeat(np.arange(len(people)), [len(each) for each in people])
    return Edges(roles_of, np.concatenate([*people, NOBODY]))
