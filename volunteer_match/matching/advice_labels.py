"""Words for what a need being written would meet; with `exact` off, telling numbers are rounded."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import format_time, gettext, ngettext

from volunteer_match.i18n import words_for_span
from volunteer_match.matching import labels
from volunteer_match.matching.labels import NO_NAMES, Names

FEW, MANY = 3, 10
_MOST_CAUSES = 3


def coming(number: int, *, exact: bool) -> str:
    """Word how many people could come to a meeting."""
    if number == 0:
        return str(gettext("Nobody fits yet."))
    if not exact and number < FEW:
        return str(gettext("One or two people could come."))
    if not exact and number > MANY:
        return str(gettext("More than ten people could come."))
    return str(ngettext("%(num)s person could come.", "%(num)s people could come.", number))


def each_time(number: int, meetings: int, *, exact: bool) -> str:
    """Word how many of them could come every time; nothing where the need meets once."""
    if meetings < 2:
        return ""
    return str(
        gettext(
            "To every one of the next %(meetings)s meetings: %(people)s.",
            meetings=meetings,
            people=people(number, exact=exact),
        )
    )


def people(number: int, *, exact: bool) -> str:
    """Word a number of people."""
    if number == 0:
        return str(gettext("nobody"))
    if not exact and number < FEW:
        return str(gettext("one or two people"))
    if not exact and number > MANY:
        return str(gettext("more than ten people"))
    return str(ngettext("%(num)s person", "%(num)s people", number))


def tight(number: int, minimum: int, *, exact: bool) -> bool:
    """Tell whether there may be too few people, as far as the reader may know."""
    sure = number if exact or number >= FEW else min(number, 1)
    return sure < max(minimum, 1)


def opener(reason: Mapping[str, Any], names: Names = NO_NAMES, *, exact: bool) -> str:
    """Word one change that would bring people, with how many."""
    what = _change(reason, names)
    return str(
        gettext("%(what)s: %(people)s more", what=what, people=people(int(reason["people"]), exact=exact))
    )


def _change(reason: Mapping[str, Any], names: Names) -> str:
    if reason["code"] == "other_time":
        hours = f"{format_time(reason['starts_at'], 'HH:mm')}–{format_time(reason['ends_at'], 'HH:mm')}"
        return str(gettext("other hours, %(hours)s", hours=hours))
    if reason["code"] == "other_day":
        return str(
            gettext("another day, %(when)s", when=words_for_span(reason["starts_at"], reason["ends_at"]))
        )
    return labels.change(reason, names)


def causes(reasons: Sequence[Mapping[str, Any]], *, exact: bool) -> str:
    """Word what most often stands in the way."""
    found = []
    for each in reasons[:_MOST_CAUSES]:
        words = labels.rule_in_short(str(each["rule"]))
        found.append(f"{words} ({each['people']})" if exact else words)
    return ", ".join(found)
