"""Programs cut, rewritten and bounded: always the same solutions, never a bound too low."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core import greedy, highs, instance, model, parts
from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.chains import chained
from volunteer_match.matching.core.dive import best_schedule
from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.search import weights

ASK = Ask(seconds=10, seed=1)


def written(doc):
    built = model.build(instance.build(problem_from_json(doc)))
    return built, parts.whole(built), weights(built) @ built.levels


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_chains_have_the_same_optimum(doc):
    built, program, objective = written(doc)
    rewritten = chained(program, built.instance.edges.volunteer)
    longer = np.concatenate([objective, np.zeros(rewritten.count - program.count)])
    plain, other = highs.maximise(program, objective, ASK), highs.maximise(rewritten, longer, ASK)
    assert plain.bound == pytest.approx(other.bound)


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_a_program_cut_around_a_plan_gives_at_least_that_plan(doc):
    built, program, objective = written(doc)
    values = model.columns_of(built, greedy.plan(built.instance))
    free = np.flatnonzero(np.arange(program.count) % 2 == 0)
    part = programs.cutter(program).cut(values, free)
    assert programs.satisfied(program, values)
    assert programs.satisfied(part, values[free])
    answer = highs.maximise(part, objective[free], ASK)
    values[free] = answer.columns
    assert programs.satisfied(program, values)


@given(problems(), st.integers(0, 2**32 - 1))
@settings(EXAMPLES, max_examples=60)
def test_any_prices_bound_the_optimum(doc, seed):
    _, program, objective = written(doc)
    prices = np.random.default_rng(seed).normal(scale=100, size=program.rows.count)
    best = highs.maximise(program, objective, ASK).bound
    assert programs.bound(program, objective, prices) >= best - 1e-6


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_parts_share_no_row(doc):
    built = model.build(instance.build(problem_from_json(doc)))
    program = parts.without_load(built)
    label = parts.components(program)
    rows = program.rows
    for row in range(rows.count):
        assert len(set(label[rows.at[rows.starts[row] : rows.starts[row + 1]]])) <= 1


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_a_best_schedule_never_overlaps(doc):
    ready = instance.build(problem_from_json(doc))
    for who in range(len(ready.index.volunteers)):
        edges = np.flatnonzero(ready.edges.volunteer == who)
        chosen = best_schedule(ready, edges, np.ones(len(edges)))
        taken = sorted(ready.occupied[session] for session in ready.session[chosen].tolist())
        assert all(one[1] <= other[0] for one, other in pairwise(taken))
