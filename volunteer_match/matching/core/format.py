"""The versioned JSON of problems and plans (docs/matching-format.md).

`problem_from_json` reads text or parsed JSON and raises one `FormatError` that lists every fault with its
path; `problem_to_json` and `plan_to_json` give plain dicts ready for `json.dumps`. Reading what was
written gives an equal problem.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from volunteer_match.matching.core import crosscheck
from volunteer_match.matching.core import reader as r
from volunteer_match.matching.core.types import (
    FORMAT_VERSION,
    Assignment,
    Component,
    Familiar,
    Forbidden,
    Level,
    Override,
    Plan,
    Problem,
    Reason,
    Regret,
    Role,
    RunnerUp,
    Session,
    SessionState,
    Unfilled,
    Use,
    Volunteer,
    Weights,
)

POINT = r.row(r.number(-90, 90), r.number(-180, 180))
HEADS = r.whole(0, 10_000)
LEVEL = r.whole(1, 10_000)
WEIGHT = r.number(0, 100)
PAIR = r.row(r.text, r.text)
DEFAULT_CLEARED_ADULTS = 2

SESSION: r.Fields = {
    "id": r.Field(r.text, required=True),
    "need": r.Field(r.text, required=True),
    "partner": r.Field(r.text, required=True),
    "starts": r.Field(r.moment, required=True),
    "ends": r.Field(r.moment, required=True),
    "organiser": r.Field(r.text),
    "week": r.Field(r.week),
    "children": r.Field(HEADS),
    "min_cleared_adults": r.Field(HEADS),
    "staff_cleared_adults": r.Field(HEADS),
    "priority": r.Field(r.whole(1, 100)),
    "place": r.Field(POINT),
    "remote": r.Field(r.flag),
    "step_free": r.Field(r.flag),
    "newcomers_alone": r.Field(r.flag),
    "rotating": r.Field(r.flag),
}
ROLE: r.Fields = {
    "id": r.Field(r.text, required=True),
    "session": r.Field(r.text, required=True),
    "min": r.Field(HEADS, required=True),
    "preferred": r.Field(HEADS),
    "required_skills": r.Field(r.mapping(LEVEL)),
    "wanted_skills": r.Field(r.mapping(WEIGHT)),
    "languages": r.Field(r.listed(r.text)),
    "min_age": r.Field(r.whole(0, 130)),
    "driving_licence": r.Field(r.flag),
    "resource": r.Field(r.flag),
}
VOLUNTEER: r.Fields = {
    "id": r.Field(r.text, required=True),
    "age": r.Field(r.whole(0, 130)),
    "born": r.Field(r.day),
    "cleared_until": r.Field(r.day),
    "cleared_for": r.Field(r.mapping(r.day)),
    "agreed_until": r.Field(r.day),
    "skills": r.Field(r.mapping(LEVEL)),
    "languages": r.Field(r.listed(r.text)),
    "available": r.Field(r.listed(r.interval)),
    "away": r.Field(r.listed(r.interval)),
    "busy": r.Field(r.listed(r.interval)),
    "max_hours_per_week": r.Field(r.number(0, 10_000_000)),
    "max_sessions_per_week": r.Field(HEADS),
    "max_new": r.Field(HEADS),
    "used": r.Field(r.listed(r.row(r.week, r.number(0, 10_000_000), HEADS))),
    "place": r.Field(POINT),
    "radius_km": r.Field(r.number(0, 50_000)),
    "needs_step_free": r.Field(r.flag),
    "driving_licence": r.Field(r.flag),
    "recent_sessions": r.Field(HEADS),
    "recent_asks": r.Field(HEADS),
    "last_asked": r.Field(r.day),
    "newcomer": r.Field(r.flag),
    "withheld": r.Field(r.listed(r.text)),
    "resource": r.Field(r.flag),
}
OVERRIDE: r.Fields = {
    "hours": r.Field(r.number(0, 10_000_000)),
    "quality": r.Field(r.whole(-1_000_000, 1_000_000)),
}
PROBLEM: r.Fields = {
    "version": r.Field(r.whole(0, 1_000), required=True),
    "now": r.Field(r.moment, required=True),
    "seed": r.Field(r.whole(0, 2**31 - 1)),
    "sessions": r.Field(r.listed(r.record(SESSION)), required=True),
    "roles": r.Field(r.listed(r.record(ROLE)), required=True),
    "volunteers": r.Field(r.listed(r.record(VOLUNTEER)), required=True),
    "familiar": r.Field(r.listed(r.row(r.text, r.text, r.whole(0, 100_000), r.flag, optional=1))),
    "interested": r.Field(r.listed(PAIR)),
    "forbidden": r.Field(r.listed(r.row(r.text, r.text, r.text, optional=1))),
    "together": r.Field(r.listed(r.listed(r.text))),
    "fixed": r.Field(r.listed(PAIR)),
    "offered": r.Field(r.listed(PAIR)),
    "pairs": r.Field(r.listed(r.row(r.text, r.text, r.record(OVERRIDE)))),
    "partner_deficit": r.Field(r.mapping(r.number(0, 1))),
    "travel_buffer_minutes": r.Field(r.whole(0, 1_440)),
    "availability_buffer_minutes": r.Field(r.whole(0, 1_440)),
    "weights": r.Field(r.record({each.name: r.Field(WEIGHT) for each in fields(Weights)})),
}


def problem_from_json(data: str | bytes | Mapping[str, Any]) -> Problem:
    """Read a problem, or raise `FormatError` with every fault found."""
    faults = r.Faults()
    raw = _parse(faults, data) if isinstance(data, str | bytes) else dict(data)
    content = r.BAD if raw is r.BAD else r.record(PROBLEM)(faults, "$", raw)
    crosscheck.versions(faults, raw)
    crosscheck.records(faults, raw)
    if faults.found or content is r.BAD:
        raise r.FormatError(tuple(faults.found))
    return _problem(content)


def _parse(faults: r.Faults, data: str | bytes) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            names = [name for name, _ in pairs]
            repeated = sorted({name for name in names if names.count(name) > 1})
            faults.add("$", "duplicate", id=f"the key {', '.join(repeated)} in one object")
        return result

    try:
        return json.loads(data, object_pairs_hook=unique)
    except (ValueError, RecursionError) as problem:
        faults.add("$", "bad_json", problem=problem)
        return r.BAD


def _problem(content: dict[str, Any]) -> Problem:
    build: dict[str, Callable[[Any], Any]] = {
        "sessions": lambda rows: tuple(_session(row) for row in rows),
        "roles": lambda rows: tuple(Role(**{"preferred": row["min"]} | row) for row in rows),
        "volunteers": lambda rows: tuple(_volunteer(row) for row in rows),
        "familiar": lambda rows: tuple(Familiar(*row) for row in rows),
        "forbidden": lambda rows: tuple(Forbidden(*row) for row in rows),
        "pairs": lambda rows: tuple(Override(row[0], row[1], **row[2]) for row in rows),
        "weights": lambda row: Weights(**row),
    }
    content.pop("version")
    content.setdefault("availability_buffer_minutes", content.get("travel_buffer_minutes", 0))
    return Problem(**{key: build.get(key, _same)(value) for key, value in content.items()})


def _same(value: Any) -> Any:
    return value


def _session(row: dict[str, Any]) -> Session:
    row.setdefault("newcomers_alone", row.get("remote", False))
    row.setdefault("min_cleared_adults", DEFAULT_CLEARED_ADULTS if row.get("children") else 0)
    return Session(**row)


def _volunteer(row: dict[str, Any]) -> Volunteer:
    row["used"] = tuple(Use(*each) for each in row.get("used", ()))
    return Volunteer(**row)


def _familiar(each: Familiar) -> list[Any]:
    return [each.volunteer, each.need, each.times, *(() if each.regular else (False,))]


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """Write a problem; fields at their default are left out unless the format's default differs."""
    content = {"version": FORMAT_VERSION} | _written(problem)
    content["sessions"] = [_written(each, keep=SESSION_KEEP) for each in problem.sessions]
    content["roles"] = [_written(each) for each in problem.roles]
    content["volunteers"] = [_written(each) for each in problem.volunteers]
    content["seed"] = problem.seed
    content["travel_buffer_minutes"] = problem.travel_buffer_minutes
    content["availability_buffer_minutes"] = problem.availability_buffer_minutes
    content["familiar"] = [_familiar(each) for each in problem.familiar]
    content["forbidden"] = [[each.volunteer, each.target, each.reason] for each in problem.forbidden]
    content["pairs"] = [_pair(each) for each in problem.pairs]
    content["weights"] = {each.name: getattr(problem.weights, each.name) for each in fields(Weights)}
    return {key: value for key, value in content.items() if value != [] or key in PROBLEM_KEEP}


SESSION_KEEP = ("min_cleared_adults", "newcomers_alone")
PROBLEM_KEEP = ("sessions", "roles", "volunteers")
MOST_MOMENTS = 10_000
AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def _pair(each: Override) -> list[Any]:
    given = {"hours": each.hours, "quality": each.quality}
    return [each.role, each.volunteer, {key: value for key, value in given.items() if value is not None}]


def _written(item: Any, keep: Iterable[str] = ()) -> dict[str, Any]:
    kind: Any = type(item)
    result = {}
    for name, default in _defaults(kind):
        value = getattr(item, name)
        if name in keep or value != default:
            result[name] = _plain(value)
    return result


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (each.name, each.default_factory() if each.default_factory is not MISSING else each.default)
        for each in fields(kind)
    )


def _plain(value: Any) -> Any:
    if type(value) in AS_THEY_ARE:
        return value
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Use):
        return [value.week, value.hours, value.sessions]
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return _written(value) if is_dataclass(value) else value


@lru_cache(MOST_MOMENTS)
def moment_text(when: datetime) -> str:
    """Write a time in UTC with a closing Z."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Write a plan; equal inputs give equal bytes but for `seconds` and `peak_mib`."""
    return {
        "version": FORMAT_VERSION,
        "status": plan.status,
        "assignments": [_assignment(each) for each in plan.assignments],
        "unfilled": [_unfilled(each) for each in plan.unfilled],
        "sessions": [_state(each) for each in plan.sessions],
        "levels": [_level(each) for each in plan.levels],
        "solver": plan.solver,
        "seed": plan.seed,
        "inputs_sha256": plan.inputs_sha256,
        "seconds": round(plan.seconds, 3),
        "peak_mib": round(plan.peak_mib, 1),
    }


def _assignment(each: Assignment) -> dict[str, Any]:
    return {
        "role": each.role,
        "volunteer": each.volunteer,
        "score": each.score,
        "fixed": each.fixed,
        "reasons": [_component(one) for one in each.reasons],
        "runner_up": None if each.runner_up is None else _runner_up(each.runner_up),
    }


def _component(one: Component) -> dict[str, Any]:
    return {"code": one.code, "points": one.points, **one.facts}


def _reason(one: Reason) -> dict[str, Any]:
    return {"code": one.code, **one.facts}


def _runner_up(one: RunnerUp) -> dict[str, Any]:
    regret = None if one.regret is None else _regret(one.regret)
    return {"volunteer": one.volunteer, "score": one.score, "free": one.free, "regret": regret}


def _regret(one: Regret) -> dict[str, Any]:
    return {"exact": one.exact, "losses": {loss.level: loss.amount for loss in one.losses}}


def _unfilled(each: Unfilled) -> dict[str, Any]:
    return {
        "role": each.role,
        "missing": each.missing,
        "why": [_reason(one) for one in each.why],
        "openers": [_reason(one) for one in each.openers],
    }


def _state(each: SessionState) -> dict[str, Any]:
    return {
        "session": each.session,
        "runnable": each.runnable,
        "cleared_adults": each.cleared_adults,
        "why": [_reason(one) for one in each.why],
    }


def _level(each: Level) -> dict[str, Any]:
    return {"name": each.name, "value": each.value, "bound": each.bound, "gap": each.gap}
