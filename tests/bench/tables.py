"""A measured table: printed while measuring, kept as JSON, written as Markdown with its chart and command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

Cell = str | int | float | None
Bar = tuple[str, float | None]


@dataclass(frozen=True)
class Chart:
    """Bars in groups; the first bar of each group is the engine's own."""

    name: str
    title: str
    unit: str
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]
    log: bool = True


@dataclass(frozen=True)
class Target:
    """What was aimed at and what was reached."""

    what: str
    wanted: str
    reached: str
    met: bool


@dataclass(frozen=True)
class Table:
    """Figures of one kind."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    command: str
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    targets: tuple[Target, ...] = field(default_factory=tuple)


def shown(cell: Cell) -> str:
    """Write a figure with three significant digits, whole numbers in full."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 1000:
        return f"{round(cell):,}"
    return f"{cell:.3g}"


def times(value: float) -> str:
    """Write a ratio."""
    return f"{value:,.0f}×" if value >= 10 else f"{value:.2g}×"


def text(table: Table) -> str:
    """Lay a table out for a terminal."""
    cells = [table.columns, *([shown(cell) for cell in row] for row in table.rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(table.columns))]
    lines = [_line(row, widths) for row in cells]
    return "\n".join([table.title, *lines, *table.notes, f"$ {table.command}", ""])


def _line(row: Iterable[str], widths: list[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])


def markdown(table: Table) -> str:
    """Write a table as Markdown."""
    head = [f"| {' | '.join(table.columns)} |", f"|---|{'---:|' * (len(table.columns) - 1)}"]
    rows = [f"| {' | '.join(shown(cell) for cell in row)} |" for row in table.rows]
    notes = [f"\n{note}" for note in table.notes]
    plots = [f"\n![{chart.title}]({chart.name}.svg)" for chart in table.charts]
    return "\n".join([f"## {table.title}\n", *head, *rows, *notes, *plots, f"\n`{table.command}`\n"])
