"""What taking the runner-up really costs, against trying every plan that does."""

from unittest.mock import patch

from hypothesis import given, settings

from tests.matching.core.checker import World
from tests.matching.core.documents import problem, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core import weigh
from volunteer_match.matching.core.api import regret, solve, weighed
from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.types import LEVELS

TWO = [volunteer("v1"), volunteer("v2", recent_sessions=1)]


def told(plan):
    """The regret of every runner-up of a plan, by (role, chosen, runner-up)."""
    return {
        (each.role, each.volunteer, each.runner_up.volunteer): each.runner_up.regret
        for each in plan.assignments
        if each.runner_up is not None
    }


def losses(found):
    return {loss.level: loss.amount for loss in found.losses}


def lost(before, after):
    steps = zip(LEVELS, before, after, strict=True)
    return {level: old - new for level, old, new in steps if old != new}


@given(problems())
@settings(EXAMPLES, max_examples=120)
def test_every_regret_is_what_trying_everything_says(doc):
    given, world = problem_from_json(doc), World(doc)
    best = world.best()
    for (place, out, into), found in told(weighed(given, solve(given))).items():
        without = world.best(into=(place, into), out=(place, out))
        if without is None:
            assert found is None
        else:
            assert (losses(found), found.exact) == (lost(best, without), True)


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_regret_of_one_exchange_is_what_trying_everything_says(doc):
    given, world = problem_from_json(doc), World(doc)
    plan = solve(given)
    for place, out, into in told(plan):
        found = regret(given, plan, place, into, instead_of=out)
        without = world.best(into=(place, into), out=(place, out))
        assert (found and losses(found)) == (without and lost(world.best(), without))


def test_a_chain_of_moves_can_cost_less_than_the_direct_exchange():
    # v3 for v1 at r2 loses 40 points; v1, free again, then replaces v2 at r1 and wins back 10.
    points = [("r1", "v1", 100), ("r1", "v2", 90), ("r2", "v1", 90), ("r2", "v3", 50)]
    given = problem(
        [session("s1", 9, 11), session("s2", 13, 15)],
        [role("r1", "s1"), role("r2", "s2")],
        [volunteer("v1", max_sessions_per_week=1), volunteer("v2"), volunteer("v3")],
        pairs=[[place, who, {"quality": quality}] for place, who, quality in points],
        forbidden=[["v2", "r2"], ["v3", "r1"]],
        weights={"spread_load": 0},
    )
    plan = solve(given)
    assert losses(told(plan)["r2", "v1", "v3"]) == {"quality": 40}
    found = told(weighed(given, plan))["r2", "v1", "v3"]
    assert (losses(found), found.exact) == ({"quality": 30}, True)


def test_somebody_used_elsewhere_costs_the_place_they_leave():
    meetings = [session("s1", 9, 11, priority=2), session("s2", 9, 11)]
    given = problem(meetings, [role("r1", "s1"), role("r2", "s2")], [volunteer("v1"), volunteer("v2")])
    given_plan = solve(given)
    assert all(found is None for found in told(given_plan).values())
    assert all(found.exact for found in told(weighed(given, given_plan)).values())


def test_what_the_size_does_not_allow_stays_a_bound():
    given = problem(volunteers=TWO)
    with patch.object(weigh, "MOST_COLUMNS", 0):
        (found,) = told(weighed(given, solve(given))).values()
    assert (losses(found), found.exact) == ({"quality": 30}, False)


def test_an_exchange_that_loses_nothing_needs_no_solver():
    given = problem(volunteers=[volunteer("v1"), volunteer("v2")])
    plan = solve(given)
    with patch.object(weigh.highs, "maximise", side_effect=AssertionError):
        (found,) = told(weighed(given, plan)).values()
    assert (found.losses, found.exact) == ((), True)


def test_the_soonest_sessions_are_weighed_first():
    apart = [["v1", "r2"], ["v2", "r2"], ["w1", "r1"], ["w2", "r1"]]
    crowd = [*TWO, volunteer("w1"), volunteer("w2", recent_sessions=1)]
    places = [role("r1", "s1"), role("r2", "s2")]
    given = problem([session("s1", 13, 15), session("s2", 9, 11)], places, crowd, forbidden=apart)
    plan = solve(given)
    size = len(weigh.model.build(weigh.instance.build(given)).upper)
    with patch.object(weigh, "MOST_COLUMNS", size):
        exact = {place: found.exact for (place, _, _), found in told(weighed(given, plan)).items()}
    assert exact == {"r1": False, "r2": True}
