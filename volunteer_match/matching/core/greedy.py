"""A quick sound plan without a solver: the floor under every answer and the solver's warm start.

Sessions that weigh most and have fewest candidates go first; within a session the scarcest role. A session
is staffed whole or given back, then single places are filled, then extras.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from volunteer_match.matching.core.columns import Bools
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.room import Room


def plan(instance: Instance, start: Iterable[int] = ()) -> Draft:
    """Build a plan place by place, from some edges or from nothing, never taking back what it began with."""
    return _Greedy(instance, start).plan()


class _Greedy:
    def __init__(self, instance: Instance, start: Iterable[int]) -> None:
        self.instance, self.room = instance, Room(instance)
        self.first = np.searchsorted(instance.edges.role, np.arange(len(instance.index.roles) + 1)).tolist()
        self.cleared: Counter[int] = Counter()
        self.experienced: Counter[int] = Counter()
        self.people: Counter[int] = Counter()
        self.price = instance.next_price_of_all()
        self.alone = _without_friends(instance)
        for edge in start:
            self.add(edge)

    def plan(self) -> Draft:
        sessions = range(len(self.instance.weight))
        order = sorted(sessions, key=self.urgency)
        for session in order:
            if self.instance.has_minimum(session):
                self.staff(session, whole=True)
        for session in order:
            self.staff(session, whole=False)
        for session in order:
            self.extras(session)
        return Draft(self.instance, self.room.chosen)

    def urgency(self, session: int) -> tuple[int, int, int]:
        roles = self.instance.index.roles_of[session]
        return -self.instance.weight[session], min(map(self.candidates, roles), default=0), session

    def candidates(self, role: int) -> int:
        return int(self.first[role + 1] - self.first[role])

    def add(self, edge: int, times: int = 1) -> None:
        instance, session = self.instance, int(self.instance.session[edge])
        self.room.add(edge) if times > 0 else self.room.drop(edge)
        self.cleared[session] += times * int(instance.cleared[edge])
        self.experienced[session] += times * int(instance.experienced[edge])
        self.people[session] += times

    def staff(self, session: int, whole: bool) -> None:
        added: list[int] = []
        for role in sorted(self.instance.index.roles_of[session], key=self.candidates):
            while self.room.heads[role] < self.instance.index.roles[role].min:
                edge = self.best(role, session)
                if edge is None:
                    break
                self.add(edge)
                added.append(edge)
        failed = whole and not self.full(session)
        if failed or (added and not self.joint_met(session)):
            for edge in added:
                self.add(edge, -1)

    def extras(self, session: int) -> None:
        if not self.joint_met(session) or not self.people[session]:
            return
        for role in self.instance.index.roles_of[session]:
            while self.room.heads[role] < self.room.most[role]:
                edge = self.best(role, session)
                if edge is None:
                    break
                self.add(edge)

    def full(self, session: int) -> bool:
        roles = self.instance.index.roles
        enough = all(self.room.heads[at] >= roles[at].min for at in self.instance.index.roles_of[session])
        return enough and self.joint_met(session)

    def joint_met(self, session: int) -> bool:
        mix = (self.cleared[session], self.experienced[session], self.people[session])
        return self.instance.joint[session].met(*mix)

    def best(self, role: int, session: int) -> int | None:
        """Return the best edge that fits: first who meets the joint rules, then who is worth most."""
        low, high = self.first[role], self.first[role + 1]
        fitting = np.flatnonzero(self.room.open[low:high] & self.alone[low:high]) + low
        if not len(fitting):
            return None
        instance, joint = self.instance, self.instance.joint[session]
        lacking = instance.cleared[fitting] * (self.cleared[session] < joint.cleared_missing)
        unknown = joint.experience_missing and not self.experienced[session]
        lacking = lacking + instance.experienced[fitting] * unknown
        who = instance.edges.volunteer[fitting]
        taken = np.array([self.room.taken(each) for each in who.tolist()], dtype=np.int64)
        worth = instance.quality[fitting] - self.price[0][who] - self.price[1][who] * taken
        return int(fitting[np.lexsort((fitting, -worth, -lacking))[0]])


def _without_friends(instance: Instance) -> Bools:
    # Friends come all or none, which building place by place cannot promise: greedy leaves them out.
    together = {(at, who) for at, groups in enumerate(instance.together) for group in groups for who in group}
    result: Bools = np.ones(instance.edges.count, dtype=np.bool_)
    if together:
        pairs = zip(instance.session.tolist(), instance.edges.volunteer.tolist(), strict=True)
        result = np.array([pair not in together for pair in pairs], dtype=np.bool_)
    return result
