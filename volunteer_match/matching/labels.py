"""Words for every code of the core: what speaks for a person, what stands in the way, what would help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import format_decimal, gettext, lazy_gettext, ngettext

from volunteer_match.i18n import words_for_day
from volunteer_match.people.labels import LANGUAGES, STATES

_l = lazy_gettext
Facts = Mapping[str, Any]

RUN_STATES = {
    "queued": _l("Waiting"),
    "running": _l("Being worked out"),
    "done": _l("Done"),
    "failed": _l("Failed"),
}
LEVELS = {
    "coverage": _l("Sessions that can take place, weighed by importance"),
    "places": _l("Places up to the minimum"),
    "extras": _l("Places above the minimum"),
    "quality": _l("How well people fit, and how fairly the work is shared"),
}
STATUSES = {
    "optimal": _l("The best plan there is"),
    "feasible": _l("A good plan; the time was not enough to prove that no better one exists"),
    "infeasible": _l("No plan"),
}
COMPONENTS = {
    "wanted_skills": _l("Skills that are wanted, too"),
    "distance": _l("Lives near"),
    "continuity": _l("Knows the group already"),
    "new_face": _l("Somebody new for this group, for the place that rotates"),
    "interest": _l("Wants to help here"),
    "newcomer_first": _l("First task for somebody new"),
    "waiting": _l("Has not been asked for long"),
    "kept_offer": _l("Was already asked"),
    "load": _l("Has helped a lot lately"),
    "given": _l("Set by hand"),
    "self_applied": _l("Applied for it"),
}
DISTANCE_UNKNOWN = _l("Distance not known, counted as middling")
OUTCOMES = {
    "fixed": _l("Has the place already."),
    "proposed": _l("Is proposed for this place."),
    "kept": _l("Is proposed for this place, because a coordinator wants the pair to stay."),
    "blocked": _l("Cannot be asked, because:"),
    "elsewhere": _l("Could come, and is more needed somewhere else at that time."),
    "capped": _l("Could come, and already has as much in that week as agreed."),
    "friends": _l("Comes only together with somebody who is not there."),
    "unstaffed": _l("Could come, and the session cannot take place as it is."),
    "no_place": _l("Could come; for this place others fit a little better, or asking others is fairer."),
}
_SPREAD = (
    (0.2, _l("The work is shared very evenly.")),
    (0.4, _l("The work is shared fairly evenly.")),
    (0.6, _l("Some people do clearly more than others.")),
    (0.8, _l("A few people do most of the work.")),
)
_UNEVEN = _l("Very few people do nearly all of the work.")


def spread(gini: float) -> str:
    """Word how evenly the work is shared."""
    return str(next((words for limit, words in _SPREAD if gini < limit), _UNEVEN))


KINDS = {
    "desk": _l("For the desk"),
    "trial": _l("Trial"),
    "replay": _l("Checked again"),
}
_STAGES = {
    "start": _l("Looking for a first plan."),
    "cover": _l("Looking for the plan in which most sessions can take place."),
    "refine": _l("Looking for the people who fit best."),
    "improve": _l("Looking for still better plans."),
    "done": _l("Writing down why."),
    "shards": _l("Solving the parts of a large plan."),
}


def stage(run: Any) -> str:
    """Word what a run at work does."""
    if run.stop_asked_at is not None:
        return str(gettext("Is being stopped."))
    if run.state == "queued":
        return str(RUN_STATES["queued"])
    told = run.progress or {}
    return str(_STAGES.get(told.get("stage", ""), RUN_STATES["running"]))


REPLAYS = {
    "same": _l("The same plan, byte for byte."),
    "details": _l("The same people at the same places; what is said about runner-ups or the proof differs."),
    "different": _l("The plan is another one."),
}
WISHES = {
    "spread_load": (_l("Share the work evenly"), _l("Whoever has helped a lot lately is asked later.")),
    "wanted_skill": (
        _l("Skills that are wanted, too"),
        _l("Required skills always count; these come on top."),
    ),
    "distance": (_l("Short ways"), _l("Who lives nearer is asked first.")),
    "continuity": (
        _l("Familiar faces"),
        _l("Who knows the group already comes again; one place of a series rotates."),
    ),
    "interest": (_l("What people want"), _l("Who wants to help here is asked first.")),
    "newcomer_first": (_l("A first task for newcomers"), _l("Somebody new gets a chance soon.")),
    "waiting": (_l("Not asked for long"), _l("Who has waited longest is asked first.")),
}
STEPS = {
    0: _l("does not count"),
    1: _l("a little"),
    2: _l("as usual"),
    3: _l("much"),
    4: _l("very much"),
}
NEVER_REASONS = {
    "wish_person": _l("The volunteer asked for it"),
    "wish_partner": _l("The institution asked for it"),
    "no_match": _l("They do not go well together"),
    "other": _l("Another reason"),
}
FORBIDDEN = {
    "rejected": _l("a coordinator turned this proposal down"),
    "declined": _l("said no to this offer"),
    "expired": _l("did not answer this offer"),
    "cancelled": _l("this offer was taken back"),
    "agreement_missing": _l("the agreement does not cover the day"),
    "remote_only": _l("helps from home only"),
    "conflict": _l("should not meet this institution"),
    "kept_apart": _l("is not planned here, as arranged with the coordination"),
}


@dataclass(frozen=True)
class Names:
    """What ids in reasons are called: skills by code, partners, needs of openings, volunteers."""

    skills: Mapping[str, str] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    openings: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


NO_NAMES = Names()


def component(part: Facts, names: Names = NO_NAMES) -> str:
    """Word one part of a score, with its fact where there is one."""
    code = str(part["code"])
    if code == "distance" and part.get("km") is None:
        return str(DISTANCE_UNKNOWN)
    label = str(COMPONENTS.get(code, code))
    detail = _detail(code, part, names)
    return f"{label}: {detail}" if detail else label


def _detail(code: str, part: Facts, names: Names) -> str:
    if code == "wanted_skills" and part.get("skills"):
        return ", ".join(names.skills.get(s, s) for s in str(part["skills"]).split(", "))
    if code == "distance" and part.get("km") is not None:
        return kilometres(float(part["km"]))
    if code == "continuity":
        times = int(part.get("times") or 0)
        return str(ngettext("helped %(num)s time", "helped %(num)s times", times))
    if code == "waiting" and part.get("never"):
        return str(gettext("never yet"))
    if code == "waiting":
        return str(ngettext("%(num)s day", "%(num)s days", int(part.get("days") or 0)))
    return ""


def kilometres(distance: float) -> str:
    """Word a distance as people say it."""
    if distance < 1:
        return str(gettext("less than 1 km"))
    return str(gettext("%(number)s km", number=format_decimal(round(distance, 1 if distance < 10 else 0))))


def points(number: int) -> str:
    """Word points with their sign."""
    return f"+{number}" if number > 0 else whole(number)


def whole(number: int) -> str:
    """Write a whole number with a true minus sign."""
    return str(number).replace("-", "\N{MINUS SIGN}")


def blocker(reason: Facts, names: Names = NO_NAMES) -> str:
    """Word one rule that keeps a person from a place."""
    code = str(reason["code"])
    if code == "withheld":
        return str(
            gettext("Application: %(state)s", state=str(STATES.get(reason["reason"], reason["reason"])))
        )
    if code == "forbidden":
        why = str(FORBIDDEN.get(str(reason.get("reason")), FORBIDDEN["conflict"]))
        return why[:1].upper() + why[1:]
    if code == "skill_missing":
        return _skill_missing(reason, names)
    words = BLOCKERS.get(code)
    return str(words) % worded(reason, names) if words is not None else code


def _skill_missing(reason: Facts, names: Names) -> str:
    skill = names.skills.get(str(reason["skill"]), str(reason["skill"]))
    if reason.get("has"):
        return str(gettext("%(skill)s: has some, more experience is asked for", skill=skill))
    return str(gettext("Does not offer: %(skill)s", skill=skill))


BLOCKERS = {
    "wrong_kind": _l("A person is asked for here and this is a thing, or the other way round"),
    "too_young": _l("Younger than %(needed)s"),
    "clearance_missing": _l("Checks for work with children are not complete"),
    "clearance_expires": _l("Checks for work with children are valid only until %(until)s"),
    "agreement_expires": _l("The agreement ends on %(until)s"),
    "language_missing": _l("Does not lead activities in: %(language)s"),
    "no_licence": _l("Has no driving licence"),
    "needs_step_free": _l("Needs a place without steps"),
    "too_far": _l("Too far: %(km)s, wants to go at most %(radius)s"),
    "not_available": _l("Is not free at that time"),
    "away": _l("Is away that day"),
    "busy": _l("Helps somewhere else at that time"),
    "cap_hours": _l("Has as many hours that week as agreed (%(cap)s)"),
    "cap_sessions": _l("Has as many sessions that week as agreed (%(cap)s)"),
    "cap_new": _l("Has enough open offers"),
    "place_closed": _l("This place is not open any more"),
    "elsewhere": _l("Proposed at that time for: %(role)s"),
    "friend_not_there": _l("Comes only together with %(volunteer)s"),
    "filled": _l("All places are filled"),
    "cleared_adults": _l("Cleared adults are missing: %(missing)s"),
    "newcomers_only": _l("Somebody who knows the club has to be there, too"),
    "role_short": _l("People are missing: %(missing)s"),
}
_RULES_SHORT = {
    "withheld": _l("application not finished"),
    "forbidden": _l("decided before, or agreed not to"),
    "too_young": _l("too young"),
    "clearance_missing": _l("checks incomplete"),
    "clearance_expires": _l("checks end before"),
    "agreement_expires": _l("agreement ends before"),
    "skill_missing": _l("without the skill"),
    "language_missing": _l("without the language"),
    "no_licence": _l("no driving licence"),
    "needs_step_free": _l("steps in the way"),
    "too_far": _l("too far away"),
    "not_available": _l("not free"),
    "away": _l("away"),
    "busy": _l("helping elsewhere"),
    "cap_hours": _l("enough hours that week"),
    "cap_sessions": _l("enough sessions that week"),
    "cap_new": _l("enough open offers"),
    "wrong_kind": _l("a thing instead of a person"),
}


def rule_in_short(code: str) -> str:
    """Word a rule that keeps people away in two or three words."""
    return str(_RULES_SHORT.get(code, code))


def why_empty(reason: Facts) -> str:
    """Word one cause of an empty place."""
    code = str(reason["code"])
    if code == "candidates":
        number = int(reason["eligible"])
        return str(ngettext("%(num)s person could come at all", "%(num)s people could come at all", number))
    if code == "blocked":
        number, rule = int(reason["people"]), str(reason["rule"])
        return f"{number} × {rule_in_short(rule)}"
    if code in ("elsewhere", "cap_hours", "cap_sessions", "cap_new"):
        number = int(reason.get("people", 0))
        return str(
            ngettext(
                "%(num)s person is more needed elsewhere", "%(num)s people are more needed elsewhere", number
            )
        )
    return blocker(reason)


OPENERS = {
    "lower_min_age": _l("a lower age"),
    "without_licence": _l("no driving licence needed"),
    "step_free_place": _l("a place without steps"),
    "nearer_place": _l("a nearer place, or a lift"),
    "clearance_given": _l("completing their checks"),
    "clearance_renewed": _l("renewing their checks"),
    "agreement_extended": _l("extending their agreement"),
    "more_hours": _l("agreeing on more hours that week"),
    "more_sessions": _l("agreeing on one session more that week"),
    "more_offers": _l("an answer to their open offers"),
}


def opener(reason: Facts, names: Names = NO_NAMES) -> str:
    """Word one change that would bring people to an empty place, with how many."""
    number = int(reason["people"])
    what = change(reason, names)
    return str(
        ngettext("%(what)s: opens %(num)s person", "%(what)s: opens %(num)s people", number, what=what)
    )


def change(reason: Facts, names: Names = NO_NAMES) -> str:
    """Word one change that would bring people."""
    code = str(reason["code"])
    if code == "other_time":
        return _shift(int(reason["minutes"]))
    if code == "without_skill":
        skill = names.skills.get(str(reason["skill"]), str(reason["skill"]))
        return str(gettext("without asking for %(skill)s", skill=skill))
    if code == "without_language":
        language = _language(str(reason["language"]))
        return str(gettext("without asking for the language %(language)s", language=language))
    return str(OPENERS.get(code, code))


def _shift(minutes: int) -> str:
    hours = abs(minutes) // 60
    if minutes < 0:
        return str(ngettext("%(num)s hour earlier", "%(num)s hours earlier", hours))
    return str(ngettext("%(num)s hour later", "%(num)s hours later", hours))


def loss(level: str, amount: float) -> str:
    """Word what the whole plan would lose on one level."""
    if level == "coverage":
        # Sessions count by their priority there, so that the amount is no number of sessions.
        return str(gettext("fewer sessions could take place, or less important ones"))
    number = round(amount)
    if level == "quality":
        return str(ngettext("%(num)s point of fit", "%(num)s points of fit", number))
    return str(ngettext("%(num)s place more stays empty", "%(num)s places more stay empty", number))


def cost(regret: Facts) -> str:
    """Word what choosing somebody else would cost the whole plan."""
    lost = [loss(level, amount) for level, amount in regret["losses"].items() if round(amount) > 0]
    if not lost:
        return str(gettext("nothing, both choices are equally good"))
    words = ", ".join(lost)
    return words if regret["exact"] else str(gettext("at most %(losses)s", losses=words))


def _language(code: str) -> str:
    return str(dict(LANGUAGES).get(code, code))


def worded(reason: Facts, names: Names) -> dict[str, Any]:
    """Return the facts of a rule as words: days, languages, distances and names."""
    facts = dict(reason)
    if "skill" in facts:
        facts["skill"] = names.skills.get(str(facts["skill"]), str(facts["skill"]))
    if facts.get("until"):
        facts["until"] = words_for_day(date.fromisoformat(str(facts["until"])))
    if "language" in facts:
        facts["language"] = _language(str(facts["language"]))
    if "km" in facts:
        facts["radius"] = kilometres(float(facts.get("radius_km") or 0))
        facts["km"] = kilometres(float(facts["km"]))
    if isinstance(facts.get("cap"), float):
        facts["cap"] = format_decimal(facts["cap"])
    if "role" in facts:
        facts["role"] = names.openings.get(str(facts["role"]), gettext("another session"))
    if "volunteer" in facts:
        facts["volunteer"] = names.people.get(str(facts["volunteer"]), gettext("somebody"))
    return facts


def why_failed(error: str) -> str:
    """Say what can be done about a run that came to nothing."""
    if error.startswith("SolverError: the solver was stopped"):
        return str(gettext("It took too long and was stopped. Choose fewer weeks and try again."))
    return str(gettext("Try again; if it happens again, the administrator finds more in the log."))
