"""Reads needs for those who look after them: the institution's own list and the coordinators' one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from volunteer_match.db import db
from volunteer_match.needs.models import Need, NeedSession, Opening
from volunteer_match.needs.rules import NeedState, SessionState
from volunteer_match.needs.search import stems
from volunteer_match.partners.models import Partner


@dataclass(frozen=True)
class Row:
    """One need in a list: its state, and the places of its next session."""

    id: str
    title: str
    partner: str
    state: NeedState
    submitted_at: datetime | None
    starts_at: datetime | None
    filled: int
    minimum: int
    preferred: int


# Those that wait for somebody come first, those that are over last.
_ORDER = {
    NeedState.SUBMITTED: 0,
    NeedState.RETURNED: 1,
    NeedState.DRAFT: 2,
    NeedState.PUBLISHED: 3,
    NeedState.COMPLETED: 4,
    NeedState.CANCELLED: 5,
}


def rows(
    now: datetime,
    *,
    partner_ids: Collection[str] | None = None,
    state: str = "",
    text: str = "",
    start: int = 0,
    size: int = 25,
) -> tuple[list[Row], int]:
    """Return a part of the needs of these institutions (of all when None) and how many there are."""
    conditions: list[Any] = [Need.search_text.contains(f" {stem}", autoescape=True) for stem in stems(text)]
    if partner_ids is not None:
        conditions.append(Need.posted_by_id.in_(partner_ids))
    if state:
        conditions.append(Need.state == state)
    total = db.session.scalar(select(func.count()).select_from(Need).where(*conditions)) or 0
    found = db.session.execute(_page(now).where(*conditions).offset(start).limit(size)).all()
    places = _places([row.session_id for row in found if row.session_id])
    return [_row(row, places.get(row.session_id, (0, 0, 0))) for row in found], total


def _page(now: datetime) -> Select[Any]:
    ahead = (
        select(NeedSession.need_id, func.min(NeedSession.starts_at).label("starts_at"))
        .where(NeedSession.state == SessionState.SCHEDULED, NeedSession.starts_at > now)
        .group_by(NeedSession.need_id)
        .subquery()
    )
    next_one = (NeedSession.need_id == Need.id) & (NeedSession.starts_at == ahead.c.starts_at)
    urgency = case({str(state): place for state, place in _ORDER.items()}, value=Need.state, else_=9)
    return (
        select(
            Need.id,
            Need.title,
            Need.state,
            Need.submitted_at,
            Need.created_at,
            Partner.name.label("partner"),
            ahead.c.starts_at,
            NeedSession.id.label("session_id"),
        )
        .join(Partner, Partner.id == Need.posted_by_id)
        .outerjoin(ahead, ahead.c.need_id == Need.id)
        .outerjoin(NeedSession, next_one)
        .order_by(urgency, ahead.c.starts_at.is_(None), ahead.c.starts_at, Need.created_at.desc(), Need.id)
    )


def _places(session_ids: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    if not session_ids:
        return {}
    query = (
        select(
            Opening.session_id,
            func.sum(Opening.filled),
            func.sum(Opening.minimum),
            func.sum(Opening.capacity),
        )
        .where(Opening.session_id.in_(session_ids))
        .group_by(Opening.session_id)
    )
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in db.session.execute(query)}


def _row(row: Any, places: tuple[int, int, int]) -> Row:
    return Row(
        id=row.id,
        title=row.title,
        partner=row.partner,
        state=NeedState(row.state),
        submitted_at=row.submitted_at,
        starts_at=row.starts_at,
        filled=places[0],
        minimum=places[1],
        preferred=places[2],
    )


def waiting() -> int:
    """Return how many needs wait for a coordinator."""
    query = select(func.count()).where(Need.state == NeedState.SUBMITTED)
    return db.session.scalar(query) or 0
