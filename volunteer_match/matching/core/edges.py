"""All eligible pairs of a problem, found for all sessions together.

Sessions at the same time that ask for the same papers share the people who have both (`candidates`). Which
of these live near enough to each, and which of those have what the roles ask, is decided pair by pair in
arrays, over so many pairs at once that numpy's work outweighs Python's and still fits a processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from volunteer_match.matching.core import blockers, candidates, eligible, homes
from volunteer_match.matching.core.asks import Asks
from volunteer_match.matching.core.asks import build as asks_of
from volunteer_match.matching.core.candidates import Finder
from volunteer_match.matching.core.columns import Columns, Ints
from volunteer_match.matching.core.eligible import Edges
from volunteer_match.matching.core.index import grouped

PEOPLE_AT_ONCE, PAIRS_AT_ONCE = 1_000_000, 100_000
NONE: Ints = np.zeros(0, dtype=np.int64)


def find(columns: Columns) -> Edges:
    """Find every eligible pair that is not fixed."""
    finder, asks = candidates.build(columns), asks_of(columns)
    parts = [_of_roles(asks, *each) for each in _near_enough(finder)]
    keys = _singled_out(columns, np.sort(np.concatenate([*parts, NONE])))
    role, volunteer = np.divmod(keys, max(1, columns.count))
    return Edges(role, volunteer)


def _near_enough(finder: Finder) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield some sessions, how many people could come to each, and these one after another."""
    where = finder.homes
    spots = homes.spots(candidates.place_of(each) for each in finder.columns.index.sessions)
    for stretches in _stretches(finder, *where.stretches(spots)):
        session, many = stretches.session, stretches.many
        at = stretches.people[_spread(stretches.first, many)]
        kept = where.reached(at, spots, session, many)
        ends = np.searchsorted(kept, np.cumsum(many))
        yield session, np.diff(ends, prepend=0), where.order[at[kept]]


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretches of people who may live near enough to a session: where each begins and how long it is."""

    session: Ints
    first: Ints
    many: Ints
    people: Ints

    def cut(self) -> Iterator[_Stretches]:
        """Cut into parts of about so many pairs as are looked at together."""
        after = np.cumsum(self.many)
        wanted = np.arange(PAIRS_AT_ONCE, int(self.many.sum()), PAIRS_AT_ONCE)
        bounds = [0, *np.unique(after.searchsorted(wanted)).tolist(), len(after)]
        for low, high in pairwise(bounds):
            yield _Stretches(self.session[low:high], self.first[low:high], self.many[low:high], self.people)


def _stretches(finder: Finder, low: Ints, high: Ints) -> Iterator[_Stretches]:
    """Look up where those begin and end who could come, for each time and what else sessions share."""
    sessions, people = finder.columns.index.sessions, finder.columns.count
    finder.look_up(sessions)
    alike = list(grouped((finder.asked(each), at) for at, each in enumerate(sessions)).values())
    size = max(1, PEOPLE_AT_ONCE // max(1, people))
    for some in (alike[at : at + size] for at in range(0, len(alike), size)):
        coming = np.flatnonzero(np.concatenate([finder.who_could_come(sessions[each[0]]) for each in some]))
        session = np.array([at for each in some for at in each], dtype=np.int64)
        before = people * np.repeat(np.arange(len(some)), [len(each) for each in some])[:, None]
        first = coming.searchsorted((low[session] + before).ravel())
        many = coming.searchsorted((high[session] + before).ravel()) - first
        yield from _Stretches(np.repeat(session, low.shape[1]), first, many, coming % max(1, people)).cut()


def _of_roles(asks: Asks, session: Ints, many: Ints, people: Ints) -> Ints:
    """Return role and volunteer, as one number, of everybody who has what a role of a session asks."""
    which, roles = asks.roles_of(session)
    many, first = many[which], (np.cumsum(many) - many)[which]
    who = people[_spread(first, many)]
    for slot in range(asks.slots):
        kept = asks.met(slot, roles, many, who)
        ends = np.searchsorted(kept, np.cumsum(many))
        who, many = who[kept], np.diff(ends, prepend=0)
    return np.repeat(roles * asks.people, many) + who


def _spread(first: Ints, many: Ints) -> Ints:
    """Count up from each first number, so many numbers each."""
    ends = np.cumsum(many)
    result: Ints = np.repeat(first - ends + many, many)
    result += np.arange(len(result))
    return result


def _singled_out(columns: Columns, keys: Ints) -> Ints:
    """Take out and put in whom only rules about the very pair decide about."""
    index, people = columns.index, columns.count
    own = [pair for pair, each in index.overrides.items() if each.hours is not None]
    blocked = [bool(blockers.blockers(index, *pair)) for pair in own]
    out = {pair for pair, each in zip(own, blocked, strict=True) if each} | index.fixed | _barred(columns)
    into = {pair for pair, each in zip(own, blocked, strict=True) if not each}
    if into:
        keys = np.union1d(keys, [role * people + who for role, who in into])
    if out:
        keys = np.setdiff1d(keys, [role * people + who for role, who in out], assume_unique=True)
    return keys


def _barred(columns: Columns) -> set[tuple[int, int]]:
    roles = range(len(columns.index.roles)) if columns.index.barred else ()
    return {(role, who) for role in roles for who in eligible.forbidden(columns, role)}
