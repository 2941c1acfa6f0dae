"""The club's calendar, for tests."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def today() -> date:
    """Return the day on the club's calendar, outside the application too.

    Not UTC's: for an hour or two of every night these are different days.
    """
    return datetime.now(ZoneInfo("Europe/Warsaw")).date()
