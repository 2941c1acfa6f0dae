"""Builders of problem documents: one Saturday in a club, changed as a test needs."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta

from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.types import Problem

SATURDAY = datetime(2026, 11, 28, tzinfo=UTC)


def at(hours: float) -> str:
    """Return a time so many hours into the Saturday."""
    return (SATURDAY + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def session(name: str = "s1", starts: float = 9, ends: float = 11, **more) -> dict:
    given = {"id": name, "need": "n1", "partner": "p1", "starts": at(starts), "ends": at(ends)}
    return given | more


def role(name: str = "r1", of: str = "s1", least: int = 1, preferred: int | None = None, **more) -> dict:
    given = {"id": name, "session": of, "min": least}
    return given | ({} if preferred is None else {"preferred": preferred}) | more


def volunteer(name: str = "v1", **more) -> dict:
    return {"id": name, "age": 30, "cleared_until": "2027-06-30"} | more


def document(sessions=None, roles=None, volunteers=None, **more) -> dict:
    given = {
        "version": 1,
        "now": "2026-11-22T10:00:00Z",
        "sessions": [session()] if sessions is None else sessions,
        "roles": [role()] if roles is None else roles,
        "volunteers": [volunteer()] if volunteers is None else volunteers,
    }
    return deepcopy(given | more)


def problem(*args, **more) -> Problem:
    return problem_from_json(json.dumps(document(*args, **more)))
