"""Asks the core to mend a week: gaps are filled, what is agreed stays, as few proposals as possible move."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from volunteer_match import clock
from volunteer_match.db import let_go
from volunteer_match.i18n import to_local
from volunteer_match.matching import feed, figures, solver
from volunteer_match.matching.core import format, instance
from volunteer_match.matching.core import types as core
from volunteer_match.matching.rules import MEND_LIMIT_SECONDS, History
from volunteer_match.matching.service import Place, Proposal

Pair = tuple[str, str]
FailedError = solver.SolverError
"""The solver died or had to be killed; nothing is mended."""


@dataclass(frozen=True)
class Gaps:
    """What is to be filled: places that came free, and roles to fill up to their minimum."""

    freed: tuple[str, ...]
    opened: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """What is on the desk as (opening, volunteer): proposals that may move, and those that stay."""

    movable: tuple[Pair, ...]
    staying: tuple[Pair, ...]


@dataclass(frozen=True)
class Mended:
    """Who leaves, joins or changes, with reasons for everybody new, and each level before and after."""

    moves: tuple[dict[str, Any], ...]
    joined: Mapping[Pair, Proposal]
    before: tuple[float, ...]
    after: tuple[float, ...]
    openers: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """What would bring somebody to the gaps that stay, the most helpful first."""


def gather(place: Place, history: History) -> core.Problem:
    """Return the problem of the week a place belongs to: hours and sessions are counted by the week."""
    monday = place.day - timedelta(days=place.day.weekday())
    now = clock.now()
    days = feed.Days(max(monday, to_local(now).date()), monday + timedelta(days=6), now)
    return _people_only(feed.problem(days, history))


def _people_only(problem: core.Problem) -> core.Problem:
    """Leave rooms and things out: they are asked of their owners, and people come whether or not they do."""
    roles = tuple(role for role in problem.roles if not role.resource)
    volunteers = tuple(each for each in problem.volunteers if not each.resource)
    asked, known = {role.id for role in roles}, {each.id for each in volunteers}
    return replace(
        problem,
        roles=roles,
        volunteers=volunteers,
        fixed=tuple(pair for pair in problem.fixed if pair[0] in asked),
        forbidden=tuple(each for each in problem.forbidden if each.volunteer in known),
        familiar=tuple(each for each in problem.familiar if each.volunteer in known),
    )


def mended(problem: core.Problem, standing: Standing, gaps: Gaps) -> Mended:
    """Fill the gaps; nothing may be locked meanwhile, for it takes its time."""
    known = {role.id for role in problem.roles}
    given, movable = _held(problem, standing)
    asked = {
        "problem": format.problem_to_json(given),
        "pairs": [list(pair) for pair in movable if pair[0] in known],
        "freed": [each for each in gaps.freed if each in known],
        "opened": [each for each in gaps.opened if each in known],
    }
    let_go()
    found = solver.mend_apart(asked, MEND_LIMIT_SECONDS)
    return Mended(
        moves=tuple(found["moves"]),
        joined={(each["role"], each["volunteer"]): _proposal(each) for each in found["joined"]},
        before=tuple(found["before"]),
        after=tuple(found["after"]),
        openers=found["openers"],
    )


def _held(problem: core.Problem, standing: Standing) -> tuple[core.Problem, list[Pair]]:
    """Return the problem with what stays in it, and the proposals that may move.

    Coordinators may propose several people for one place, or somebody for two at one time: whom to ask is for
    them to choose. So nobody is taken off such a place, and nobody joins it.
    """
    ready = instance.build(problem)
    fixed = figures.allowed(ready, standing.staying)
    fitting = set(figures.allowed(ready, (*fixed, *standing.movable)))
    possible = {pair for pair in standing.movable if figures.edge_of(ready, *pair) is not None}
    waiting = (set(standing.staying) | possible) - fitting
    crowded = {role for role, _who in waiting}
    held = [pair for pair in standing.movable if pair in fitting and pair[0] in crowded]
    movable = [pair for pair in standing.movable if pair not in waiting and pair not in held]
    return _less(replace(problem, fixed=(*problem.fixed, *fixed, *held)), waiting), movable


def _less(problem: core.Problem, waiting: set[Pair]) -> core.Problem:
    """Take away the places for which somebody waits who does not fit, or whom the rules do not allow yet."""
    count, held = (Counter(role for role, _who in pairs) for pairs in (waiting, problem.fixed))
    places = {role.id: max(held[role.id], role.preferred - count[role.id]) for role in problem.roles}
    roles = (replace(r, min=min(r.min, places[r.id]), preferred=places[r.id]) for r in problem.roles)
    return replace(problem, roles=tuple(roles))


def all_allowed(problem: core.Problem, pairs: Collection[Pair]) -> bool:
    """Tell whether every one of the pairs may be proposed as things stand."""
    ready = instance.build(problem)
    return all(figures.edge_of(ready, *pair) is not None for pair in pairs)


def _proposal(each: Mapping[str, Any]) -> Proposal:
    return Proposal(each["role"], each["volunteer"], each["score"], tuple(each["reasons"]), None)


def nothing() -> Mended:
    """Return what stands when nothing could be mended."""
    return Mended((), {}, (), ())
