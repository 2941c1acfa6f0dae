"""Where the shapes of a picture stand. Words and numbers stay with the template, colours with the theme.

Pictures are drawn 280 units wide, so that their letters stay readable on the smallest phone.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

WIDTH = 280
_ROW = 46
_TEXT = 15
_BAR_TOP = 22
_BAR_WIDTH = 200
LONGEST_LABEL = 34

_NAMES = 102
_DAY = 25
_LINE = 28
_HEAD = 40
_MOST_MARKS = 2
LONGEST_NAME = 14


@dataclass(frozen=True)
class Amount:
    """One line of a bar chart: so many before, so many after, out of so many (if there is a whole)."""

    label: str
    before: int
    after: int
    whole: int | None = None


@dataclass(frozen=True)
class Bar:
    """One bar: a part that was there before and a part that was added."""

    amount: Amount
    label: str
    text_y: int
    bar_y: int
    track: float
    before: float
    added: float


@dataclass(frozen=True)
class Bars:
    """A bar chart."""

    width: int
    height: int
    value_x: int
    bars: tuple[Bar, ...]


def bars(amounts: Sequence[Amount]) -> Bars:
    """Return the bars of the amounts: each against its own whole, or all against the largest."""
    most = max((max(each.before, each.after) for each in amounts), default=0)
    made = tuple(
        _bar(at, each, each.whole if each.whole is not None else most) for at, each in enumerate(amounts)
    )
    return Bars(WIDTH, len(amounts) * _ROW, _BAR_WIDTH + 8, made)


def _bar(at: int, amount: Amount, whole: int) -> Bar:
    unit = _BAR_WIDTH / max(1, whole)
    top = at * _ROW
    return Bar(
        amount=amount,
        label=shortened(amount.label, LONGEST_LABEL),
        text_y=top + _TEXT,
        bar_y=top + _BAR_TOP,
        track=_BAR_WIDTH,
        before=round(min(amount.before, whole) * unit, 1),
        added=round(max(0, min(amount.after, whole) - amount.before) * unit, 1),
    )


def shortened(text: str, most: int) -> str:
    """Cut a text that has no room, with a sign that it was cut."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


Kind = Literal["settled", "kept", "proposed"]


@dataclass(frozen=True)
class Visit:
    """Somebody goes somewhere on a day."""

    person: str
    name: str
    day: date
    place: Hashable
    kind: Kind


@dataclass(frozen=True)
class Mark:
    """One visit as a box with the letters of the place; more than fit are one box with their number."""

    x: float
    y: float
    width: float
    text_x: float
    text_y: float
    letters: str
    kind: Kind

    @property
    def narrow(self) -> bool:
        """Tell whether only small letters fit."""
        return self.width < _DAY / 2 or len(self.letters) > 1


@dataclass(frozen=True)
class Line:
    """One person of the picture."""

    name: str
    y: int
    text_y: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class WeekPicture:
    """Who goes where on which day: people downwards, days across, letters for places."""

    width: int
    height: int
    head: int
    days: tuple[tuple[date, float], ...]
    lines: tuple[Line, ...]
    letters: dict[Any, str]


def week(days: Sequence[date], visits: Iterable[Visit], places: Sequence[Hashable]) -> WeekPicture:
    """Return the picture of a week; `places` fixes the order in which letters are given."""
    letters = {place: letters_of(at) for at, place in enumerate(places)}
    people: dict[str, list[Visit]] = {}
    for each in visits:
        people.setdefault(each.person, []).append(each)
    lines = tuple(_line(at, own, days, letters) for at, own in enumerate(people.values()))
    across = tuple((day, _NAMES + _DAY * at + _DAY / 2) for at, day in enumerate(days))
    return WeekPicture(WIDTH, _HEAD + _LINE * len(lines), _HEAD, across, lines, letters)


def letters_of(number: int) -> str:
    """Return A, B … Z, AA, AB … for 0, 1 …."""
    first, last = divmod(number, 26)
    return (letters_of(first - 1) if first else "") + chr(ord("A") + last)


def _line(at: int, own: Sequence[Visit], days: Sequence[date], letters: dict[Any, str]) -> Line:
    top = _HEAD + _LINE * at
    marks = [
        mark
        for place, day in enumerate(days)
        for mark in _marks([each for each in own if each.day == day], _NAMES + _DAY * place, top, letters)
    ]
    return Line(shortened(own[0].name, LONGEST_NAME), top, top + 19, tuple(marks))


def _marks(here: Sequence[Visit], left: float, top: int, letters: dict[Any, str]) -> list[Mark]:
    if len(here) > _MOST_MARKS:
        kind: Kind = "proposed" if any(each.kind == "proposed" for each in here) else here[0].kind
        return [_mark(left, _DAY - 2, top, f"×{len(here)}", kind)]
    width = (_DAY - 2) / max(1, len(here))
    return [
        _mark(left + width * at, width - (1 if len(here) > 1 else 0), top, letters[each.place], each.kind)
        for at, each in enumerate(here)
    ]


def _mark(left: float, width: float, top: int, letters: str, kind: Kind) -> Mark:
    return Mark(left + 1, top + 2, width, left + 1 + width / 2, top + 19, letters, kind)
