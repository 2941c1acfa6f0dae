"""Rows that cut off what a relaxation splits and what no whole plan can do.

A relaxation gives somebody with four hours a week a session of three hours and half of one of two. For one
person and week the sets of places that fit together are few, so the strongest row over the places that are
split is the answer of a small linear program: as much as possible for what the relaxation does, at most one
for every set that fits. All weeks of all people are asked in one program. Places the relaxation leaves alone
are then lifted into the row as far as hours allow. Rows are kept in whole numbers, which makes them exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import gcd

import numpy as np

from volunteer_match.matching.core import highs, spans
from volunteer_match.matching.core.columns import UNLIMITED, Floats, Ints
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.model import Model
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.rows import INFINITY, Gathered, Rows, numbered

WHOLE, VIOLATED = 1e-6, 1e-3
MOST_SPLIT, MOST_SETS, MOST_UNITS, LARGEST_FACTOR = 12, 200, 240, 12
MOST_SUBSETS = 2_000
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Weeks:
    """The edges of one person and week after another, and what each person has left of the week."""

    model: Model
    edges: Ints
    starts: Ints
    seconds: Ints
    sessions: Ints
    staffed: Ints
    meeting: Ints

    def split(self, values: Floats) -> list[int]:
        """Return the weeks in which a relaxation gives somebody parts of places."""
        own = values[self.edges]
        broken = np.logical_or.reduceat((own > WHOLE) & (own < 1 - WHOLE), self.starts[:-1])
        several = np.add.reduceat(own > WHOLE, self.starts[:-1]) > 1
        return np.flatnonzero(broken & several).tolist()

    def of(self, week: int) -> Ints:
        """Return the edges of one person and week."""
        return self.edges[self.starts[week] : self.starts[week + 1]]


@dataclass(frozen=True, slots=True)
class _Split:
    """A week whose places in the relaxation do not fit together, and the largest sets that do."""

    week: int
    edges: Ints
    values: Floats
    sets: list[tuple[int, ...]]


def weeks_of(model: Model) -> Weeks:
    """Sort the edges of a model by person and week."""
    instance = model.instance
    names = sorted(set(instance.week))
    week_at = {name: at for at, name in enumerate(names)}
    week = np.array([week_at[name] for name in instance.week], dtype=np.int64)[instance.session]
    key = instance.edges.volunteer * len(names) + week
    edges = np.argsort(key, kind="stable")
    starts, _ = numbered(key[edges])
    first = edges[starts[:-1]]
    who, here = instance.edges.volunteer[first], week[first]
    taken = np.array([instance.columns.used(name) for name in names], dtype=np.int64)
    hours, sessions = instance.columns.hours_cap[who], instance.columns.sessions_cap[who]
    switch = np.full(len(instance.joint), -1, dtype=np.int64)
    switch[list(model.places.staffed)] = list(model.places.staffed.values())
    return Weeks(
        model,
        edges,
        starts,
        np.where(hours < UNLIMITED, hours - taken[here, 0, who], UNLIMITED),
        np.where(sessions < UNLIMITED, sessions - taken[here, 1, who], UNLIMITED),
        switch[instance.session],
        instance.session * max(1, len(instance.index.volunteers)) + instance.edges.volunteer,
    )


def violated(weeks: Weeks, values: Floats, seed: int) -> Rows | None:
    """Return rows that every plan keeps and these column values break; None if none is found."""
    gathered = Gathered()
    for at, factors, most in _knapsacks(weeks, values, seed):
        gathered.add((np.zeros_like(at), at, factors), lower=-INFINITY, upper=np.array([most]))
    _unstaffed(weeks, values, gathered)
    return gathered.finished() if gathered.count else None


def _unstaffed(weeks: Weeks, values: Floats, gathered: Gathered) -> None:
    """Let nobody come to a session more than it is staffed, which the model says of all together only."""
    edges = np.flatnonzero((values[: weeks.model.edges] > WHOLE) & (weeks.staffed >= 0))
    order = edges[np.argsort(weeks.meeting[edges], kind="stable")]
    starts, number = numbered(weeks.meeting[order])
    if not len(order):
        return
    come = np.add.reduceat(values[order], starts[:-1])
    switch = weeks.staffed[order[starts[:-1]]]
    broken = come > values[switch] + VIOLATED
    row = np.cumsum(broken) - 1
    inside = broken[number]
    nth = np.arange(int(broken.sum()))
    gathered.add(
        (row[number[inside]], order[inside], 1.0),
        (nth, switch[broken], -1.0),
        lower=-INFINITY,
        upper=0 * nth,
    )


def _knapsacks(weeks: Weeks, values: Floats, seed: int) -> Iterator[tuple[Ints, Ints, int]]:
    found = [each for week in weeks.split(values) if (each := _apart(weeks, values, week)) is not None]
    if not found:
        return
    prices = _strongest(found, seed)
    at = 0
    for each in found:
        own = prices[at : at + len(each.edges)]
        at += len(each.edges)
        if float(own @ each.values) > 1 + VIOLATED:
            whole = _whole(own, each.sets)
            if whole is not None:
                yield _lifted(weeks, each, *whole)


def _apart(weeks: Weeks, values: Floats, week: int) -> _Split | None:
    """Describe a week whose places do not all fit together."""
    every = weeks.of(week)
    edges = every[values[every] > WHOLE]
    if len(edges) > MOST_SPLIT:
        return None
    instance = weeks.model.instance
    taken = [instance.occupied[session] for session in instance.session[edges].tolist()]
    meetings = instance.session[edges].tolist()
    seconds = instance.seconds[edges].tolist()
    apart = [_kept_from(at, meetings, taken) for at in range(len(edges))]
    sets = largest_sets(seconds, apart, int(weeks.seconds[week]), int(weeks.sessions[week]))
    if len(sets) == 1 or len(sets) > MOST_SETS:
        return None
    return _Split(week, edges, values[edges], sets)


def _kept_from(at: int, meetings: list[int], taken: list[spans.Span]) -> set[int]:
    """Return the places that cannot be taken beside one: at the same meeting, or at the same time."""
    starts, ends = taken[at]
    others = ((other, begins < ends and starts < done) for other, (begins, done) in enumerate(taken))
    return {
        other for other, overlaps in others if other != at and (overlaps or meetings[other] == meetings[at])
    }


def largest_sets(
    seconds: Sequence[int], apart: Sequence[set[int]], left: int, most: int
) -> list[tuple[int, ...]]:
    """List the sets of places that fit together and to which none can be added."""
    result: list[tuple[int, ...]] = []

    def fits(place: int, chosen: tuple[int, ...], used: int) -> bool:
        return used + seconds[place] <= left and len(chosen) < most and apart[place].isdisjoint(chosen)

    def extend(place: int, chosen: tuple[int, ...], used: int) -> None:
        if place == len(seconds):
            if not any(each not in chosen and fits(each, chosen, used) for each in range(len(seconds))):
                result.append(chosen)
            return
        if fits(place, chosen, used):
            extend(place + 1, (*chosen, place), used + seconds[place])
        extend(place + 1, chosen, used)

    extend(0, (), 0)
    return result


def _strongest(found: Sequence[_Split], seed: int) -> Floats:
    """Weigh the places of each week: most for what the relaxation does, at most one for what fits."""
    row, at, first, count = [], [], 0, 0
    for each in found:
        for chosen in each.sets:
            row += [count] * len(chosen)
            at += [first + place for place in chosen]
            count += 1
        first += len(each.edges)
    gathered = Gathered()
    place = np.array(at, dtype=np.int64)
    gathered.at_most(np.array(row, dtype=np.int64), place, np.ones(count, dtype=np.int64))
    program = Program(gathered.finished(), np.zeros(first), np.ones(first), np.zeros(first, dtype=np.bool_))
    gains = np.concatenate([each.values for each in found])
    answer = highs.maximise(program, gains, Ask(SECONDS, seed, whole=False))
    return np.zeros(first) if answer.columns is None else answer.columns


def _whole(prices: Floats, sets: Sequence[tuple[int, ...]]) -> tuple[Ints, int] | None:
    """Write a row in whole numbers, if it has small ones."""
    for factor in range(1, LARGEST_FACTOR + 1):
        near = np.round(prices * factor)
        if np.abs(near - prices * factor).max() < WHOLE * factor * 10:
            whole = near.astype(np.int64)
            most = max(int(whole[list(chosen)].sum()) for chosen in sets)
            return (whole, factor) if most <= factor else None
    return None


def _lifted(weeks: Weeks, split: _Split, factors: Ints, most: int) -> tuple[Ints, Ints, int]:
    """Take further places of the week into a row, as much as the hours they leave allow."""
    instance = weeks.model.instance
    every, left = weeks.of(split.week), int(weeks.seconds[split.week])
    others = np.setdiff1d(every, split.edges)
    seconds = instance.seconds[others]
    unit = gcd(*instance.seconds[every].tolist())
    if unit == 0 or left // unit > MOST_UNITS or not len(others):
        return split.edges, factors, most
    best = _reach(split, instance.seconds[split.edges] // unit, factors, left // unit)
    more, given = [], []
    for at in np.argsort(-seconds, kind="stable").tolist():
        length = int(seconds[at]) // unit
        if length > left // unit:
            continue
        factor = most - int(best[left // unit - length])
        if factor <= 0:
            break
        more.append(int(others[at]))
        given.append(factor)
        best[length:] = np.maximum(best[length:], best[: len(best) - length] + factor)
    return np.concatenate([split.edges, np.array(more, dtype=np.int64)]), np.append(factors, given), most


def _reach(split: _Split, lengths: Ints, factors: Ints, units: int) -> Ints:
    """Return the most that places of a row which fit together add up to within so many units of time."""
    best = [0] * (units + 1)
    length, factor = lengths.tolist(), factors.tolist()
    counting = {tuple(place for place in chosen if factor[place] > 0) for chosen in split.sets}
    if sum(2 ** len(each) for each in counting) > MOST_SUBSETS:
        # By length alone, as if no two were at the same time: more fits together, and the row stays true.
        return _by_length([(length[at], factor[at]) for at in sorted(set().union(*counting))], units)
    for chosen in counting:
        for some in chain.from_iterable(combinations(chosen, size) for size in range(1, len(chosen) + 1)):
            at = sum(length[place] for place in some)
            best[at] = max(best[at], sum(factor[place] for place in some))
    return np.maximum.accumulate(np.array(best, dtype=np.int64))


def _by_length(places: Sequence[tuple[int, int]], units: int) -> Ints:
    best = np.zeros(units + 1, dtype=np.int64)
    for length, factor in places:
        if length <= units:
            best[length:] = np.maximum(best[length:], best[: len(best) - length] + factor)
    return best
