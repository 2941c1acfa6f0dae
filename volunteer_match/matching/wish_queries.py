"""Reads how much each wish counts."""

from typing import Any

from sqlalchemy import select

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.matching.models import Wishes
from volunteer_match.matching.rules import USUAL_STEP, WISHES


def steps() -> dict[str, int]:
    """Return the steps in force, by wish."""
    newest = select(Wishes.steps).order_by(Wishes.set_at.desc(), Wishes.id).limit(1)
    found = db.session.scalars(newest).first() or {}
    return {name: int(found.get(name, USUAL_STEP)) for name in WISHES}


def history(limit: int = 10) -> list[Any]:
    """Return the latest settings with who made them and when, the newest first."""
    query = (
        select(Wishes.id, Wishes.set_at, Wishes.steps, User.name.label("set_by"))
        .outerjoin(User, User.id == Wishes.set_by_id)
        .order_by(Wishes.set_at.desc(), Wishes.id)
        .limit(limit)
    )
    return list(db.session.execute(query))
