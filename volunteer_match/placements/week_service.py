"""The week as a grid of days and places, and the sheet for the wall."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from volunteer_match.i18n import from_local, sort_key, to_local
from volunteer_match.needs.models import NeedSession, Opening
from volunteer_match.placements import week_queries
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState


@dataclass(frozen=True)
class Helper:
    """Somebody who comes, or was asked to."""

    name: str
    state: MatchState
    role: str


@dataclass(frozen=True)
class Meeting:
    """One session as the week shows it."""

    session_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    people: tuple[Helper, ...]
    missing: int
    """People missing to the minimum."""
    asked: int
    """People among them who have not answered yet."""


@dataclass(frozen=True)
class Week:
    """The days, and for each place one cell per day."""

    first_day: date
    days: tuple[date, ...]
    rows: tuple[tuple[str, tuple[tuple[Meeting, ...], ...]], ...]

    @property
    def meetings(self) -> list[Meeting]:
        """Return all sessions of the week."""
        return [item for _place, cells in self.rows for cell in cells for item in cell]

    @property
    def before(self) -> date:
        """Return the Monday before."""
        return self.first_day - timedelta(days=7)

    @property
    def after(self) -> date:
        """Return the Monday after."""
        return self.first_day + timedelta(days=7)


def week(day: date) -> Week:
    """Return the week the day falls into."""
    monday = day - timedelta(days=day.weekday())
    days = tuple(monday + timedelta(days=n) for n in range(7))
    meetings = week_queries.meetings(
        from_local(monday, time()), from_local(monday + timedelta(days=7), time())
    )
    people = defaultdict(list)
    for match in week_queries.helpers([meeting.id for meeting in meetings]):
        people[match.session_id].append(match)
    grid: dict[str, dict[date, list[Meeting]]] = defaultdict(lambda: defaultdict(list))
    for meeting in meetings:
        shown = _meeting(meeting, people[meeting.id])
        grid[_place(meeting)][to_local(meeting.starts_at).date()].append(shown)
    rows = tuple(
        (place, tuple(tuple(grid[place][each]) for each in days)) for place in sorted(grid, key=sort_key)
    )
    return Week(monday, days, rows)


def _place(meeting: NeedSession) -> str:
    return meeting.need.venue.name if meeting.need.venue else ""


def _meeting(meeting: NeedSession, matches: list[Match]) -> Meeting:
    people = tuple(
        Helper(m.volunteer.user.name, MatchState(m.state), m.opening.role.name)
        for m in sorted(matches, key=lambda m: sort_key(m.volunteer.user.name))
    )
    return Meeting(
        session_id=meeting.id,
        title=meeting.need.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        people=people,
        missing=sum(_missing(opening) for opening in meeting.openings),
        asked=sum(person.state == MatchState.OFFERED for person in people),
    )


def _missing(opening: Opening) -> int:
    return max(0, opening.minimum - opening.filled)


def on_the_wall(name: str) -> str:
    """Return a name as it may hang on a wall: first name and initial."""
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name
