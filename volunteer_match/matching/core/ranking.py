"""The best people for one role at a time, from columns prepared once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from volunteer_match.matching.core import candidates, columns, hindrances, index, score, spans
from volunteer_match.matching.core.columns import Columns, Ints
from volunteer_match.matching.core.types import Component, Problem, Ranked, Reason


@dataclass(frozen=True, slots=True)
class Ranking:
    """A problem ready to be asked about any of its roles."""

    finder: candidates.Finder
    own: Ints
    load: Ints
    kept_from: dict[str, tuple[Reason, ...]] = field(default_factory=dict)

    def knows(self, role_id: str) -> bool:
        """Tell whether a role is part of the problem."""
        return role_id in self.finder.columns.index.role_at

    def rank(self, role_id: str, k: int = 20) -> tuple[Ranked, ...]:
        """List the best eligible people for one role, best first."""
        role, people = self._eligible(role_id)
        points = self._points(role, people)
        best = _best(points, k)
        pairs = zip(people[best].tolist(), points[best].tolist(), strict=True)
        return tuple(self._ranked(role, who, gained) for who, gained in pairs)

    def one(self, role_id: str, volunteer_id: str) -> Ranked | None:
        """Return what one person has for a role; None when not in the problem or not eligible."""
        role, people = self._eligible(role_id)
        who = self.finder.columns.index.volunteer_at.get(volunteer_id, -1)
        alone = people[people == who]
        return self._ranked(role, who, int(self._points(role, alone)[0])) if len(alone) else None

    def blocked(self, role_id: str) -> tuple[Reason, ...]:
        """Count by rule the people whom it keeps from a role; who breaks several counts with each."""
        if role_id not in self.kept_from:
            role = self.finder.columns.index.role_at[role_id]
            self.kept_from[role_id] = hindrances.blocked(self.finder, role)
        return self.kept_from[role_id]

    def eligible(self, role_id: str) -> int:
        """Count the people who could take a role."""
        return len(self._eligible(role_id)[1])

    def _eligible(self, role_id: str) -> tuple[int, Ints]:
        lookup = self.finder.columns.index
        role = lookup.role_at[role_id]
        return role, self.finder.role(role, self.finder.session(lookup.session_of[role]))

    def _points(self, role: int, people: Ints) -> Ints:
        return score.role_points(self.finder.columns, role, self.own, people) + self.load[people]

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
