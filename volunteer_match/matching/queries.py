"""Reads stored runs."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import load_only

from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.matching.models import MatchRun
from volunteer_match.matching.rules import GIVEN_UP_AFTER, RunKind
from volunteer_match.needs.models import Need, Opening
from volunteer_match.people.models import Skill

_BRIEF = (
    MatchRun.id,
    MatchRun.created_at,
    MatchRun.created_by_id,
    MatchRun.kind,
    MatchRun.based_on_id,
    MatchRun.first_day,
    MatchRun.last_day,
    MatchRun.state,
    MatchRun.started_at,
    MatchRun.finished_at,
    MatchRun.inputs_sha256,
    MatchRun.error,
)


def run(run_id: str) -> MatchRun:
    """Return one run with its input and its plan."""
    found = db.session.get(MatchRun, run_id)
    if found is None:
        raise NotFoundError("run")
    return found


def run_at_work(run_id: str) -> MatchRun:
    """Return one run without its input and plan, for a page that is looked at every few seconds."""
    more = (MatchRun.progress, MatchRun.stop_asked_at)
    found = db.session.get(MatchRun, run_id, options=[load_only(*_BRIEF, *more)], populate_existing=True)
    if found is None:
        raise NotFoundError("run")
    return found


def latest_runs(limit: int = 25, offset: int = 0) -> Sequence[MatchRun]:
    """Return the newest runs without their inputs and plans."""
    query = select(MatchRun).options(load_only(*_BRIEF)).order_by(MatchRun.created_at.desc(), MatchRun.id)
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def latest_on_desk() -> MatchRun | None:
    """Return the newest run for the desk, without its input and plan."""
    query = select(MatchRun).options(load_only(*_BRIEF)).where(MatchRun.kind == RunKind.DESK)
    return db.session.scalars(query.order_by(MatchRun.created_at.desc(), MatchRun.id).limit(1)).first()


def waiting_runs(now: datetime, limit: int = 5) -> Sequence[str]:
    """Return the keys of the runs the worker has to do, oldest first, those with a dead worker too."""
    stale = and_(MatchRun.state == "running", MatchRun.started_at < now - GIVEN_UP_AFTER)
    query = select(MatchRun.id).where(or_(MatchRun.state == "queued", stale))
    return db.session.scalars(query.order_by(MatchRun.created_at, MatchRun.id).limit(limit)).all()


def latest_done(day: date) -> MatchRun | None:
    """Return the newest finished run of the desk whose days include the day."""
    query = (
        select(MatchRun)
        .where(
            MatchRun.kind == RunKind.DESK,
            MatchRun.state == "done",
            MatchRun.first_day <= day,
            MatchRun.last_day >= day,
        )
        .order_by(MatchRun.created_at.desc(), MatchRun.id)
    )
    return db.session.scalars(query.limit(1)).first()


def last_on_desk(first_day: date, last_day: date) -> str | None:
    """Return the newest finished run of the desk that shares a day with these."""
    query = (
        select(MatchRun.id)
        .where(
            MatchRun.kind == RunKind.DESK,
            MatchRun.state == "done",
            MatchRun.first_day <= last_day,
            MatchRun.last_day >= first_day,
        )
        .order_by(MatchRun.created_at.desc(), MatchRun.id)
    )
    return db.session.scalars(query.limit(1)).first()


def openers_of(days: Collection[date]) -> dict[str, list[dict[str, Any]]]:
    """Return, by opening, what would bring people where the newest run over its day found too few."""
    query = select(MatchRun.id, MatchRun.first_day, MatchRun.last_day).where(
        MatchRun.kind == RunKind.DESK,
        MatchRun.state == "done",
        MatchRun.last_day >= min(days, default=date.max),
    )
    runs = db.session.execute(query.order_by(MatchRun.created_at.desc(), MatchRun.id).limit(50)).all()
    newest = {next((r.id for r in runs if r.first_day <= day <= r.last_day), None) for day in days}
    lists = db.session.scalars(select(MatchRun.plan["unfilled"]).where(MatchRun.id.in_(newest - {None})))
    return {each["role"]: each["openers"] for found in lists for each in found or ()}


def skill_names(locale: str) -> dict[str, str]:
    """Return what every skill is called in the language, by its code."""
    rows = db.session.execute(select(Skill.code, Skill.name_pl, Skill.name_en))
    return {row.code: row.name_en if locale == "en" else row.name_pl for row in rows}


def opening_titles(opening_ids: Collection[str]) -> dict[str, str]:
    """Return the titles of the needs that openings belong to."""
    query = select(Opening.id, Need.title).join(Need, Need.id == Opening.need_id)
    return {row.id: row.title for row in db.session.execute(query.where(Opening.id.in_(opening_ids)))}
