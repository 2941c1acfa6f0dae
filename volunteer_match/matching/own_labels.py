"""Words for a person about themselves: what stands in the way, where to change it, and why others."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, gettext, lazy_gettext, ngettext

from volunteer_match.matching import labels
from volunteer_match.matching.labels import NO_NAMES, Names

_l = lazy_gettext
BLOCKERS = {
    "withheld": _l("Your sign-up is not complete yet."),
    "forbidden": _l("This is best talked over with a coordinator."),
    "too_young": _l("For this one has to be %(needed)s years old."),
    "clearance_missing": _l("Papers for work with children are still missing."),
    "clearance_expires": _l("Your papers for work with children are valid until %(until)s only."),
    "agreement_expires": _l("Your agreement ends on %(until)s."),
    "skill_missing": _l("Needed here: %(skill)s."),
    "language_missing": _l("The language is %(language)s."),
    "no_licence": _l("A driving licence is needed."),
    "needs_step_free": _l("There are steps at this place."),
    "too_far": _l("It is %(km)s away; your profile says at most %(radius)s."),
    "not_available": _l("Your profile has no free time at these hours."),
    "away": _l("Your profile says you are away that day."),
    "busy": _l("You have another meeting at that time."),
    "cap_hours": _l("It would make %(total)s hours that week; your profile says at most %(cap)s."),
    "cap_sessions": _l("That week is as full as your profile says, in meetings: %(cap)s."),
    "place_closed": _l("This place is not open any more."),
    "cap_new": _l("There are invitations waiting for your answer."),
}
FORBIDDEN = {
    "rejected": _l("This time a coordinator has decided otherwise."),
    "declined": _l("Your answer to this invitation was no."),
    "expired": _l("This invitation had no answer in time."),
    "cancelled": _l("This invitation was taken back."),
    "agreement_missing": _l("Your agreement does not cover that day."),
    "remote_only": _l("Your profile says: help from home only."),
}
# Which of their pages lets a person change what stands in the way.
MENDED_AT = {
    "clearance_missing": "home",
    "clearance_expires": "home",
    "withheld": "home",
    "skill_missing": "skills",
    "language_missing": "about",
    "no_licence": "about",
    "too_far": "about",
    "remote_only": "about",
    "not_available": "hours",
    "away": "away",
    "cap_hours": "limits",
    "cap_sessions": "limits",
}
MENDING = {
    "home": _l("See what is missing"),
    "skills": _l("Change skills"),
    "levels": _l("Say how well"),
    "about": _l("Change languages and place"),
    "hours": _l("Change hours"),
    "away": _l("Days that differ"),
    "limits": _l("Change age and limits"),
}
BEHIND = {
    "continuity": _l(
        "People who already know the group come first, save for one place of a series that rotates."
    ),
    "waiting": _l("Your last invitation was not long ago; people who have waited longer come first."),
}


def blocker(reason: Mapping[str, Any], names: Names = NO_NAMES) -> str:
    """Word one rule that stands between a person and a place, to that person."""
    code = str(reason["code"])
    if code == "forbidden":
        return str(FORBIDDEN.get(str(reason.get("reason")), BLOCKERS["forbidden"]))
    if code == "skill_missing" and reason.get("has"):
        skill = names.skills.get(str(reason["skill"]), str(reason["skill"]))
        return str(gettext("More experience is needed: %(skill)s.", skill=skill))
    facts = labels.worded(reason, names)
    if code == "cap_hours":
        facts["total"] = format_decimal(round(float(reason["used"]) + float(reason["hours"]), 1))
    return str(BLOCKERS[code]) % facts


def mended_at(reason: Mapping[str, Any]) -> str:
    """Return the code of the page where a person can change what stands in the way, empty if nowhere."""
    code = str(reason["code"])
    if code == "forbidden":
        code = str(reason.get("reason"))
    if code == "skill_missing" and reason.get("has"):
        return "levels"
    return MENDED_AT.get(code, "")


def behind(reason: Mapping[str, Any], names: Names = NO_NAMES) -> str:
    """Word one thing that may have spoken for others, from the person's own facts."""
    code = str(reason["code"])
    if code == "wanted_skills":
        skills = ", ".join(names.skills.get(each, each) for each in str(reason["skills"]).split(", "))
        return str(gettext("Welcome here, too: %(skills)s.", skills=skills))
    if code == "distance":
        km = labels.kilometres(float(reason["km"]))
        return str(gettext("For people who live nearer the way is shorter; from you it is %(km)s.", km=km))
    if code == "load":
        times = int(reason["times"])
        words = ngettext(
            "You were asked or there %(num)s time lately; others have a turn as well.",
            "You were asked or there %(num)s times lately; others have a turn as well.",
            times,
        )
        return str(words)
    return str(BEHIND[code])
