"""What must not change when a problem is told differently, and what hiding time can and cannot gain."""

from copy import deepcopy
from datetime import timedelta

from hypothesis import given, settings

from tests.matching.core.checker import when
from tests.matching.core.documents import at, document, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES, proposed
from volunteer_match.matching.core.api import solve
from volunteer_match.matching.core.format import problem_from_json

MARGIN = timedelta(hours=1)


def values(doc):
    return [level.value for level in solve(problem_from_json(doc)).levels]


def split(doc):
    """Take one place of the first role and make it a role of its own."""
    result = deepcopy(doc | {"fixed": []})
    first = result["roles"][0]
    if not first.get("preferred"):
        return result
    other = first | {"id": "zz", "min": min(1, first["min"]), "preferred": 1}
    first["min"], first["preferred"] = first["min"] - other["min"], first["preferred"] - 1
    result["roles"].append(other)
    result["pairs"] += [["zz", *row[1:]] for row in result["pairs"] if row[0] == first["id"]]
    return result


@given(problems())
@settings(EXAMPLES, max_examples=40)
def test_one_role_or_two_alike_make_no_difference(doc):
    assert values(split(doc)) == values(doc | {"fixed": []})


def without_unused_time(doc, plan, who):
    """Let somebody offer only the time around the places they got."""
    result = deepcopy(doc)
    person = next(each for each in result["volunteers"] if each["id"] == who)
    of_role = {each["id"]: each["session"] for each in doc["roles"]}
    mine = {of_role[name] for name, volunteer_id in proposed(plan) if volunteer_id == who}
    times = [each for each in doc["sessions"] if each["id"] in mine]
    offered = person.get("available") or [[at(0), at(24)]]
    person["available"] = [
        [
            max(when(a), when(each["starts"]) - MARGIN).isoformat(),
            min(when(b), when(each["ends"]) + MARGIN).isoformat(),
        ]
        for each in times
        for a, b in offered
        if when(a) < when(each["ends"]) and when(each["starts"]) < when(b)
    ]
    return result


@given(problems())
@settings(EXAMPLES, max_examples=40)
def test_hiding_time_the_plan_does_not_use_gains_nothing(doc):
    plan = solve(problem_from_json(doc))
    who = doc["volunteers"][0]["id"]
    assert values(without_unused_time(doc, plan, who)) == [level.value for level in plan.levels]


@given(problems())
@settings(EXAMPLES, max_examples=40)
def test_hiding_time_never_makes_a_plan_better(doc):
    hidden = deepcopy(doc)
    hidden["volunteers"][0]["available"] = [[at(9), at(11)]]
    if doc["volunteers"][0].get("available") is None:
        assert values(hidden) <= values(doc)


def rivals(**first):
    """One may serve once a week and could do both places; the other only the second."""
    meetings = [session("s1", 9, 11, need="dull"), session("s2", 12, 14, need="loved")]
    places = [role("r1", "s1"), role("r2", "s2")]
    crowd = [volunteer("v1", max_sessions_per_week=1, **first), volunteer("v2", available=[[at(12), at(14)]])]
    return document(meetings, places, crowd, interested=[["v1", "loved"]])


def test_hiding_time_can_gain_a_place_only_where_the_plan_loses_one():
    # No plan that covers as much as possible can rule this out: the honest volunteer is needed elsewhere.
    honest, hiding = rivals(), rivals(available=[[at(12), at(14)]])
    assert ("r1", "v1") in proposed(solve(problem_from_json(honest)))
    assert ("r2", "v1") in proposed(solve(problem_from_json(hiding)))
    assert values(hiding)[0] < values(honest)[0]
