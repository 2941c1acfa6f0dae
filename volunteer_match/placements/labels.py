"""Words for the states of matches and for what can stand in a decision's way."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Channel
from volunteer_match.i18n import words_for_moment
from volunteer_match.matching.labels import points as in_points
from volunteer_match.placements.rules import KNOWN_REASONS, MatchState
from volunteer_match.web import wording

STATES = {
    MatchState.PROPOSED: _l("Proposed"),
    MatchState.REJECTED: _l("Turned down"),
    MatchState.SUPERSEDED: _l("Replaced"),
    MatchState.OFFERED: _l("Asked, no answer yet"),
    MatchState.DECLINED: _l("Cannot come"),
    MatchState.EXPIRED: _l("No answer in time"),
    MatchState.CONFIRMED: _l("Confirmed"),
    MatchState.HELD: _l("On hold"),
    MatchState.CANCELLED: _l("Cancelled"),
    MatchState.COMPLETED: _l("Done"),
    MatchState.EXCUSED: _l("Excused"),
    MatchState.NO_SHOW: _l("Was not there"),
}
TONES = {
    MatchState.PROPOSED: "neutral",
    MatchState.OFFERED: "info",
    MatchState.CONFIRMED: "success",
    MatchState.HELD: "warning",
    MatchState.COMPLETED: "success",
}
# Short words for the week, where space is small.
SHORT = {
    MatchState.OFFERED: _l("asked"),
    MatchState.CONFIRMED: _l("confirmed"),
    MatchState.HELD: _l("on hold"),
}
CAUSES = {
    "need_withdrawn": _l("The activity was called off."),
    "session_cancelled": _l("This session was called off."),
    "partner_not_verified": _l("The institution cannot organise activities at the moment."),
    "volunteer_ended": _l("The person does not volunteer with us any more."),
    "volunteer_paused": _l("The person is on a break then."),
    "volunteer_not_ready": _l("Something is missing in the person's papers."),
    "clearance_missing": _l("Checks for work with children are not complete."),
    "clearance_expires": _l("Checks for work with children end before that day."),
    "agreement_missing": _l("No agreement covers that day."),
    "papers_not_in_time": _l("The missing papers did not arrive in time."),
    "session_started": _l("The session has begun."),
    "crowded_out": _l("The place or the time is taken by now."),
}
# The same, said to the volunteer in mails and on their own pages.
TO_YOU = {
    "need_withdrawn": _l("The activity was called off."),
    "session_cancelled": _l("This session was called off."),
    "partner_not_verified": _l("The institution cannot organise activities at the moment."),
    "volunteer_ended": _l("Our work together has ended."),
    "volunteer_paused": _l("It falls into your break."),
    "volunteer_not_ready": _l("Something is missing in your papers."),
    "clearance_missing": _l("Some of your papers for work with children are missing."),
    "clearance_expires": _l("Some of your papers for work with children end before that day."),
    "agreement_missing": _l("The volunteer agreement does not cover that day."),
    "papers_not_in_time": _l("The missing papers did not arrive in time."),
    "crowded_out": _l("Somebody was faster, or you help somewhere else at that time."),
    "mistake": _l("The offer was sent by mistake. We are sorry."),
    "person_called": _l("As agreed on the phone."),
    "not_needed": _l("There are enough people now."),
}
REJECT_REASONS = {
    "knows_better": _l("I know something the system does not"),
    "spare": _l("This person should have a rest"),
    "other_person": _l("Somebody else fits better here"),
    "no_match": _l("They do not go well together"),
    "other": _l("Another reason"),
}
CANCEL_REASONS = {
    "mistake": _l("Approved by mistake"),
    "person_called": _l("The person called"),
    "not_needed": _l("Not needed after all"),
    "other": _l("Another reason"),
}
CHANNELS = {
    Channel.WEB: _l("on the site"),
    Channel.MAIL: _l("from the mail"),
    Channel.PHONE: _l("by phone"),
    Channel.PAPER: _l("on paper"),
    Channel.CLI: _l("by the administrator"),
    Channel.IMPORT: _l("by import"),
    Channel.SYSTEM: _l("by the system"),
}
VERBS = {
    "match_propose": _l("Proposed"),
    "match_reject": _l("Turned down"),
    "match_supersede": _l("Replaced by another proposal"),
    "match_approve": _l("Approved, offer sent"),
    "match_accept": _l("Accepted"),
    "match_decline": _l("Declined"),
    "match_expire": _l("No answer in time"),
    "match_hold": _l("Put on hold"),
    "match_release": _l("Released from hold"),
    "match_cancel": _l("Cancelled"),
    "match_complete": _l("Done"),
    "match_excuse": _l("Excused"),
    "match_miss": _l("Was not there"),
}

wording.add(
    {
        "place_taken": _l("All places of this session are taken. Somebody else was faster."),
        "already_busy": _l("%(name)s already helps somewhere else at that time."),
        "illegal_transition": _l("This was decided in the meantime. Look at it again."),
        "not_proposed": _l("This is not a proposal any more. Look at the desk again."),
        "no_runner_up": _l("There is nobody else for this place."),
        "runner_up_gone": _l("The next person cannot come any more. Run the matching again."),
        "cap_hours": _l("%(name)s agreed to at most %(cap)s hours a week, and they are full."),
        "cap_sessions": _l("%(name)s agreed to at most %(cap)s sessions a week, and they are full."),
        "session_started": _l("The session has begun."),
        "not_about_oneself": _l("Nobody decides about their own place. Ask another coordinator."),
        "answer_too_late": _l("It is too late to say yes here. Please call us."),
        "not_a_volunteer": _l("Sign up as a volunteer first."),
        "not_for_this_place": _l("This person cannot take this place as things stand now."),
        "place_closed": _l("This place is not open any more."),
        "kept_apart": _l(
            "It was decided that %(name)s is not to be proposed here. See “Decisions about pairs”."
        ),
        "nothing_open": _l("There is no open place in the coming weeks."),
        **{code: words for code, words in CAUSES.items() if code != "session_started"},
    }
)


_SINCE = {
    MatchState.OFFERED: _l("%(name)s was asked for %(place)s; no answer yet."),
    MatchState.CONFIRMED: _l("%(name)s has agreed: %(place)s."),
    MatchState.COMPLETED: _l("%(name)s has helped: %(place)s."),
    MatchState.HELD: _l("%(name)s has agreed, and it is on hold for now: %(place)s."),
    MatchState.EXCUSED: _l("%(name)s had agreed and was excused: %(place)s."),
    MatchState.NO_SHOW: _l("%(name)s had agreed and was not there: %(place)s."),
}


def to_volunteer(reason: str) -> str:
    """Word for the volunteer why a match ended: a cause in words, own words as they are, else nothing."""
    if reason in KNOWN_REASONS:
        return str(TO_YOU.get(reason, ""))
    return reason


def cause(reason: str) -> str:
    """Word why a match ended: the system's code in words, or what the person wrote."""
    found = CAUSES.get(reason) or REJECT_REASONS.get(reason) or CANCEL_REASONS.get(reason)
    return str(found) if found is not None else reason


def changed(step: Any) -> str:
    """Word what became of somebody who was put somewhere, moved or taken off the desk."""
    joined, left = (_place(each) for each in (step.joined, step.left))
    state, place = step.standing, joined or left
    if state == MatchState.PROPOSED and joined and left:
        words = gettext(
            "%(name)s is now proposed for %(joined)s instead of %(left)s.",
            name=step.name,
            joined=joined,
            left=left,
        )
    elif state == MatchState.PROPOSED:
        words = gettext("%(name)s is proposed for %(place)s.", name=step.name, place=place)
    elif state in _SINCE:
        words = str(_SINCE[state]) % {"name": step.name, "place": place}
    elif joined:
        words = gettext(
            "%(name)s was proposed for %(place)s; that no longer stands.", name=step.name, place=place
        )
    else:
        words = gettext("%(name)s is no longer proposed for %(place)s.", name=step.name, place=place)
    return str(words)


def _place(place: Any) -> str:
    return f"{place.title} ({words_for_moment(place.starts_at)})" if place else ""


def gains(before: Sequence[float], after: Sequence[float]) -> list[str]:
    """Word what filling gaps again brought and cost the whole week, level by level."""
    if not before or not after:
        return []
    coverage, places, extras, points = (round(b - a, 3) for a, b in zip(before, after, strict=True))
    found = []
    if coverage:
        # Sessions count by their priority there, so that the amount is no number of sessions.
        words = gettext("More can take place.") if coverage > 0 else gettext("Less can take place.")
        found.append(str(words))
    if places > 0:
        found.append(
            ngettext("%(num)s place more is filled.", "%(num)s places more are filled.", round(places))
        )
    if places < 0:
        found.append(
            ngettext("%(num)s place more stays empty.", "%(num)s places more stay empty.", round(-places))
        )
    if extras > 0:
        found.append(
            ngettext(
                "%(num)s place above the minimum is filled.",
                "%(num)s places above the minimum are filled.",
                round(extras),
            )
        )
    if points:
        found.append(gettext("Fit and fairness in points: %(points)s.", points=in_points(round(points))))
    return [str(each) for each in found]
