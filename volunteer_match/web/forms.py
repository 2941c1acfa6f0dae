"""Reads an HTML form through a marshmallow schema and keeps what was typed when it is refused."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

_PART = re.compile(r"[a-z0-9_]+(-[a-z0-9_]+)*")
# No form has as many; whoever sends thousands must not get a page of megabytes back.
_MOST_ROWS = 60
_OWN = frozenset({"csrf_token", "action"})


class Form:
    """What was typed, what it means, and what is wrong with it, field by field."""

    def __init__(
        self, typed: MultiDict[str, str], data: dict[str, Any], errors: dict[str, list[str]]
    ) -> None:
        self.typed, self.data, self.errors = typed, data, errors

    @property
    def ok(self) -> bool:
        """Tell whether the input may go to the service."""
        return not self.errors

    def raw(self, name: str, default: str = "") -> str:
        """Return what was typed into the field named like `roles-0-minimum`."""
        return self.typed.get(name, default)

    def rawlist(self, name: str) -> list[str]:
        """Return every value given for the field."""
        return self.typed.getlist(name)

    def error(self, name: str) -> str | None:
        """Return the first complaint about the field, if any."""
        found = self.errors.get(name.replace("-", "."))
        return found[0] if found else None

    def refuse(self, name: str, message: object) -> None:
        """Add a complaint that only the service could know, such as a rule broken."""
        self.errors.setdefault(name.replace("-", "."), []).append(str(message))

    def indexes(self, name: str) -> list[int]:
        """Return the row numbers typed for a repeated group such as `roles-0-name`."""
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,3}})(?:-|$)")
        found = sorted({int(m[1]) for key in self.typed if (m := pattern.match(key))})
        return found[:_MOST_ROWS]


def read(schema: Schema, typed: MultiDict[str, str] | None = None) -> Form:
    """Load the posted form (or the given values) through the schema."""
    typed = request.form if typed is None else typed
    try:
        return Form(typed, schema.load(_nested(schema, typed)), {})
    except ValidationError as error:
        return Form(typed, {}, dict(flat_errors(error.messages)))


def prefilled(values: Mapping[str, Any]) -> Form:
    """Return a form that shows the given values, nested ones too, as if they had been typed."""
    typed: MultiDict[str, str] = MultiDict()
    for name, value in _leaves("", values):
        typed.add(name, value)
    return Form(typed, {}, {})


def _leaves(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{prefix}-{key}" if prefix else str(key), inner)
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            grouped = isinstance(inner, Mapping)
            yield from _leaves(f"{prefix}-{index}" if grouped else prefix, inner)
    elif value is True:
        yield prefix, "1"
    elif value is not None and value is not False:
        yield prefix, str(value)


def _nested(schema: Schema, typed: MultiDict[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name in typed:
        if name in _OWN or not _PART.fullmatch(name) or len(name) > 100:
            continue
        values = typed.getlist(name)
        branch, parts = tree, name.split("-")
        for part in parts[:-1]:
            branch = branch.setdefault(part, {})
            if not isinstance(branch, dict):
                break
        else:
            branch[parts[-1]] = values
    return _shaped(schema, tree)


def _shaped(schema: Schema, tree: dict[str, Any]) -> dict[str, Any]:
    shaped: dict[str, Any] = {}
    for key, value in tree.items():
        field = schema.fields.get(key)
        shaped[key] = _value(field, value)
    return shaped


def _value(field: fields.Field[Any] | None, value: Any) -> Any:
    if isinstance(field, fields.List):
        if isinstance(value, dict):  # repeated group: rows-0-name, rows-1-name
            return [_value(field.inner, value[k]) for k in sorted(value, key=_row_number)]
        return [v for v in value if v != ""]
    if isinstance(field, fields.Nested) and isinstance(value, dict):
        return _shaped(field.schema, value)
    return value[-1] if isinstance(value, list) else value


def _row_number(key: str) -> int:
    return int(key) if key.isdigit() else 10_000


def flat_errors(messages: Any, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Return what a schema complains about as (dotted path of the field, sentences)."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            name = prefix if key == "_schema" and prefix else f"{prefix}.{key}" if prefix else str(key)
            yield from flat_errors(inner, name)
    else:  # a lazy text is no `str`, so marshmallow passes it on bare
        yield prefix, [str(m) for m in messages] if isinstance(messages, list) else [str(messages)]
