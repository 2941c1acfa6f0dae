"""Reads what coordinators want of pairs."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError
from volunteer_match.matching.models import Pair
from volunteer_match.matching.rules import PairKind
from volunteer_match.needs.models import Need, NeedSession, Opening
from volunteer_match.partners.models import Partner
from volunteer_match.people.models import Volunteer

_IN_FORCE = Pair.lifted_at.is_(None)


def pair(pair_id: str) -> Pair:
    """Return one decision, or raise NotFoundError."""
    found = db.session.get(Pair, pair_id)
    if found is None:
        raise NotFoundError("pair")
    return found


def same(volunteer_id: str, **target: str | None) -> Pair | None:
    """Return the decision in force about the person and the target, if there is one."""
    query = select(Pair).filter_by(volunteer_id=volunteer_id, **target).where(_IN_FORCE)
    return db.session.scalars(query).first()


def kept() -> list[tuple[str, str]]:
    """Return the pairs (opening, volunteer) that are to stay, the first wish first."""
    query = select(Pair.opening_id, Pair.volunteer_id).where(_IN_FORCE, Pair.kind == PairKind.KEEP)
    return [(str(row[0]), row[1]) for row in db.session.execute(query.order_by(Pair.set_at, Pair.id))]


def kept_at(opening_ids: Collection[str]) -> dict[tuple[str, str], str]:
    """Return which pairs of these openings are to stay, with the id of the decision."""
    query = select(Pair.opening_id, Pair.volunteer_id, Pair.id).where(
        _IN_FORCE, Pair.opening_id.in_(opening_ids)
    )
    return {(str(row[0]), row[1]): row[2] for row in db.session.execute(query)}


def kept_apart() -> list[tuple[str, str]]:
    """Return whom never to put where: (volunteer, need or partner)."""
    query = select(Pair.volunteer_id, Pair.need_id, Pair.partner_id).where(
        _IN_FORCE, Pair.kind == PairKind.NEVER
    )
    rows = db.session.execute(query.order_by(Pair.set_at, Pair.id))
    return [(row.volunteer_id, row.need_id or row.partner_id) for row in rows]


def is_kept_apart(volunteer_id: str, *targets: str | None) -> bool:
    """Tell whether somebody is never to be put to one of the targets: a need, an institution."""
    query = select(Pair.id).where(
        _IN_FORCE,
        Pair.kind == PairKind.NEVER,
        Pair.volunteer_id == volunteer_id,
        or_(Pair.need_id.in_(targets), Pair.partner_id.in_(targets)),
    )
    return db.session.scalars(query.limit(1)).first() is not None


def _described() -> Any:
    person, setter = aliased(User), aliased(User)
    return (
        select(
            Pair.id,
            Pair.kind,
            Pair.reason,
            Pair.set_at,
            Pair.volunteer_id,
            Pair.opening_id,
            person.name.label("name"),
            setter.name.label("set_by"),
            Need.title,
            Partner.name.label("partner"),
            NeedSession.id.label("session_id"),
            NeedSession.starts_at,
        )
        .join(Volunteer, Volunteer.id == Pair.volunteer_id)
        .join(person, person.id == Volunteer.user_id)
        .outerjoin(setter, setter.id == Pair.set_by_id)
        .outerjoin(Opening, Opening.id == Pair.opening_id)
        .outerjoin(NeedSession, NeedSession.id == Opening.session_id)
        .outerjoin(Need, or_(Need.id == Pair.need_id, Need.id == Opening.need_id))
        .outerjoin(Partner, Partner.id == Pair.partner_id)
        .where(_IN_FORCE)
        .order_by(Pair.set_at.desc(), Pair.id)
    )


def listing(limit: int, offset: int = 0) -> list[Any]:
    """Return the decisions in force with names, the newest first."""
    return list(db.session.execute(_described().limit(limit).offset(offset)))


def about_session(session_id: str, need_id: str, partner_id: str) -> list[Any]:
    """Return the decisions in force that matter for a session."""
    here = and_(Opening.session_id == session_id, Pair.kind == PairKind.KEEP)
    concerned = or_(here, Pair.need_id == need_id, Pair.partner_id == partner_id)
    return list(db.session.execute(_described().where(concerned).limit(100)))
