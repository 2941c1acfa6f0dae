"""What a plan does for people, in numbers: coverage and fairness before it and after it.

"Before" is what people have agreed to or were asked for; "after" adds what the plan proposes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from volunteer_match.matching.core import instance
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.types import Problem

Pairs = set[tuple[str, str]]


def of(problem: Problem, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of a plan for the problem (without pairs that only a wish to keep them fixed)."""
    ready = instance.build(problem)
    before, after = {*problem.fixed, *problem.offered}, _pairs(plan)
    runs_already = _runnable(ready, problem)
    able = sorted({int(who) for who in ready.edges.volunteer} | set(ready.index.fixed_roles))
    people = [ready.index.volunteers[who].id for who in able]
    base = _base(ready)
    loads = [_loads(pairs, base, people) for pairs in (before, after)]
    return {
        "sessions": len(problem.sessions),
        "minimum": sum(role.min for role in problem.roles),
        "extras": sum(max(0, role.preferred - role.min) for role in problem.roles),
        "people": len(people),
        "before": _side(problem, before, loads[0], runs_already),
        "after": _side(problem, after, loads[1], sum(each["runnable"] for each in plan["sessions"])),
        "partners": _partners(problem, before, after),
        "loads": _lines(*loads),
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


def _runnable(ready: Instance, problem: Problem) -> int:
    index = ready.index
    offered = {(index.role_at[role], index.volunteer_at[who]) for role, who in problem.offered}
    draft = Draft(ready)
    for role in {role for role, _who in offered}:
        for edge in ready.edges_of_role(role):
            if (role, int(ready.edges.volunteer[edge])) in offered:
                draft.add(edge)
    return sum(draft.runnable(session) for session in range(len(index.sessions)))


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


def _side(problem: Problem, pairs: Pairs, loads: Mapping[str, int], runnable: int) -> dict[str, Any]:
    heads = Counter(role for role, _who in pairs)
    return {
        "runnable": runnable,
        "filled": sum(min(heads[role.id], role.min) for role in problem.roles),
        "extras": sum(max(0, min(heads[role.id], role.preferred) - role.min) for role in problem.roles),
        "helping": sum(1 for number in loads.values() if number),
        "most": max(loads.values(), default=0),
        "gini": round(gini(list(loads.values())), 4),
    }


def _partners(problem: Problem, before: Pairs, after: Pairs) -> list[dict[str, Any]]:
    partner_of = {session.id: session.partner for session in problem.sessions}
    heads = [Counter(role for role, _who in pairs) for pairs in (before, after)]
    sums: dict[str, list[int]] = {}
    for role in problem.roles:
        here = sums.setdefault(partner_of[role.session], [0, 0, 0])
        for at, number in enumerate((role.min, *(min(each[role.id], role.min) for each in heads))):
            here[at] += number
    names = ("minimum", "before", "after")
    return [{"id": each, **dict(zip(names, sums[each], strict=True))} for each in sorted(sums)]


def _lines(before: Mapping[str, int], after: Mapping[str, int]) -> list[list[Any]]:
    lines = [[who, before.get(who, 0), number] for who, number in after.items()]
    lines += [[who, number, 0] for who, number in before.items() if who not in after]
    return sorted(
        (each for each in lines if each[1] or each[2]), key=lambda each: (-each[2], -each[1], each[0])
    )
