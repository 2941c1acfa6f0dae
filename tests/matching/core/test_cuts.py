"""Relaxations tightened: what is cut off is never a plan, and what is left out is never forgotten."""

import numpy as np
import pytest
from hypothesis import given, settings

from tests.matching.core.documents import document, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES
from tests.matching.core.test_programs import ASK, written
from volunteer_match.matching.core import cuts, highs, master
from volunteer_match.matching.core.cuts import largest_sets


def held(built, program, objective, first=None):
    every = np.arange(program.count)
    return master.of(cuts.weeks_of(built), program, every, objective, 1, first)


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_tightening_keeps_the_best_plan(doc):
    built, program, objective = written(doc)
    relaxation = held(built, program, objective)
    found = relaxation.tightened(10.0)
    best = highs.maximise(program, objective, ASK)
    again = highs.maximise(relaxation.program, objective, ASK)
    assert again.bound == pytest.approx(best.bound)
    assert found.bound >= best.bound - 1e-6


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_columns_left_out_at_first_are_added_where_they_gain(doc):
    built, program, objective = written(doc)
    some = held(built, program, objective, np.arange(built.edges, program.count)).tightened(10.0)
    whole = held(built, program, objective).tightened(10.0)
    best = highs.maximise(program, objective, ASK).bound
    assert min(some.bound, whole.bound) >= best - 1e-6
    assert some.bound <= highs.maximise(program, objective, highs.Ask(10, 1, whole=False)).bound + 1e-3


def test_largest_sets_leave_out_what_does_not_fit():
    hour = 3_600
    lengths, apart = [3 * hour, 2 * hour, 2 * hour], [set(), {2}, {1}]
    assert largest_sets(lengths, apart, 5 * hour, 9) == [(0, 1), (0, 2)]
    assert largest_sets(lengths, apart, 4 * hour, 9) == [(0,), (1,), (2,)]
    assert largest_sets(lengths, apart, 9 * hour, 1) == [(0,), (1,), (2,)]


def test_hours_that_do_not_fit_are_cut_off():
    doc = document(
        sessions=[session("s1", 9, 12), session("s2", 13, 15), session("s3", 16, 18)],
        roles=[role(f"r{at}", f"s{at}", 0, 1, wanted_skills={"chess": 1}) for at in (1, 2, 3)],
        volunteers=[volunteer("v1", max_hours_per_week=6, skills={"chess": 3})],
    )
    built, program, objective = written(doc)
    plain = highs.maximise(program, objective, highs.Ask(10, 1, whole=False)).bound
    best = highs.maximise(program, objective, ASK).bound
    assert plain > best + 1
    assert held(built, program, objective).tightened(10.0).bound == pytest.approx(best)
