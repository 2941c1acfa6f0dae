"""Ranking against the plain rules and points, pair by pair."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench import generator, problems
from tests.matching.core import strategies
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core import advice, blockers, columns, eligible, index, score
from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.ranking import prepare


def plain(given_problem, role_id):
    """List everybody no rule keeps from a role with their points, the best first, else in order of ids."""
    table = index.build(given_problem)
    role, step = table.role_at[role_id], score.load_step(given_problem.weights)
    found = []
    for who, person in enumerate(table.volunteers):
        if (role, who) in table.fixed or blockers.blockers(table, role, who):
            continue
        carried = 0 if person.resource else columns.carried(person) + len(table.fixed_roles.get(who, ()))
        points = sum(part.points for part in score.components(table, role, who)) - step * carried
        found.append((points, person.id))
    return sorted(found, key=lambda each: (-each[0], each[1]))


def ranked(ready, role_id, count):
    return [(each.score, each.volunteer) for each in ready.rank(role_id, count)]


@given(strategies.problems(), st.integers(1, 4))
@settings(EXAMPLES, max_examples=150)
def test_the_best_are_those_of_the_plain_rules_and_points(doc, count):
    parsed = problem_from_json(doc)
    ready = prepare(parsed)
    for role in parsed.roles:
        assert ranked(ready, role.id, count) == plain(parsed, role.id)[:count]
        assert ready.eligible(role.id) == len(plain(parsed, role.id))


@given(strategies.problems())
@settings(EXAMPLES, max_examples=50)
def test_parts_add_up_and_none_is_empty(doc):
    parsed = problem_from_json(doc)
    ready = prepare(parsed)
    for role in parsed.roles:
        for each in ready.rank(role.id, 20):
            assert sum(part.points for part in each.reasons) == each.score
            assert all(part.points for part in each.reasons)


@given(strategies.problems())
@settings(EXAMPLES, max_examples=150)
def test_whom_which_rule_keeps_away_is_counted_as_person_by_person(doc):
    parsed = problem_from_json(doc)
    ready, table = prepare(parsed), columns.build(index.build(parsed))
    for place, role in enumerate(table.index.roles):
        bits = eligible.role_bits(table, place, eligible.session_bits(table, table.index.session(place)))
        assert ready.blocked(role.id) == advice.blocked(bits) == ready.blocked(role.id)


@given(strategies.problems())
@settings(EXAMPLES, max_examples=50)
def test_one_person_is_ranked_as_among_all(doc):
    parsed = problem_from_json(doc)
    ready = prepare(parsed)
    for role in parsed.roles:
        among = {each.volunteer: each for each in ready.rank(role.id, 20)}
        for person in parsed.volunteers:
            assert ready.one(role.id, person.id) == among.get(person.id)


def test_a_small_town_is_ranked_by_the_plain_rules_and_points_the_second_time_too():
    town = problems.problem(generator.make(generator.Scale("hamlet", 60, 15, 2, 12.0), seed=3))
    ready = prepare(town)
    for _again in range(2):
        assert all(ranked(ready, role.id, 5) == plain(town, role.id)[:5] for role in town.roles)
    assert any(plain(town, role.id) for role in town.roles)
