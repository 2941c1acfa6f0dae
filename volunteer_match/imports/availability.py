"""Reads when somebody is free as people write it: `sob 8-18, pn-pt 15:30-20`, `Mon 9-12`."""

import re

from volunteer_match.polish import fold

_WEEKDAYS = (
    ("pon", "pn", "poniedzialek", "mon", "monday"),
    ("wt", "wto", "wtorek", "tue", "tuesday"),
    ("sr", "sro", "sroda", "wed", "wednesday"),
    ("czw", "cz", "czwartek", "thu", "thursday"),
    ("pt", "pia", "piatek", "fri", "friday"),
    ("sob", "so", "sobota", "sat", "saturday"),
    ("ndz", "nd", "nie", "niedziela", "sun", "sunday"),
)
_NUMBER = {word: number for number, words in enumerate(_WEEKDAYS) for word in words}
_PART = re.compile(
    r"([a-z]+)\.?(?:\s*-\s*([a-z]+)\.?)?\s+(\d{1,2}(?:[:.]\d\d)?)\s*-\s*(\d{1,2}(?:[:.]\d\d)?)"
)


def weekly_hours(text: str) -> list[dict[str, str]]:
    """Return rows of weekday, starts and ends, as the form on hours takes them.

    Raises ValueError with the part that is not understood.
    """
    rows = []
    for part in re.split(r"[,|]", text):
        if part.strip():
            rows += _rows(part.strip())
    return rows


def weekdays(text: str) -> list[int]:
    """Return the weekdays named in a list such as `pon,śr`, Monday 0.

    Raises ValueError with the word that is not a weekday.
    """
    return [
        _weekday(fold(word).strip().rstrip("."), word) for word in re.split(r"[,|/]", text) if word.strip()
    ]


def _rows(part: str) -> list[dict[str, str]]:
    found = _PART.fullmatch(fold(part).replace("\u2013", "-"))
    if not found:
        raise ValueError(part)
    first = _weekday(found[1], part)
    last = _weekday(found[2], part) if found[2] else first
    if last < first:
        raise ValueError(part)
    starts, ends = _clock(found[3]), _clock(found[4])
    return [{"weekday": str(day), "starts": starts, "ends": ends} for day in range(first, last + 1)]


def _weekday(word: str, part: str) -> int:
    if word not in _NUMBER:
        raise ValueError(part)
    return _NUMBER[word]


def _clock(text: str) -> str:
    text = text.replace(".", ":")
    return "00:00" if text in ("24", "24:00") else text if ":" in text else f"{text}:00"
