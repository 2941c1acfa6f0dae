"""The sections of what volunteers answer, as pages: signing up, one's own, and those of staff."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Actor, Channel
from volunteer_match.errors import ConflictError, RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.people import catalogue_queries, labels, queries, rules
from volunteer_match.people.rules import VolunteerState, WeeklySpan
from volunteer_match.people.schemas import (
    AboutSchema,
    EditSchema,
    HoursSchema,
    LevelsSchema,
    LimitsSchema,
    PersonSchema,
    SkillsSchema,
    WeekSchema,
)
from volunteer_match.web import wording
from volunteer_match.web.forms import Form, prefilled
from volunteer_match.web.wording import words_for

wording.add(labels.RULES)
# Beside which field a broken rule is shown.
_FIELDS = {
    "too_young": "birth_date",
    "birth_date_in_future": "birth_date",
    "birth_date_too_old": "birth_date",
    "ends_before_start": "last_day",
    "hours_end_before_start": "ends",
    "too_many_exceptions": "first_day",
    "ask_coordinator": "birth_date",
    "unknown_skill": "skills",
    "unknown_district": "district_id",
    "address_known": "email",
    "account_has_other_roles": "name",
    "reason_missing": "reason",
}


@dataclass(frozen=True)
class Section:
    """One page of questions: how it is read, what stands in it at first, and its words."""

    code: str
    schema: type[EditSchema]
    values: Callable[[Any], Mapping[str, Any]]
    title: object
    lead: object = ""


def _skills(volunteer: Any) -> Mapping[str, Any]:
    waiting = queries.open_suggestions(volunteer.id)
    return {
        "skills": [offered.skill_code for offered in volunteer.skills],
        "suggestion": " ".join(suggestion.text for suggestion in waiting),
    }


def _levels(volunteer: Any) -> Mapping[str, Any]:
    offered = sorted(volunteer.skills, key=lambda s: s.skill_code)
    return {"levels": [{"code": s.skill_code, "level": s.level} for s in offered]}


def _week(volunteer: Any) -> Mapping[str, Any]:
    cells = rules.cells_of_spans(spans_of(volunteer))
    return {"cells": cells, "any_time": cells == rules.GRID_CELLS}


def spans_of(volunteer: Any) -> list[WeeklySpan]:
    """Return the usual week of a volunteer in order."""
    return sorted(WeeklySpan(r.weekday, r.starts_minute, r.ends_minute) for r in volunteer.availability)


def _hours(volunteer: Any) -> Mapping[str, Any]:
    return {
        "hours": [
            {"weekday": span.weekday, "starts": clock_words(span.starts), "ends": clock_words(span.ends)}
            for span in spans_of(volunteer)
        ]
    }


def clock_words(minute: int) -> str:
    """Return a minute of the day as 16:30; the last one as 00:00, as browsers write midnight."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _about(volunteer: Any) -> Mapping[str, Any]:
    names = ("district_id", "radius_km", "driving_licence", "step_free", "remote_only", "about")
    return {
        **{name: getattr(volunteer, name) for name in names},
        "phone": volunteer.user.phone,
        "languages": [spoken.language for spoken in volunteer.languages],
    }


def _limits(volunteer: Any) -> Mapping[str, Any]:
    asked = volunteer.birth_date is not None
    return {
        "birth_date": volunteer.birth_date,
        "foreign_citizen": _yes_no(volunteer.foreign_citizen) if asked else None,
        "lived_abroad": _yes_no(volunteer.lived_abroad) if asked else None,
        "max_hours": volunteer.max_hours_per_week,
        "max_sessions": volunteer.max_sessions_per_week,
        "standby": volunteer.standby,
    }


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


SECTIONS = {
    section.code: section
    for section in (
        Section(
            "skills",
            SkillsSchema,
            _skills,
            _l("What would you like to do?"),
            _l("Choose as many as you like. Nobody needs to be an expert: often a pair of hands is enough."),
        ),
        Section(
            "week",
            WeekSchema,
            _week,
            _l("When can you usually come?"),
            _l("Roughly is enough. We ask before every meeting; ticking promises nothing."),
        ),
        Section(
            "about",
            AboutSchema,
            _about,
            _l("Languages and place"),
            _l("Everything on this page is optional. It helps us not to ask for what does not suit you."),
        ),
        Section(
            "limits",
            LimitsSchema,
            _limits,
            _l("Age and limits"),
        ),
        Section(
            "levels",
            LevelsSchema,
            _levels,
            _l("How well?"),
            _l("So that nobody has to lead who would rather help."),
        ),
        Section(
            "hours",
            HoursSchema,
            _hours,
            _l("Exact hours"),
            _l("Your usual week. To remove a line, clear both times."),
        ),
    )
}


def _person(volunteer: Any) -> Mapping[str, Any]:
    return {name: getattr(volunteer.user, name) for name in ("name", "email", "phone", "locale")}


PERSON = Section("person", PersonSchema, _person, _l("Name and contact"))
"""Staff only: people change their own name and address on their account page."""
STEPS = ("skills", "week", "about", "limits")
FIRST_STEP, ALL_STEPS = 2, 6
"""The sign-up has six steps: name, the four sections, and a last look."""


def blank(section: Section, volunteer: Any) -> Form:
    """Return the form of a section with the answers given so far."""
    return prefilled(section.values(volunteer))


def render(template: str, section: Section, volunteer: Any, form: Form, **facts: Any) -> str:
    """Return the page of a section."""
    return render_template(
        template, section=section, volunteer=volunteer, form=form, **choices(volunteer), **facts
    )


def choices(volunteer: Any = None) -> dict[str, Any]:
    """Return what the fields of the sections offer to choose from, in the language of the page."""
    locale = str(get_locale())
    keep = [offered.skill_code for offered in volunteer.skills] if volunteer else []
    return {
        "skill_groups": catalogue_queries.skill_groups(locale, keep=keep),
        "skill_name": skill_namer(),
        "districts": queries.district_choices(),
        "languages_spoken": list(labels.LANGUAGES.items()),
        "days": list(enumerate(labels.WEEKDAYS)),
        "days_short": list(enumerate(labels.WEEKDAYS_SHORT)),
        "parts": [
            (p.code, labels.DAY_PARTS[p.code], f"{p.starts // 60}–{p.ends // 60}") for p in rules.DAY_PARTS
        ],
        "levels": list(labels.LEVELS.items()),
        "channels": list(labels.CHANNELS.items()),
    }


def refuse(form: Form, error: RuleBrokenError) -> None:
    """Show a broken rule beside the field it is about; a conflict stays a page of its own."""
    if isinstance(error, ConflictError):
        raise error
    form.refuse(_FIELDS.get(error.code, "_form"), words_for(error))


def on_behalf(actor: Actor, channel: str) -> Actor:
    """Return the member of staff acting through the channel by which the person told it."""
    return actor.by(Channel(channel))


def split(data: Mapping[str, Any]) -> tuple[dict[str, Any], int | None, str]:
    """Return the answers apart from the version they were based on and the channel they came by."""
    answers = {name: value for name, value in data.items() if name not in ("version", "channel")}
    return answers, data.get("version"), str(data.get("channel") or Channel.WEB)


def coming_exceptions(volunteer: Any) -> list[Any]:
    """Return the days that differ and are not over yet, in order."""
    ahead = [day for day in volunteer.exceptions if day.last_day >= today()]
    return sorted(ahead, key=lambda day: (day.first_day, day.starts_minute))


def render_away(volunteer: Any, form: Form | None, *, on_behalf: bool = False) -> str:
    """Return the page of the days that differ, one's own or somebody else's."""
    if on_behalf:
        action = url_for("people.add_person_away", volunteer_id=volunteer.id)
        back = url_for("people.person", volunteer_id=volunteer.id)
    else:
        action, back = url_for("people.add_away"), url_for("people.home")

    def remove(exception_id: str) -> str:
        if on_behalf:
            facts = {"volunteer_id": volunteer.id, "exception_id": exception_id}
            return url_for("people.remove_person_away", **facts)
        return url_for("people.remove_away", exception_id=exception_id)

    return render_template(
        "people/away.html",
        volunteer=volunteer,
        clock_words=clock_words,
        remove=remove,
        form=form,
        differing=coming_exceptions(volunteer),
        action=action,
        back=back,
        on_behalf=on_behalf,
        channels=list(labels.CHANNELS.items()),
    )


def skill_namer() -> Callable[[Any], str]:
    """Return a function that names skills in the language of the page."""
    locale = str(get_locale())
    return lambda skill: catalogue_queries.name_in(locale, skill)


def week_words(volunteer: Any) -> list[tuple[str, str]]:
    """Return the usual week as (days, hours) in words; days in a row with the same hours are one."""
    by_day: dict[int, list[str]] = {}
    for span in spans_of(volunteer):
        ends = "24:00" if span.ends == rules.MINUTES_OF_DAY else clock_words(span.ends)
        by_day.setdefault(span.weekday, []).append(f"{clock_words(span.starts)}–{ends}")
    rows: list[tuple[int, int, str]] = []
    for day, hours in sorted((day, ", ".join(hours)) for day, hours in by_day.items()):
        if rows and rows[-1][1:] == (day - 1, hours):
            rows[-1] = (rows[-1][0], day, hours)
        else:
            rows.append((day, day, hours))
    return [(_days_words(first, last), hours) for first, last, hours in rows]


def _days_words(first: int, last: int) -> str:
    if first == last:
        return str(labels.WEEKDAYS[first])
    return f"{labels.WEEKDAYS_SHORT[first]}–{labels.WEEKDAYS_SHORT[last]}"


def summary(volunteer: Any) -> dict[str, list[tuple[str, Any]]]:
    """Return the answers in words, by section, for the last look and the page of a person."""
    locale = str(get_locale())
    skills = [
        f"{catalogue_queries.name_in(locale, s.skill)} ({str(labels.LEVELS[s.level]).lower()})"
        for s in sorted(volunteer.skills, key=lambda s: s.skill_code)
    ]
    suggestions = [f"„{s.text}”" for s in queries.open_suggestions(volunteer.id)]
    return {
        "skills": [(str(_l("Skills")), ", ".join(skills + suggestions))],
        "week": [(str(_l("When")), "; ".join(f"{day} {hours}" for day, hours in week_words(volunteer)))],
        "about": _about_words(volunteer),
        "limits": _limits_words(volunteer),
    }


def _about_words(volunteer: Any) -> list[tuple[str, Any]]:
    spoken = [str(labels.LANGUAGES.get(s.language, s.language)) for s in volunteer.languages]
    radius = str(_l("up to %(km)s km", km=volunteer.radius_km)) if volunteer.radius_km else ""
    place = volunteer.district.name if volunteer.district else ""
    wishes = [
        str(words)
        for wanted, words in (
            (volunteer.driving_licence, _l("driving licence")),
            (volunteer.step_free, _l("step-free places only")),
            (volunteer.remote_only, _l("from home only")),
        )
        if wanted
    ]
    return [
        (str(_l("Telephone")), volunteer.user.phone or ""),
        (str(_l("Languages")), ", ".join(spoken)),
        (str(_l("District")), ", ".join(part for part in (place, radius) if part)),
        (str(_l("Wishes")), ", ".join(wishes)),
        (str(_l("In own words")), volunteer.about),
    ]


def _limits_words(volunteer: Any) -> list[tuple[str, Any]]:
    yes, no = str(_l("yes")), str(_l("no"))
    born = volunteer.birth_date.strftime("%d.%m.%Y") if volunteer.birth_date else ""
    most = _l(
        "%(hours)s hours, %(sessions)s meetings",
        hours=volunteer.max_hours_per_week,
        sessions=volunteer.max_sessions_per_week,
    )
    return [
        (str(_l("Date of birth")), born),
        (str(_l("Citizenship of another country")), yes if volunteer.foreign_citizen else no),
        (str(_l("Lived in another country in the last 20 years")), yes if volunteer.lived_abroad else no),
        (str(_l("At most in a week")), str(most)),
        (str(_l("Ready at short notice")), yes if volunteer.standby else no),
    ]


def seen_state(volunteer: Any) -> VolunteerState:
    """Return how a volunteer's state looks today."""
    return rules.seen_state(
        VolunteerState(volunteer.state), volunteer.paused_from, volunteer.paused_until, today()
    )
