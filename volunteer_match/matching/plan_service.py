"""Puts the page of a plan together: its figures, its week, who carries how much."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from volunteer_match.i18n import from_local, sort_key, to_local
from volunteer_match.matching import charts, figures, pair_queries, plan_queries
from volunteer_match.matching.charts import Amount, Bars, Kind, Visit, WeekPicture
from volunteer_match.matching.core import format, instance
from volunteer_match.matching.models import MatchRun

MOST_BARS = 20
MOST_DRAWN = 60
"""People a picture of a week has lines for; a longer one is a table only."""


@dataclass(frozen=True)
class Helper:
    """Somebody at a place of the plan."""

    volunteer_id: str
    name: str
    kind: Kind
    kept_by: str = ""
    """The decision in force that lets the pair stay in coming plans, too."""


@dataclass(frozen=True)
class Place:
    """One role of a session with the people the plan gives it."""

    opening_id: str
    role: str
    minimum: int
    preferred: int
    people: tuple[Helper, ...]

    @property
    def missing(self) -> int:
        """Return how many people the plan leaves it short of its minimum."""
        return max(0, self.minimum - len(self.people))


@dataclass(frozen=True)
class Meeting:
    """One session of the week."""

    session_id: str
    need_id: str
    title: str
    partner: str
    where: str
    starts_at: datetime
    ends_at: datetime
    runnable: bool
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Week:
    """One week of the plan, as a table and as a picture."""

    monday: date
    days: tuple[date, ...]
    earlier: date | None
    later: date | None
    meetings: tuple[Meeting, ...]
    picture: WeekPicture | None
    """Nothing when more people serve than a picture can show."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What the letters of the picture stand for: titles of needs by their id."""


@dataclass(frozen=True)
class PlanPage:
    """Everything the page of a finished run shows besides its certificate."""

    figures: Mapping[str, Any]
    partners: Bars
    loads: Bars
    lighter: int
    """People with fewer places than those who are drawn."""
    week: Week
    proposed: int
    settled: int
    lent: int
    """Rooms and things in the plan; they have pages of their own."""
    short: int
    """Roles the plan leaves below their minimum."""


def page(run: MatchRun, wanted: date | None = None) -> PlanPage:
    """Return the page of a finished run, with the wanted week or its first one."""
    found = figures_of(run)
    heavy = found["loads"][:MOST_BARS]
    names = plan_queries.people([line[0] for line in heavy])
    return PlanPage(
        figures=found,
        partners=_partner_bars(found),
        loads=charts.bars([Amount(names.get(who, "–"), before, after) for who, before, after in heavy]),
        lighter=len(found["loads"]) - len(heavy),
        week=_week(run, wanted),
        **_counts(run),
    )


def _counts(run: MatchRun) -> dict[str, int]:
    """Count the plan's people apart from its rooms and things."""
    plan, kept = run.plan or {}, {tuple(pair) for pair in run.kept or ()}
    things = {role["id"] for role in (run.problem or {}).get("roles", ()) if role.get("resource")}
    people = [each for each in plan["assignments"] if each["role"] not in things]
    settled = sum(each["fixed"] and (each["role"], each["volunteer"]) not in kept for each in people)
    short = sum(each["role"] not in things for each in plan["unfilled"])
    lent = len(plan["assignments"]) - len(people)
    return {"proposed": len(people) - settled, "settled": settled, "lent": lent, "short": short}


def figures_of(run: MatchRun) -> dict[str, Any]:
    """Return the figures of a finished run; of one from before they were kept, worked out now."""
    if run.figures is not None:
        return run.figures
    return figures.of(instance.build(format.problem_from_json(run.problem or {})), run.plan or {})


def _partner_bars(found: Mapping[str, Any]) -> Bars:
    names = plan_queries.partners([each["id"] for each in found["partners"]])
    amounts = [
        Amount(names.get(each["id"], "–"), each["before"], each["after"], each["minimum"])
        for each in found["partners"]
        if each["minimum"]
    ]
    return charts.bars(sorted(amounts, key=lambda each: sort_key(each.label)))


def _week(run: MatchRun, wanted: date | None) -> Week:
    first, last = (_monday(day) for day in (run.first_day, run.last_day))
    monday = min(max(_monday(wanted or _first_session(run)), first), last)
    after = monday + timedelta(days=7)
    days = tuple(monday + timedelta(days=number) for number in range(7))
    meetings = _meetings(run, from_local(monday, time()), from_local(after, time()))
    needs = {each.need_id: each.title for each in meetings if any(place.people for place in each.places)}
    visits = _visits(meetings)
    drawn = 0 < len({each.person for each in visits}) <= MOST_DRAWN
    return Week(
        monday=monday,
        days=days,
        earlier=monday - timedelta(days=7) if monday > first else None,
        later=after if after <= last else None,
        meetings=meetings,
        picture=charts.week(days, visits, list(needs)) if drawn else None,
        titles=needs,
    )


def _first_session(run: MatchRun) -> date:
    starts = min((each["starts"] for each in (run.problem or {}).get("sessions", ())), default=None)
    return to_local(datetime.fromisoformat(starts)).date() if starts else run.first_day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _meetings(run: MatchRun, begins: datetime, ends: datetime) -> tuple[Meeting, ...]:
    plan = run.plan or {}
    runnable = {each["session"]: each["runnable"] for each in plan["sessions"]}
    rows = [row for row in plan_queries.openings(begins, ends) if row.session_id in runnable]
    helpers = _helpers(plan, {(role, who) for role, who in run.kept or ()}, {row.id for row in rows})
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.session_id].append(row)
    return tuple(_meeting(own, helpers, runnable[session]) for session, own in grouped.items())


def _meeting(rows: Sequence[Any], helpers: Mapping[str, Sequence[Helper]], runnable: bool) -> Meeting:
    first = rows[0]
    return Meeting(
        session_id=first.session_id,
        need_id=first.need_id,
        title=first.title,
        partner=first.partner,
        where=first.venue or "",
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        runnable=runnable,
        places=tuple(
            Place(row.id, row.role, row.minimum, row.capacity, tuple(helpers.get(row.id, ()))) for row in rows
        ),
    )


def _helpers(
    plan: Mapping[str, Any], kept: set[tuple[str, str]], openings: set[str]
) -> dict[str, list[Helper]]:
    here = [each for each in plan["assignments"] if each["role"] in openings]
    wishes = pair_queries.kept_at(openings)
    names = plan_queries.people({each["volunteer"] for each in here})
    found: dict[str, list[Helper]] = defaultdict(list)
    for each in sorted(here, key=lambda each: sort_key(names.get(each["volunteer"], "–"))):
        who = each["volunteer"]
        kind: Kind = "kept" if (each["role"], who) in kept else "settled" if each["fixed"] else "proposed"
        found[each["role"]].append(
            Helper(who, names.get(who, "–"), kind, wishes.get((each["role"], who), ""))
        )
    return found


def _visits(meetings: Sequence[Meeting]) -> list[Visit]:
    visits = [
        Visit(one.volunteer_id, one.name, to_local(each.starts_at).date(), each.need_id, one.kind)
        for each in meetings
        for place in each.places
        for one in place.people
    ]
    return sorted(visits, key=lambda each: (sort_key(each.name), each.person))
