"""The hard rules, one pair at a time: which rules keep a volunteer from a role, with their facts.

This is the plain reading of the rules. It words explanations, and tests hold the fast arrays in
`eligible` against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.index import Index
from volunteer_match.matching.core.types import Interval, Reason, Role, Session, Volunteer


@dataclass(frozen=True, slots=True)
class Case:
    """One role and one volunteer with everything the rules ask about."""

    index: Index
    at: tuple[int, int]
    session: Session
    role: Role
    volunteer: Volunteer


def blockers(index: Index, role: int, volunteer: int) -> tuple[Reason, ...]:
    """List the rules that keep a volunteer from a role; none means eligible."""
    case = Case(index, (role, volunteer), index.session(role), index.roles[role], index.volunteers[volunteer])
    return tuple(reason for rule in RULES for reason in rule(case))


def _wrong_kind(case: Case) -> Iterator[Reason]:
    if case.volunteer.resource != case.role.resource:
        yield Reason("wrong_kind")


def _withheld(case: Case) -> Iterator[Reason]:
    for reason in case.volunteer.withheld:
        yield Reason("withheld", {"reason": reason})


def _forbidden(case: Case) -> Iterator[Reason]:
    targets = {case.session.partner, case.session.need, case.session.id, case.role.id}
    for each in case.index.forbidden.get(case.at[1], ()):
        if each.target in targets:
            yield Reason("forbidden", {"target": each.target, "reason": each.reason})


def _too_young(case: Case) -> Iterator[Reason]:
    age = spans.age_on(case.volunteer, spans.first_day(case.session))
    if case.role.min_age > 0 and (age is None or age < case.role.min_age):
        yield Reason("too_young", {"age": age, "needed": case.role.min_age})


def _clearance(case: Case) -> Iterator[Reason]:
    if case.session.children == 0 or case.volunteer.resource:
        return
    until = spans.cleared_until(case.volunteer, case.session)
    needed = spans.last_day(case.session)
    if until is None:
        yield Reason("clearance_missing", {"organiser": case.session.organiser or case.session.partner})
    elif until < needed:
        yield Reason("clearance_expires", {"until": until.isoformat(), "needed": needed.isoformat()})


def _agreement(case: Case) -> Iterator[Reason]:
    until, needed = case.volunteer.agreed_until, spans.last_day(case.session)
    if until is not None and until < needed:
        yield Reason("agreement_expires", {"until": until.isoformat(), "needed": needed.isoformat()})


def _skills(case: Case) -> Iterator[Reason]:
    for skill, level in sorted(case.role.required_skills.items()):
        has = case.volunteer.skills.get(skill, 0)
        if has < level:
            yield Reason("skill_missing", {"skill": skill, "level": level, "has": has})


def _languages(case: Case) -> Iterator[Reason]:
    for language in sorted(set(case.role.languages) - set(case.volunteer.languages)):
        yield Reason("language_missing", {"language": language})


def _licence(case: Case) -> Iterator[Reason]:
    if case.role.driving_licence and not case.volunteer.driving_licence:
        yield Reason("no_licence")


def _step_free(case: Case) -> Iterator[Reason]:
    if case.volunteer.needs_step_free and not case.session.step_free and not case.session.remote:
        yield Reason("needs_step_free")


def _too_far(case: Case) -> Iterator[Reason]:
    here, there, radius = case.volunteer.place, case.session.place, case.volunteer.radius_km
    if here is None or there is None or radius is None or case.session.remote:
        return
    away = spans.metres(here, there)
    if away > radius * 1000:
        yield Reason("too_far", {"km": away / 1000, "radius_km": radius})


def _not_available(case: Case) -> Iterator[Reason]:
    if case.volunteer.available is None:
        return
    starts, ends = spans.wanted_free(case.index.problem, case.session)
    free = spans.merged(_spans(case.volunteer.available))
    if not any(opens <= starts and ends <= closes for opens, closes in free):
        yield Reason("not_available")


def _spans(intervals: tuple[Interval, ...]) -> list[spans.Span]:
    return [(spans.seconds(starts), spans.seconds(ends)) for starts, ends in intervals]


def _away(case: Case) -> Iterator[Reason]:
    starts, ends = spans.span(case.session)
    if any(left < ends and starts < back for left, back in _spans(case.volunteer.away)):
        yield Reason("away")


def _busy(case: Case) -> Iterator[Reason]:
    problem, (role, volunteer) = case.index.problem, case.at
    starts, ends = spans.occupied(problem, case.session)
    half = spans.travel_half(problem, remote=False)
    if any(begins - half < ends and starts < done + half for begins, done in _spans(case.volunteer.busy)):
        yield Reason("busy")
    for other in case.index.fixed_roles.get(volunteer, ()):
        begins, done = spans.occupied(problem, case.index.session(other))
        if other != role and begins < ends and starts < done:
            yield Reason("busy", {"role": case.index.roles[other].id})


def _caps(case: Case) -> Iterator[Reason]:
    role, volunteer = case.at
    if case.at in case.index.fixed:
        return
    taken, sessions = case.index.used(volunteer, spans.week_of(case.session))
    hours, most = case.volunteer.max_hours_per_week, case.volunteer.max_sessions_per_week
    wants = case.index.pair_seconds(role, volunteer)
    if hours is not None and taken + wants > round(hours * spans.HOUR):
        facts = {"used": taken / spans.HOUR, "hours": wants / spans.HOUR, "cap": hours}
        yield Reason("cap_hours", {**facts})
    if most is not None and sessions + 1 > most:
        yield Reason("cap_sessions", {"used": sessions, "cap": most})
    if case.volunteer.max_new == 0:
        yield Reason("cap_new")


RULES: tuple[Callable[[Case], Iterator[Reason]], ...] = (
    _wrong_kind,
    _withheld,
    _forbidden,
    _too_young,
    _clearance,
    _agreement,
    _skills,
    _languages,
    _licence,
    _step_free,
    _too_far,
    _not_available,
    _away,
    _busy,
    _caps,
)
