"""When people are free, held against asking the clock about every quarter of an hour."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from volunteer_match.people.availability import DayException, free_intervals, pause
from volunteer_match.people.rules import WeeklySpan

WARSAW = ZoneInfo("Europe/Warsaw")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
QUARTER = timedelta(minutes=15)
quarters = st.integers(0, 95).map(lambda n: n * 15)
lengths = st.integers(1, 96).map(lambda n: n * 15)
days = st.integers(-3, 3)


@st.composite
def weekly(draw: st.DrawFn) -> WeeklySpan:
    starts = draw(quarters)
    return WeeklySpan(draw(st.integers(0, 6)), starts, min(1440, starts + draw(lengths)))


@st.composite
def exceptions(draw: st.DrawFn, around: date) -> DayException:
    first = around + timedelta(days=draw(days))
    starts = draw(quarters)
    last = first + timedelta(days=draw(st.integers(0, 2)))
    return DayException(first, last, draw(st.booleans()), starts, min(1440, starts + draw(lengths)))


def by_the_clock(
    week: Sequence[WeeklySpan], different: Sequence[DayException], moment: datetime, first: date, last: date
) -> bool:
    """Tell whether the wall clock shows a free time at the moment: the slow and obvious way."""
    local = moment.astimezone(WARSAW)
    minute = local.hour * 60 + local.minute
    if not first <= local.date() <= last:
        return False
    today = [e for e in different if e.first_day <= local.date() <= e.last_day]
    inside = [e for e in today if e.starts <= minute < e.ends]
    if any(not e.free for e in inside):
        return False
    usually = any(s.weekday == local.weekday() and s.starts <= minute < s.ends for s in week)
    return usually or any(e.free for e in inside)


@pytest.mark.slow
@pytest.mark.parametrize("around", [SPRING, AUTUMN, date(2026, 6, 10)])
def test_a_quarter_of_an_hour_is_free_exactly_when_the_clock_says_so(around):
    first, last = around - timedelta(days=2), around + timedelta(days=2)

    @settings(max_examples=120)
    @given(st.lists(weekly(), max_size=6), st.lists(exceptions(around), max_size=3))
    @example([WeeklySpan(6, 60, 150)], [])
    @example([WeeklySpan(6, 120, 180)], [])
    def holds(week: list[WeeklySpan], different: list[DayException]) -> None:
        found = free_intervals(week, different, first, last, WARSAW)
        moment = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=3)
        while moment < datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(hours=27):
            inside = any(starts <= moment < ends for starts, ends in found)
            assert inside == by_the_clock(week, different, moment, first, last), moment
            moment += QUARTER

    holds()


@given(st.lists(weekly(), max_size=8), st.lists(exceptions(AUTUMN), max_size=4))
@settings(max_examples=60)
def test_intervals_are_in_order_and_apart(week, different):
    found = free_intervals(week, different, AUTUMN - timedelta(days=4), AUTUMN + timedelta(days=4), WARSAW)

    assert all(starts < ends for starts, ends in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))


def test_the_same_local_hours_shift_in_utc_over_the_clock_change():
    week = [WeeklySpan(5, 600, 720)]
    found = free_intervals(week, [], date(2026, 10, 24), date(2026, 10, 31), WARSAW)

    assert [starts.hour for starts, _ends in found] == [8, 9]


def test_the_hour_that_the_clock_skips_frees_nobody():
    assert free_intervals([WeeklySpan(6, 120, 180)], [], SPRING, SPRING, WARSAW) == ()


def test_the_hour_that_the_clock_shows_twice_counts_twice():
    ((starts, ends),) = free_intervals([WeeklySpan(6, 120, 180)], [], AUTUMN, AUTUMN, WARSAW)

    assert ends - starts == timedelta(hours=2)


def test_a_whole_day_in_autumn_has_twenty_five_hours():
    ((starts, ends),) = free_intervals([WeeklySpan(6, 0, 1440)], [], AUTUMN, AUTUMN, WARSAW)

    assert ends - starts == timedelta(hours=25)


def test_evenings_run_on_over_midnight():
    week = [WeeklySpan(4, 1200, 1440), WeeklySpan(5, 0, 60)]
    found = free_intervals(week, [], date(2026, 6, 12), date(2026, 6, 13), WARSAW)

    assert len(found) == 1


def test_a_break_takes_its_days_away():
    away = pause(date(2026, 6, 10), date(2026, 6, 11))
    week = [WeeklySpan(day, 600, 660) for day in range(7)]
    found = free_intervals(week, away, date(2026, 6, 9), date(2026, 6, 12), WARSAW)

    assert [starts.day for starts, _ends in found] == [9, 12]


def test_a_break_without_an_end_lasts():
    week = [WeeklySpan(day, 600, 660) for day in range(7)]

    assert (
        free_intervals(week, pause(date(2026, 6, 1), None), date(2026, 6, 9), date(2027, 6, 9), WARSAW) == ()
    )
