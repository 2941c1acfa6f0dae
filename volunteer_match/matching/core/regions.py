"""A problem that fits in memory, as a source of shards: its weeks, and regions where a week is large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import carry, columns, index, spans
from volunteer_match.matching.core.columns import Bools, Floats, Ints
from volunteer_match.matching.core.types import Problem, Session, Weights

MOST_SESSIONS = 1_500
"""About what one solver run decides well in one week."""
MIDDLE = (0.35, 0.65)
BEYOND = 1.02
SLACK_M = 500.0


@dataclass(frozen=True, slots=True)
class InMemory:
    """The weeks of a problem, cut into regions of at most so many sessions a week."""

    whole: Problem
    table: columns.Columns
    sessions: dict[tuple[str, str], frozenset[str]]

    @property
    def weeks(self) -> tuple[str, ...]:
        """Name the weeks in the order they come."""
        return tuple(dict.fromkeys(week for week, _ in self.sessions))

    @property
    def regions(self) -> tuple[str, ...]:
        """Name the regions."""
        return tuple(sorted({region for _, region in self.sessions}))

    @property
    def travel_buffer_minutes(self) -> int:
        """Return the travel kept between meetings."""
        return self.whole.travel_buffer_minutes

    @property
    def weights(self) -> Weights:
        """Return what counts how much."""
        return self.whole.weights

    def problem(self, week: str, region: str) -> Problem:
        """Give the sessions of one week in one region with everybody who could come."""
        here = self.sessions.get((week, region), frozenset())
        part = carry.of_sessions(self.whole, here)
        near = _reaching(self.table, part.sessions)
        coming = {self.table.index.volunteers[at].id for at in np.flatnonzero(near).tolist()}
        part = carry.people(part, coming | {who for _, who in part.fixed})
        return carry.with_confirmed(part, self.table.index, here)


def cut(problem: Problem, most_sessions: int | None = None) -> InMemory:
    """Cut a problem into weeks, and all weeks alike into as many regions as the largest one needs."""
    table = columns.build(index.build(problem))
    meetings = table.index.sessions
    weeks = [spans.week_of(each) for each in meetings]
    largest = max((weeks.count(week) for week in set(weeks)), default=0)
    most = MOST_SESSIONS if most_sessions is None else most_sessions
    region = _regions(meetings, most * len(meetings) / max(1, largest))
    found: dict[tuple[str, str], set[str]] = {}
    order = sorted(range(len(meetings)), key=lambda at: (meetings[at].starts, weeks[at], meetings[at].id))
    for at in order:
        found.setdefault((weeks[at], f"{region[at]:04d}"), set()).add(meetings[at].id)
    return InMemory(problem, table, {key: frozenset(names) for key, names in found.items()})


def _regions(meetings: Sequence[Session], most: float) -> list[int]:
    """Number the region of each session; what has no place is in the first one."""
    places = np.array([each.place or (np.nan, np.nan) for each in meetings], dtype=np.float64).reshape(-1, 2)
    region = np.zeros(len(meetings), dtype=np.int64)
    located = np.flatnonzero(~np.isnan(places[:, 0]))
    for number, part in enumerate(halved(places, located, most)):
        region[part] = number
    return region.tolist()


def halved(places: Floats, which: Ints, most: float, squeeze: float | None = None) -> list[Ints]:
    """Cut places in two at the widest gap near the middle, again and again, until each part is small.

    `squeeze` is how long a unit of the second coordinate is; degrees of longitude if not given.
    """
    if len(which) <= max(1.0, most):
        return [which]
    shorter = float(np.cos(np.radians(places[which, 0].mean()))) if squeeze is None else squeeze
    flat = places[which] * [1.0, shorter]
    axis = int(np.argmax(np.ptp(flat, axis=0)))
    order = np.argsort(flat[:, axis], kind="stable")
    low, high = (round(share * len(order)) for share in MIDDLE)
    gaps = np.diff(flat[order, axis])[max(0, low - 1) : max(1, high)]
    at = max(0, low - 1) + int(np.argmax(gaps)) + 1
    return [part for half in (order[:at], order[at:]) for part in halved(places, which[half], most, squeeze)]


def _reaching(table: columns.Columns, meetings: Sequence[Session]) -> Bools:
    """Return who may reach any of some sessions, going by the box around them; perhaps a few too many."""
    everywhere = any(each.remote or each.place is None for each in meetings)
    if everywhere or not meetings:
        return np.full(table.count, bool(meetings))
    places = np.array([each.place for each in meetings], dtype=np.float64)
    box = np.clip(table.place, places.min(axis=0), places.max(axis=0))
    far = columns.metres(table.place, box) > table.reach * BEYOND + SLACK_M
    return ~far
