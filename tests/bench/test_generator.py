"""The generated worlds the benchmarks run on."""

import json

import pytest

from tests.bench import generator, problems
from volunteer_match.matching.core import columns, edges, index
from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.types import Problem

SMALL = generator.Scale("small", 150, 40, 5, 40.0)


@pytest.fixture(scope="module")
def world():
    return generator.make(SMALL, 3)


def _pairs(problem: Problem) -> set[tuple[str, str]]:
    order = index.build(problem)
    found = edges.find(columns.build(order))
    return {
        (order.roles[role].id, order.volunteers[who].id)
        for role, who in zip(found.role.tolist(), found.volunteer.tolist(), strict=True)
    }


def test_the_same_seed_gives_the_same_problem(world):
    assert problems.problem(generator.make(SMALL, 3)) == problems.problem(world)


def test_another_seed_gives_another_problem(world):
    assert problems.problem(generator.make(SMALL, 4)) != problems.problem(world)


def test_a_tight_town_has_the_needs_of_the_town():
    assert (
        problems.problem(generator.make(generator.TIGHT)).sessions
        == problems.problem(generator.make(generator.TOWN)).sessions
    )


def test_what_is_written_can_be_read(world):
    text = json.dumps(problems.document(world, weeks=(0, 1)))

    assert problem_from_json(text) == problems.problem(world, weeks=(0, 1))


def test_a_region_keeps_everybody_who_could_come(world):
    whole = {pair for pair in _pairs(problems.problem(world, weeks=(2,))) if _town(world, pair[0]) in (0, 2)}

    assert _pairs(problems.problem(world, weeks=(2,), region=(0, 2))) == whole != set()


def _town(world, role):
    return int(world.needs.town[int(role[1:6])])


def test_every_joint_rule_occurs(world):
    problem = problems.problem(world)

    assert problem.together
    assert any(each.newcomer for each in problem.volunteers)
    assert {each.staff_cleared_adults for each in problem.sessions} == {0, 1, 2}
    assert any(each.children and each.min_cleared_adults == 2 for each in problem.sessions)
