"""When a person is free, in UTC: the usual week, days that differ, and the clock change done right.

Pure: plain data in, intervals out. An instant is free exactly when the wall clock of the club shows, at that
instant, a time inside a stretch of the day. So the hour that the clock skips in spring frees nobody, and the
hour it shows twice in autumn counts both times.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from volunteer_match.people.rules import MINUTES_OF_DAY, WeeklySpan

Interval = tuple[datetime, datetime]
Stretch = tuple[int, int]
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayException:
    """Days that differ from the usual week; `free` adds time, otherwise it is taken away, and taking wins."""

    first_day: date
    last_day: date
    free: bool
    starts: int = 0
    ends: int = MINUTES_OF_DAY


def pause(paused_from: date | None, paused_until: date | None) -> tuple[DayException, ...]:
    """Return a pause as days away, for good when it has no end."""
    if paused_from is None:
        return ()
    return (DayException(paused_from, paused_until or date.max, free=False),)


def free_intervals(
    weekly: Iterable[WeeklySpan],
    exceptions: Iterable[DayException],
    first_day: date,
    last_day: date,
    zone: ZoneInfo,
) -> tuple[Interval, ...]:
    """Return when the person is free on the local days from first to last, as ordered UTC intervals apart."""
    usual: dict[int, list[Stretch]] = {}
    for span in weekly:
        usual.setdefault(span.weekday, []).append((span.starts, span.ends))
    different = tuple(exceptions)
    found: list[Interval] = []
    for day in _days(first_day, last_day):
        for stretch in day_stretches(usual.get(day.weekday(), ()), different, day):
            found.extend(_moments(zone, day, stretch))
    return _joined(found)


def day_stretches(usual: Iterable[Stretch], exceptions: Iterable[DayException], day: date) -> list[Stretch]:
    """Return the free minutes of one local day."""
    free: list[Stretch] = list(usual)
    away: list[Stretch] = []
    for exception in exceptions:
        if exception.first_day <= day <= exception.last_day:
            (free if exception.free else away).append((exception.starts, exception.ends))
    left = _union(free)
    for gone in away:
        left = [part for stretch in left for part in _without(stretch, gone)]
    return left


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _DAY


def _union(stretches: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for starts, ends in sorted(stretches):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((starts, ends))
    return joined


def _without(stretch: Stretch, gone: Stretch) -> Iterator[Stretch]:
    before = (stretch[0], min(stretch[1], gone[0]))
    after = (max(stretch[0], gone[1]), stretch[1])
    return (part for part in (before, after) if part[0] < part[1])


@lru_cache(maxsize=65_536)
def _moments(zone: ZoneInfo, day: date, stretch: Stretch) -> tuple[Interval, ...]:
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    found = []
    for since, until, offset in _offsets(zone, day):
        starts = max(since, midnight + timedelta(minutes=stretch[0]) - offset)
        ends = min(until, midnight + timedelta(minutes=stretch[1]) - offset)
        if starts < ends:
            found.append((starts, ends))
    return tuple(found)


@lru_cache(maxsize=4096)
def _offsets(zone: ZoneInfo, day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """Return the parts of a local day, in UTC, with the distance of the clock from UTC in each."""
    since = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    until = datetime.combine(day + _DAY, time(), tzinfo=zone).astimezone(UTC)
    first, last = _offset(zone, since), _offset(zone, until)
    if first == last:
        return ((since, until, first),)
    change = _change(zone, since, until)
    return (since, change, first), (change, until, last)


def _change(zone: ZoneInfo, since: datetime, until: datetime) -> datetime:
    first = _offset(zone, since)
    while until - since > timedelta(minutes=1):
        middle = since + timedelta(minutes=(until - since) // timedelta(minutes=2))
        if _offset(zone, middle) == first:
            since = middle
        else:
            until = middle
    return until


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _joined(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for starts, ends in sorted(intervals):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((starts, ends))
    return tuple(joined)
