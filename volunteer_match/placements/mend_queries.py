"""Reads where people are to be looked for again, and what was changed when that was done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_match.db import db
from volunteer_match.i18n import to_local
from volunteer_match.needs.models import Need, NeedSession, Opening
from volunteer_match.needs.rules import NeedState, SessionState
from volunteer_match.placements.models import Match, Mend, MendPause, VolunteerSlot
from volunteer_match.placements.rules import MatchState, MendCause

MOST = 25
"""Gaps that are filled at one tick."""
SHOWN_FOR = timedelta(hours=48)
MOST_SHOWN = 5
FORGOTTEN_AFTER = timedelta(hours=1)
"""Nobody asks for the people of a week any more whose next try is so long overdue."""


@dataclass(frozen=True)
class Week:
    """The gaps of one week: openings, and the rows that ask for them."""

    monday: date
    freed: tuple[str, ...]
    """The openings of places that came free, each as often as it happened."""
    opened: tuple[str, ...]
    matches: frozenset[str]
    mends: frozenset[str]


def weeks(now: datetime) -> list[Week]:
    """Return the gaps nobody has looked at yet, by week, the soonest first; weeks that failed lately wait."""
    freed = [(row.id, row.opening_id) for row in db.session.execute(_flagged())]
    asked = [(row.id, str(row.openings[0])) for row in db.session.execute(_asked())]
    at = mondays({opening for _key, opening in (*freed, *asked)})
    resting = _resting(now)
    freed, asked = ([e for e in rows if at.get(e[1]) not in resting][:MOST] for rows in (freed, asked))
    at = {opening: at[opening] for _key, opening in (*freed, *asked) if opening in at}
    return [
        Week(
            monday,
            tuple(opening for _key, opening in freed if at.get(opening) == monday),
            tuple(opening for _key, opening in asked if at.get(opening) == monday),
            frozenset(key for key, opening in freed if at.get(opening) == monday),
            frozenset(key for key, opening in asked if at.get(opening) == monday),
        )
        for monday in sorted(set(at.values()))
    ]


def _resting(now: datetime) -> set[date]:
    return set(db.session.scalars(select(MendPause.monday).where(MendPause.again_at > now)))


def still_waiting(week: Week) -> bool:
    """Hold the rows that ask, and tell whether nobody else has looked since they were read."""
    flags = _flagged().where(Match.id.in_(week.matches)).with_for_update(of=Match)
    asked = _asked().where(Mend.id.in_(week.mends)).with_for_update(of=Mend)
    return {row.id for row in db.session.execute(flags)} == week.matches and {
        row.id for row in db.session.execute(asked)
    } == week.mends


def _flagged() -> Select[str, str]:
    return select(Match.id, Match.opening_id).where(Match.refill.is_(True)).order_by(Match.id)


def _asked() -> Select[str, list[str]]:
    waiting = Mend.cause == MendCause.ASKED, Mend.done_at.is_(None)
    return select(Mend.id, Mend.openings).where(*waiting).order_by(Mend.asked_at, Mend.id)


def mondays(openings: Collection[str]) -> dict[str, date]:
    """Return in which weeks the openings are."""
    query = select(Opening.id, NeedSession.starts_at).join(NeedSession, NeedSession.id == Opening.session_id)
    days = {
        row.id: to_local(row.starts_at).date()
        for row in db.session.execute(query.where(Opening.id.in_(openings)))
    }
    return {opening: day - timedelta(days=day.weekday()) for opening, day in days.items()}


def flagged(ids: Collection[str]) -> Sequence[Match]:
    """Return the matches whose place came free."""
    return db.session.scalars(select(Match).where(Match.id.in_(ids))).unique().all()


def mends(ids: Collection[str]) -> Sequence[Mend]:
    """Return what coordinators asked for."""
    return db.session.scalars(select(Mend).where(Mend.id.in_(ids)).order_by(Mend.asked_at, Mend.id)).all()


def wanted_anyway(opening_id: str) -> bool:
    """Tell whether somebody has already asked for the place and waits."""
    return any(opening_id in row.openings for row in db.session.execute(_asked()))


def open_now(openings: Collection[str], now: datetime) -> set[str]:
    """Return the openings of sessions that are ahead and take place."""
    return set(db.session.scalars(_open(openings, now)))


def _open(openings: Collection[str], now: datetime) -> Select[str]:
    return (
        select(Opening.id)
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .join(Need, Need.id == NeedSession.need_id)
        .where(Opening.id.in_(openings), *_ahead(now))
    )


def _ahead(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        NeedSession.starts_at > now,
        NeedSession.state == SessionState.SCHEDULED,
        Need.state == NeedState.PUBLISHED,
    )


def booked(volunteer_id: str, starts: datetime, ends: datetime) -> bool:
    """Tell whether any of the time of a person is taken."""
    query = select(VolunteerSlot.match_id).where(
        VolunteerSlot.volunteer_id == volunteer_id,
        VolunteerSlot.starts_at >= starts,
        VolunteerSlot.starts_at < ends,
    )
    return db.session.scalars(query.limit(1)).first() is not None


def recent(now: datetime) -> Sequence[Mend]:
    """Return what was changed lately, the newest first."""
    query = select(Mend).where(Mend.done_at > now - SHOWN_FOR)
    return db.session.scalars(query.order_by(Mend.done_at.desc(), Mend.id).limit(MOST_SHOWN)).all()


def pause(monday: date) -> MendPause | None:
    """Return whether looking at a week failed lately, and how often."""
    return db.session.get(MendPause, monday, with_for_update=True)


def pauses(now: datetime) -> list[MendPause]:
    """Return the weeks with gaps for which looking for people failed and is tried again later."""
    query = select(MendPause).where(MendPause.again_at > now).order_by(MendPause.monday)
    found = db.session.scalars(query).all()
    weeks_with_gaps = set(mondays(_gaps(now)).values()) if found else set()
    return [pause for pause in found if pause.monday in weeks_with_gaps]


def _gaps(now: datetime) -> set[str]:
    freed = {row.opening_id for row in db.session.execute(_flagged())}
    asked = {str(row.openings[0]) for row in db.session.execute(_asked())}
    return _open_below(Opening.capacity, freed, now) | _open_below(Opening.minimum, asked, now)


def short(openings: Collection[str], now: datetime) -> set[str]:
    """Return the openings ahead that have fewer people, proposed ones too, than they need."""
    return _open_below(Opening.minimum, openings, now)


def _open_below(bound: InstrumentedAttribute[int], openings: Collection[str], now: datetime) -> set[str]:
    proposed = (
        select(func.count(Match.id))
        .where(Match.opening_id == Opening.id, Match.state == MatchState.PROPOSED)
        .correlate(Opening)
        .scalar_subquery()
    )
    return set(db.session.scalars(_open(openings, now).where(Opening.filled + proposed < bound)))


def standing(openings: Collection[str], volunteers: Collection[str]) -> dict[tuple[str, str], str]:
    """Return where the matches of these people at these places stand."""
    query = select(Match.opening_id, Match.volunteer_id, Match.state)
    rows = db.session.execute(query.where(Match.opening_id.in_(openings), Match.volunteer_id.in_(volunteers)))
    return {(row.opening_id, row.volunteer_id): row.state for row in rows}


def waiting(now: datetime) -> int:
    """Return for how many places people are looked for now; weeks that failed lately wait."""
    asked = [str(row.openings[0]) for row in db.session.execute(_asked())]
    at, resting = mondays(asked), _resting(now)
    return sum(opening in at and at[opening] not in resting for opening in asked)


def places(ids: Collection[str]) -> dict[str, Any]:
    """Return title, session and begin of openings by their id."""
    query = (
        select(Opening.id, Opening.session_id, Need.title, NeedSession.starts_at)
        .join(NeedSession, NeedSession.id == Opening.session_id)
        .join(Need, Need.id == NeedSession.need_id)
    )
    return {row.id: row for row in db.session.execute(query.where(Opening.id.in_(ids)))}
