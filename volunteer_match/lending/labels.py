"""Words for lending: states, causes, times, and rules that stand in a decision's way."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match.i18n import words_for_day
from volunteer_match.lending.rules import Hours, LoanState, OfferState
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
