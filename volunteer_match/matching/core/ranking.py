"""The best people for one role at a time, from columns prepared once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import advice, candidates, columns, eligible, index, score, spans
from volunteer_match.matching.core.columns import Columns, Ints
from volunteer_match.matching.core.types import Component, Problem, Ranked, Reason


@dataclass(frozen=True, slots=True)
class Ranking:
    """A problem ready to be asked about any of its roles."""

    finder: candidates.Finder
    own: Ints
    load: Ints

    def rank(self, role_id: str, k: int = 20) -> tuple[Ranked, ...]:
        """List the best eligible people for one role, best first."""
        table = self.finder.columns
        role = table.index.role_at[role_id]
        people = self.finder.role(role, self.finder.session(table.index.session_of[role]))
        points = score.role_points(table, role, self.own, people) + self.load[people]
        best = _best(points, k)
        pairs = zip(people[best].tolist(), points[best].tolist(), strict=True)
        return tuple(self._ranked(role, who, gained) for who, gained in pairs)

    def blocked(self, role_id: str) -> tuple[Reason, ...]:
        """Count by rule the people whom it keeps from a role; who breaks several counts with each."""
        table = self.finder.columns
        role = table.index.role_at[role_id]
        of_session = eligible.session_bits(table, table.index.session(role))
        return advice.blocked(eligible.role_bits(table, role, of_session))

    def eligible(self, role_id: str) -> int:
        """Count the people who could take a role."""
        role = self.finder.columns.index.role_at[role_id]
        session = self.finder.session(self.finder.columns.index.session_of[role])
        return len(self.finder.role(role, session))

    def _ranked(self, role: int, who: int, points: int) -> Ranked:
        table = self.finder.columns
        parts, carried = score.components(table.index, role, who), int(self.load[who])
        if carried:
            parts = *parts, Component("load", carried, {"carried": int(table.carried[who])})
        return Ranked(table.index.volunteers[who].id, points, parts)


def prepare(problem: Problem) -> Ranking:
    """Lay a problem out so that ranking people for a role takes a moment."""
    table = columns.build(index.build(problem))
    finder = candidates.build(table)
    _look_up(finder)
    return Ranking(finder, score.own_points(table), _load_points(table))


def _look_up(finder: candidates.Finder) -> None:
    """Work out what many roles ask before anybody waits for it."""
    table = finder.columns
    for role in table.index.roles:
        for skill in (*role.required_skills, *role.wanted_skills):
            table.skill(skill)
        for language in role.languages:
            table.speaks(language)
    for session in table.index.sessions:
        table.cleared_for(spans.organiser(session))
        finder.who_could_come(session)


def _load_points(table: Columns) -> Ints:
    carried = table.carried.copy()
    for volunteer, roles in table.index.fixed_roles.items():
        carried[volunteer] += len(roles)
    return -score.load_step(table.index.problem.weights) * np.where(table.resource, 0, carried)


def _best(points: Ints, k: int) -> Ints:
    if len(points) > 4 * k > 0:
        # Whoever ties with the last one stays in, so the order among equals is that of the volunteers.
        least = np.partition(points, len(points) - k)[len(points) - k]
        some = np.flatnonzero(points >= least)
        return some[np.argsort(-points[some], kind="stable")][:k]
    return np.argsort(-points, kind="stable")[:k]
