"""The fast way to all edges against the plain rules, and distances on the globe at their closest."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench import generator, problems
from tests.matching.core import strategies
from tests.matching.core.documents import problem, role, session, volunteer
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core import blockers, columns, edges, homes, index, intervals, spans
from volunteer_match.matching.core.format import problem_from_json


def fast(given_problem):
    found = edges.find(columns.build(index.build(given_problem)))
    return list(zip(found.role.tolist(), found.volunteer.tolist(), strict=True))


def plain(given_problem):
    table = index.build(given_problem)
    pairs = [(role, who) for role in range(len(table.roles)) for who in range(len(table.volunteers))]
    return [pair for pair in pairs if pair not in table.fixed and not blockers.blockers(table, *pair)]


@given(strategies.problems())
@settings(EXAMPLES, max_examples=150)
def test_edges_are_the_pairs_that_no_rule_blocks(doc):
    parsed = problem_from_json(doc)
    assert fast(parsed) == plain(parsed)


def test_edges_of_a_small_town_are_the_pairs_that_no_rule_blocks():
    world = generator.make(generator.Scale("hamlet", 60, 15, 2, 12.0), seed=3)
    town = problems.problem(world)
    assert fast(town) == plain(town) != []


def test_edges_are_the_same_however_few_pairs_are_looked_at_together(monkeypatch):
    town = problems.problem(generator.make(generator.Scale("hamlet", 60, 15, 2, 12.0), seed=4))
    at_once = fast(town)
    monkeypatch.setattr(edges, "PAIRS_AT_ONCE", 7)
    assert fast(town) == at_once != []


def test_a_role_may_ask_more_than_fits_a_word():
    names = [f"skill-{at}" for at in range(150)]
    people = [volunteer(id="v-all", skills=dict.fromkeys(names, 2))]
    people += [volunteer(id=f"v-{name}", skills=dict.fromkeys(set(names) - {name}, 2)) for name in names]
    asking = [role(required_skills=dict.fromkeys(names, 2)), role(id="r2", required_skills={"skill-149": 1})]
    given_problem = problem([session()], asking, people)
    assert fast(given_problem) == plain(given_problem)
    assert len(fast(given_problem)) == 1 + 150


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 80), st.sampled_from([-1.0, -0.001, 0.0, 0.001, 1.0]))
@settings(EXAMPLES, max_examples=200)
def test_a_radius_ends_at_the_metre(north, east, radius, off):
    home, place = (50.5, 22.0), (50.5 + north / 2, 22.0 + east / 2)
    reach = max(0.0, radius if off == 0.0 else spans.metres(home, place) / 1000 + off)
    given_problem = problem(
        [session(place=list(place))], [role()], [volunteer(place=list(home), radius_km=reach)]
    )
    known = homes.build(columns.build(index.build(given_problem)))
    near = known.near(place, np.ones(1, dtype=np.bool_)).tolist()
    assert near == ([0] if spans.metres(home, place) <= reach * 1000 else [])


SPANS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 40), st.integers(1, 40)).map(
        lambda x: (x[0], x[1], x[1] + x[2])
    )
)


@given(SPANS, st.integers(0, 60), st.integers(1, 30))
@settings(EXAMPLES, max_examples=200)
def test_intervals_are_found_wherever_they_start(rows, starts, length):
    volunteer_, begins, ends = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    table, until = intervals.table(volunteer_, begins, ends), starts + length
    assert sorted(table.covering(starts, until)) == sorted(
        v for v, b, e in rows if b <= starts and until <= e
    )
    assert sorted(table.touching(starts, until)) == sorted(v for v, b, e in rows if b < until and starts < e)


@given(SPANS)
@settings(EXAMPLES, max_examples=200)
def test_intervals_of_one_person_are_joined(rows):
    joined = intervals.merged(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)
    expected = [
        (who, *span)
        for who in sorted({who for who, _, _ in rows})
        for span in spans.merged([(begins, ends) for each, begins, ends in rows if each == who])
    ]
    assert [tuple(row) for row in np.array(joined).T.tolist()] == expected
