"""What every role of a problem looks like to one person: the rules that block, and where others may be ahead.

Nobody else's data enters: what may tip the scales is read from the person's own facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from volunteer_match.matching.core import blockers, index, score, spans
from volunteer_match.matching.core.columns import carried, waiting_days
from volunteer_match.matching.core.index import Index
from volunteer_match.matching.core.types import Component, Problem, Reason

FAR_KM = 5
LATELY_DAYS = 14


@dataclass(frozen=True, slots=True)
class Outlook:
    """One role as one person finds it; without blockers, `behind` is what others may have more of."""

    role: str
    blockers: tuple[Reason, ...]
    components: tuple[Component, ...]
    behind: tuple[Reason, ...]


def outlook(problem: Problem, volunteer_id: str) -> tuple[Outlook, ...]:
    """Say of every role what keeps one person from it, or what speaks for them and what for others."""
    lookup = index.build(problem)
    who = lookup.volunteer_at[volunteer_id]
    return tuple(_outlook(lookup, role, who) for role in range(len(lookup.roles)))


def _outlook(lookup: Index, role: int, who: int) -> Outlook:
    broken = blockers.blockers(lookup, role, who)
    behind = () if broken else tuple(_behind(lookup, role, who))
    return Outlook(lookup.roles[role].id, broken, score.components(lookup, role, who), behind)


def _behind(lookup: Index, role: int, who: int) -> Iterator[Reason]:
    person, session, wanted = lookup.volunteers[who], lookup.session(role), lookup.roles[role].wanted_skills
    lacking = sorted(skill for skill in wanted if not person.skills.get(skill))
    if lacking:
        yield Reason("wanted_skills", {"skills": ", ".join(lacking)})
    if not lookup.familiar.get((person.id, session.need)):
        yield Reason("continuity")
    if carried(person):
        yield Reason("load", {"times": carried(person)})
    if waiting_days(lookup, person) <= LATELY_DAYS:
        yield Reason("waiting", {"days": waiting_days(lookup, person)})
    if person.place is not None and session.place is not None and not session.remote:
        km = spans.metres(person.place, session.place) / 1000
        if km > FAR_KM:
            yield Reason("distance", {"km": km})
