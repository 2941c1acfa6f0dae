"""Dates of the demo, told from today, so that its club is always in the middle of a week."""

import re
from collections.abc import Callable
from datetime import date, timedelta

_PLACE = re.compile(r"\{([a-z_]+)\s?([+-]?[\d.]+)?\}")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SATURDAY = 5


def fill_dates(text: str, today: date) -> str:
    """Replace `{sat+1}`, `{day-30}`, `{age 34}`, `{first_sat}` and `{last_sat}` by ISO dates."""
    return _PLACE.sub(lambda found: _day(found[1], found[2] or "0", today).isoformat(), text)


def _day(word: str, number: str, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    if word in _DAYS:
        return monday + timedelta(weeks=int(number), days=_DAYS.index(word))
    makers: dict[str, Callable[[], date]] = {
        "day": lambda: today + timedelta(days=int(number)),
        "age": lambda: birth_date(float(number), today),
        "first_sat": lambda: _saturday_from(monday, lambda day: day.day <= 7),
        "last_sat": lambda: _saturday_from(monday, lambda day: (day + timedelta(days=7)).month != day.month),
    }
    return makers[word]()


def birth_date(years: float, today: date) -> date:
    """Return the birth date of somebody that old today, half a year more for whole years."""
    age = years if years % 1 else years + 0.5
    return today - timedelta(days=round(age * 365.25))


def _saturday_from(monday: date, fits: Callable[[date], bool]) -> date:
    day = monday + timedelta(days=_SATURDAY)
    while not fits(day):
        day += timedelta(weeks=1)
    return day
