"""Which edges still fit into a plan in the making, kept up to date for all edges of a person at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core.columns import Bools, Ints
from volunteer_match.matching.core.instance import Instance


@dataclass(slots=True)
class Clock:
    """When each session is, in which week, and what people already gave to each week."""

    begins: Ints
    ends: Ints
    week: Ints
    seconds: Ints
    sessions: Ints


class Room:
    """Chosen edges, and for every edge whether its person still has the time for it."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.heads = np.array(instance.fixed_in, dtype=np.int64)
        self.most = np.array([each.preferred for each in instance.index.roles], dtype=np.int64)
        self.open: Bools = np.ones(instance.edges.count, dtype=np.bool_)
        self._clock = clock(instance)
        self._chosen: dict[int, list[int]] = {}
        self._by_person = np.argsort(instance.edges.volunteer, kind="stable")
        people = np.arange(len(instance.index.volunteers) + 1)
        self._first = np.searchsorted(instance.edges.volunteer[self._by_person], people).tolist()

    @property
    def chosen(self) -> list[int]:
        """Return all chosen edges."""
        return sorted(edge for own in self._chosen.values() for edge in own)

    def edges_of(self, who: int) -> Ints:
        """Return all edges of a person."""
        return self._by_person[self._first[who] : self._first[who + 1]]

    def taken(self, who: int) -> int:
        """Return how many edges of a person are chosen."""
        return len(self._chosen.get(who, ()))

    def fits(self, edge: int) -> bool:
        """Return whether an edge can be added without breaking a rule about its person or its role."""
        role = int(self.instance.edges.role[edge])
        return bool(self.open[edge] and self.heads[role] < self.most[role])

    def add(self, edge: int) -> None:
        """Choose an edge."""
        who = int(self.instance.edges.volunteer[edge])
        self._chosen.setdefault(who, []).append(edge)
        self.heads[self.instance.edges.role[edge]] += 1
        self._refresh(who)

    def drop(self, edge: int) -> None:
        """Take an edge back."""
        who = int(self.instance.edges.volunteer[edge])
        self._chosen[who].remove(edge)
        self.heads[self.instance.edges.role[edge]] -= 1
        self._refresh(who)

    def _refresh(self, who: int) -> None:
        own, chosen = self.edges_of(who), np.array(self._chosen[who], dtype=np.int64)
        instance, clock = self.instance, self._clock
        session, taken = instance.session[own], instance.session[chosen]
        fits = self._caps_left(who, own, chosen)
        if len(chosen):
            before = clock.begins[session][:, None] < clock.ends[taken]
            after = clock.begins[taken] < clock.ends[session][:, None]
            fits &= ~(before & after).any(axis=1)
        self.open[own] = fits

    def _caps_left(self, who: int, own: Ints, chosen: Ints) -> Bools:
        instance, clock, table = self.instance, self._clock, self.instance.columns
        weeks = clock.seconds.shape[1]
        taken = clock.week[instance.session[chosen]]
        seconds = clock.seconds[who] + np.bincount(taken, instance.seconds[chosen], weeks)
        sessions = clock.sessions[who] + np.bincount(taken, minlength=weeks)
        week = clock.week[instance.session[own]]
        fits: Bools = seconds[week] + instance.seconds[own] <= table.hours_cap[who]
        fits &= sessions[week] < table.sessions_cap[who]
        fits &= len(chosen) < int(table.new_cap[who])
        return fits


def clock(instance: Instance) -> Clock:
    """Read when sessions are and what people already gave."""
    names = sorted(set(instance.week))
    at = {name: number for number, name in enumerate(names)}
    taken = np.array(instance.occupied, dtype=np.int64).reshape(-1, 2)
    used = [instance.columns.used(name) for name in names]
    people = len(instance.index.volunteers)
    return Clock(
        begins=taken[:, 0],
        ends=taken[:, 1],
        week=np.array([at[name] for name in instance.week], dtype=np.int64),
        seconds=np.array([each[0] for each in used], dtype=np.int64).reshape(len(names), people).T,
        sessions=np.array([each[1] for each in used], dtype=np.int64).reshape(len(names), people).T,
    )
