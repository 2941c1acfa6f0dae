"""The alternatives the engine is measured against answer the same questions right."""

import itertools
import math

import numpy as np
import pytest

from tests.bench import allocation, evening, export, generator, problems
from tests.bench.first_come import plan
from tests.bench.ours import gini
from tests.bench.peers import loops, pairs, plain, sql
from tests.bench.peers.munkres import Munkres
from volunteer_match.matching.core import api, columns, index, instance
from volunteer_match.matching.core import edges as edges_

SMALL = generator.Scale("small", 120, 30, 3, 25.0)


@pytest.fixture(scope="module")
def world():
    return generator.make(SMALL, 5)


@pytest.fixture(scope="module")
def found(world):
    order = index.build(problems.problem(world))
    edges = edges_.find(columns.build(order))
    return dict(
        zip(
            (role.id for role in order.roles),
            np.bincount(edges.role, minlength=len(order.roles)).tolist(),
            strict=True,
        )
    )


@pytest.mark.parametrize("peer", [loops, sql])
def test_a_peer_finds_the_people_the_engine_finds(peer, world, found, tmp_path):
    export.pairs(tmp_path / "pairs.npz", world, problems.part(world))
    data = pairs.read(str(tmp_path / "pairs.npz"))
    find = peer.search(data)

    assert [find(role) for role in pairs.asked(data, 10_000)] == [found[each] for each in data["role"]]


def test_plain_python_finds_the_people_the_engine_finds(world, found):
    document = problems.document(world)

    assert plain.Town.of(document).count() == sum(found.values())


@pytest.mark.parametrize("seed", range(20))
def test_munkres_finds_the_cheapest_assignment(seed):
    costs = np.random.default_rng(seed).integers(0, 10, (5, 5)).tolist()
    ways = itertools.permutations(range(5))
    cheapest = min(sum(costs[row][at] for row, at in enumerate(way)) for way in ways)

    chosen = Munkres([list(row) for row in costs], math.inf).solve()

    assert sorted(chosen) == list(range(5))
    assert sum(costs[row][at] for row, at in enumerate(chosen)) == cheapest


def test_munkres_and_the_engine_agree_about_an_evening():
    problem = evening.problem(20)
    costs = evening.costs(instance.build(problem))
    chosen = Munkres(costs.tolist(), math.inf).solve()

    filled = api.solve(problem).levels[1].value

    assert sum(costs[row, at] < costs.max() for row, at in enumerate(chosen)) == filled


def test_first_come_keeps_every_rule_about_a_person(world):
    draft = plan(instance.build(problems.problem(world)))
    again = type(draft)(draft.instance)

    for edge in sorted(draft.chosen):
        assert again.fits(edge)
        again.add(edge)


@pytest.mark.parametrize(("values", "share"), [([2, 2, 2], 0.0), ([0, 0, 3], 2 / 3), ([0, 0], 0.0)])
def test_gini_tells_even_from_uneven(values, share):
    assert gini(values) == pytest.approx(share)


def test_an_allocation_is_solved_in_its_own_terms(tmp_path):
    (tmp_path / "small").write_text("2 3\n 4 1 7\n 3 9 2\n 2 2 2\n 3 3 3\n 4 6\n", encoding="ascii")
    (tmp_path / "optima.csv").write_text("Path,Best known solution value\nsmall,6\n", encoding="utf-8")
    given = allocation.read(tmp_path, "small")

    plan = api.solve(given.problem())

    assert given.value(sum(each.score for each in plan.assignments)) == given.best
