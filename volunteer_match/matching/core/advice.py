"""What a need being written would meet: how many people could come, and what would bring more.

No plan is made: a person counts who breaks no rule, whatever else the week asks of them. The need is given as
its first session, with its further ones as `repeats`, so that a group that meets every week learns who could
come each time. Everything returned is a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

import numpy as np

from volunteer_match.matching.core import columns, eligible, index, openers
from volunteer_match.matching.core.columns import Columns, Ints
from volunteer_match.matching.core.openers import Gap, Move
from volunteer_match.matching.core.types import Problem, Reason, Role, Session

STEPS_MINUTES = (-120, -90, -60, -30, 30, 60, 90, 120)
DAYS = (-3, -2, -1, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Advice:
    """What one role would meet; `every_time` are those who could come to every repeat as well."""

    role: str
    eligible: int
    every_time: int
    blocked: tuple[Reason, ...]
    openers: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    columns: Columns
    session: Session
    repeats: tuple[Session, ...]
    moves: tuple[Move, ...]


def advise(
    problem: Problem,
    session: Session,
    roles: Sequence[Role],
    repeats: Sequence[Session] = (),
    zone: tzinfo = UTC,
) -> tuple[Advice, ...]:
    """Say for each role of a session that is not in the problem yet who could come and what would help."""
    meetings = (session, *repeats)
    places = [_place(role, meeting) for meeting in meetings for role in roles]
    known = {each.id for each in problem.sessions} & {each.id for each in meetings}
    if known:
        raise ValueError(f"already in the problem: {', '.join(sorted(known))}")
    more = replace(problem, sessions=(*problem.sessions, *meetings), roles=(*problem.roles, *places))
    draft = _Draft(columns.build(index.build(more)), session, tuple(repeats), _moves(problem, session, zone))
    return tuple(_advice(draft, role) for role in roles)


def _place(role: Role, meeting: Session) -> Role:
    return replace(role, id=_name(role, meeting), session=meeting.id)


def _name(role: Role, meeting: Session) -> str:
    return f"{meeting.id} {role.id}"


def _moves(problem: Problem, session: Session, zone: tzinfo) -> tuple[Move, ...]:
    moves = (*openers.later(session, STEPS_MINUTES), *openers.other_days(session, DAYS, zone))
    return tuple(move for move in moves if move.session.starts > problem.now)


def _advice(draft: _Draft, role: Role) -> Advice:
    gap = _gap(draft, role, draft.session)
    every_time = gap.bits == 0
    for meeting in draft.repeats:
        every_time &= _gap(draft, role, meeting).bits == 0
    return Advice(
        role=role.id,
        eligible=int(np.count_nonzero(gap.bits == 0)),
        every_time=int(np.count_nonzero(every_time)),
        blocked=blocked(gap.bits),
        openers=openers.changes(gap, draft.moves),
    )


def _gap(draft: _Draft, role: Role, meeting: Session) -> Gap:
    place = draft.columns.index.role_at[_name(role, meeting)]
    nobody = np.zeros(draft.columns.count, dtype=np.bool_)
    return Gap(draft.columns, place, meeting, lambda _session: nobody)


def blocked(bits: Ints) -> tuple[Reason, ...]:
    """Count the people each rule keeps away, the commonest rule first."""
    # Whoever is not of the asked kind at all is no news: a projector does not read to children.
    bits = bits[bits & eligible.BIT["wrong_kind"] == 0]
    counts = {code: int(np.count_nonzero(bits & bit)) for code, bit in eligible.BIT.items()}
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Reason("blocked", {"rule": code, "people": people}) for code, people in ordered if people)
