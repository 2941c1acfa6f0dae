"""Keeps the lists people choose from: themes, skills, districts; turns free text into skills."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from volunteer_match import clock, queue
from volunteer_match.actor import Actor, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.i18n import fold
from volunteer_match.people import catalogue_queries as queries
from volunteer_match.people import queries as people_queries
from volunteer_match.people.models import District, Skill, SkillTheme, VolunteerSkill

_CATALOGUE = Path(__file__).parent / "catalogue"
Answers = Mapping[str, Any]


def seed_catalogue() -> int:
    """Add the usual themes, skills and districts that are not there yet; return how many were added."""
    added = _add_missing(SkillTheme, "code", list(_themes()))
    db.session.flush()  # skills refer to their theme by its key
    added += _add_missing(Skill, "code", list(_skills()))
    if not db.session.scalar(select(func.count()).select_from(District)):
        added += _add_missing(District, "name", list(_districts()))
    db.session.flush()  # whoever seeds goes on to use them
    return added


def _add_missing(model: Any, key: str, rows: list[Any]) -> int:
    known = set(db.session.scalars(select(getattr(model, key))))
    fresh = [row for row in rows if getattr(row, key) not in known]
    db.session.add_all(fresh)
    return len(fresh)


def _themes() -> Iterator[SkillTheme]:
    for position, row in enumerate(_rows("themes")):
        yield SkillTheme(**row, position=position)


def _skills() -> Iterator[Skill]:
    for row in _rows("skills"):
        yield Skill(
            code=row["code"],
            theme_code=row["theme"],
            name_pl=row["name_pl"],
            name_en=row["name_en"],
            synonyms=row["synonyms"],
            qualification=row["qualification"] == "tak",
        )


def _districts() -> Iterator[District]:
    for row in _rows("districts"):
        yield District(name=row["name"], latitude=float(row["latitude"]), longitude=float(row["longitude"]))


def _rows(name: str) -> list[dict[str, str]]:
    with (_CATALOGUE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


# Skills and themes


def add_skill(actor: Actor, answers: Answers) -> Skill:
    """Add a skill to the list people choose from."""
    _check_may(actor)
    queries.theme(answers["theme_code"])
    _check_names_free(Skill, answers, but=None)
    skill = Skill(code=_code(Skill, answers["name_en"] or answers["name_pl"]))
    _write_skill(skill, answers)
    db.session.add(skill)
    db.session.flush()  # it may be given to a volunteer next
    audit.record(actor, "skill_added", "skill", skill.code[:22])
    return skill


def edit_skill(actor: Actor, code: str, answers: Answers) -> None:
    """Change a skill; a retired one stays with those who have it and is offered to nobody else."""
    _check_may(actor)
    queries.theme(answers["theme_code"])
    _check_names_free(Skill, answers, but=code)
    skill = queries.skill(code)
    _write_skill(skill, answers)
    audit.record(actor, "skill_edited", "skill", code[:22])


def _write_skill(skill: Skill, answers: Answers) -> None:
    skill.theme_code = answers["theme_code"]
    skill.name_pl, skill.name_en = answers["name_pl"], answers["name_en"]
    skill.synonyms = ",".join(w.strip() for w in answers["synonyms"].split(",") if w.strip())
    skill.qualification, skill.retired = answers["qualification"], answers["retired"]


def add_theme(actor: Actor, answers: Answers) -> SkillTheme:
    """Add a theme at the end of the list."""
    _check_may(actor)
    last = db.session.scalar(select(func.max(SkillTheme.position))) or 0
    theme = SkillTheme(
        code=_code(SkillTheme, answers["name_en"] or answers["name_pl"]),
        name_pl=answers["name_pl"],
        name_en=answers["name_en"],
        position=last + 1,
    )
    db.session.add(theme)
    audit.record(actor, "theme_added", "theme", theme.code[:22])
    return theme


def edit_theme(actor: Actor, code: str, answers: Answers) -> None:
    """Change the names and the place of a theme."""
    _check_may(actor)
    theme = queries.theme(code)
    theme.name_pl, theme.name_en = answers["name_pl"], answers["name_en"]
    theme.position = answers["position"]
    audit.record(actor, "theme_edited", "theme", code[:22])


def _check_names_free(model: type[Skill], answers: Answers, but: str | None) -> None:
    for name in ("name_pl", "name_en"):
        # In Python, for databases do not agree about the small letters of the Polish alphabet.
        known = db.session.execute(select(model.code, getattr(model, name)))
        if any(fold(row[1]) == fold(answers[name]) and row[0] != but for row in known):
            raise RuleBrokenError("code_taken", field=name)


def _code(model: type[Skill] | type[SkillTheme], name: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:34] or "skill"
    taken = set(db.session.scalars(select(model.code)))
    number, code = 1, base
    while code in taken:
        number += 1
        code = f"{base}_{number}"
    return code


# Free text


def turn_into_skills(actor: Actor, suggestion_id: str, codes: Sequence[str]) -> None:
    """Give the volunteer the skills that the free text means, and put the text aside."""
    _check_may(actor)
    suggestion = queries.suggestion(suggestion_id)
    volunteer = people_queries.volunteer(suggestion.volunteer_id)
    if not queries.usable_codes().issuperset(codes):
        raise RuleBrokenError("unknown_skill")
    had = {offered.skill_code for offered in volunteer.skills}
    volunteer.skills += [VolunteerSkill(skill_code=code, level=2) for code in codes if code not in had]
    suggestion.handled_at = volunteer.changed_at = clock.now()
    facts = {"skills": sorted(codes)}
    audit.record(actor, "suggestion_handled", "volunteer", volunteer.id, **facts)
    queue.wake("reconcile")


# Districts


def add_district(actor: Actor, answers: Answers) -> District:
    """Add a district with the point distances are measured from."""
    _check_may(actor)
    _check_district_free(answers["name"], but=None)
    district = District(**answers)
    db.session.add(district)
    db.session.flush()  # the history refers to it by its key
    audit.record(actor, "district_added", "district", district.id)
    return district


def edit_district(actor: Actor, district_id: str, answers: Answers) -> None:
    """Change the name or the point of a district."""
    _check_may(actor)
    district = queries.district(district_id)
    _check_district_free(answers["name"], but=district_id)
    district.name = answers["name"]
    district.latitude, district.longitude = answers["latitude"], answers["longitude"]
    audit.record(actor, "district_edited", "district", district_id)


def _check_district_free(name: str, but: str | None) -> None:
    known = db.session.execute(select(District.id, District.name))
    if any(fold(row[1]) == fold(name) and row[0] != but for row in known):
        raise RuleBrokenError("code_taken", field="name")


def _check_may(actor: Actor) -> None:
    if not actor.has(Role.COORDINATOR, Role.ADMINISTRATOR) and not actor.trusted:
        raise NotFoundError("only coordinators keep the lists")
