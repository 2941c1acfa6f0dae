"""What would fill an empty place: each single change, and how many people it brings.

A change counts the people for whom it is the only thing in the way. `people` would become eligible, `free`
of them have nothing else in the plan at that time. Nothing here is a guess: each change is tried on the
same rules that made the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np

from volunteer_match.matching.core import eligible, spans
from volunteer_match.matching.core.columns import Bools, Ints
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.eligible import BIT
from volunteer_match.matching.core.types import Facts, Reason, Session

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


def openers(draft: Draft, role: int) -> tuple[Reason, ...]:
    """List the single changes that bring people to a role, the most helpful first."""
    found = [*_relaxed(draft, role), *_without_skills(draft, role), *_without_languages(draft, role)]
    found += _other_times(draft, role)
    return tuple(sorted(found, key=_help))


def _help(reason: Reason) -> tuple[int, int, str, str]:
    facts = reason.facts
    return -int(facts["free"] or 0), -int(facts["people"] or 0), reason.code, str(sorted(facts.items()))


def _counted(draft: Draft, session: Session, code: str, who: Ints, facts: Facts) -> Iterator[Reason]:
    if len(who):
        free = sum(1 for each in who.tolist() if _free(draft, session, each))
        yield Reason(code, {**facts, "people": len(who), "free": free})


def _free(draft: Draft, session: Session, who: int) -> bool:
    problem = draft.instance.index.problem
    return next(draft.clashes(who, spans.occupied(problem, session)), None) is None


def _bits(draft: Draft, role: int, session: Session) -> Ints:
    columns = draft.instance.columns
    return eligible.role_bits(columns, role, eligible.session_bits(columns, session))


def _relaxed(draft: Draft, role: int) -> Iterator[Reason]:
    session = draft.instance.index.session(role)
    bits = _bits(draft, role, session)
    for rule, code in RELAXED.items():
        yield from _counted(draft, session, code, np.flatnonzero(bits == BIT[rule]), {})


def _without_skills(draft: Draft, role: int) -> Iterator[Reason]:
    index, columns = draft.instance.index, draft.instance.columns
    session, wanted = index.session(role), index.roles[role].required_skills
    only = _bits(draft, role, session) == BIT["skill_missing"]
    for skill, level in sorted(wanted.items()):
        lacking = {name: columns.skill(name) < least for name, least in wanted.items()}
        who = _only_this(only, lacking.pop(skill), list(lacking.values()))
        yield from _counted(draft, session, "without_skill", who, {"skill": skill, "level": level})


def _without_languages(draft: Draft, role: int) -> Iterator[Reason]:
    index, columns = draft.instance.index, draft.instance.columns
    session, wanted = index.session(role), index.roles[role].languages
    only = _bits(draft, role, session) == BIT["language_missing"]
    for language in sorted(set(wanted)):
        others = [~columns.speaks(other) for other in wanted if other != language]
        who = _only_this(only, ~columns.speaks(language), others)
        yield from _counted(draft, session, "without_language", who, {"language": language})


def _only_this(only: Bools, lacks: Bools, others: list[Bools]) -> Ints:
    for lacks_other in others:
        lacks = lacks & ~lacks_other
    return np.flatnonzero(only & lacks)


def _other_times(draft: Draft, role: int) -> Iterator[Reason]:
    session = draft.instance.index.session(role)
    now = _bits(draft, role, session) == 0
    for minutes in SHIFTS_MINUTES:
        moved = timedelta(minutes=minutes)
        shifted = replace(session, starts=session.starts + moved, ends=session.ends + moved)
        who = np.flatnonzero((_bits(draft, role, shifted) == 0) & ~now)
        yield from _counted(draft, shifted, "other_time", who, {"minutes": minutes})
