"""Fills gaps again in three steps, so that nothing is locked while the solver thinks: read, solve, show.

What is agreed or asked stays where it is; only proposals move, and nobody hears of it before an approval.
What somebody decided meanwhile wins: then nothing of the change is kept, and the next tick looks again.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from volunteer_match import clock, queue
from volunteer_match.actor import SYSTEM, Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db, retrying
from volunteer_match.errors import ConflictError, RuleBrokenError
from volunteer_match.matching import mend_service, pair_queries
from volunteer_match.matching.core.types import Problem
from volunteer_match.matching.mend_service import Gaps, Mended, Standing
from volunteer_match.matching.service import Place
from volunteer_match.needs.queries import day_bounds
from volunteer_match.placements import (
    history_queries,
    mend_queries,
    queries,
    suggestions,
    transitions,
)
from volunteer_match.placements.mend_queries import Week
from volunteer_match.placements.models import Mend, MendPause
from volunteer_match.placements.rules import MatchEvent, MendCause, applied, mend_again

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=30)
Versions = dict[tuple[str, str], tuple[str, int]]
"""The match and its version of each (opening, volunteer) on the desk."""


def ask(actor: Actor, opening_id: str) -> None:
    """Note that people are to be looked for, and wake the worker."""
    if not mend_queries.open_now([opening_id], clock.now()):
        raise RuleBrokenError("place_closed")
    if not mend_queries.wanted_anyway(opening_id):
        db.session.add(
            Mend(
                cause=MendCause.ASKED,
                openings=[opening_id],
                asked_at=clock.now(),
                asked_by_id=actor.user_id,
            )
        )
        audit.record(actor, "mend_asked", "opening", opening_id)
    db.session.execute(delete(MendPause).where(MendPause.monday.in_(_weeks([opening_id]))))
    queue.wake("mend")


def mend_waiting(now: datetime) -> None:
    """Fill every gap nobody has looked at yet, week by week."""
    for week in mend_queries.weeks(now):
        try:
            _mend(week, now)
        except ConflictError:
            log.info("somebody decided while gaps were filled; they are looked at again")
        except Exception:  # the other weeks must not wait for this one
            log.exception("gaps not filled")
            _rest(week.monday)


def forget_old(now: datetime) -> None:
    """Forget what was changed long ago."""
    db.session.execute(delete(Mend).where(Mend.asked_at < now - KEPT_FOR))
    overdue = MendPause.again_at < now - mend_queries.FORGOTTEN_AFTER
    db.session.execute(delete(MendPause).where(overdue))


def _weeks(openings: list[str]) -> set[date]:
    return set(mend_queries.mondays(openings).values())


@retrying
def _rest(monday: date) -> None:
    """Look at a week later that could not be looked at now, the later the more often that failed."""
    pause = mend_queries.pause(monday)
    if pause is None:
        pause = MendPause(monday=monday, tries=0)
        db.session.add(pause)
    pause.tries += 1
    pause.again_at = clock.now() + mend_again(pause.tries)


def _mend(week: Week, now: datetime) -> None:
    wanted = mend_queries.open_now({*week.freed, *week.opened}, now)
    gaps = Gaps(
        tuple(each for each in week.freed if each in wanted),
        tuple(each for each in week.opened if each in wanted),
    )
    found, versions = _found(week, gaps, now) if wanted else (mend_service.nothing(), {})
    _show(week, gaps, found, versions)


def _found(week: Week, gaps: Gaps, now: datetime) -> tuple[Mended, Versions]:
    standing, versions = _standing(week)
    try:
        return mend_service.mended(_problem(week, now), standing, gaps), versions
    except mend_service.FailedError:
        log.exception("gaps are filled without the solver")
        return mend_service.nothing(), versions


def _problem(week: Week, now: datetime) -> Problem:
    return mend_service.gather(Place("", "", week.monday), history_queries.history(now))


def _standing(week: Week) -> tuple[Standing, Versions]:
    keep = set(pair_queries.kept())
    on_desk = queries.proposals_between(*day_bounds(week.monday, week.monday + timedelta(days=6)))
    versions = {(each.opening_id, each.volunteer_id): (each.id, each.version) for each in on_desk}
    staying = {
        (each.opening_id, each.volunteer_id)
        for each in on_desk
        if applied(each.reasons) or (each.opening_id, each.volunteer_id) in keep
    }
    movable = tuple(pair for pair in versions if pair not in staying)
    return Standing(movable, tuple(sorted(staying))), versions


@retrying
def _show(week: Week, gaps: Gaps, found: Mended, versions: Versions) -> None:
    if not mend_queries.still_waiting(week):
        raise ConflictError()
    if found.joined and not mend_service.all_allowed(_problem(week, clock.now()), found.joined):
        raise ConflictError()
    for match in mend_queries.flagged(week.matches):
        match.refill = False
    db.session.execute(delete(MendPause).where(MendPause.monday == week.monday))
    done = [*_put(found, versions), *_next_best(gaps, found)]
    _note(week, gaps, found, done)


def _put(found: Mended, versions: Versions) -> list[dict[str, Any]]:
    """Take off the desk who leaves, and put on it who joins."""
    for move in found.moves:
        if move["left"]:
            match_id, version = versions[move["left"], move["volunteer"]]
            transitions.apply(SYSTEM, match_id, MatchEvent.SUPERSEDE, expected=version)
    openings = queries.openings(opening for opening, _who in found.joined)
    settled = history_queries.settled_pairs(openings)
    for pair, each in found.joined.items():
        opening = openings[pair[0]]
        meeting = opening.session
        taken = mend_queries.booked(pair[1], meeting.starts_at, meeting.ends_at)
        full = opening.filled + queries.waiting_for(opening.id) >= opening.capacity
        if pair in settled or taken or full:
            raise ConflictError()
        suggestions.put(SYSTEM, opening, each, None)
    if suggestions.kept_apart((openings[opening], who) for opening, who in found.joined):
        raise ConflictError()  # decided since the look, before the person was held here
    return [dict(move) for move in found.moves]


def _next_best(gaps: Gaps, found: Mended) -> list[dict[str, Any]]:
    """Without the solver, propose whoever fits best for each place that came free."""
    if found.after:
        return []
    openings = queries.openings({*gaps.freed, *gaps.opened})
    moves = []
    for opening in (openings[each] for each in (*gaps.freed, *gaps.opened)):
        match = suggestions.suggest_next(SYSTEM, opening)
        if match is not None:
            moves.append(
                {"volunteer": match.volunteer_id, "left": None, "joined": opening.id, "why": "fills"}
            )
    return moves


def _note(week: Week, gaps: Gaps, found: Mended, done: list[dict[str, Any]]) -> None:
    """Keep what was changed in one row: the oldest that asked, or a new one for places that came free."""
    rows = list(mend_queries.mends(week.mends))
    short = _short(gaps)
    if not rows and (done or short):
        rows = [Mend(cause=MendCause.FREED, asked_at=clock.now())]
        db.session.add(rows[0])
    told = rows[:1] if done or short else []
    for row in rows[len(told) :]:
        db.session.delete(row)
    for row in told:
        row.openings, row.done_at = sorted({*gaps.freed, *gaps.opened, *(row.openings or ())}), clock.now()
        row.moves, row.before, row.after = done, list(found.before), list(found.after)
        row.openers = dict(found.openers)


def _short(gaps: Gaps) -> bool:
    """Tell whether people are still missing; else somebody was found in the meantime."""
    openings = queries.openings({*gaps.freed, *gaps.opened}).values()
    return any(each.filled + queries.waiting_for(each.id) < each.minimum for each in openings)
