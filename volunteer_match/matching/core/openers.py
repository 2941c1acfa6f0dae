"""What would fill an empty place: each single change, and how many people it brings.

A change counts the people for whom it is the only thing in the way. `people` would become eligible, `free`
of them have nothing else in the plan at that time. Nothing here is a guess: each change is tried on the
same rules that made the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property

import numpy as np

from volunteer_match.matching.core import eligible, spans
from volunteer_match.matching.core.columns import Bools, Columns, Ints
from volunteer_match.matching.core.draft import Draft, Timetable
from volunteer_match.matching.core.eligible import BIT
from volunteer_match.matching.core.reader import monday
from volunteer_match.matching.core.types import Facts, Reason, Role, Session

SHIFTS_MINUTES = (-120, -60, 60, 120)
RELAXED = {
    "too_young": "lower_min_age",
    "no_licence": "without_licence",
    "needs_step_free": "step_free_place",
    "too_far": "nearer_place",
    "clearance_missing": "clearance_given",
    "clearance_expires": "clearance_renewed",
    "agreement_expires": "agreement_extended",
    "cap_hours": "more_hours",
    "cap_sessions": "more_sessions",
    "cap_new": "more_offers",
}


@dataclass(frozen=True)
class Gap:
    """A place to fill, with the people who might, and who of them is busy if the session were at a time."""

    columns: Columns
    role: int
    session: Session
    busy: Callable[[Session], Bools]

    @property
    def wanted(self) -> Role:
        """Return what the role asks for."""
        return self.columns.index.roles[self.role]

    @cached_property
    def bits(self) -> Ints:
        """Return the rules each person breaks."""
        return self.moved(self.session)

    def moved(self, session: Session) -> Ints:
        """Return the rules each person would break if the session were at this one's time."""
        of_session = eligible.session_bits(self.columns, session, self._place)
        return eligible.role_bits(self.columns, self.role, of_session)

    @cached_property
    def _place(self) -> Ints:
        return eligible.place_bits(self.columns, self.session)


@dataclass(frozen=True, slots=True)
class Move:
    """The session at another time, and what that change is called."""

    code: str
    facts: Facts
    session: Session


def gap(draft: Draft, role: int, times: Timetable) -> Gap:
    """Look at a role of a plan that has a place left."""
    index = draft.instance.index

    def busy(at: Session) -> Bools:
        return times.busy(spans.occupied(index.problem, at))

    return Gap(draft.instance.columns, role, index.session(role), busy)


def openers(gap: Gap) -> tuple[Reason, ...]:
    """List the single changes that bring people to a role of a plan, the most helpful first."""
    return changes(gap, later(gap.session, SHIFTS_MINUTES))


def changes(gap: Gap, moves: Sequence[Move]) -> tuple[Reason, ...]:
    """List the single changes, these moves among them, that bring people to a place."""
    bits = gap.bits
    found = list(_moved(gap, moves))
    if gap.wanted.resource:
        found += _with_less(gap, bits)
    else:
        found += [*_relaxed(gap, bits), *_without_skills(gap, bits), *_without_languages(gap, bits)]
    return tuple(sorted(found, key=_help))


def later(session: Session, shifts: Sequence[int]) -> tuple[Move, ...]:
    """Move a session by so many minutes (earlier below zero)."""
    moved = [(minutes, timedelta(minutes=minutes)) for minutes in shifts]
    return tuple(
        Move("other_time", {"minutes": minutes}, _at(session, session.starts + by, session.ends + by, UTC))
        for minutes, by in moved
    )


def other_days(session: Session, days: Sequence[int], zone: tzinfo) -> tuple[Move, ...]:
    """Move a session by so many days at the same hours of the zone's clocks."""
    return tuple(Move("other_day", {"days": by}, _on_day(session, by, zone)) for by in days)


def _on_day(session: Session, days: int, zone: tzinfo) -> Session:
    starts, ends = (when.astimezone(zone) + timedelta(days=days) for when in (session.starts, session.ends))
    return _at(session, starts.astimezone(UTC), ends.astimezone(UTC), zone)


def _at(session: Session, starts: datetime, ends: datetime, zone: tzinfo) -> Session:
    week = session.week
    if week is not None and week == monday(session.starts.astimezone(zone).date()):
        week = monday(starts.astimezone(zone).date())
    return replace(session, starts=starts, ends=ends, week=week)


def _help(reason: Reason) -> tuple[int, int, str, str]:
    facts = reason.facts
    return -int(facts["free"] or 0), -int(facts["people"] or 0), reason.code, str(sorted(facts.items()))


def _counted(gap: Gap, session: Session, code: str, who: Ints, facts: Facts) -> Iterator[Reason]:
    if len(who):
        free = int(np.count_nonzero(~gap.busy(session)[who]))
        yield Reason(code, {**facts, "people": len(who), "free": free})


def _relaxed(gap: Gap, bits: Ints) -> Iterator[Reason]:
    for rule, code in RELAXED.items():
        yield from _counted(gap, gap.session, code, np.flatnonzero(bits == BIT[rule]), {})


def _without_skills(gap: Gap, bits: Ints) -> Iterator[Reason]:
    wanted, only = gap.wanted.required_skills, bits == BIT["skill_missing"]
    for skill, level in sorted(wanted.items()):
        lacking = {name: gap.columns.skill(name) < least for name, least in wanted.items()}
        who = _only_this(only, lacking.pop(skill), list(lacking.values()))
        yield from _counted(gap, gap.session, "without_skill", who, {"skill": skill, "level": level})


def _with_less(gap: Gap, bits: Ints) -> Iterator[Reason]:
    """Ask for no more of a thing than the largest stock there is."""
    for kind in sorted(gap.wanted.required_skills):
        has = gap.columns.skill(kind)
        some = np.flatnonzero((bits == BIT["skill_missing"]) & (has > 0))
        if len(some):
            most = int(has[some].max())
            facts: Facts = {"skill": kind, "level": most}
            yield from _counted(gap, gap.session, "smaller_quantity", some[has[some] == most], facts)


def _without_languages(gap: Gap, bits: Ints) -> Iterator[Reason]:
    wanted, only = gap.wanted.languages, bits == BIT["language_missing"]
    for language in sorted(set(wanted)):
        others = [~gap.columns.speaks(other) for other in wanted if other != language]
        who = _only_this(only, ~gap.columns.speaks(language), others)
        yield from _counted(gap, gap.session, "without_language", who, {"language": language})


def _only_this(only: Bools, lacks: Bools, others: list[Bools]) -> Ints:
    for lacks_other in others:
        lacks = lacks & ~lacks_other
    return np.flatnonzero(only & lacks)


def _moved(gap: Gap, moves: Sequence[Move]) -> Iterator[Reason]:
    for move in moves:
        who = np.flatnonzero((gap.moved(move.session) == 0) & (gap.bits != 0))
        yield from _counted(gap, move.session, move.code, who, move.facts)
