"""When a thing is on offer and by when its owner must answer."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from volunteer_match.lending.rules import (
    TRANSITIONS,
    WHO,
    Hours,
    LoanEvent,
    LoanState,
    answer_deadline,
    open_intervals,
)

ZONE = ZoneInfo("Europe/Warsaw")
MONDAY = date(2026, 11, 23)
ALWAYS = Hours("", None, None, None, None)


def covers(hours, begins, ends):
    found = open_intervals(hours, MONDAY, MONDAY + timedelta(days=6), ZONE)
    return any(opens <= begins and ends <= closes for opens, closes in found)


def at(day, hour):
    return datetime(2026, 11, 23 + day, hour, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "day", "hour", "expected"),
    [
        (ALWAYS, 0, 3, True),
        (Hours("04", None, None, None, None), 4, 10, True),
        (Hours("04", None, None, None, None), 3, 10, False),
        (Hours("", time(8), time(12), None, None), 2, 10, True),
        (Hours("", time(8), time(12), None, None), 2, 11, False),
        (Hours("", None, None, date(2026, 11, 25), None), 1, 10, False),
        (Hours("", None, None, date(2026, 11, 25), date(2026, 11, 26)), 3, 10, True),
        (Hours("", None, None, None, date(2026, 11, 25)), 3, 10, False),
    ],
)
def test_a_session_of_two_hours_fits_only_into_the_hours_on_offer(hours, day, hour, expected):
    assert covers(hours, at(day, hour), at(day, hour + 2)) is expected


def test_always_means_over_midnight_too():
    assert covers(ALWAYS, at(0, 23), at(1, 1))


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(days=10), timedelta(hours=72)),
        (timedelta(hours=60), timedelta(hours=36)),
        (timedelta(hours=3), timedelta(hours=2)),
        (timedelta(hours=1), timedelta(hours=1)),
    ],
)
def test_the_answer_is_due_in_time_and_never_in_the_past(ahead, expected):
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)

    assert answer_deadline(now, now + ahead) == now + expected


def test_every_event_has_somebody_or_the_system_to_cause_it():
    assert set(WHO) == set(LoanEvent)
    assert set(TRANSITIONS) == set(LoanState)
