"""Reads the lists people choose from: skills by theme, districts; and what waits to become a skill."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.i18n import sort_key
from volunteer_match.people.models import (
    District,
    Skill,
    SkillSuggestion,
    SkillTheme,
    Volunteer,
    VolunteerSkill,
)


def themes() -> Sequence[SkillTheme]:
    """Return the themes in their order."""
    return db.session.scalars(select(SkillTheme).order_by(SkillTheme.position, SkillTheme.code)).all()


def skills(*, retired: bool = False) -> list[Skill]:
    """Return the skills by theme and Polish name; without those no longer offered."""
    query = select(Skill) if retired else select(Skill).where(Skill.retired.is_(False))
    found = db.session.scalars(query).all()
    return sorted(found, key=lambda s: (s.theme.position, s.theme_code, sort_key(s.name_pl)))


def skill(code: str) -> Skill:
    """Return one skill, or raise NotFoundError."""
    found = db.session.get(Skill, code)
    if found is None:
        raise NotFoundError("skill")
    return found


def theme(code: str) -> SkillTheme:
    """Return one theme, or raise NotFoundError."""
    found = db.session.get(SkillTheme, code)
    if found is None:
        raise NotFoundError("theme")
    return found


def usable_codes() -> set[str]:
    """Return the codes of the skills that can be chosen."""
    return set(db.session.scalars(select(Skill.code).where(Skill.retired.is_(False))))


def offers_by_skill() -> dict[str, int]:
    """Return how many volunteers offer each skill."""
    query = select(VolunteerSkill.skill_code, func.count()).group_by(VolunteerSkill.skill_code)
    return {row[0]: row[1] for row in db.session.execute(query)}


def districts() -> list[District]:
    """Return the districts in Polish order."""
    return sorted(db.session.scalars(select(District)).all(), key=lambda d: sort_key(d.name))


def district(district_id: str) -> District:
    """Return one district, or raise NotFoundError."""
    found = db.session.get(District, district_id)
    if found is None:
        raise NotFoundError("district")
    return found


def district_ids() -> set[str]:
    """Return the keys of the districts."""
    return set(db.session.scalars(select(District.id)))


@dataclass(frozen=True)
class Suggestion:
    """What somebody wrote about skills, waiting for a coordinator."""

    id: str
    volunteer_id: str
    name: str
    text: str
    created_at: datetime


def suggestions(limit: int = 100) -> list[Suggestion]:
    """Return the free texts nobody has turned into skills yet, oldest first."""
    query = (
        select(
            SkillSuggestion.id,
            SkillSuggestion.volunteer_id,
            User.name,
            SkillSuggestion.text,
            SkillSuggestion.created_at,
        )
        .join(Volunteer, Volunteer.id == SkillSuggestion.volunteer_id)
        .join(User, User.id == Volunteer.user_id)
        .where(SkillSuggestion.handled_at.is_(None))
        .order_by(SkillSuggestion.created_at, SkillSuggestion.id)
        .limit(limit)
    )
    return [Suggestion(*row) for row in db.session.execute(query)]


def suggestion(suggestion_id: str) -> SkillSuggestion:
    """Return one free text that waits, or raise NotFoundError."""
    found = db.session.get(SkillSuggestion, suggestion_id)
    if found is None or found.handled_at is not None:
        raise NotFoundError("suggestion")
    return found


def waiting_suggestions() -> int:
    """Return how many free texts wait."""
    query = select(func.count()).where(SkillSuggestion.handled_at.is_(None))
    return db.session.scalar(query) or 0


def skill_groups(locale: str, *, keep: Collection[str] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (theme, [(code, name)]) in the language, as chips and lists take them.

    `keep` names retired skills that somebody has chosen already, so that an edit does not lose them.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for found in skills(retired=bool(keep)):
        if not found.retired or found.code in keep:
            theme_name = found.theme.name_en if locale == "en" else found.theme.name_pl
            groups.setdefault(theme_name, []).append((found.code, name_in(locale, found)))
    return [(name, sorted(chips, key=lambda chip: sort_key(chip[1]))) for name, chips in groups.items()]


def name_in(locale: str, skill: Skill) -> str:
    """Return the name of a skill in the language."""
    return skill.name_en if locale == "en" else skill.name_pl
