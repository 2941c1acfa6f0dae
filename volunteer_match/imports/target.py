"""What one kind of file can tell, and how its lines become the input of a form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from marshmallow import Schema, ValidationError

from volunteer_match.actor import Actor
from volunteer_match.imports.rules import Column, Complaint
from volunteer_match.polish import fold
from volunteer_match.web.forms import flat_errors

Line = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Names:
    """Names people write, each standing for one code; compared folded."""

    codes: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Names":
        """Build from (name, code) pairs; a name may stand for several codes, which is then a complaint."""
        found: dict[str, list[str]] = {}
        for name, code in pairs:
            codes = found.setdefault(fold(name).strip(), [])
            if code not in codes:
                codes.append(code)
        return cls({name: tuple(codes) for name, codes in found.items()})

    def has(self, name: str) -> bool:
        """Tell whether the name stands for anything."""
        return fold(name).strip() in self.codes

    def code(self, name: str) -> str:
        """Return the code of the name, or raise LookupError with the code of the complaint."""
        codes = self.codes.get(fold(name).strip(), ())
        if not codes:
            raise LookupError("unknown_name")
        if len(codes) > 1:
            raise LookupError("ambiguous")
        return codes[0]


@dataclass
class Draft:
    """The input of one form, made of one or more lines, and what is wrong with it."""

    line: int
    typed: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    """Which column gave which field, by dotted path: where a complaint of the form belongs."""
    lines: dict[str, int] = field(default_factory=dict)
    """Which line gave a field, when it was not the first."""
    complaints: list[Complaint] = field(default_factory=list)
    data: dict[str, Any] | None = None

    def put(self, path: str, value: Any, column: str, line: int | None = None) -> None:
        """Fill a field such as `roles.0.minimum`."""
        self.columns[path] = column
        if line is not None:
            self.lines[path] = line
        place: Any = self.typed
        parts = path.split(".")
        for part, following in pairwise(parts):
            place = _step(place, part, [] if following.isdigit() else {})
        _place(place, parts[-1], value)

    def complain(self, column: str, code: str, at_line: int | None = None, **facts: object) -> None:
        """Note what is wrong in a cell."""
        self.complaints.append(Complaint(at_line or self.line, column, code, facts))

    def lookup(self, names: Names, value: str, column: str, line: int | None = None) -> str | None:
        """Return the code of a name, or note a complaint."""
        try:
            return names.code(value)
        except LookupError as error:
            self.complain(column, str(error.args[0]), line, value=value)
            return None

    def load(self, schema: Schema) -> None:
        """Check what was filled in, and word what is wrong by column."""
        if self.complaints:
            return
        try:
            self.data = schema.load(self.typed)
        except ValidationError as error:
            for path, messages in flat_errors(error.messages):
                line, column = self.lines.get(path, self.line), self._column(path)
                facts = {"message": " ".join(messages)}
                self.complaints.append(Complaint(line, column, "invalid", facts))

    def _column(self, path: str) -> str:
        known = path
        while known and known not in self.columns:
            known = known.rpartition(".")[0]
        # An empty cell fills no field, and fields of a line are named like its columns.
        return self.columns[known] if known else path.partition(".")[0]


@dataclass(frozen=True)
class Target:
    """One kind of file: its columns, how lines become forms, and the service that takes them."""

    columns: tuple[Column, ...]
    drafts: Callable[[Sequence[Line]], list[Draft]]
    store: Callable[[Actor, Mapping[str, Any]], None]


def _step(place: Any, part: str, empty: Any) -> Any:
    if isinstance(place, list):
        index = int(part)
        while len(place) <= index:
            place.append({} if isinstance(empty, dict) else empty)
        return place[index]
    return place.setdefault(part, empty)


def _place(place: Any, part: str, value: Any) -> None:
    if isinstance(place, list):
        place.append(value)
    else:
        place[part] = value
