"""Words for needs: states, kinds of contact, rhythms, rules."""

from collections.abc import Sequence

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match.errors import RuleBrokenError
from volunteer_match.needs.recurrence import LAST_OF_MONTH, Plan, ordinal_of
from volunteer_match.needs.rules import (
    Contact,
    NeedState,
    Priority,
    Problem,
    Recurrence,
    SessionState,
    Supervision,
)
from volunteer_match.people.labels import WEEKDAYS
from volunteer_match.web import wording
from volunteer_match.web.wording import words_for

# State: (words, tone of the tag).
STATES = {
    NeedState.DRAFT: (_l("Draft"), "neutral"),
    NeedState.SUBMITTED: (_l("Waiting to be checked"), "info"),
    NeedState.RETURNED: (_l("To be completed"), "warning"),
    NeedState.PUBLISHED: (_l("Published"), "success"),
    NeedState.CANCELLED: (_l("Cancelled"), "error"),
    NeedState.COMPLETED: (_l("Finished"), "neutral"),
}
SESSION_STATES = {
    SessionState.SCHEDULED: (_l("Planned"), "info"),
    SessionState.CANCELLED: (_l("Cancelled"), "error"),
    SessionState.HELD: (_l("Took place"), "success"),
}
# Priority: (words, tone of the tag).
PRIORITIES = {
    Priority.NORMAL: (_l("Normal"), "neutral"),
    Priority.IMPORTANT: (_l("Important"), "warning"),
    Priority.URGENT: (_l("Urgent"), "error"),
}
CONTACTS = {
    Contact.CHILDREN: (_l("With children"), _l("Adults who come need papers and an agreement.")),
    Contact.NO_CHILDREN: (_l("Without children"), _l("For example: setting up a room, driving, gardening.")),
    Contact.REMOTE: (_l("From home"), _l("For example: a poster, a text. There is no place.")),
}
SUPERVISION = {
    Supervision.ORGANISER: (
        _l("The organiser looks after the children"),
        _l("There have to be at least two checked adults."),
    ),
    Supervision.PARENTS_PRESENT: (_l("Parents stay with their children"), ""),
}
RECURRENCES = {
    Recurrence.ONCE: _l("Once"),
    Recurrence.WEEKLY: _l("Every week"),
    Recurrence.FORTNIGHTLY: _l("Every second week"),
    Recurrence.MONTHLY: _l("Every month"),
}
_LAST = (
    _l("the last Monday of the month"), _l("the last Tuesday of the month"),
    _l("the last Wednesday of the month"), _l("the last Thursday of the month"),
    _l("the last Friday of the month"), _l("the last Saturday of the month"),
    _l("the last Sunday of the month"),
)  # fmt: skip
_ORDINALS = {1: _l("1st"), 2: _l("2nd"), 3: _l("3rd"), 4: _l("4th")}
HISTORY = {
    "need_drafted": _l("Draft written"),
    "need_edited": _l("Changed"),
    "need_texts_edited": _l("Texts changed"),
    "need_submit": _l("Sent to be checked"),
    "need_publish": _l("Published"),
    "need_return": _l("Returned to be completed"),
    "need_withdraw": _l("Withdrawn"),
    "need_complete": _l("Finished"),
    "need_priority_set": _l("Urgency set"),
    "session_added": _l("A date was added"),
    "session_cancelled": _l("A date was cancelled"),
}
# Which field of the form a broken rule belongs to.
FIELDS = {
    "organiser_unknown": "organiser_id",
    "venue_unknown": "venue_id",
    "partner_cannot_submit": "posted_by_id",
    "no_future_dates": "first_day",
    "too_many_dates": "last_day",
    "gap_hour": "starts_local",
    "role_in_use": "roles-0-name",
    "role_remembered": "roles-0-name",
}

wording.add(
    {
        "answer_missing": _l("Fill in this field before sending the need."),
        "role_missing": _l("Say who is needed: add at least one role."),
        "poster_not_verified": _l("The organisation that posts the need is not verified yet."),
        "organiser_not_verified": _l("The organiser is not a verified organisation."),
        "organiser_not_host": _l("A company cannot host volunteers. Choose another organiser."),
        "organiser_without_children": _l(
            "This organiser is not confirmed for activities with children. Choose another one."
        ),
        "organiser_unknown": _l("Choose an organiser from the list."),
        "venue_unknown": _l("Choose a place from the list."),
        "partner_cannot_submit": _l("Needs can be sent once the organisation's address is confirmed."),
        "need_state": _l("This is not possible in the need's present state."),
        "need_incomplete": _l("Something is still missing in this need."),
        "no_future_dates": _l("There is no date left in the future."),
        "too_many_dates": _l("There would be more than %(limit)d dates. Choose an earlier last day."),
        "gap_hour": _l("On %(day)s the clocks skip this hour. Choose another time."),
        "role_in_use": _l("People are still booked for a role that would disappear. Try again in a minute."),
        "role_remembered": _l(
            "Somebody has helped in a role that would disappear, so it stays with this need. "
            "Post a new need without it instead."
        ),
        "cancellations_pending": _l(
            "People are still being told about cancelled dates. Try again in a minute."
        ),
        "session_exists": _l("There is already a date that begins then."),
        "session_past": _l("This date is in the past."),
        "session_not_planned": _l("This date is not planned any more."),
    }
)


def words_for_problem(problem: Problem) -> str:
    """Return the sentence that says what is missing."""
    return words_for(RuleBrokenError(problem.code, **problem.facts))


def weekday_names(weekdays: Sequence[int]) -> str:
    """Return weekdays as `Monday, Wednesday`."""
    return ", ".join(str(WEEKDAYS[day]) for day in weekdays)


def words_for_rhythm(plan: Plan) -> str:
    """Return how often a plan happens: `every week: Monday, Wednesday`, `1st Saturday of the month`."""
    days = weekday_names(sorted(plan.weekdays or {plan.first_day.weekday()}))
    if plan.recurrence == Recurrence.WEEKLY:
        return str(_("Every week: %(days)s", days=days))
    if plan.recurrence == Recurrence.FORTNIGHTLY:
        return str(_("Every second week: %(days)s", days=days))
    if plan.recurrence == Recurrence.MONTHLY:
        return str(_("Every month: %(day)s", day=_day_of_month(plan)))
    return str(format_date(plan.first_day, "EEEE, d MMMM y"))


def _day_of_month(plan: Plan) -> str:
    weekday, ordinal = plan.first_day.weekday(), ordinal_of(plan.first_day)
    if ordinal == LAST_OF_MONTH:
        return str(_LAST[weekday])
    named = {"ordinal": _ORDINALS[ordinal], "day": WEEKDAYS[weekday]}
    return str(_("%(ordinal)s %(day)s of the month", **named))


def words_for_plan(plan: Plan) -> str:
    """Return a whole plan in words: rhythm, hours, from when to when."""
    hours = f"{plan.starts:%H:%M}\u2013{plan.ends:%H:%M}"
    rhythm = f"{words_for_rhythm(plan)}, {hours}"
    if plan.recurrence == Recurrence.ONCE:
        return rhythm
    bounds = {
        "first": format_date(plan.first_day, "d MMMM y"),
        "last": format_date(plan.last_day, "d MMMM y"),
    }
    return str(_("%(rhythm)s, from %(first)s to %(last)s", rhythm=rhythm, **bounds))
