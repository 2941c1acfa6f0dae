"""Candidates by plain Python over the problem as it is written, rule after rule in the order of the text.

Arguments: a problem document. People hold lists of free times as any general program would keep them.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.peers.measured import Watch, report
from tests.bench.peers.pairs import EARTH_M

Row = dict[str, Any]


def _person(row: Row) -> Row:
    times = {key: [_interval(each) for each in row.get(key, ())] for key in ("available", "away")}
    cleared = row.get("cleared_until")
    return {**row, **times, "cleared_until": date.fromisoformat(cleared) if cleared else None}


def _interval(pair: list[str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(pair[0]), datetime.fromisoformat(pair[1])


def _meeting(row: Row) -> Row:
    starts, ends = _interval([row["starts"], row["ends"]])
    return {**row, "starts": starts, "ends": ends, "children": row.get("children", 0)}


def metres(one: list[float], other: list[float]) -> int:
    """Return the great-circle distance."""
    latitude, other_latitude = math.radians(one[0]), math.radians(other[0])
    half = math.sin((other_latitude - latitude) / 2) ** 2
    half += math.cos(latitude) * math.cos(other_latitude) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return round(2 * EARTH_M * math.asin(math.sqrt(min(1.0, half))))


def fits(person: Row, role: Row, meeting: Row, margin: timedelta) -> bool:
    """Return whether a person may take a role."""
    skills = person.get("skills", {})
    if any(skills.get(skill, 0) < level for skill, level in role.get("required_skills", {}).items()):
        return False
    spoken = person.get("languages", ())
    if any(language not in spoken for language in role.get("languages", ())):
        return False
    if person["age"] < role.get("min_age", 0):
        return False
    starts, ends = meeting["starts"] - margin, meeting["ends"] + margin
    if not any(opens <= starts and ends <= closes for opens, closes in person["available"]):
        return False
    if any(left < meeting["ends"] and meeting["starts"] < back for left, back in person["away"]):
        return False
    cleared = person["cleared_until"]
    if meeting["children"] and (cleared is None or cleared < meeting["ends"].date()):
        return False
    if meeting["ends"] - meeting["starts"] > timedelta(hours=person["max_hours_per_week"]):
        return False
    return metres(person["place"], meeting["place"]) <= person["radius_km"] * 1000


@dataclass(frozen=True)
class Town:
    """A problem document with its times read."""

    people: list[Row]
    meetings: dict[str, Row]
    roles: list[Row]
    margin: timedelta

    @classmethod
    def of(cls, problem: Row) -> Town:
        """Read the times of a document."""
        people = [_person(row) for row in problem["volunteers"]]
        meetings = {row["id"]: _meeting(row) for row in problem["sessions"]}
        margin = timedelta(minutes=problem["availability_buffer_minutes"])
        return cls(people, meetings, problem["roles"], margin)

    def count(self) -> int:
        """Count who fits where."""
        found = 0
        for role in self.roles:
            meeting = self.meetings[role["session"]]
            found += sum(fits(person, role, meeting, self.margin) for person in self.people)
        return found


def main() -> None:
    """Find everybody for every role and report."""
    town = Town.of(json.loads(Path(sys.argv[1]).read_bytes()))
    watch = Watch()
    found = town.count()
    pairs = len(town.roles) * len(town.people)
    report(**watch.read(), found=found, roles=len(town.roles), pairs=pairs)


if __name__ == "__main__":
    main()
