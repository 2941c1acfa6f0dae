"""When a need happens: its days on the local calendar, the ones left out, and their moments in UTC."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from volunteer_match.needs.rules import Recurrence

LAST_OF_MONTH = -1
_WEEK = timedelta(days=7)
# Far more than any need may have: stops a typing error in the last day from filling the memory.
_MOST_DAYS = 1000


@dataclass(frozen=True)
class Plan:
    """What the person filling in the form said about when."""

    recurrence: Recurrence
    first_day: date
    last_day: date
    starts: time
    ends: time
    weekdays: frozenset[int] = frozenset()
    """Monday 0; used by weekly and fortnightly plans, empty means the weekday of the first day."""


@dataclass(frozen=True)
class Meeting:
    """One day of the plan; `skipped` says why nothing happens then."""

    day: date
    skipped: str = ""


def ordinal_of(day: date) -> int:
    """Return which one of its weekday in the month the day is, from 1; the last one is LAST_OF_MONTH."""
    if (day + _WEEK).month != day.month:
        return LAST_OF_MONTH
    return (day.day - 1) // 7 + 1


def in_month(year: int, month: int, weekday: int, ordinal: int) -> date:
    """Return that weekday of the month: the first Saturday, the last Friday."""
    if ordinal == LAST_OF_MONTH:
        following = date(year + month // 12, month % 12 + 1, 1)
        last = following - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=ordinal - 1)


def days(plan: Plan) -> Iterator[date]:
    """Return the local days of the plan in order, as if there were no days off."""
    steps = {
        Recurrence.ONCE: _once,
        Recurrence.WEEKLY: lambda p: _every(p, weeks=1),
        Recurrence.FORTNIGHTLY: lambda p: _every(p, weeks=2),
        Recurrence.MONTHLY: _monthly,
    }
    return islice(steps[plan.recurrence](plan), _MOST_DAYS)


def _once(plan: Plan) -> Iterator[date]:
    yield plan.first_day


def _every(plan: Plan, weeks: int) -> Iterator[date]:
    wanted = sorted(plan.weekdays or {plan.first_day.weekday()})
    monday = plan.first_day - timedelta(days=plan.first_day.weekday())
    while monday <= plan.last_day:
        for weekday in wanted:
            day = monday + timedelta(days=weekday)
            if plan.first_day <= day <= plan.last_day:
                yield day
        monday += weeks * _WEEK


def _monthly(plan: Plan) -> Iterator[date]:
    weekday, ordinal = plan.first_day.weekday(), ordinal_of(plan.first_day)
    year, month = plan.first_day.year, plan.first_day.month
    while (day := in_month(year, month, weekday, ordinal)) <= plan.last_day:
        yield day
        year, month = year + month // 12, month % 12 + 1


def meetings(plan: Plan, off: Mapping[date, str]) -> tuple[Meeting, ...]:
    """Return every day of the plan, marking those that fall on a day off."""
    return tuple(Meeting(day, off.get(day, "")) for day in days(plan))


def in_gap(day: date, at: time, zone: ZoneInfo) -> bool:
    """Tell whether the clocks skip that local time on that day (the night in March)."""
    wall = datetime.combine(day, at, tzinfo=zone)
    return wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None)


def span(plan: Plan, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the meeting of that day begins and ends in UTC."""
    begins, ends = (datetime.combine(day, at, tzinfo=zone) for at in (plan.starts, plan.ends))
    return begins.astimezone(UTC), ends.astimezone(UTC)


def weekday_digits(plan: Plan) -> str:
    """Return the weekdays on which the plan happens as digits, Monday 0."""
    if plan.recurrence in (Recurrence.WEEKLY, Recurrence.FORTNIGHTLY) and plan.weekdays:
        return "".join(str(d) for d in sorted(plan.weekdays))
    return str(plan.first_day.weekday())
