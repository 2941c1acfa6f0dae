"""What two plans do differently, place by place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["added", "gone", "moved"]
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One place that another person has, that somebody new has, or that nobody has any more."""

    kind: Kind
    opening_id: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Differences:
    """The changes from one plan to another and how many pairs both have."""

    changes: tuple[Change, ...]
    same: int


def between(old: tuple[Json, Json], new: tuple[Json, Json]) -> Differences:
    """Compare two plans, each given as (problem, plan), at the places that both problems know."""
    known = _roles(old[0]) & _roles(new[0])
    before, after = _people(old[1], known), _people(new[1], known)
    changes = [
        change
        for opening in sorted(known)
        for change in _at(opening, before.get(opening, set()), after.get(opening, set()))
    ]
    same = sum(len(who & after.get(opening, set())) for opening, who in before.items())
    return Differences(tuple(changes), same)


def same_plan(one: Json, other: Json) -> bool:
    """Tell whether two plans are the same but for the seconds and the memory they took."""
    return _lasting(one) == _lasting(other)


def _lasting(plan: Json) -> dict[str, Any]:
    return {key: value for key, value in plan.items() if key not in ("seconds", "peak_mib")}


def _roles(problem: Json) -> set[str]:
    return {role["id"] for role in problem["roles"] if not role.get("resource")}


def _people(plan: Json, known: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in plan["assignments"]:
        if each["role"] in known:
            found.setdefault(each["role"], set()).add(each["volunteer"])
    return found


def _at(opening: str, before: set[str], after: set[str]) -> Iterable[Change]:
    gone, come = sorted(before - after), sorted(after - before)
    for old, new in zip(gone, come, strict=False):
        yield Change("moved", opening, old, new)
    for old in gone[len(come) :]:
        yield Change("gone", opening, old, None)
    for new in come[len(gone) :]:
        yield Change("added", opening, None, new)
