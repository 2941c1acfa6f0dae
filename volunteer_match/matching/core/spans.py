"""Times, weeks, ages and distances as plain numbers, shared by every part of the core.

All arithmetic is in whole seconds and whole metres, so nothing depends on rounding.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

from volunteer_match.matching.core.reader import monday
from volunteer_match.matching.core.types import Point, Problem, Session, Volunteer

HOUR = 3_600
EARTH_RADIUS_M = 6_371_000.0

Span = tuple[int, int]


def seconds(when: datetime) -> int:
    """Return whole seconds since 1970."""
    return math.floor(when.timestamp())


def span(session: Session) -> Span:
    """Return when a session starts and ends."""
    return seconds(session.starts), seconds(session.ends)


def travel_half(problem: Problem, remote: bool) -> int:
    """Return the seconds of travel kept on each side of a meeting."""
    return 0 if remote else problem.travel_buffer_minutes * 30


def occupied(problem: Problem, session: Session) -> Span:
    """Return the time a session takes from a volunteer: half the travel buffer before and half after."""
    half = travel_half(problem, session.remote)
    starts, ends = span(session)
    return starts - half, ends + half


def wanted_free(problem: Problem, session: Session) -> Span:
    """Return the time a volunteer's availability must cover."""
    margin = 0 if session.remote else problem.availability_buffer_minutes * 60
    starts, ends = span(session)
    return starts - margin, ends + margin


def week_of(session: Session) -> str:
    """Return the week a session counts to: the one given, else its Monday in UTC."""
    return session.week if session.week is not None else monday(first_day(session))


def organiser(session: Session) -> str:
    """Return who answers for the clearances of a session."""
    return session.organiser or session.partner


def first_day(session: Session) -> date:
    """Return the UTC date a session starts on; ages are counted on it."""
    return session.starts.astimezone(UTC).date()


def age_day(session: Session) -> int:
    """Return the day ages are counted on as one number whose differences give full years."""
    return yyyymmdd(first_day(session))


def yyyymmdd(day: date) -> int:
    """Return a date as one number whose differences give full years."""
    return day.year * 10_000 + day.month * 100 + day.day


def last_day(session: Session) -> date:
    """Return the UTC date a session ends on; clearances and agreements must reach it."""
    return session.ends.astimezone(UTC).date()


def age_on(volunteer: Volunteer, day: date) -> int | None:
    """Return the age in full years on a day, from the birth date if known."""
    if volunteer.born is None:
        return volunteer.age
    return (
        day.year - volunteer.born.year - ((day.month, day.day) < (volunteer.born.month, volunteer.born.day))
    )


def cleared_until(volunteer: Volunteer, session: Session) -> date | None:
    """Return the last day a volunteer is cleared for a session's organiser, or None."""
    given = (volunteer.cleared_until, volunteer.cleared_for.get(organiser(session)))
    return max((each for each in given if each is not None), default=None)


def metres(one: Point, other: Point) -> int:
    """Return the great-circle distance in whole metres."""
    lat, other_lat = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    half = (
        math.sin((other_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(across / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half))))


def merged(spans: list[Span]) -> list[Span]:
    """Join spans that touch or overlap."""
    result: list[Span] = []
    for starts, ends in sorted(spans):
        if result and starts <= result[-1][1]:
            result[-1] = (result[-1][0], max(ends, result[-1][1]))
        else:
            result.append((starts, ends))
    return result
