"""Answers a volunteer who wonders why there is no invitation: what suits, what stands in the way, why others.

Only the person's own facts are used; nothing is said of anybody else, nor of proposals not decided yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from volunteer_match import clock
from volunteer_match.i18n import to_local
from volunteer_match.matching import outlook_service
from volunteer_match.matching.outlook_service import Days, RoleOutlook
from volunteer_match.placements import history_queries, section_queries
from volunteer_match.placements.rules import MatchState

WEEKS = 4
MOST_NEEDS = 12


class Standing(IntEnum):
    """How a need stands to a person, the most pleasant first."""

    ASKED = 0
    NOTED = 1
    OPEN = 2
    FULL = 3
    BLOCKED = 4


@dataclass(frozen=True)
class Line:
    """The coming session of one need that suits a person best."""

    need_id: str
    title: str
    role: str
    where: str
    starts_at: datetime
    ends_at: datetime
    standing: Standing
    match_id: str
    """The open offer, when there is one."""
    blockers: tuple[Mapping[str, Any], ...]
    behind: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class _Own:
    """What is between the person and the coming sessions already."""

    taken: frozenset[str]
    offers: Mapping[str, str]
    noted: frozenset[str]


def lines(volunteer_id: str) -> tuple[list[Line], int]:
    """Return what each need of the coming weeks looks like to a person, and how many are left out."""
    ordered = sorted(_by_need(volunteer_id).values(), key=_order)
    return ordered[:MOST_NEEDS], max(0, len(ordered) - MOST_NEEDS)


def line_of(volunteer_id: str, need_id: str) -> Line | None:
    """Return what one need looks like to a person; None when it is not near or the person comes already."""
    return _by_need(volunteer_id).get(need_id)


def _by_need(volunteer_id: str) -> Mapping[str, Line]:
    now = clock.now()
    today = to_local(now).date()
    days = Days(today, today + timedelta(weeks=WEEKS), now)
    own = _own(volunteer_id, now)
    best: dict[str, Line] = {}
    for each in outlook_service.outlook(days, history_queries.history(now), volunteer_id):
        line = _line(each, own)
        if each.session.id not in own.taken and _better(line, best.get(line.need_id)):
            best[line.need_id] = line
    return best


def _own(volunteer_id: str, now: datetime) -> _Own:
    found = section_queries.standing(volunteer_id, now)
    return _Own(
        taken=frozenset(
            s for s, _id, state, _mine in found if state in (MatchState.CONFIRMED, MatchState.HELD)
        ),
        offers={s: match_id for s, match_id, state, _mine in found if state == MatchState.OFFERED},
        noted=frozenset(s for s, _id, state, mine in found if state == MatchState.PROPOSED and mine),
    )


def _line(each: RoleOutlook, own: _Own) -> Line:
    session, standing = each.session, _standing(each, own)
    return Line(
        need_id=session.need_id,
        title=session.title,
        role=each.role.name,
        where=session.venue_name or "",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        standing=standing,
        match_id=own.offers.get(session.id, ""),
        blockers=each.blockers if standing == Standing.BLOCKED else (),
        behind=each.behind if standing == Standing.FULL else (),
    )


def _standing(each: RoleOutlook, own: _Own) -> Standing:
    if each.session.id in own.offers:
        return Standing.ASKED
    if each.session.id in own.noted:
        return Standing.NOTED
    if each.blockers:
        return Standing.BLOCKED
    return Standing.OPEN if each.role.filled < each.role.capacity else Standing.FULL


def _order(line: Line) -> tuple[int, int, datetime, str]:
    return line.standing, len(line.blockers), line.starts_at, line.need_id


def _better(line: Line, other: Line | None) -> bool:
    return other is None or _order(line) < _order(other)
