"""A plan in the making: which edges are chosen, what they use up, and what the choice is worth.

The same rules as in the solver's model, in plain Python: greedy builds with it, every solver answer is
replayed through it, and explanations ask it what still fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import score, spans
from volunteer_match.matching.core.columns import Bools, Ints
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.types import Reason

Values = tuple[int, int, int, int]


class Draft:
    """Chosen edges of an instance with the time, hours, sessions and heads they take."""

    def __init__(self, instance: Instance, edges: Iterable[int] = ()) -> None:
        self.instance = instance
        self.chosen: set[int] = set()
        self.edges_in: defaultdict[int, set[int]] = defaultdict(set)
        self.edges_of: defaultdict[int, set[int]] = defaultdict(set)
        self.heads = list(instance.fixed_in)
        for edge in edges:
            self.add(edge)

    def pair(self, edge: int) -> tuple[int, int]:
        """Return the role and the volunteer of an edge."""
        edges = self.instance.edges
        return int(edges.role[edge]), int(edges.volunteer[edge])

    def add(self, edge: int) -> None:
        """Choose an edge."""
        role, who = self.pair(edge)
        self.chosen.add(edge)
        self.edges_in[int(self.instance.session[edge])].add(edge)
        self.edges_of[who].add(edge)
        self.heads[role] += 1

    def drop(self, edge: int) -> None:
        """Take an edge back."""
        role, who = self.pair(edge)
        self.chosen.remove(edge)
        self.edges_in[int(self.instance.session[edge])].remove(edge)
        self.edges_of[who].remove(edge)
        self.heads[role] -= 1

    def has_place(self, role: int) -> bool:
        """Return whether a role has a place left."""
        return self.heads[role] < self.instance.index.roles[role].preferred

    def fits(self, edge: int) -> bool:
        """Return whether an edge can be added without breaking a rule about its person or its role."""
        role, _ = self.pair(edge)
        return self.has_place(role) and next(self.conflicts(edge), None) is None

    def conflicts(self, edge: int) -> Iterator[Reason]:
        """List what else in the draft keeps the person of an edge from it."""
        instance, session, (_, who) = self.instance, int(self.instance.session[edge]), self.pair(edge)
        yield from self.clashes(who, instance.occupied[session])
        yield from self.used_up(who, instance.week[session], int(instance.seconds[edge]))

    def clashes(self, who: int, taken: spans.Span) -> Iterator[Reason]:
        """List the chosen places of a person that overlap a time, travel included."""
        instance = self.instance
        for other in sorted(self.edges_of[who]):
            begins, done = instance.occupied[int(instance.session[other])]
            if begins < taken[1] and taken[0] < done:
                yield Reason("elsewhere", {"role": instance.index.roles[self.pair(other)[0]].id})

    def used_up(self, who: int, week: str, wants: int) -> Iterator[Reason]:
        """List the caps of a person that the draft leaves too little of."""
        instance, own = self.instance, self.edges_of[who]
        person = instance.index.volunteers[who]
        same = [edge for edge in own if instance.week[int(instance.session[edge])] == week]
        used = instance.columns.used(week)
        taken = int(used[0][who]) + sum(int(instance.seconds[edge]) for edge in same)
        sessions = int(used[1][who]) + len(same)
        if taken + wants > int(instance.columns.hours_cap[who]):
            yield Reason("cap_hours", {"used": taken / spans.HOUR, "cap": person.max_hours_per_week})
        if sessions + 1 > int(instance.columns.sessions_cap[who]):
            yield Reason("cap_sessions", {"used": sessions, "cap": person.max_sessions_per_week})
        if len(own) + 1 > int(instance.columns.new_cap[who]):
            yield Reason("cap_new", {"used": len(own), "cap": person.max_new})

    def joint_met(self, session: int) -> bool:
        """Return whether the rules about everybody in a session hold."""
        return self.instance.joint[session].met(*self.mix(session))

    def mix(self, session: int) -> tuple[int, int, int]:
        """Return the cleared adults, the experienced and all people chosen for a session."""
        here = self.edges_in[session]
        cleared = sum(int(self.instance.cleared[edge]) for edge in here)
        return cleared, sum(int(self.instance.experienced[edge]) for edge in here), len(here)

    def friends_kept(self, session: int) -> bool:
        """Return whether people who come together are all in a session or all out."""
        there = {self.pair(edge)[1] for edge in self.edges_in[session]}
        return all(len(there & set(g)) in (0, len(g)) for g in self.instance.together[session])

    def runnable(self, session: int) -> bool:
        """Return whether a session has every minimum and meets the joint rules."""
        if not self.instance.has_minimum(session):
            return True
        index = self.instance.index
        enough = all(self.heads[role] >= index.roles[role].min for role in index.roles_of[session])
        return enough and self.joint_met(session)

    def sound(self) -> bool:
        """Return whether the draft keeps every rule, by building it up again place by place."""
        again = Draft(self.instance)
        for edge in sorted(self.chosen):
            if not again.fits(edge):
                return False
            again.add(edge)
        staffed = [session for session, here in self.edges_in.items() if here]
        return all(self.joint_met(session) and self.friends_kept(session) for session in staffed)

    def values(self) -> Values:
        """Return what the draft is worth on each level."""
        instance, roles = self.instance, self.instance.index.roles
        coverage = sum(weight for session, weight in enumerate(instance.weight) if self.runnable(session))
        places = sum(min(heads, role.min) for heads, role in zip(self.heads, roles, strict=True))
        extras = sum(
            max(0, min(heads, role.preferred) - role.min)
            for heads, role in zip(self.heads, roles, strict=True)
        )
        return coverage, places, extras, self._quality()

    def _quality(self) -> int:
        instance = self.instance
        step = score.load_step(instance.index.problem.weights)
        total = sum(int(instance.quality[edge]) for edge in self.chosen)
        for who, own in self.edges_of.items():
            if not instance.columns.resource[who]:
                base, count = int(instance.base_load[who]), len(own)
                total -= step * (base * count + count * (count - 1) // 2)
        return total


@dataclass(frozen=True, slots=True)
class Timetable:
    """When everybody serves in a draft, travel included, as the draft was when this was written."""

    people: int
    volunteer: Ints
    begins: Ints
    ends: Ints

    def busy(self, taken: spans.Span) -> Bools:
        """Return who serves at a time."""
        result = np.zeros(self.people, dtype=np.bool_)
        result[self.volunteer[(self.begins < taken[1]) & (self.ends > taken[0])]] = True
        return result


def timetable(draft: Draft) -> Timetable:
    """Write down when everybody serves."""
    instance, chosen = draft.instance, np.array(sorted(draft.chosen), dtype=np.int64)
    taken = np.array(instance.occupied, dtype=np.int64).reshape(-1, 2)[instance.session[chosen]]
    return Timetable(instance.columns.count, instance.edges.volunteer[chosen], taken[:, 0], taken[:, 1])
