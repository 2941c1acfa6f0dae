"""Each hard rule, and the fast arrays against the plain reading of the rules."""

import numpy as np
import pytest
from hypothesis import given, settings

from tests.bench import generator
from tests.bench import problems as town
from tests.matching.core.documents import at, problem, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core import blockers, columns, eligible, index, score
from volunteer_match.matching.core.format import problem_from_json

HOME, FAR = [50.57, 22.05], [50.77, 22.05]


def codes(meeting=None, place=None, person=None, **more):
    given = problem(
        [session(**(meeting or {}))], [role(**(place or {}))], [volunteer(**(person or {}))], **more
    )
    return [reason.code for reason in blockers.blockers(index.build(given), 0, 0)]


def without(name, key):
    return {k: v for k, v in volunteer(name).items() if k != key}


def test_nothing_blocks_an_ordinary_volunteer():
    assert codes() == []


@pytest.mark.parametrize(
    ("meeting", "place", "person", "expected"),
    [
        ({}, {}, {"withheld": ["paused"]}, "withheld"),
        ({}, {"min_age": 18}, {"age": 17}, "too_young"),
        ({}, {"min_age": 18}, {"age": None}, "too_young"),
        ({}, {"min_age": 18}, {"born": "2008-11-29"}, "too_young"),
        ({"children": 5}, {}, {"cleared_until": None}, "clearance_missing"),
        ({"children": 5}, {}, {"cleared_until": "2026-11-27"}, "clearance_expires"),
        (
            {"children": 5},
            {},
            {"cleared_until": None, "cleared_for": {"o9": "2027-01-01"}},
            "clearance_missing",
        ),
        ({}, {}, {"agreed_until": "2026-11-27"}, "agreement_expires"),
        ({}, {"required_skills": {"sewing": 2}}, {"skills": {"sewing": 1}}, "skill_missing"),
        ({}, {"languages": ["uk"]}, {"languages": ["pl"]}, "language_missing"),
        ({}, {"driving_licence": True}, {}, "no_licence"),
        ({}, {}, {"needs_step_free": True}, "needs_step_free"),
        ({"place": FAR}, {}, {"place": HOME, "radius_km": 10}, "too_far"),
        ({}, {}, {"available": [[at(9), at(10.5)]]}, "not_available"),
        ({}, {}, {"available": []}, "not_available"),
        ({}, {}, {"away": [[at(10), at(20)]]}, "away"),
        ({}, {}, {"busy": [[at(10), at(20)]]}, "busy"),
        ({}, {}, {"max_hours_per_week": 1.5}, "cap_hours"),
        ({}, {}, {"max_hours_per_week": 3, "used": [["2026-11-24", 1.5, 1]]}, "cap_hours"),
        ({}, {}, {"max_sessions_per_week": 1, "used": [["2026-11-24", 0, 1]]}, "cap_sessions"),
        ({}, {}, {"max_new": 0}, "cap_new"),
    ],
)
def test_one_rule_blocks(meeting, place, person, expected):
    assert codes(meeting, place, person) == [expected]


@pytest.mark.parametrize(
    ("meeting", "place", "person"),
    [
        ({}, {"min_age": 18}, {"born": "2008-11-28"}),
        (
            {"children": 5, "organiser": "o1"},
            {},
            {"cleared_until": None, "cleared_for": {"o1": "2026-11-28"}},
        ),
        ({}, {}, {"cleared_until": None}),
        ({"remote": True, "place": FAR}, {}, {"place": HOME, "radius_km": 1, "needs_step_free": True}),
        ({"step_free": True}, {}, {"needs_step_free": True}),
        ({}, {}, {"available": [[at(9), at(10)], [at(10), at(11)]]}),
        ({}, {}, {"busy": [[at(11), at(20)]]}),
        ({}, {}, {"max_hours_per_week": 2, "used": [["2026-11-16", 2, 1]]}),
    ],
)
def test_the_edge_of_a_rule_does_not_block(meeting, place, person):
    assert codes(meeting, place, person) == []


@pytest.mark.parametrize("target", ["p1", "n1", "s1", "r1"])
def test_a_conflict_blocks_partner_need_session_and_role(target):
    assert codes(forbidden=[["v1", target]]) == ["forbidden"]


def test_travel_blocks_next_to_another_commitment():
    assert codes(person={"busy": [[at(11), at(12)]]}, travel_buffer_minutes=30) == ["busy"]


def test_travel_must_fit_into_the_availability():
    assert codes(person={"available": [[at(9), at(11)]]}, travel_buffer_minutes=30) == ["not_available"]


def test_a_confirmed_place_elsewhere_blocks_the_same_time():
    given = problem([session(), session("s2", 10, 12)], [role(), role("r2", "s2")], fixed=[["r2", "v1"]])
    (reason,) = blockers.blockers(index.build(given), 0, 0)
    assert (reason.code, reason.facts) == ("busy", {"role": "r2"})


@pytest.mark.slow
@given(problems())
@settings(EXAMPLES, max_examples=200)
def test_arrays_and_plain_rules_name_the_same_obstacles(doc):
    table = columns.build(index.build(problem_from_json(doc)))
    for place in range(len(table.index.roles)):
        bits = eligible.role_bits(table, place, eligible.session_bits(table, table.index.session(place)))
        for who in range(table.count):
            if (place, who) not in table.index.fixed:
                plain = {reason.code for reason in blockers.blockers(table.index, place, who)}
                assert {code for code, bit in eligible.BIT.items() if int(bits[who]) & bit} == plain


def check_scores(table):
    everybody, roles = np.arange(table.count), np.arange(len(table.index.roles))
    pairs = eligible.Edges(np.repeat(roles, table.count), np.tile(everybody, len(roles)))
    plain = [
        sum(part.points for part in score.components(table.index, place, who))
        for place in roles.tolist()
        for who in everybody.tolist()
    ]
    own = score.own_points(table)
    one_by_one = [score.role_points(table, place, own, everybody) for place in roles.tolist()]
    assert score.qualities(table, pairs).tolist() == np.concatenate(one_by_one).tolist() == plain


@pytest.mark.slow
@given(problems())
@settings(EXAMPLES, max_examples=100)
def test_scores_are_the_exact_sum_of_their_parts(doc):
    check_scores(columns.build(index.build(problem_from_json(doc))))


def test_scores_of_a_small_town_are_the_exact_sum_of_their_parts():
    world = generator.make(generator.Scale("hamlet", 60, 15, 2, 12.0), seed=3)
    check_scores(columns.build(index.build(town.problem(world))))


def test_points_do_not_overflow_narrow_integers():
    given = problem(
        [session(place=HOME)],
        [role(wanted_skills={f"k{n}": 100 for n in range(40)})],
        [volunteer(skills={f"k{n}": 100 for n in range(40)}, place=HOME, newcomer=True)],
        weights={"wanted_skill": 100, "distance": 100, "newcomer_first": 100, "waiting": 100},
    )
    table = columns.build(index.build(given))
    points = score.role_points(table, 0, score.own_points(table), np.arange(1))
    assert points.tolist() == [40_000 + 25_000 + 10_000 + 6_000]


def test_every_column_is_wide():
    table = columns.build(index.build(problem()))
    narrow = [
        name
        for name in columns.Columns.__dataclass_fields__
        if getattr(getattr(table, name), "dtype", None) not in (None, "int64", "float64", "bool")
    ]
    assert narrow == []
