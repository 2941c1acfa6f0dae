"""Words for lending: states, causes, times, and rules that stand in a decision's way."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from volunteer_match.i18n import words_for_day
from volunteer_match.lending.rules import Hours, LoanState, OfferState
from volunteer_match.matching import labels as matching
from volunteer_match.needs.labels import weekday_names
from volunteer_match.web import wording

# State: (words, tone of the tag).
OFFERS = {
    OfferState.ACTIVE: (_l("On offer"), "success"),
    OfferState.WITHDRAWN: (_l("Not on offer now"), "neutral"),
}
LOANS = {
    LoanState.PROPOSED: (_l("Proposed"), "neutral"),
    LoanState.REJECTED: (_l("Turned down"), "neutral"),
    LoanState.SUPERSEDED: (_l("Replaced"), "neutral"),
    LoanState.ASKED: (_l("Owner asked, no answer yet"), "info"),
    LoanState.AGREED: (_l("Will be lent"), "success"),
    LoanState.REFUSED: (_l("Cannot be lent"), "neutral"),
    LoanState.EXPIRED: (_l("No answer in time"), "neutral"),
    LoanState.CANCELLED: (_l("Cancelled"), "neutral"),
}
OWN_CAUSES = {
    "lending_withdrawn": _l("It is not on offer any more."),
    "lender_not_verified": _l("The institution that lends is not verified at the moment."),
    "lending_changed": _l("It is on offer at other times or in another number now."),
}
CAUSES = {
    **OWN_CAUSES,
    "need_withdrawn": _l("The activity was called off."),
    "session_cancelled": _l("This session was called off."),
    "partner_not_verified": _l("The institution cannot organise activities at the moment."),
    "session_started": _l("The session has begun."),
}
ANY_TIME = _l("Any time")
_IN_THE_WAY = {
    "skill_missing": _l("something else, or too few"),
    "not_available": _l("not on offer at that time"),
    "busy": _l("lent elsewhere at that time"),
    "forbidden": _l("their own, or decided before"),
}

wording.add(
    {
        **OWN_CAUSES,
        "thing_taken": _l("It is already promised for that time."),
        "request_served": _l("Somebody else lends it for this session already."),
        "room_without_place": _l("Choose the place where the room is."),
    }
)


def cause(reason: str) -> str:
    """Return a cause in words; what a person wrote stays as it is."""
    return str(CAUSES.get(reason, reason))


def words_for_hours(hours: Hours) -> str:
    """Return when something is on offer: `Monday, Friday, 08:00-16:00, until 24 June 2027`."""
    parts = [weekday_names([int(day) for day in hours.weekdays])] if hours.weekdays else []
    if hours.starts and hours.ends:
        parts.append(f"{hours.starts:%H:%M}\u2013{hours.ends:%H:%M}")
    if hours.first_day:
        parts.append(str(_("from %(day)s", day=words_for_day(hours.first_day))))
    if hours.last_day:
        parts.append(str(_("until %(day)s", day=words_for_day(hours.last_day))))
    return ", ".join(parts) or str(ANY_TIME)


def reasons(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Word what speaks for borrowing this from them, as the run counted it."""
    return [words for part in parts if (words := _reason(part))]


def _reason(part: Mapping[str, Any]) -> str:
    code = str(part["code"])
    if code == "distance" and part.get("km") is not None:
        return str(_("%(way)s away", way=matching.kilometres(float(part["km"]))))
    if code == "continuity":
        times = int(part.get("times") or 0)
        return str(ngettext("lent here %(num)s time before", "lent here %(num)s times before", times))
    if code == "waiting" and part.get("never"):
        return str(_("not asked for it yet"))
    if code == "waiting":
        days = int(part.get("days") or 0)
        return str(ngettext("last asked %(num)s day ago", "last asked %(num)s days ago", days))
    return ""


def why(reason: Mapping[str, Any]) -> str:
    """Word one cause why a thing is still missing."""
    code = str(reason["code"])
    if code == "candidates":
        number = int(reason["eligible"])
        return str(ngettext("%(num)s offer would do", "%(num)s offers would do", number))
    if code == "elsewhere":
        number = int(reason["people"])
        return str(
            ngettext(
                "%(num)s offer is planned for another session at that time",
                "%(num)s offers are planned for other sessions at that time",
                number,
            )
        )
    if code == "blocked" and reason["rule"] in _IN_THE_WAY:
        return f"{int(reason['people'])} × {_IN_THE_WAY[str(reason['rule'])]}"
    return matching.why_empty(reason)


def opener(reason: Mapping[str, Any]) -> str:
    """Word one change that would bring a thing, with how many offers it opens."""
    number = int(reason["people"])
    if reason["code"] == "smaller_quantity":
        what = str(_("%(number)s instead", number=reason["level"]))
    else:
        what = matching.change(reason)
    return str(ngettext("%(what)s: opens %(num)s offer", "%(what)s: opens %(num)s offers", number, what=what))
