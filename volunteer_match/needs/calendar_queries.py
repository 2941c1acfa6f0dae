"""Days off: public holidays of the country and the table of school breaks."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import select

from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.i18n import country
from volunteer_match.needs.models import SchoolBreak
from volunteer_match.needs.recurrence import Meeting, Plan, meetings

_LANGUAGES = {"pl": "pl", "en": "en_US"}


def breaks() -> Sequence[SchoolBreak]:
    """Return every school break in order."""
    return db.session.scalars(select(SchoolBreak).order_by(SchoolBreak.first_day, SchoolBreak.id)).all()


def school_break(break_id: str) -> SchoolBreak:
    """Return one school break, or raise NotFoundError."""
    found = db.session.get(SchoolBreak, break_id)
    if found is None:
        raise NotFoundError("school break")
    return found


def planned(
    plan: Plan, *, skip_holidays: bool, skip_breaks: bool, language: str = "pl"
) -> tuple[Meeting, ...]:
    """Return the days of the plan, those on days off marked with the reason."""
    off: dict[date, str] = {}
    if skip_breaks:
        off |= _break_days(plan.first_day, plan.last_day)
    if skip_holidays:
        off |= holidays_between(plan.first_day, plan.last_day, language)
    return meetings(plan, off)


def holidays_between(first_day: date, last_day: date, language: str) -> dict[date, str]:
    """Return the public holidays between two days with their names."""
    code = country()
    found: dict[date, str] = {}
    for year in range(first_day.year, min(last_day.year, first_day.year + 5) + 1):
        found |= _holidays_of(code, year, language)
    return {day: name for day, name in found.items() if first_day <= day <= last_day}


@lru_cache(maxsize=64)
def _holidays_of(code: str, year: int, language: str) -> Mapping[date, str]:
    from holidays import country_holidays  # 0.1 s to import: only when a plan needs it

    found = country_holidays(code, years=year, language=_LANGUAGES.get(language, language))
    return dict(found.items())


def _break_days(first_day: date, last_day: date) -> dict[date, str]:
    query = select(SchoolBreak).where(SchoolBreak.first_day <= last_day, SchoolBreak.last_day >= first_day)
    days: dict[date, str] = {}
    for found in db.session.scalars(query):
        day, end = max(found.first_day, first_day), min(found.last_day, last_day)
        while day <= end:
            days[day] = found.name
            day += timedelta(days=1)
    return days
