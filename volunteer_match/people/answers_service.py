"""Saves what volunteers answer about themselves, one function per section, whoever types it in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from volunteer_match import clock, queue
from volunteer_match.accounts import messages as accounts_messages
from volunteer_match.accounts import queries as accounts_queries
from volunteer_match.accounts import service as accounts
from volunteer_match.actor import Actor, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.notifications import outbox
from volunteer_match.people import catalogue_queries, queries, rules, service
from volunteer_match.people.models import (
    AvailabilityException,
    AvailabilityRule,
    SkillSuggestion,
    Volunteer,
    VolunteerLanguage,
    VolunteerSkill,
)
from volunteer_match.people.rules import MINUTES_OF_DAY, VolunteerEvent, WeeklySpan

Answers = Mapping[str, Any]
USUAL_LEVEL = 2
MAX_EXCEPTIONS = 60


def save(
    actor: Actor,
    volunteer_id: str,
    section: str,
    answers: Answers,
    *,
    version: int | None = None,
    step: int = 0,
) -> None:
    """Save one section of a volunteer's answers; `step` is how far the sign-up has come with it."""
    volunteer = service.editable(actor, volunteer_id)
    service.check_version(volunteer, version)
    if section == "limits":
        _check_settled(actor, volunteer, answers)
    _SAVERS[section](volunteer, answers)
    volunteer.sign_up_step = max(volunteer.sign_up_step, step)
    service.note_change(actor, volunteer, section)
    service.changed(actor, volunteer)
    queue.wake("reconcile")


def enter_by_phone(actor: Actor, answers: Answers) -> Volunteer:
    """Enter somebody who called: name and telephone suffice, everything else may come later.

    The coordinator has read the information about data aloud; the application is submitted at once.
    """
    if not actor.has(Role.COORDINATOR):
        raise NotFoundError("only coordinators enter people")
    email = answers["email"] or None
    if email and accounts_queries.user_by_email(email):
        raise RuleBrokenError("address_known")
    person = accounts.register_person(
        actor, answers["name"], email, answers["phone"] or None, answers["locale"], Role.VOLUNTEER
    )
    volunteer = service.add_volunteer(actor, person)
    told = {**answers, "languages": answers["languages"] or [rules.USUAL_LANGUAGE]}
    for section in ("skills", "week", "about", "limits"):
        _SAVERS[section](volunteer, told)
    audit.record(service.as_proxy(actor, volunteer), "data_notice_read", "volunteer", volunteer.id)
    db.session.flush()  # the check before submitting reads the answers
    volunteer.submitted_at = clock.now()
    service.apply(actor, volunteer, VolunteerEvent.SUBMIT)
    if email:
        service.ask_to_confirm(person)
    return volunteer


def edit_person(actor: Actor, volunteer_id: str, answers: Answers, version: int | None = None) -> None:
    """Change name, telephone, language or address of a person on a coordinator's word."""
    if not actor.has(Role.COORDINATOR):
        raise NotFoundError("only coordinators edit people")
    volunteer = service.editable(actor, volunteer_id)
    service.check_version(volunteer, version)
    person = volunteer.user
    if person.roles - {Role.VOLUNTEER}:
        raise RuleBrokenError("account_has_other_roles")
    person.name, person.phone, person.locale = answers["name"], answers["phone"] or None, answers["locale"]
    _change_address(volunteer, answers["email"] or None)
    service.note_change(actor, volunteer, "person")


def _change_address(volunteer: Volunteer, email: str | None) -> None:
    person = volunteer.user
    if email == person.email:
        return
    if email and accounts_queries.user_by_email(email):
        raise RuleBrokenError("address_known")
    accounts.move_mails(person, email)  # but not the notice, which is for the old address
    if person.email:
        outbox.put(accounts_messages.notice(person, "address_changed", new_id()))
    person.email, person.email_confirmed_at = email, None
    accounts.end_sessions(person.id)
    accounts.void_tokens(person.id)  # links mailed to the old address sign in
    if email:
        service.ask_to_confirm(person)


# Sections


def _save_skills(volunteer: Volunteer, answers: Answers) -> None:
    chosen = list(dict.fromkeys(answers["skills"]))
    had = {offered.skill_code: offered for offered in volunteer.skills}
    known = catalogue_queries.usable_codes() | had.keys()
    if not known.issuperset(chosen):
        raise RuleBrokenError("unknown_skill")
    volunteer.skills = [
        had.get(code) or VolunteerSkill(skill_code=code, level=USUAL_LEVEL) for code in chosen
    ]
    _save_suggestion(volunteer, answers["suggestion"] or "")


def _save_suggestion(volunteer: Volunteer, text: str) -> None:
    waiting = queries.open_suggestions(volunteer.id)
    if [s.text for s in waiting] == ([text] if text else []):
        return
    for suggestion in waiting:
        db.session.delete(suggestion)
    if text:
        volunteer.suggestions.append(SkillSuggestion(text=text, created_at=clock.now()))


def _save_levels(volunteer: Volunteer, answers: Answers) -> None:
    wanted = {row["code"]: int(row["level"]) for row in answers["levels"]}
    for offered in volunteer.skills:
        offered.level = wanted.get(offered.skill_code, offered.level)


def _save_week(volunteer: Volunteer, answers: Answers) -> None:
    cells = rules.GRID_CELLS if answers["any_time"] else answers["cells"]
    _set_week(volunteer, rules.spans_of_cells(cells))


def _save_hours(volunteer: Volunteer, answers: Answers) -> None:
    spans = [WeeklySpan(row["weekday"], row["starts"], row["ends"]) for row in answers["hours"]]
    _set_week(volunteer, rules.joined_spans(spans))


def _set_week(volunteer: Volunteer, spans: Sequence[WeeklySpan]) -> None:
    had = {(r.weekday, r.starts_minute): r for r in volunteer.availability}
    kept = []
    for span in spans:
        rule = had.get((span.weekday, span.starts))
        if rule is None:
            rule = AvailabilityRule(weekday=span.weekday, starts_minute=span.starts, ends_minute=span.ends)
        rule.ends_minute = span.ends
        kept.append(rule)
    volunteer.availability = kept


def _save_about(volunteer: Volunteer, answers: Answers) -> None:
    if answers["district_id"] and answers["district_id"] not in catalogue_queries.district_ids():
        raise RuleBrokenError("unknown_district")
    had = {spoken.language: spoken for spoken in volunteer.languages}
    volunteer.languages = [
        had.get(code) or VolunteerLanguage(language=code) for code in dict.fromkeys(answers["languages"])
    ]
    volunteer.user.phone = answers["phone"] or volunteer.user.phone
    for name in ("district_id", "radius_km", "driving_licence", "step_free", "remote_only", "about"):
        setattr(volunteer, name, answers[name])


def _save_limits(volunteer: Volunteer, answers: Answers) -> None:
    birth = answers["birth_date"]
    problem = birth and rules.birth_date_problem(birth, today())
    if problem:
        raise RuleBrokenError(problem)
    volunteer.birth_date = birth
    for name in ("foreign_citizen", "lived_abroad", "standby"):
        setattr(volunteer, name, bool(answers[name]))
    volunteer.max_hours_per_week = answers["max_hours"]
    volunteer.max_sessions_per_week = answers["max_sessions"]


def _check_settled(actor: Actor, volunteer: Volunteer, answers: Answers) -> None:
    # Papers were asked for by these answers: unsaying them would make papers and consent unnecessary.
    before = rules.Deciding(volunteer.birth_date, volunteer.foreign_citizen, volunteer.lived_abroad)
    after = rules.Deciding(
        answers["birth_date"], bool(answers["foreign_citizen"]), bool(answers["lived_abroad"])
    )
    own = actor.user_id == volunteer.user_id
    if own and volunteer.state in rules.ADMITTED and rules.unsays(before, after, today()):
        raise RuleBrokenError("ask_coordinator")


def _add_exception(volunteer: Volunteer, answers: Answers) -> None:
    first = answers["first_day"]
    last = answers["last_day"] or first
    if sum(day.last_day >= today() for day in volunteer.exceptions) >= MAX_EXCEPTIONS:
        raise RuleBrokenError("too_many_exceptions", most=MAX_EXCEPTIONS)
    if last < first:
        raise RuleBrokenError("ends_before_start")
    starts = answers["starts"] or 0
    ends = answers["ends"] or MINUTES_OF_DAY
    if ends <= starts:
        raise RuleBrokenError("hours_end_before_start")
    volunteer.exceptions.append(
        AvailabilityException(
            first_day=first,
            last_day=last,
            free=answers["kind"] == "free",
            starts_minute=starts,
            ends_minute=ends,
            note=answers["note"],
        )
    )


def _remove_exception(volunteer: Volunteer, answers: Answers) -> None:
    found = next((e for e in volunteer.exceptions if e.id == answers["exception_id"]), None)
    if found is None:
        raise NotFoundError("exception")
    volunteer.exceptions.remove(found)


_SAVERS: Mapping[str, Callable[[Volunteer, Answers], None]] = {
    "skills": _save_skills,
    "levels": _save_levels,
    "week": _save_week,
    "hours": _save_hours,
    "about": _save_about,
    "limits": _save_limits,
    "away": _add_exception,
    "not_away": _remove_exception,
}


# Qualifications and suggestions, decided by coordinators


def confirm_qualification(actor: Actor, volunteer_id: str, code: str, seen: bool) -> None:
    """Record that a coordinator saw the proof of a qualification, or that it no longer counts."""
    volunteer = _for_coordinator(actor, volunteer_id)
    service.check_not_oneself(actor, volunteer)
    offered = next((s for s in volunteer.skills if s.skill_code == code), None)
    if offered is None or not offered.skill.qualification:
        raise NotFoundError("qualification")
    if seen == (offered.confirmed_at is not None):
        return  # somebody else said so a moment ago
    offered.confirmed_at = clock.now() if seen else None
    verb = "qualification_confirmed" if seen else "qualification_doubted"
    volunteer.changed_at = clock.now()
    audit.record(actor, verb, "volunteer", volunteer.id, skill=code)
    queue.wake("reconcile")


def _for_coordinator(actor: Actor, volunteer_id: str) -> Volunteer:
    if not actor.has(Role.COORDINATOR):
        raise NotFoundError("only coordinators decide")
    return queries.volunteer(volunteer_id)
