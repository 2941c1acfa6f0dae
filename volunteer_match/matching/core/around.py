"""Which part of a plan to open again: a few people who could exchange places with one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core.columns import Bools, Floats, Ints
from volunteer_match.matching.core.model import Model

HALF_WINDOWS = (2.0, 5.0)
HOUR = 3_600


@dataclass(slots=True)
class Plan:
    """A plan as arrays: who is chosen, and how many heads every role has."""

    model: Model
    by_person: Ints
    first: Ints
    of_role: Ints
    begins: Ints
    ends: Ints
    chosen: Bools
    heads: Ints
    most: Ints
    least: Ints

    def take(self, columns: Floats) -> None:
        """Read the chosen edges from column values."""
        instance = self.model.instance
        self.chosen = columns[: self.model.edges] > 0.5
        taken = np.bincount(instance.edges.role[self.chosen], minlength=len(self.most))
        self.heads = taken + np.array(instance.fixed_in, dtype=np.int64)

    def edges_of(self, people: Ints) -> Ints:
        """Return all edges of some people."""
        parts = [self.by_person[self.first[who] : self.first[who + 1]] for who in people.tolist()]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def candidates(self, role: int) -> Ints:
        """Return the edges of a role."""
        return np.arange(self.of_role[role], self.of_role[role + 1])

    def short(self) -> Ints:
        """Return the roles below their minimum that somebody could take."""
        return np.flatnonzero((self.heads < self.least) & (np.diff(self.of_role) > 0)).astype(np.int64)

    def blocking(self, who: int, role: int) -> Ints:
        """Return the roles that keep a person from another one at the same time."""
        own = self.by_person[self.first[who] : self.first[who + 1]]
        roles = self.model.instance.edges.role[own[self.chosen[own]]]
        clashing = (self.begins[roles] < self.ends[role]) & (self.begins[role] < self.ends[roles])
        found: Ints = roles[clashing]
        return found


def plan_of(model: Model, columns: Floats) -> Plan:
    """Lay a plan out for choosing neighbourhoods."""
    instance = model.instance
    volunteer, roles = instance.edges.volunteer, instance.index.roles
    by_person = np.argsort(volunteer, kind="stable")
    people, all_roles = len(instance.index.volunteers), len(roles)
    sessions = np.array(instance.occupied, dtype=np.int64).reshape(-1, 2)[list(instance.index.session_of)]
    nobody = np.zeros(all_roles, dtype=np.int64)
    result = Plan(
        model=model,
        by_person=by_person,
        first=np.searchsorted(volunteer[by_person], np.arange(people + 1)),
        of_role=np.searchsorted(instance.edges.role, np.arange(all_roles + 1)),
        begins=sessions[:, 0],
        ends=sessions[:, 1],
        chosen=np.zeros(model.edges, dtype=np.bool_),
        heads=nobody,
        most=np.array([each.preferred for each in roles], dtype=np.int64),
        least=np.array([each.min for each in roles], dtype=np.int64),
    )
    result.take(columns)
    return result


def people_around(plan: Plan, role: int, count: int, draws: np.random.Generator) -> Ints:
    """Walk from a role to people who could take it, to what keeps them from it, and on from there."""
    volunteer = plan.model.instance.edges.volunteer
    roles, people = [role], dict[int, None]()
    for _ in range(4 * count):
        if len(people) >= count:
            break
        at = roles[int(draws.integers(len(roles)))]
        edges = plan.candidates(at)
        if not len(edges):
            continue
        who = int(volunteer[edges[int(draws.integers(len(edges)))]])
        if who not in people:
            people[who] = None
            roles.extend(plan.blocking(who, at).tolist())
    return np.array(list(people), dtype=np.int64)


def free_edges(plan: Plan, people: Ints) -> Ints:
    """Return the edges these people could exchange or take, the rest of the plan staying as it is."""
    edges = plan.edges_of(people)
    role = plan.model.instance.edges.role
    theirs = np.bincount(role[edges[plan.chosen[edges]]], minlength=len(plan.most))
    open_now = (plan.heads < plan.most) | (theirs > 0)
    return np.sort(edges[open_now[role[edges]]])


def within(plan: Plan, edges: Ints, role: int, draws: np.random.Generator) -> Ints:
    """Keep the edges whose sessions are near a role's session in time."""
    half = int(HOUR * draws.uniform(*HALF_WINDOWS))
    middle = (plan.begins[role] + plan.ends[role]) // 2
    of = plan.model.instance.edges.role[edges]
    near: Ints = edges[(plan.begins[of] < middle + half) & (plan.ends[of] > middle - half)]
    return near


def with_switches(model: Model, edges: Ints, load: bool) -> Ints:
    """Return edges with the columns that go with them: sessions, places, extras and load."""
    places, instance = model.places, model.instance
    sessions = np.unique(instance.session[edges]).tolist()
    roles = [role for at in sessions for role in instance.index.roles_of[at]]
    more = [places.runnable[at] for at in sessions if at in places.runnable]
    more += [places.staffed[at] for at in sessions if at in places.staffed]
    if load:
        for who in np.unique(instance.edges.volunteer[edges]).tolist():
            more += places.loads.get(who, range(0))
    return np.concatenate([edges, np.sort(np.array(more, dtype=np.int64)), places.fills[roles].ravel()])
