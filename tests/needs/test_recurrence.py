"""On which days a need happens."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_match.needs.recurrence import (
    LAST_OF_MONTH,
    Plan,
    days,
    in_gap,
    in_month,
    meetings,
    ordinal_of,
    span,
    weekday_digits,
)
from volunteer_match.needs.rules import Recurrence

WARSAW = ZoneInfo("Europe/Warsaw")
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
LENGTHS = st.integers(0, 400)
WEEKDAYS = st.frozensets(st.integers(0, 6))


def plan(recurrence: Recurrence, first: date, last: date | None = None, **fields) -> Plan:
    return Plan(recurrence, first, last or first, time(10), time(12), **fields)


def naive(plan: Plan) -> list[date]:
    """Walk every single day and ask whether it belongs: slow and evidently right."""
    found = []
    day = plan.first_day
    monday = plan.first_day - timedelta(days=plan.first_day.weekday())
    while day <= plan.last_day:
        weeks = (day - monday).days // 7
        on_weekday = day.weekday() in (plan.weekdays or {plan.first_day.weekday()})
        same_of_month = day.weekday() == plan.first_day.weekday() and ordinal_of(day) == ordinal_of(
            plan.first_day
        )
        belongs = {
            Recurrence.ONCE: day == plan.first_day,
            Recurrence.WEEKLY: on_weekday,
            Recurrence.FORTNIGHTLY: on_weekday and weeks % 2 == 0,
            Recurrence.MONTHLY: same_of_month or _substitute(day, plan.first_day),
        }
        if belongs[plan.recurrence]:
            found.append(day)
        day += timedelta(days=1)
    return found


def _substitute(day: date, first: date) -> bool:
    """A fourth weekday stays the fourth where it happens to be the month's last one too."""
    return day.weekday() == first.weekday() and ordinal_of(first) == (day.day - 1) // 7 + 1 != LAST_OF_MONTH


@given(st.sampled_from(Recurrence), DAYS, LENGTHS, WEEKDAYS)
def test_the_days_are_those_a_patient_person_would_tick(recurrence, first, length, weekdays):
    wanted = plan(recurrence, first, first + timedelta(days=length), weekdays=weekdays)

    assert list(days(wanted)) == naive(wanted)


@given(DAYS)
def test_a_day_is_found_again_by_its_place_in_the_month(day):
    assert in_month(day.year, day.month, day.weekday(), ordinal_of(day)) == day


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2026, 12, 5), [date(2026, 12, 5), date(2027, 1, 2), date(2027, 2, 6)]),
        (date(2026, 11, 27), [date(2026, 11, 27), date(2026, 12, 25), date(2027, 1, 29)]),
    ],
)
def test_monthly_means_the_same_weekday_of_the_month(first, expected):
    wanted = plan(Recurrence.MONTHLY, first, date(2027, 2, 20))

    assert list(days(wanted)) == expected


def test_two_weekdays_of_a_week_are_in_order():
    wanted = plan(Recurrence.WEEKLY, date(2026, 12, 2), date(2026, 12, 10), weekdays=frozenset({0, 2}))

    assert list(days(wanted)) == [date(2026, 12, 2), date(2026, 12, 7), date(2026, 12, 9)]


def test_days_off_stay_in_the_list_with_their_reason():
    wanted = plan(Recurrence.WEEKLY, date(2026, 11, 4), date(2026, 11, 18))

    found = meetings(wanted, {date(2026, 11, 11): "holiday"})

    assert [(m.day.day, m.skipped) for m in found] == [(4, ""), (11, "holiday"), (18, "")]


@pytest.mark.parametrize(
    ("day", "hour_utc"), [(date(2027, 3, 27), 9), (date(2027, 3, 28), 8), (date(2026, 10, 25), 9)]
)
def test_ten_oclock_stays_ten_oclock_over_the_change_of_clocks(day, hour_utc):
    begins, _ends = span(plan(Recurrence.ONCE, day), day, WARSAW)

    assert begins == datetime(day.year, day.month, day.day, hour_utc, tzinfo=UTC)


@given(DAYS, st.times(), st.times())
def test_a_meeting_outside_the_missing_hour_keeps_its_local_times(day, starts, ends):
    wanted = Plan(Recurrence.ONCE, day, day, starts, ends)
    begins, finishes = span(wanted, day, WARSAW)

    shown = (begins.astimezone(WARSAW).time(), finishes.astimezone(WARSAW).time())
    if not in_gap(day, starts, WARSAW) and not in_gap(day, ends, WARSAW):
        assert shown == (starts.replace(fold=shown[0].fold), ends.replace(fold=shown[1].fold))


def test_the_hour_that_the_clocks_skip_is_seen():
    assert in_gap(date(2027, 3, 28), time(2, 30), WARSAW)
    assert not in_gap(date(2027, 3, 28), time(3, 0), WARSAW)
    assert not in_gap(date(2026, 10, 25), time(2, 30), WARSAW)


def test_a_wrong_last_day_does_not_fill_the_memory():
    wanted = plan(Recurrence.WEEKLY, date(2026, 1, 1), date(2100, 1, 1), weekdays=frozenset(range(7)))

    assert len(list(days(wanted))) == 1000


@given(st.sampled_from(Recurrence), DAYS, LENGTHS, WEEKDAYS)
def test_the_filter_knows_every_weekday_of_a_plan(recurrence, first, length, weekdays):
    wanted = plan(recurrence, first, first + timedelta(days=length), weekdays=weekdays)

    assert {str(day.weekday()) for day in days(wanted)} <= set(weekday_digits(wanted))
