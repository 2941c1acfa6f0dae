"""Lists of volunteers; each becomes an application, as if the person had called."""

from collections.abc import Mapping, Sequence
from typing import Any

from volunteer_match.accounts import queries as accounts
from volunteer_match.actor import Actor, Channel
from volunteer_match.imports import availability, names
from volunteer_match.imports.rules import Column, parts
from volunteer_match.imports.schemas import VolunteerRowSchema
from volunteer_match.imports.target import Draft, Line, Names, Target
from volunteer_match.people import answers_service
from volunteer_match.people import catalogue_queries as catalogue
from volunteer_match.people import queries as people
from volunteer_match.people.labels import LANGUAGES
from volunteer_match.polish import fold

COLUMNS = (
    Column("name", ("imię i nazwisko", "name", "nazwisko i imię", "osoba"), required=True),
    Column("email", ("e-mail", "email", "adres e-mail", "poczta")),
    Column("phone", ("telefon", "phone", "komórka")),
    Column("birth_date", ("data urodzenia", "birth date", "urodzony")),
    Column("skills", ("umiejętności", "skills")),
    Column("suggestion", ("inne umiejętności", "other skills")),
    Column("languages", ("języki", "languages")),
    Column("hours", ("dostępność", "availability", "kiedy")),
    Column("district_id", ("dzielnica", "district", "osiedle")),
    Column("radius_km", ("promień km", "radius km", "promień")),
    Column("driving_licence", ("prawo jazdy", "driving licence")),
    Column("step_free", ("bez schodów", "step free")),
    Column("remote_only", ("tylko zdalnie", "remote only")),
    Column("foreign_citizen", ("inne obywatelstwo", "foreign citizen")),
    Column("lived_abroad", ("mieszkanie za granicą", "lived abroad")),
    Column("max_hours", ("godzin w tygodniu", "hours a week")),
    Column("max_sessions", ("spotkań w tygodniu", "sessions a week")),
    Column("standby", ("w rezerwie", "standby")),
    Column("about", ("o sobie", "about")),
)
_YES_NO = ("driving_licence", "step_free", "remote_only", "foreign_citizen", "lived_abroad", "standby")


def make() -> Target:
    """Return how lists of volunteers are read."""
    return Target(COLUMNS, _drafts, _store)


def skill_names() -> Names:
    """Return what people call the skills: names in both languages, codes and synonyms."""
    pairs = []
    for skill in catalogue.skills():
        words = (skill.name_pl, skill.name_en, skill.code)
        pairs += [(word, skill.code) for word in words]
    exact = Names.of(pairs)
    loose = [
        (word, skill.code)
        for skill in catalogue.skills()
        for word in parts(skill.synonyms)
        if not exact.has(word)
    ]
    return Names.of([*pairs, *loose])


def district_names() -> Names:
    """Return the districts by name."""
    return Names.of((district.name, district.id) for district in catalogue.districts())


def _drafts(lines: Sequence[Line]) -> list[Draft]:
    skills, districts, languages = skill_names(), district_names(), names.of_labels(LANGUAGES)
    seen: dict[str, int] = {}
    callers, listed = people.names_and_phones(), dict[tuple[str, str], int]()
    drafts = []
    for line, values in lines:
        draft = Draft(line)
        draft.typed["notice_read"] = "1"  # said on the page: who imports has told the people listed
        _plain(draft, values)
        _lists(draft, values, {"skills": skills, "languages": languages})
        if values.get("district_id"):
            code = draft.lookup(districts, values["district_id"], "district_id")
            draft.put("district_id", code, "district_id")
        _hours(draft, values.get("hours", ""))
        _address(draft, values.get("email", "").lower(), seen)
        draft.load(VolunteerRowSchema())
        _caller(draft, callers, listed)
        drafts.append(draft)
    return drafts


def _plain(draft: Draft, values: Mapping[str, str]) -> None:
    for column, cell in values.items():
        if column in _YES_NO:
            said = names.yes_or_no(cell)
            if said is None:
                draft.complain(column, "unknown", value=cell, known="tak, nie")
            draft.put(column, said or "", column)
        elif cell and column not in ("skills", "languages", "district_id", "hours"):
            draft.put(column, cell, column)


def _lists(draft: Draft, values: Mapping[str, str], lookups: Mapping[str, Names]) -> None:
    for column, known in lookups.items():
        codes = [draft.lookup(known, part, column) for part in parts(values.get(column, ""))]
        draft.put(column, [code for code in codes if code], column)


def _hours(draft: Draft, cell: str) -> None:
    try:
        draft.put("hours", availability.weekly_hours(cell), "hours")
    except ValueError as error:
        draft.complain("hours", "availability", value=str(error))


def _address(draft: Draft, email: str, seen: dict[str, int]) -> None:
    if not email:
        return
    if email in seen:
        draft.complain("email", "twice", line=seen[email])
    elif accounts.user_by_email(email):
        draft.complain("email", "already_there", value=email)
    seen.setdefault(email, draft.line)


def _caller(draft: Draft, known: set[tuple[str, str]], listed: dict[tuple[str, str], int]) -> None:
    """Complain of somebody without an address who is there under the same name and telephone number."""
    if draft.data is None or draft.data["email"]:
        return
    caller = fold(draft.data["name"]), str(draft.data["phone"])
    if caller in listed:
        draft.complain("name", "twice", line=listed[caller])
    elif caller in known:
        draft.complain("name", "already_there", value=draft.data["name"])
    listed.setdefault(caller, draft.line)


def _store(actor: Actor, data: Mapping[str, Any]) -> None:
    by_import = actor.by(Channel.IMPORT)
    volunteer = answers_service.enter_by_phone(by_import, data)
    answers_service.save(by_import, volunteer.id, "hours", data)
