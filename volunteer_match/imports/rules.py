"""Reads a table that came from anybody's spreadsheet: pure, bounded, with a complaint per line."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from volunteer_match.polish import fold

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5000
MAX_ROWS_ON_PAGES = 1000
"""A command may take its time; a page is waited for, and nobody else can write meanwhile."""
REHEARSAL_SECONDS = 12.0
MAX_COLUMNS = 60
MAX_CELL = 4000
_BOMS_WE_DO_NOT_READ = (b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# A spreadsheet would run these; `+48 600`, `-5` and a dash alone are plain values.
_FORMULA = re.compile(r"[=@\t\r\uff1d]|[+-](?![\d\s(]|$)")


class TableError(Exception):
    """The file as a whole cannot be read; `code` names why, `facts` its numbers."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Column:
    """One thing a file can tell: its code, the headings people use for it, whether it must be there."""

    code: str
    headings: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Complaint:
    """What is wrong in one cell of one line (line 1 is the headings)."""

    line: int
    column: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The headings and the lines of a file."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(content: bytes, most_rows: int = MAX_ROWS) -> Table:
    """Return the table in a CSV file (`;`, `,` or tabs; UTF-8 with or without BOM, or CP1250).

    Raises TableError when the file as a whole is unusable.
    """
    if len(content) > MAX_BYTES:
        raise TableError("too_large", limit_mb=MAX_BYTES // 1024 // 1024)
    text = _decode(content)
    if not text.strip():
        raise TableError("empty")
    lines = _split(text)
    headings = tuple(cell.strip() for cell in lines[0][1])
    _check_headings(headings)
    rows = tuple((number, _trimmed(cells)) for number, cells in lines[1:] if any(c.strip() for c in cells))
    if not rows:
        raise TableError("no_rows")
    if len(rows) > most_rows:
        raise TableError("too_many_rows", rows=len(rows), limit=most_rows)
    return Table(headings, rows)


def _decode(content: bytes) -> str:
    if content.startswith(_BOMS_WE_DO_NOT_READ) or b"\0" in content:
        raise TableError("not_csv")
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError("encoding")


def _split(text: str) -> list[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = []
    try:
        for cells in reader:
            lines.append((reader.line_num, cells))
            if len(lines) > MAX_ROWS * 3:
                raise TableError("too_many_rows", rows=len(lines), limit=MAX_ROWS)
    except csv.Error as error:
        raise TableError("broken_quotes", line=reader.line_num) from error
    return lines


def _check_headings(headings: Sequence[str]) -> None:
    if len(headings) > MAX_COLUMNS:
        raise TableError("too_many_columns", limit=MAX_COLUMNS)
    named = [fold(h) for h in headings if h]
    twice = sorted({h for h in named if named.count(h) > 1})
    if twice:
        raise TableError("heading_twice", heading=twice[0])


def _trimmed(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(cell.strip(" \u00a0\n\r") for cell in cells)


def guess_mapping(columns: Sequence[Column], headings: Sequence[str]) -> dict[str, str]:
    """Return which heading of the file gives which column, as far as the headings tell."""
    known = {_plain(name): c.code for c in columns for name in (c.code, *c.headings)}
    found: dict[str, str] = {}
    for heading in headings:
        code = known.get(_plain(heading))
        if code and code not in found:
            found[code] = heading
    return found


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(heading)).strip()


def missing_columns(columns: Sequence[Column], mapping: Mapping[str, str]) -> list[str]:
    """Return the codes of required columns that no heading gives."""
    return [c.code for c in columns if c.required and not mapping.get(c.code)]


def rows_of(
    table: Table, mapping: Mapping[str, str]
) -> tuple[list[tuple[int, dict[str, str]]], list[Complaint]]:
    """Return the lines as values by column code, and complaints about cells no line should hold."""
    places = {code: table.headings.index(h) for code, h in mapping.items() if h in table.headings}
    rows, complaints = [], []
    for line, cells in table.rows:
        if len(cells) > len(table.headings) and any(cells[len(table.headings) :]):
            complaints.append(Complaint(line, "", "too_many_cells"))
        values = {code: cells[place] if place < len(cells) else "" for code, place in places.items()}
        complaints += _bad_cells(line, values)
        rows.append((line, values))
    return rows, complaints


def _bad_cells(line: int, values: Mapping[str, str]) -> Iterable[Complaint]:
    for code, value in values.items():
        if len(value) > MAX_CELL:
            yield Complaint(line, code, "cell_too_long", {"limit": MAX_CELL})
        elif _FORMULA.match(value):
            yield Complaint(line, code, "formula")


def parts(cell: str) -> list[str]:
    """Return the values of a cell that lists several, separated by commas, bars or slashes."""
    return [p.strip() for p in re.split(r"[,|/]", cell) if p.strip()]
