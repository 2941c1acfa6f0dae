"""Plans against an independent checker and against trying everything."""

from unittest.mock import patch

from hypothesis import HealthCheck, given, settings

from tests.matching.core.checker import World
from tests.matching.core.strategies import problems
from volunteer_match.matching.core import cover, greedy, improve, instance, near, parts, refine, together
from volunteer_match.matching.core.api import solve
from volunteer_match.matching.core.format import problem_from_json

EXAMPLES = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def proposed(plan):
    return [(each.role, each.volunteer) for each in plan.assignments if not each.fixed]


def check_against_trying_everything(doc):
    plan, world = solve(problem_from_json(doc)), World(doc)
    assert world.broken(proposed(plan)) == []
    assert tuple(level.value for level in plan.levels) == world.values(proposed(plan)) == world.best()
    assert plan.status == "optimal"


@given(problems())
@settings(EXAMPLES, max_examples=200)
def test_plan_is_lawful_and_as_good_as_trying_everything(doc):
    check_against_trying_everything(doc)


@given(problems())
@settings(EXAMPLES, max_examples=120)
def test_looking_near_the_relaxation_first_gives_the_same_values(doc):
    with patch.object(refine, "MOST_EDGES", 0), patch.object(refine, "WIDTH", 1):
        check_against_trying_everything(doc)


@given(problems())
@settings(EXAMPLES, max_examples=120)
def test_repairing_a_quick_plan_first_gives_the_same_values(doc):
    with patch.object(cover, "MOST_EDGES", -1):
        check_against_trying_everything(doc)


@given(problems())
@settings(EXAMPLES, max_examples=120)
def test_diving_and_repairing_first_gives_the_same_values(doc):
    with patch.object(parts, "TIGHT", -1.0), patch.object(improve, "PATIENCE", 15):
        check_against_trying_everything(doc)


@given(problems())
@settings(EXAMPLES, max_examples=150)
def test_bounds_hold_on_the_way_large_problems_go(doc):
    with (
        patch.object(together, "LARGE", 0),
        patch.object(near, "LARGE", 0),
        patch.object(improve, "LARGE", 0),
    ):
        plan, world = solve(problem_from_json(doc)), World(doc)
    assert world.broken(proposed(plan)) == []
    reached, best = world.values(proposed(plan)), world.best()
    assert plan.status != "optimal" or reached == best
    for at, level in enumerate(plan.levels):
        assert level.bound >= best[at]
        if reached[at] < best[at]:
            break


@given(problems())
@settings(EXAMPLES, max_examples=150)
def test_greedy_plan_is_lawful(doc):
    draft = greedy.plan(instance.build(problem_from_json(doc)))
    roles, people = draft.instance.index.roles, draft.instance.index.volunteers
    pairs = [(roles[role].id, people[who].id) for role, who in map(draft.pair, draft.chosen)]
    assert World(doc).broken(pairs) == []
    assert draft.sound()
