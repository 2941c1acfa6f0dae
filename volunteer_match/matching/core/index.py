"""A problem put in order and made easy to look things up in.

Sessions, roles and volunteers are sorted by id and spoken of by position from here on, so a plan does not
depend on the order in which the caller listed them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.types import Forbidden, Override, Problem, Role, Session, Volunteer

Pair = tuple[int, int]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Index:
    """Positions of everything; a pair is (role position, volunteer position)."""

    problem: Problem
    sessions: tuple[Session, ...]
    roles: tuple[Role, ...]
    volunteers: tuple[Volunteer, ...]
    role_at: dict[str, int]
    volunteer_at: dict[str, int]
    session_of: tuple[int, ...]
    roles_of: tuple[tuple[int, ...], ...]
    fixed: frozenset[Pair]
    fixed_roles: dict[int, tuple[int, ...]]
    fixed_people: dict[int, tuple[int, ...]]
    offered: frozenset[Pair]
    offered_of: dict[int, tuple[int, ...]]
    overrides: dict[Pair, Override]
    overrides_of: dict[int, tuple[int, ...]]
    forbidden: dict[int, tuple[Forbidden, ...]]
    barred: dict[str, tuple[int, ...]]
    familiar: dict[tuple[str, str], int]
    known_in: dict[str, tuple[str, ...]]
    guests: frozenset[tuple[str, str]]
    """Who has served which need without being a regular there."""
    interested: frozenset[tuple[str, str]]
    keen_on: dict[str, tuple[str, ...]]

    def session(self, role: int) -> Session:
        """Return the session a role belongs to."""
        return self.sessions[self.session_of[role]]

    def pair_seconds(self, role: int, volunteer: int) -> int:
        """Return how much of a weekly cap one pair uses."""
        given = self.overrides.get((role, volunteer))
        if given is not None and given.hours is not None:
            return round(given.hours * spans.HOUR)
        starts, ends = spans.span(self.session(role))
        return ends - starts

    def used(self, volunteer: int, week: str) -> tuple[int, int]:
        """Return seconds and sessions already taken in a week, fixed places included."""
        given = [use for use in self.volunteers[volunteer].used if use.week == week]
        fixed = [r for r in self.fixed_roles.get(volunteer, ()) if spans.week_of(self.session(r)) == week]
        taken = sum(round(use.hours * spans.HOUR) for use in given)
        taken += sum(self.pair_seconds(role, volunteer) for role in fixed)
        return taken, sum(use.sessions for use in given) + len(fixed)


def build(problem: Problem) -> Index:
    """Put a problem in order."""
    sessions = tuple(sorted(problem.sessions, key=attrgetter("id")))
    roles = tuple(sorted(problem.roles, key=attrgetter("id")))
    volunteers = tuple(sorted(problem.volunteers, key=attrgetter("id")))
    session_at = {each.id: at for at, each in enumerate(sessions)}
    role_at = {each.id: at for at, each in enumerate(roles)}
    who_at = {each.id: at for at, each in enumerate(volunteers)}
    fixed = frozenset((role_at[role], who_at[who]) for role, who in problem.fixed)
    offered = frozenset((role_at[role], who_at[who]) for role, who in problem.offered)
    session_of = tuple(session_at[each.session] for each in roles)
    overrides = {(role_at[each.role], who_at[each.volunteer]): each for each in problem.pairs}
    return Index(
        problem=problem,
        sessions=sessions,
        roles=roles,
        volunteers=volunteers,
        role_at=role_at,
        volunteer_at=who_at,
        session_of=session_of,
        roles_of=_roles_of(session_of, len(sessions)),
        fixed=fixed,
        fixed_roles=grouped((who, role) for role, who in sorted(fixed)),
        fixed_people=grouped(sorted(fixed)),
        offered=offered,
        offered_of=grouped(sorted(offered)),
        overrides=overrides,
        overrides_of=grouped(overrides),
        forbidden=grouped((who_at[each.volunteer], each) for each in problem.forbidden),
        barred=grouped((each.target, who_at[each.volunteer]) for each in problem.forbidden),
        familiar={(each.volunteer, each.need): each.times for each in problem.familiar},
        known_in=grouped((each.need, each.volunteer) for each in problem.familiar),
        guests=frozenset((each.volunteer, each.need) for each in problem.familiar if not each.regular),
        interested=frozenset(problem.interested),
        keen_on=grouped((target, who) for who, target in problem.interested),
    )


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    """Gather the second of each pair under the first."""
    result: dict[Key, list[Value]] = {}
    for key, value in pairs:
        result.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in result.items()}


def _roles_of(session_of: tuple[int, ...], count: int) -> tuple[tuple[int, ...], ...]:
    found = grouped((session, role) for role, session in enumerate(session_of))
    return tuple(found.get(at, ()) for at in range(count))
