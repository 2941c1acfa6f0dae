"""Reads stored runs."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import load_only

from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.matching.models import MatchRun

_BRIEF = (
    MatchRun.id,
    MatchRun.created_at,
    MatchRun.created_by_id,
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


def latest_runs(limit: int = 25, offset: int = 0) -> Sequence[MatchRun]:
    """Return the newest runs without their inputs and plans."""
    query = select(MatchRun).options(load_only(*_BRIEF)).order_by(MatchRun.created_at.desc(), MatchRun.id)
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def waiting_runs(limit: int = 5) -> Sequence[MatchRun]:
    """Return the runs the worker has to do, oldest first."""
    query = select(MatchRun).where(MatchRun.state == "queued").order_by(MatchRun.created_at, MatchRun.id)
    return db.session.scalars(query.limit(limit)).all()


def latest_done(day: date) -> MatchRun | None:
    """Return the newest finished run whose days include the day."""
    query = (
        select(MatchRun)
        .where(MatchRun.state == "done", MatchRun.first_day <= day, MatchRun.last_day >= day)
        .order_by(MatchRun.created_at.desc(), MatchRun.id)
    )
    return db.session.scalars(query.limit(1)).first()
