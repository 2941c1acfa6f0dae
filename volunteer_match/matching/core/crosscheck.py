"""Checks of a problem document that look at more than one field: ids, order of times, duplicates.

They read the raw JSON and skip whatever has the wrong shape, so one fault never hides another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from volunteer_match.matching.core import reader as r
from volunteer_match.matching.core.types import FORMAT_VERSION

QUIET = r.Faults


def versions(faults: r.Faults, raw: Any) -> None:
    """Note a version this code cannot read."""
    version = raw.get("version") if isinstance(raw, dict) else None
    if isinstance(version, int) and not isinstance(version, bool) and version != FORMAT_VERSION:
        faults.add("$.version", "version", expected=FORMAT_VERSION)


def records(faults: r.Faults, raw: Any) -> None:
    """Note duplicate and unknown ids, reversed times, and head-counts in the wrong order."""
    if not isinstance(raw, dict):
        return
    known = {kind: _ids(faults, raw, kind) for kind in ("sessions", "roles", "volunteers")}
    for path, session in _objects(raw, "sessions"):
        _times(faults, path, session)
    for path, role in _objects(raw, "roles"):
        _role(faults, path, role, known["sessions"])
    _references(faults, raw, known)
    for path, group in _lists(raw, "together"):
        _group(faults, path, group, known["volunteers"])


def _objects(raw: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = raw.get(key)
    for at, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield f"$.{key}[{at}]", row


def _lists(raw: dict[str, Any], key: str) -> Iterator[tuple[str, list[Any]]]:
    rows = raw.get(key)
    for at, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, list):
            yield f"$.{key}[{at}]", row


def _ids(faults: r.Faults, raw: dict[str, Any], key: str) -> set[str]:
    seen: set[str] = set()
    for path, row in _objects(raw, key):
        name = row.get("id")
        if isinstance(name, str):
            if name in seen:
                faults.add(f"{path}.id", "duplicate", id=name)
            seen.add(name)
    return seen


def _times(faults: r.Faults, path: str, session: dict[str, Any]) -> None:
    starts, ends = (r.moment(QUIET(), path, session.get(key)) for key in ("starts", "ends"))
    if r.BAD not in (starts, ends) and ends <= starts:
        faults.add(f"{path}.ends", "ends_before_starts")


def _role(faults: r.Faults, path: str, role: dict[str, Any], sessions: set[str]) -> None:
    session, least, most = role.get("session"), role.get("min"), role.get("preferred")
    if isinstance(session, str) and session not in sessions:
        faults.add(f"{path}.session", "unknown_id", kind="session", id=session)
    if isinstance(least, int) and isinstance(most, int) and 0 <= most < least:
        faults.add(f"{path}.preferred", "below_minimum", least=least)


REFERENCES = (
    ("fixed", ("roles", "volunteers")),
    ("offered", ("roles", "volunteers")),
    ("pairs", ("roles", "volunteers")),
    ("familiar", ("volunteers", None)),
    ("interested", ("volunteers", None)),
    ("forbidden", ("volunteers", None)),
)


def _references(faults: r.Faults, raw: dict[str, Any], known: dict[str, set[str]]) -> None:
    for key, kinds in REFERENCES:
        seen: set[tuple[str, str]] = set()
        for path, row in _lists(raw, key):
            if len(row) < 2 or not all(isinstance(each, str) for each in row[:2]):
                continue
            _known_ids(faults, path, row, kinds, known)
            if (row[0], row[1]) in seen:
                faults.add(path, "duplicate", id=f"{row[0]}, {row[1]}")
            seen.add((row[0], row[1]))


def _known_ids(
    faults: r.Faults, path: str, row: list[Any], kinds: tuple[str | None, ...], known: dict[str, set[str]]
) -> None:
    for at, kind in enumerate(kinds):
        if kind is not None and row[at] not in known[kind]:
            faults.add(f"{path}[{at}]", "unknown_id", kind=kind.removesuffix("s"), id=row[at])


def _group(faults: r.Faults, path: str, group: list[Any], volunteers: set[str]) -> None:
    names = [name for name in group if isinstance(name, str)]
    if len(group) < 2:
        faults.add(path, "wrong_length", expected="2 or more")
    if len(set(names)) < len(names):
        faults.add(path, "same_person")
    for at, name in enumerate(group):
        if isinstance(name, str) and name not in volunteers:
            faults.add(f"{path}[{at}]", "unknown_id", kind="volunteer", id=name)
