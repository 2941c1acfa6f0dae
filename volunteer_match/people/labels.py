"""Words for the codes of this capability."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from volunteer_match.people.rules import VolunteerEvent, VolunteerState

STATES = {
    VolunteerState.DRAFT: _l("Signing up"),
    VolunteerState.SUBMITTED: _l("New application"),
    VolunteerState.SCREENING: _l("Being looked at"),
    VolunteerState.AWAITING_GUARDIAN: _l("Waiting for a guardian's consent"),
    VolunteerState.AWAITING_CLEARANCE: _l("Waiting for papers"),
    VolunteerState.AWAITING_AGREEMENT: _l("Waiting for the agreement"),
    VolunteerState.ACTIVE: _l("Active"),
    VolunteerState.PAUSED: _l("On a break"),
    VolunteerState.REJECTED: _l("Not admitted"),
    VolunteerState.WITHDRAWN: _l("Withdrawn"),
    VolunteerState.ENDED: _l("Ended"),
}
TONES = {
    VolunteerState.DRAFT: "neutral",
    VolunteerState.SUBMITTED: "warning",
    VolunteerState.SCREENING: "info",
    VolunteerState.AWAITING_GUARDIAN: "info",
    VolunteerState.AWAITING_CLEARANCE: "info",
    VolunteerState.AWAITING_AGREEMENT: "info",
    VolunteerState.ACTIVE: "success",
    VolunteerState.PAUSED: "neutral",
    VolunteerState.REJECTED: "error",
    VolunteerState.WITHDRAWN: "neutral",
    VolunteerState.ENDED: "neutral",
}
# What the person reads on the first page of their own.
STATE_SENTENCES = {
    VolunteerState.DRAFT: _l("A few questions are left. Everything answered so far is kept."),
    VolunteerState.SUBMITTED: _l("We have your application. We call or write within two working days."),
    VolunteerState.SCREENING: _l("We are looking at your application and will call or write soon."),
    VolunteerState.AWAITING_GUARDIAN: _l("Welcome. One thing first: a parent or guardian agrees on paper."),
    VolunteerState.AWAITING_CLEARANCE: _l(
        "Welcome. Before the first meeting with children some papers are due."
    ),
    VolunteerState.AWAITING_AGREEMENT: _l("Almost done: what is left is to sign the volunteer agreement."),
    VolunteerState.ACTIVE: _l("All is ready. When something suits you, we will ask you by mail."),
    VolunteerState.PAUSED: _l("You are on a break. We will not ask you for anything until you are back."),
    VolunteerState.REJECTED: _l("This time we cannot work together. Thank you for the offer."),
    VolunteerState.WITHDRAWN: _l("The application has been taken back. You can send it again at any time."),
    VolunteerState.ENDED: _l("The work together has ended. Thank you for the time given."),
}
EVENTS = {
    VolunteerEvent.SUBMIT: _l("Application sent"),
    VolunteerEvent.SCREEN: _l("Application taken up"),
    VolunteerEvent.ADMIT: _l("Admitted"),
    VolunteerEvent.REASSESS: _l("Papers checked again"),
    VolunteerEvent.PAUSE: _l("Break begun"),
    VolunteerEvent.RESUME: _l("Back from the break"),
    VolunteerEvent.REJECT: _l("Not admitted"),
    VolunteerEvent.WITHDRAW: _l("Application taken back"),
    VolunteerEvent.END: _l("Work together ended"),
}
VERBS: dict[str, object] = {
    **{f"volunteer_{event}": words for event, words in EVENTS.items()},
    "volunteer_added": _l("Entered"),
    "volunteer_edited": _l("Answers changed"),
    "data_notice_read": _l("Information about data read aloud"),
    "qualification_confirmed": _l("Proof of a qualification seen"),
    "qualification_doubted": _l("Proof of a qualification no longer counted"),
    "suggestion_handled": _l("Free text turned into skills"),
}
SECTIONS = {
    "skills": _l("Skills"),
    "levels": _l("How well"),
    "week": _l("When"),
    "hours": _l("Exact hours"),
    "about": _l("Languages and place"),
    "limits": _l("Age and limits"),
    "person": _l("Name and contact"),
    "away": _l("Days that differ"),
    "not_away": _l("Days that differ"),
    "pause": _l("Break"),
}
CHANNEL_NOTES = {
    "phone": _l("by telephone"),
    "paper": _l("from paper"),
    "mail": _l("from a mail"),
    "import": _l("from a list"),
    "cli": _l("on the server"),
    "system": _l("by itself"),
}


def words_for_event(verb: str, facts: Mapping[str, Any]) -> str:
    """Return what happened to an application, in words."""
    words = str(VERBS.get(verb, verb))
    section = SECTIONS.get(str(facts.get("section", "")))
    after = facts.get("after")
    if section is not None:
        return f"{words}: {str(section).lower()}"
    if after and after != facts.get("before") and verb in ("volunteer_admit", "volunteer_reassess"):
        return f"{words}: {str(STATES[VolunteerState(after)]).lower()}"
    return words


def words_for_actor(name: str, channel: str) -> str:
    """Return who did it and how it was told."""
    note = str(CHANNEL_NOTES[channel]) if channel in CHANNEL_NOTES else ""
    return ", ".join(part for part in (name, note) if part)


LEVELS = {
    1: _l("I can lend a hand"),
    2: _l("I can do it"),
    3: _l("I can lead it"),
}
WEEKDAYS = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"),
)  # fmt: skip
WEEKDAYS_SHORT = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))
DAY_PARTS = {
    "morning": _l("Morning"),
    "noon": _l("Noon"),
    "afternoon": _l("Afternoon"),
    "evening": _l("Evening"),
}
LANGUAGES = {
    "pl": _l("Polish"),
    "en": _l("English"),
    "uk": _l("Ukrainian"),
    "be": _l("Belarusian"),
    "ru": _l("Russian"),
    "de": _l("German"),
    "fr": _l("French"),
    "es": _l("Spanish"),
    "it": _l("Italian"),
    "cs": _l("Czech"),
    "sk": _l("Slovak"),
    "lt": _l("Lithuanian"),
    "ro": _l("Romanian"),
    "vi": _l("Vietnamese"),
}
CHANNELS = {
    "phone": _l("by telephone"),
    "paper": _l("on paper"),
    "web": _l("in person or otherwise"),
}
RULES = {
    "too_young": _l("Volunteers are at least 13 years old. Younger children are welcome as guests."),
    "birth_date_in_future": _l("The date of birth lies in the future."),
    "birth_date_too_old": _l("Check the year of birth."),
    "birth_date_missing": _l("The date of birth is missing: without it nobody knows which papers are due."),
    "answers_missing": _l("Some answers are still missing."),
    "ends_before_start": _l("The last day lies before the first."),
    "hours_end_before_start": _l("The end lies before the beginning."),
    "too_many_exceptions": _l("At most %(most)d entries of days that differ."),
    "unknown_skill": _l("One of the skills is no longer on the list. Choose again."),
    "unknown_district": _l("Choose a district from the list."),
    "ask_coordinator": _l("Papers were asked for by these answers. If one of them is wrong, please call us."),
    "not_for_oneself": _l("Nobody records their own papers or admission. Ask somebody else of the staff."),
    "application_closed": _l("This application is closed, so nothing can be changed in it."),
    "address_known": _l("Somebody else has this address already. Look for the person in the list first."),
    "account_has_other_roles": _l("This account has other roles too: its owner changes name and address."),
    "code_taken": _l("There is one like this already."),
    "nothing_chosen": _l("Choose at least one skill, or set the text aside."),
}
