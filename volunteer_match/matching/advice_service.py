"""Says of a need that is still being written how many people could come, and what would bring more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from volunteer_match.i18n import from_local, local_zone, to_local
from volunteer_match.matching import club_service, feed
from volunteer_match.matching.core import advice as core_advice
from volunteer_match.matching.core import api
from volunteer_match.matching.core import types as core
from volunteer_match.matching.rules import History
from volunteer_match.needs.queries import OpenRole, OpenSession

EARLIEST, LATEST = time(7), time(21)
"""Nobody is advised to meet outside these hours."""
MOST_ALIKE = 2
"""So many other times, and so many other days, are worth reading."""
_AROUND = timedelta(days=max(core_advice.DAYS))


@dataclass(frozen=True)
class RoleAdvice:
    """What one role of the need would meet, as numbers and codes."""

    name: str
    minimum: int
    meetings: int
    """Over how many meetings `every_time` counts."""
    eligible: int
    every_time: int
    blocked: tuple[Mapping[str, Any], ...]
    openers: tuple[Mapping[str, Any], ...]
    """Single changes with the people each opens; those to another time with its `starts_at` and `ends_at`."""


def advise(meetings: Sequence[OpenSession], history: History, now: datetime) -> tuple[RoleAdvice, ...]:
    """Say for each role of the need, given as its next meetings, who could come and what would help."""
    days = [to_local(each.starts_at).date() for each in meetings]
    around = feed.Days(max(min(days) - _AROUND, to_local(now).date()), max(days) + _AROUND, now)
    drafts = feed.of_sessions(meetings, club_service.everybody(now), around, history)
    first = meetings[0].id
    found = api.advise(
        replace(drafts, sessions=(), roles=()),
        next(each for each in drafts.sessions if each.id == first),
        [role for role in drafts.roles if role.session == first],
        [each for each in drafts.sessions if each.id != first],
        local_zone(),
    )
    return tuple(_role(meetings, *pair) for pair in zip(meetings[0].roles, found, strict=True))


def _role(meetings: Sequence[OpenSession], role: OpenRole, found: core_advice.Advice) -> RoleAdvice:
    openers = [_opener(meetings[0], each) for each in found.openers]
    return RoleAdvice(
        name=role.name,
        minimum=role.minimum,
        meetings=len(meetings),
        eligible=found.eligible,
        every_time=found.every_time,
        blocked=tuple({"code": each.code, **each.facts} for each in found.blocked),
        openers=tuple(_best([each for each in openers if _decent(each)])),
    )


def _opener(meeting: OpenSession, reason: core.Reason) -> dict[str, Any]:
    told: dict[str, Any] = {"code": reason.code, **reason.facts}
    if reason.code == "other_time":
        by = timedelta(minutes=int(told["minutes"]))
        told |= {"starts_at": meeting.starts_at + by, "ends_at": meeting.ends_at + by}
    if reason.code == "other_day":
        by = timedelta(days=int(told["days"]))
        told |= {"starts_at": _days_on(meeting.starts_at, by), "ends_at": _days_on(meeting.ends_at, by)}
    return told


def _days_on(moment: datetime, by: timedelta) -> datetime:
    here = to_local(moment)
    return from_local(here.date() + by, here.time())


def _decent(opener: Mapping[str, Any]) -> bool:
    if "starts_at" not in opener:
        return True
    starts, ends = to_local(opener["starts_at"]), to_local(opener["ends_at"])
    return starts.date() == ends.date() and starts.time() >= EARLIEST and ends.time() <= LATEST


def _best(openers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep of many times and days alike those that bring most people for the smallest change."""
    chosen: list[dict[str, Any]] = []
    for each in sorted(openers, key=_help):
        alike = [other for other in chosen if other["code"] == each["code"] and "starts_at" in each]
        if len(alike) < MOST_ALIKE and not any(_on_the_way(other, each) for other in alike):
            chosen.append(each)
    return chosen


def _on_the_way(chosen: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    # Two hours later is not worth reading where one hour later brings as many.
    return bool(other["code"] == "other_time" and 0 < chosen["minutes"] / other["minutes"] <= 1)


def _help(opener: Mapping[str, Any]) -> tuple[int, int]:
    return -int(opener["people"]), abs(int(opener.get("minutes", 0))) + abs(int(opener.get("days", 0)))
