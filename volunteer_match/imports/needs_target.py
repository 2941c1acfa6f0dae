"""Lists of needs; further lines with the same partner and title add roles to the same need."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from volunteer_match.actor import Actor
from volunteer_match.imports import availability, names, volunteers_target
from volunteer_match.imports.rules import Column, parts
from volunteer_match.imports.schemas import NeedRowSchema
from volunteer_match.imports.target import Draft, Line, Names, Target
from volunteer_match.needs import form_queries, service
from volunteer_match.needs.labels import CONTACTS, RECURRENCES, SUPERVISION
from volunteer_match.needs.rules import Contact, NeedEvent, Recurrence, Supervision
from volunteer_match.partners import queries as partners
from volunteer_match.people.labels import LANGUAGES
from volunteer_match.polish import fold

COLUMNS = (
    Column("posted_by_id", ("partner", "posted by", "instytucja"), required=True),
    Column("title", ("tytuł", "title", "nazwa"), required=True),
    Column("organiser_id", ("organizator", "organiser")),
    Column("venue_id", ("miejsce", "venue", "gdzie")),
    Column("what", ("co", "what", "opis")),
    Column("why", ("po co", "why", "dlaczego")),
    Column("contact", ("kontakt", "contact", "z dziećmi")),
    Column("children_count", ("dzieci", "children", "liczba dzieci")),
    Column("age_from", ("wiek od", "age from")),
    Column("age_to", ("wiek do", "age to")),
    Column("supervision", ("opieka", "supervision")),
    Column("staff_adults", ("kadra", "staff")),
    Column("role", ("rola", "role"), required=True),
    Column("minimum", ("minimum", "least")),
    Column("preferred", ("ile osób", "people", "ile", "preferred"), required=True),
    Column("required_skills", ("umiejętności", "skills", "required skills")),
    Column("wanted_skills", ("mile widziane", "wanted skills")),
    Column("languages", ("języki", "languages")),
    Column("minimum_age", ("wiek minimalny", "minimum age")),
    Column("recurrence", ("cykl", "recurrence", "jak często")),
    Column("first_day", ("pierwszy dzień", "first day", "data"), required=True),
    Column("last_day", ("ostatni dzień", "last day")),
    Column("weekdays", ("dni tygodnia", "weekdays")),
    Column("starts_local", ("od", "starts", "od godziny"), required=True),
    Column("ends_local", ("do", "ends", "do godziny"), required=True),
    Column("skip_holidays", ("pomijaj święta", "skip holidays")),
    Column("skip_breaks", ("pomijaj ferie", "skip breaks")),
    Column("driving", ("kierowca", "driving")),
    Column("bring", ("co zabrać", "bring")),
    Column("publish", ("opublikuj", "publish")),
)
_USUALLY_YES = ("skip_holidays", "skip_breaks")
_YES_NO = (*_USUALLY_YES, "driving", "publish")
_OF_ROLE = {"minimum": "minimum", "preferred": "preferred", "minimum_age": "minimum_age", "role": "name"}
_LISTS = ("required_skills", "wanted_skills", "languages")
_LOOKED_UP = ("posted_by_id", "organiser_id", "contact", "supervision", "recurrence")
_PLAIN = frozenset(c.code for c in COLUMNS) - {
    *_YES_NO,
    *_OF_ROLE,
    *_LISTS,
    *_LOOKED_UP,
    "venue_id",
    "weekdays",
}


def make() -> Target:
    """Return how lists of needs are read."""
    return Target(COLUMNS, _drafts, _store)


def _drafts(lines: Sequence[Line]) -> list[Draft]:
    lookups = _lookups()
    made: dict[tuple[str, str], tuple[Draft, Mapping[str, str]]] = {}
    for line, values in lines:
        key = fold(values.get("posted_by_id", "")), fold(values.get("title", ""))
        if key in made:
            draft, first = made[key]
            _check_repeated(draft, line, values, first)
        else:
            draft = _need(line, values, lookups)
            made[key] = draft, values
        _add_role(draft, line, values, lookups)
    drafts = [draft for draft, _first in made.values()]
    posted = form_queries.posted()
    for draft in drafts:
        draft.load(NeedRowSchema())
        if draft.data and _identity(draft.data) in posted:
            draft.complain("title", "already_there", value=draft.data["title"])
    return drafts


def _identity(data: Mapping[str, Any]) -> tuple[str, str, date | None]:
    return data["posted_by_id"], data["title"], data["first_day"]


def _lookups() -> dict[str, Names]:
    institutions = Names.of((name, partner_id) for partner_id, name in partners.choices())
    skills = volunteers_target.skill_names()
    return {
        "posted_by_id": institutions,
        "organiser_id": institutions,
        "contact": names.of_labels(
            {code: words[0] for code, words in CONTACTS.items()},
            {"dzieci": Contact.CHILDREN, "bez dzieci": Contact.NO_CHILDREN, "zdalnie": Contact.REMOTE},
        ),
        "supervision": names.of_labels(
            {code: words[0] for code, words in SUPERVISION.items()},
            {"organizator": Supervision.ORGANISER, "rodzice": Supervision.PARENTS_PRESENT},
        ),
        "recurrence": names.of_labels(
            RECURRENCES,
            {
                "jednorazowo": Recurrence.ONCE,
                "co tydzień": Recurrence.WEEKLY,
                "co dwa tygodnie": Recurrence.FORTNIGHTLY,
                "co miesiąc": Recurrence.MONTHLY,
            },
        ),
        "required_skills": skills,
        "wanted_skills": skills,
        "languages": names.of_labels(LANGUAGES),
        "venue_id": Names.of(
            (name, venue.id)
            for venue in partners.venue_choices(())
            for name in (venue.name, f"{venue.owner}: {venue.name}")
        ),
    }


def _need(line: int, values: Mapping[str, str], lookups: Mapping[str, Names]) -> Draft:
    draft = Draft(line)
    for column in _LOOKED_UP:
        if values.get(column):
            draft.put(column, draft.lookup(lookups[column], values[column], column), column)
    if values.get("venue_id"):
        draft.put("venue_id", draft.lookup(lookups["venue_id"], values["venue_id"], "venue_id"), "venue_id")
    for column in _PLAIN:
        if values.get(column):
            draft.put(column, values[column], column)
    _answers(draft, values)
    try:
        draft.put("weekdays", availability.weekdays(values.get("weekdays", "")), "weekdays")
    except ValueError as error:
        draft.complain("weekdays", "availability", value=str(error))
    return draft


def _answers(draft: Draft, values: Mapping[str, str]) -> None:
    for column in _YES_NO:
        cell = values.get(column, "")
        if not cell and column in _USUALLY_YES:
            draft.put(column, "1", column)
        elif column in values:
            said = names.yes_or_no(cell)
            if said is None:
                draft.complain(column, "unknown", value=cell, known="tak, nie")
            draft.put(column, said or "", column)


def _check_repeated(draft: Draft, line: int, values: Mapping[str, str], first: Mapping[str, str]) -> None:
    own = {*_OF_ROLE, *_LISTS}
    for column, cell in values.items():
        if column not in own and cell and cell != first.get(column):
            draft.complain(column, "differs", at_line=line)


def _add_role(draft: Draft, line: int, values: Mapping[str, str], lookups: Mapping[str, Names]) -> None:
    place = f"roles.{len(draft.typed.get('roles', []))}"
    for column, field in _OF_ROLE.items():
        draft.put(f"{place}.{field}", values.get(column, ""), column, line)
    for column in _LISTS:
        codes = [draft.lookup(lookups[column], p, column, line) for p in parts(values.get(column, ""))]
        draft.put(f"{place}.{column}", [code for code in codes if code], column, line)


def _store(actor: Actor, data: Mapping[str, Any]) -> None:
    given = {key: value for key, value in data.items() if key != "publish"}
    need = service.post_draft(actor, given)
    service.apply(actor, need.id, NeedEvent.SUBMIT)
    if data["publish"]:
        service.apply(actor, need.id, NeedEvent.PUBLISH)
