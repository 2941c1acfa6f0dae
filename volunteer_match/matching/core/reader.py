"""Readers for untrusted JSON: each checks one kind of value and notes every fault with its path."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

MESSAGES = {
    "missing": "is required",
    "unknown_key": "is not a known field",
    "wrong_type": "must be {expected}",
    "out_of_range": "must be between {least} and {most}",
    "not_finite": "must be a finite number, not NaN or infinity",
    "empty": "must not be empty",
    "bad_character": "must not hold control or broken characters",
    "too_long": "must have at most {most} characters",
    "bad_time": "must be a time such as 2026-11-28T09:00:00Z",
    "naive_time": "must carry a time zone, for example 2026-11-28T09:00:00Z",
    "bad_date": "must be a date such as 2026-11-28",
    "ends_before_starts": "must be after the start",
    "wrong_length": "must have {expected} items",
    "duplicate": "repeats {id}",
    "unknown_id": "names {kind} {id}, which is not in this problem",
    "below_minimum": "must be at least the minimum, {least}",
    "same_person": "must name different people",
    "version": "must be {expected}; other versions cannot be read",
    "bad_json": "is not valid JSON: {problem}",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault: where (a JSON path such as `$.roles[2].min`), which kind, and one clear sentence."""

    path: str
    code: str
    message: str


class FormatError(ValueError):
    """A document that cannot be read; `errors` lists every fault found."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("\n".join(f"{error.path} {error.message}" for error in errors))
        self.errors = errors


@dataclass(slots=True)
class Faults:
    """Collect faults while reading goes on."""

    found: list[FieldError] = field(default_factory=list)

    def add(self, path: str, code: str, **facts: object) -> None:
        """Note one fault at a path."""
        self.found.append(FieldError(path, code, MESSAGES[code].format(**facts)))


class _Bad:
    """The value of a field that could not be read."""


BAD = _Bad()
Read = Callable[[Faults, str, Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """How to read one key of an object."""

    read: Read
    required: bool = False


Fields = Mapping[str, Field]


def _wrong(faults: Faults, path: str, expected: str) -> _Bad:
    faults.add(path, "wrong_type", expected=expected)
    return BAD


def text(faults: Faults, path: str, value: Any) -> Any:
    """Read a non-empty string of at most 200 characters."""
    if not isinstance(value, str):
        return _wrong(faults, path, "text")
    if not value.strip():
        faults.add(path, "empty")
        return BAD
    if len(value) > 200:
        faults.add(path, "too_long", most=200)
        return BAD
    if any(ord(each) < 32 or 0xD800 <= ord(each) <= 0xDFFF for each in value):
        faults.add(path, "bad_character")
        return BAD
    return value


def flag(faults: Faults, path: str, value: Any) -> Any:
    """Read true or false."""
    return value if isinstance(value, bool) else _wrong(faults, path, "true or false")


def number(least: float, most: float) -> Read:
    """Return a reader of finite numbers within bounds."""

    def read(faults: Faults, path: str, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return _wrong(faults, path, "a number")
        if not math.isfinite(value):
            faults.add(path, "not_finite")
            return BAD
        if not least <= value <= most:
            faults.add(path, "out_of_range", least=least, most=most)
            return BAD
        return value

    return read


def whole(least: int, most: int) -> Read:
    """Return a reader of whole numbers within bounds."""
    within = number(least, most)

    def read(faults: Faults, path: str, value: Any) -> Any:
        if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
            return _wrong(faults, path, "a whole number")
        result = within(faults, path, value)
        return result if result is BAD else int(result)

    return read


def moment(faults: Faults, path: str, value: Any) -> Any:
    """Read a time with its zone as an aware UTC datetime."""
    if not isinstance(value, str):
        return _wrong(faults, path, "a time such as 2026-11-28T09:00:00Z")
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        faults.add(path, "bad_time")
        return BAD
    if parsed.tzinfo is None:
        faults.add(path, "naive_time")
        return BAD
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        faults.add(path, "bad_time")
        return BAD


def day(faults: Faults, path: str, value: Any) -> Any:
    """Read a calendar date."""
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    faults.add(path, "bad_date")
    return BAD


def monday(when: date) -> str:
    """Return the key of the week a date falls into: its Monday."""
    return (when - timedelta(days=when.weekday())).isoformat()


def week(faults: Faults, path: str, value: Any) -> Any:
    """Read a week key; a date or an ISO week stands for its Monday, other text for itself."""
    key = text(faults, path, value)
    if key is BAD:
        return BAD
    try:
        return monday(date.fromisoformat(key))
    except (ValueError, OverflowError):
        return key


def listed(item: Read) -> Read:
    """Return a reader of lists of one kind of item, as a tuple."""

    def read(faults: Faults, path: str, value: Any) -> Any:
        if not isinstance(value, list):
            return _wrong(faults, path, "a list")
        items = [item(faults, f"{path}[{at}]", each) for at, each in enumerate(value)]
        return BAD if any(each is BAD for each in items) else tuple(items)

    return read


def row(*items: Read, optional: int = 0) -> Read:
    """Return a reader of short lists with one reader per position; the last `optional` may be absent."""
    most, least = len(items), len(items) - optional
    expected = str(most) if most == least else f"{least} to {most}"

    def read(faults: Faults, path: str, value: Any) -> Any:
        if not isinstance(value, list):
            return _wrong(faults, path, "a list")
        if not least <= len(value) <= most:
            faults.add(path, "wrong_length", expected=expected)
            return BAD
        cells = [
            one(faults, f"{path}[{at}]", each)
            for at, (one, each) in enumerate(zip(items, value, strict=False))
        ]
        return BAD if any(each is BAD for each in cells) else tuple(cells)

    return read


def interval(faults: Faults, path: str, value: Any) -> Any:
    """Read `[start, end]` with the end after the start."""
    pair = row(moment, moment)(faults, path, value)
    if pair is not BAD and pair[1] <= pair[0]:
        faults.add(f"{path}[1]", "ends_before_starts")
        return BAD
    return pair


def mapping(item: Read) -> Read:
    """Return a reader of objects with free keys and one kind of value."""

    def read(faults: Faults, path: str, value: Any) -> Any:
        if not isinstance(value, dict):
            return _wrong(faults, path, "an object")
        result = {}
        for key, each in value.items():
            name = text(faults, f"{path}.{key}", key)
            result[name] = item(faults, f"{path}.{key}", each)
        return BAD if BAD in result.values() or BAD in result else result

    return read


def record(fields: Fields) -> Read:
    """Return a reader of objects with named fields; absent and null optional fields are left out."""

    def read(faults: Faults, path: str, value: Any) -> Any:
        if not isinstance(value, dict):
            return _wrong(faults, path, "an object")
        for key in sorted(value.keys() - fields.keys()):
            faults.add(f"{path}.{key}", "unknown_key")
        before = len(faults.found)
        result = {}
        for key, spec in fields.items():
            if value.get(key) is not None:
                result[key] = spec.read(faults, f"{path}.{key}", value[key])
            elif spec.required:
                faults.add(f"{path}.{key}", "missing")
        return result if len(faults.found) == before else BAD

    return read
