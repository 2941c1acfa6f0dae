"""Who could come to a session, and who of them may take one of its roles, one role after another.

What many sessions share is worked out once: who has the time and the papers. How far they live is asked of
those alone, which leaves a session few people; what its roles ask is looked up for the few. `edges` does
the same for all roles together, `blockers` reads the rules pair by pair, and tests hold all three together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from volunteer_match.matching.core import blockers, eligible, homes, spans
from volunteer_match.matching.core.columns import Bools, Columns, Ints
from volunteer_match.matching.core.intervals import Spans
from volunteer_match.matching.core.types import Point, Session

Asked = tuple[datetime, datetime, str | None, bool, bool, tuple[str, ...] | None]
When = tuple[datetime, datetime, bool, str]
Papers = tuple[int, bool, tuple[str, ...] | None]


@dataclass(slots=True)
class Finder:
    """Finds the eligible people of one role after another, keeping what later roles ask again."""

    columns: Columns
    homes: homes.Homes
    always: Bools
    available: Spans
    away: Spans
    busy: Spans
    could: dict[Asked, Bools] = field(default_factory=dict)
    free: dict[When, Bools] = field(default_factory=dict)
    room: dict[tuple[str, int], Bools] = field(default_factory=dict)
    papers: dict[Papers, Bools] = field(default_factory=dict)

    def session(self, at: int) -> Ints:
        """Return who is eligible for a session, in no order, as far as its roles have no say."""
        session = self.columns.index.sessions[at]
        return self.homes.near(place_of(session), self.who_could_come(session))

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

    def who_could_come(self, session: Session) -> Bools:
        """Return who has time and papers for a session, wherever they live, in the order of homes."""
        key = self.asked(session)
        if key not in self.could:
            self.could[key] = self._free(session) & self._papers(session)
        return self.could[key]

    def asked(self, session: Session) -> Asked:
        """Return what sessions have in common to which the same people could come but for the way."""
        with_steps = not (session.remote or session.step_free)
        return (
            session.starts,
            session.ends,
            session.week,
            session.remote,
            with_steps,
            self._cleared_by(session),
        )

    def _cleared_by(self, session: Session) -> tuple[str, ...] | None:
        """Return whom people must be cleared for, if any; nobody in particular where all know the same."""
        if session.children == 0:
            return None
        organiser = spans.organiser(session)
        return () if self.columns.cleared_alike(organiser) else (organiser,)

    def look_up(self, sessions: Iterable[Session]) -> None:
        """Work out who is free at the times of some sessions."""
        problem = self.columns.index.problem
        times = {self._when(each): each for each in sessions}
        taken = _times(map(spans.span, times.values()))
        wanted = _times(spans.wanted_free(problem, each) for each in times.values())
        occupied = _times(spans.occupied(problem, each) for each in times.values())
        found = zip(
            times,
            self.available.covering_each(*wanted),
            self.away.touching_each(*taken),
            self.busy.touching_each(*occupied),
            (taken[1] - taken[0]).tolist(),
            strict=True,
        )
        for key, having_time, away, busy, seconds in found:
            free = self.always.copy()
            free[having_time] = True
            free[away] = free[busy] = False
            free &= self._has_room(key[-1], seconds)
            self.free[key] = free

    def _free(self, session: Session) -> Bools:
        key = self._when(session)
        if key not in self.free:
            self.look_up((session,))
        return self.free[key]

    def _when(self, session: Session) -> When:
        return session.starts, session.ends, session.remote, spans.week_of(session)

    def _has_room(self, week: str, seconds: int) -> Bools:
        key = (week, seconds)
        if key not in self.room:
            columns = self.columns
            taken, sessions = columns.used(week)
            room = (taken + seconds <= columns.hours_cap) & (sessions < columns.sessions_cap)
            self.room[key] = (room & (columns.new_cap > 0))[self.homes.order]
        return self.room[key]

    def _papers(self, session: Session) -> Bools:
        """Return who may come on the day, as far as papers and steps have a say."""
        columns, needed = self.columns, spans.last_day(session).toordinal()
        with_steps, cleared_by = not (session.remote or session.step_free), self._cleared_by(session)
        key = (needed, with_steps, cleared_by)
        if key not in self.papers:
            fine = (columns.agreed >= needed) & ~columns.withheld
            if cleared_by is not None:
                fine &= (columns.cleared_for(spans.organiser(session)) >= needed) | columns.resource
            if with_steps:
                fine &= ~columns.step_free
            self.papers[key] = fine[self.homes.order]
        return self.papers[key]

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


def _times(pairs: Iterable[spans.Span]) -> Ints:
    return np.array(list(pairs), dtype=np.int64).reshape(-1, 2).T


def place_of(session: Session) -> Point | None:
    """Return where people must come to, if anywhere."""
    return None if session.remote else session.place


def build(columns: Columns) -> Finder:
    """Prepare to find people."""
    where = homes.build(columns)
    place = np.empty(columns.count, dtype=np.int64)
    place[where.order] = np.arange(columns.count)
    available, away, busy = (
        replace(each, volunteer=place[each.volunteer])
        for each in (columns.available, columns.away, columns.busy)
    )
    return Finder(columns, where, columns.always[where.order], available, away, busy)
