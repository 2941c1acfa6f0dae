"""Says in names and times what one stored plan does differently from another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from volunteer_match.i18n import sort_key
from volunteer_match.matching import differences, plan_queries, plan_service, queries
from volunteer_match.matching.models import MatchRun

MOST_LINES = 100


@dataclass(frozen=True)
class Line:
    """One difference as people read it."""

    kind: differences.Kind
    title: str
    role: str
    session_id: str
    starts_at: datetime
    ends_at: datetime
    old: str
    new: str


@dataclass(frozen=True)
class Comparison:
    """What changed from one plan to the other, in the order of time."""

    other: MatchRun
    lines: tuple[Line, ...]
    more: int
    """Differences beyond those listed."""
    same: int


@dataclass(frozen=True)
class Beside:
    """Two plans side by side; the other one may be gone or not ready yet."""

    figures: dict[str, Any]
    other: MatchRun | None
    other_figures: dict[str, Any]
    partners: tuple[tuple[str, int, int, int], ...]
    """Name, places filled by the other plan and by this one, places asked for."""
    changes: Comparison | None


def beside(run: MatchRun) -> Beside:
    """Return a finished run beside the one it is based on."""
    changes = with_based_on(run)
    own = plan_service.figures_of(run)
    if changes is None:
        return Beside(own, None, {}, (), None)
    other = plan_service.figures_of(changes.other)
    return Beside(own, changes.other, other, _partners(other, own), changes)


def _partners(old: dict[str, Any], new: dict[str, Any]) -> tuple[tuple[str, int, int, int], ...]:
    before = {each["id"]: each["after"] for each in old["partners"]}
    names = plan_queries.partners([each["id"] for each in new["partners"]])
    lines = [
        (names.get(each["id"], "–"), before.get(each["id"], 0), each["after"], each["minimum"])
        for each in new["partners"]
    ]
    return tuple(sorted(lines, key=lambda line: sort_key(line[0])))


@dataclass(frozen=True)
class Replayed:
    """What came of solving a stored problem again."""

    outcome: Literal["same", "details", "different"]
    """`details`: the same people at the same places, but other words about runner-ups or the proof."""
    changes: Comparison
    cut: bool
    """One of the two was ended by the clock, so that they may differ."""
    other_version: bool
    """The software has another model of the problem than at that time."""


def replayed(run: MatchRun) -> Replayed | None:
    """Compare a replay with the run it repeats, unless that one is gone."""
    if run.based_on_id is None:
        return None
    first = queries.run(run.based_on_id)
    old, new = first.plan or {}, run.plan or {}
    problem = first.problem or {}
    changes = _worded(first, differences.between((problem, old), (problem, new)))
    same: Literal["same", "details"] = "same" if differences.same_plan(old, new) else "details"
    return Replayed(
        outcome="different" if changes.lines else same,
        changes=changes,
        cut="feasible" in (old["status"], new["status"]),
        other_version=first.inputs_sha256 != run.inputs_sha256,
    )


def with_based_on(run: MatchRun) -> Comparison | None:
    """Compare a finished run with the one it was based on, when that one is still there."""
    if run.based_on_id is None or run.state != "done":
        return None
    other = queries.run(run.based_on_id)
    return between(other, run) if other.plan is not None else None


def between(old: MatchRun, new: MatchRun) -> Comparison:
    """Compare two finished runs."""
    pair = (old.problem or {}, old.plan or {}), (new.problem or {}, new.plan or {})
    return _worded(old, differences.between(*pair))


def _worded(old: MatchRun, found: differences.Differences) -> Comparison:
    places = plan_queries.places({each.opening_id for each in found.changes})
    people = plan_queries.people({who for each in found.changes for who in (each.old, each.new) if who})
    lines = [
        Line(
            kind=each.kind,
            title=place.title,
            role=place.role,
            session_id=place.session_id,
            starts_at=place.starts_at,
            ends_at=place.ends_at,
            old=people.get(each.old or "", "–"),
            new=people.get(each.new or "", "–"),
        )
        for each in found.changes
        if (place := places.get(each.opening_id)) is not None
    ]
    lines.sort(key=lambda line: (line.starts_at, line.title, line.role, line.kind, line.new, line.old))
    return Comparison(old, tuple(lines[:MOST_LINES]), max(0, len(lines) - MOST_LINES), found.same)
