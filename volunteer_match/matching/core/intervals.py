"""Intervals of all volunteers in one table, fast to ask who has one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from volunteer_match.matching.core import spans

Ints = NDArray[np.int64]
LENGTH_BITS = 63
FEW = 20_000
NOBODY: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Spans:
    """Intervals sorted by how long they are (to the nearest power of two), then by when they start.

    Whatever covers or touches a time starts less than its own length before, so only a short stretch of
    each length's intervals is looked at. `lengths` has (first, one past the last, longest) of each.
    """

    volunteer: Ints
    starts: Ints
    ends: Ints
    lengths: tuple[tuple[int, int, int], ...]

    def covering(self, starts: int, ends: int) -> Ints:
        """Return the volunteers with an interval that covers a time."""
        return self._found(ends, starts + 1, ends)

    def touching(self, starts: int, ends: int) -> Ints:
        """Return the volunteers with an interval that overlaps a time."""
        return self._found(starts, ends, starts + 1)

    def covering_each(self, starts: Ints, ends: Ints) -> Iterator[Ints]:
        """Yield for one time after another the volunteers with an interval that covers it."""
        return self._found_each(ends, starts + 1, ends)

    def touching_each(self, starts: Ints, ends: Ints) -> Iterator[Ints]:
        """Yield for one time after another the volunteers with an interval that overlaps it."""
        return self._found_each(starts, ends, starts + 1)

    def _found(self, reaches: int, before: int, least: int) -> Ints:
        here = []
        for first, last, longest in self.lengths:
            low, high = self.starts[first:last].searchsorted((reaches - longest, before))
            here.append((first + int(low), first + int(high)))
        return self._ending(here, least)

    def _found_each(self, reaches: Ints, before: Ints, least: Ints) -> Iterator[Ints]:
        low, high = np.zeros((2, len(least), len(self.lengths)), dtype=np.int64)
        for at, (first, last, longest) in enumerate(self.lengths):
            low[:, at] = first + self.starts[first:last].searchsorted(reaches - longest)
            high[:, at] = first + self.starts[first:last].searchsorted(before)
        for lows, highs, end in zip(low.tolist(), high.tolist(), least.tolist(), strict=True):
            yield self._ending(zip(lows, highs, strict=True), end)

    def _ending(self, stretches: Iterable[tuple[int, int]], least: int) -> Ints:
        """Return whose intervals of some stretches end so late at least."""
        parts = [self.volunteer[low:high][self.ends[low:high] >= least] for low, high in stretches]
        return np.concatenate(parts) if len(parts) > 1 else [*parts, NOBODY][0]


def table(volunteer: Ints, starts: Ints, ends: Ints) -> Spans:
    """Put intervals in order; a few are not worth telling apart by length."""
    if 0 < len(volunteer) <= FEW:
        order = np.argsort(starts, kind="stable")
        longest = int((ends - starts).max())
        return Spans(volunteer[order], starts[order], ends[order], ((0, len(order), longest),))
    power = np.frexp((ends - starts).astype(np.float64))[1]
    order = np.lexsort((starts, power))
    bounds = np.searchsorted(power[order], np.arange(LENGTH_BITS + 1))
    lengths = tuple((int(bounds[at]), int(bounds[at + 1]), 2**at) for at in range(LENGTH_BITS))
    used = tuple(each for each in lengths if each[0] < each[1])
    return Spans(volunteer[order], starts[order], ends[order], used)


def flat(people: Iterable[tuple[tuple[datetime, datetime], ...]]) -> tuple[Ints, Ints, Ints]:
    """Write intervals per volunteer as three columns: volunteer, start and end in seconds."""
    rows = list(people)
    volunteer = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    pairs = chain.from_iterable(chain.from_iterable(rows))
    moments = np.fromiter(map(spans.seconds, pairs), dtype=np.int64, count=2 * len(volunteer)).reshape(-1, 2)
    return volunteer, moments[:, 0], moments[:, 1]


def merged(volunteer: Ints, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Join intervals of one volunteer that touch or overlap."""
    if not len(volunteer):
        return volunteer, starts, ends
    order = np.lexsort((starts, volunteer))
    volunteer, starts, ends = volunteer[order], starts[order], ends[order]
    # Moved far apart, volunteers do not touch one another and one sweep does for all.
    apart = volunteer * (int(ends.max()) - int(starts.min()) + 1)
    reached = np.maximum.accumulate(ends + apart)
    new = np.ones(len(starts), dtype=np.bool_)
    new[1:] = (starts + apart)[1:] > reached[:-1]
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(starts)) - 1
    return volunteer[first], starts[first], reached[last] - apart[first]
