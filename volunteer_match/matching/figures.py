"""What a plan does for people, in numbers: coverage and fairness before it and after it.

"Before" is what people have agreed to or were asked for; "after" adds what the plan proposes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from volunteer_match.matching.core import index, score
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.types import Problem, Role, Weights

Pairs = set[tuple[str, str]]


def of(ready: Instance, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of a plan for an instance (in which nothing is fixed that is only to be kept)."""
    problem = ready.index.problem
    roles = [role for role in problem.roles if not role.resource]
    before, after = (_of_people(pairs, roles) for pairs in ({*problem.fixed, *problem.offered}, _pairs(plan)))
    runs_already = _runnable(ready, problem)
    able = sorted({int(who) for who in ready.edges.volunteer} | set(ready.index.fixed_roles))
    people = [each.id for each in (ready.index.volunteers[who] for who in able) if not each.resource]
    base = _base(ready)
    loads = [_loads(pairs, base, people) for pairs in (before, after)]
    return {
        "sessions": len(problem.sessions),
        "minimum": sum(role.min for role in roles),
        "extras": sum(max(0, role.preferred - role.min) for role in roles),
        "people": len(people),
        "before": _side(roles, before, loads[0], runs_already),
        "after": _side(roles, after, loads[1], sum(each["runnable"] for each in plan["sessions"])),
        "partners": _partners(problem, roles, before, after),
        "loads": _lines(*loads),
        "fit": _fit(problem, after - before),
    }


def gini(values: Sequence[int]) -> float:
    """Return how unevenly numbers are spread: 0 when all are the same, near 1 when one has everything."""
    total, count = sum(values), len(values)
    if not total:
        return 0.0
    ranked = sum((2 * place - count - 1) * each for place, each in enumerate(sorted(values), 1))
    return ranked / (count * total)


def _pairs(plan: Mapping[str, Any]) -> Pairs:
    return {(each["role"], each["volunteer"]) for each in plan["assignments"]}


def _of_people(pairs: Pairs, roles: Sequence[Role]) -> Pairs:
    known = {role.id for role in roles}
    return {pair for pair in pairs if pair[0] in known}


def _runnable(ready: Instance, problem: Problem) -> int:
    found = (edge_of(ready, role, who) for role, who in problem.offered)
    draft = Draft(ready, {edge for edge in found if edge is not None})
    return sum(draft.runnable(session) for session in range(len(ready.index.sessions)))


def edge_of(ready: Instance, role_id: str, volunteer_id: str) -> int | None:
    """Return where a pair stands among the pairs that rules allow, or None when they do not."""
    role, who = ready.index.role_at.get(role_id), ready.index.volunteer_at.get(volunteer_id)
    if role is None or who is None:
        return None
    here = ready.edges_of_role(role)
    place = int(np.searchsorted(ready.edges.volunteer[here.start : here.stop], who))
    edge = here.start + place
    return edge if place < len(here) and int(ready.edges.volunteer[edge]) == who else None


def allowed(ready: Instance, wanted: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those of the pairs, the first first, that can stand together beside what is settled."""
    draft, found = Draft(ready), []
    for role, who in wanted:
        edge = edge_of(ready, role, who)
        if edge is not None and edge not in draft.chosen and draft.fits(edge):
            draft.add(edge)
            found.append((role, who))
    return found


def _base(ready: Instance) -> dict[str, int]:
    """Count the sessions people have in these weeks besides those the problem is about."""
    weeks = set(ready.week)
    return {
        person.id: sum(use.sessions for use in person.used if use.week in weeks)
        for person in ready.index.volunteers
    }


def _loads(pairs: Pairs, base: Mapping[str, int], people: Iterable[str]) -> dict[str, int]:
    places = Counter(who for _role, who in pairs)
    return {who: base.get(who, 0) + places[who] for who in {*people, *places}}


def _side(roles: Sequence[Role], pairs: Pairs, loads: Mapping[str, int], runnable: int) -> dict[str, Any]:
    heads = Counter(role for role, _who in pairs)
    return {
        "runnable": runnable,
        "filled": sum(min(heads[role.id], role.min) for role in roles),
        "extras": sum(max(0, min(heads[role.id], role.preferred) - role.min) for role in roles),
        "helping": sum(1 for number in loads.values() if number),
        "most": max(loads.values(), default=0),
        "gini": round(gini(list(loads.values())), 4),
    }


def _partners(problem: Problem, roles: Sequence[Role], before: Pairs, after: Pairs) -> list[dict[str, Any]]:
    partner_of = {session.id: session.partner for session in problem.sessions}
    heads = [Counter(role for role, _who in pairs) for pairs in (before, after)]
    sums: dict[str, list[int]] = {}
    for role in roles:
        here = sums.setdefault(partner_of[role.session], [0, 0, 0])
        for at, number in enumerate((role.min, *(min(each[role.id], role.min) for each in heads))):
            here[at] += number
    names = ("minimum", "before", "after")
    return [{"id": each, **dict(zip(names, sums[each], strict=True))} for each in sorted(sums)]


def _fit(problem: Problem, pairs: Pairs) -> dict[str, int]:
    """Sum what speaks for the new pairs, by code, with the usual weights, so that plans can be compared."""
    lookup = index.build(replace(problem, weights=Weights()))
    sums: Counter[str] = Counter()
    for role, who in pairs:
        for part in score.components(lookup, lookup.role_at[role], lookup.volunteer_at[who]):
            sums[part.code] += part.points
    return dict(sorted(sums.items()))


def _lines(before: Mapping[str, int], after: Mapping[str, int]) -> list[list[Any]]:
    lines = [[who, before.get(who, 0), number] for who, number in after.items()]
    lines += [[who, number, 0] for who, number in before.items() if who not in after]
    return sorted(
        (each for each in lines if each[1] or each[2]), key=lambda each: (-each[2], -each[1], each[0])
    )
