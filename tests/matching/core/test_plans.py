"""What a plan prefers, keeps together and repeats."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import given, settings

from tests.matching.core.checker import World, when
from tests.matching.core.documents import at, document, problem, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES, proposed
from volunteer_match.matching.core import highs
from volunteer_match.matching.core.api import inputs_sha256, rank, solve
from volunteer_match.matching.core.format import plan_to_json, problem_from_json

MORNING, NOON = session("s1", 9, 11), session("s2", 12, 14)
TWO_ROLES = [role("r1", "s1"), role("r2", "s2")]


def pairs(*args, **more):
    return set(proposed(solve(problem(*args, **more))))


def values(doc):
    return [level.value for level in solve(problem_from_json(doc)).levels]


def test_a_whole_session_comes_before_more_places_elsewhere():
    meetings = [session("s1", 9, 11), session("s2", 9, 11)]
    places = [role("r1", "s1", 1), role("r2", "s2", 3)]
    assert len([pair for pair in pairs(meetings, places, [volunteer()]) if pair[0] == "r1"]) == 1


def test_minimum_everywhere_comes_before_extras_however_good():
    places = [role("r1", "s1", 0, 5), role("r2", "s2", 1)]
    meetings = [session("s1", 9, 11, need="loved"), session("s2", 9, 11)]
    assert pairs(meetings, places, [volunteer()], interested=[["v1", "loved"]]) == {("r2", "v1")}


def test_an_extra_place_is_filled_even_by_a_poor_match():
    tired = volunteer(recent_sessions=40)
    assert pairs(roles=[role(least=0, preferred=1)], volunteers=[tired]) == {("r1", "v1")}


def test_the_more_urgent_session_runs():
    meetings = [session("s1", 9, 11), session("s2", 9, 11, priority=2)]
    assert pairs(meetings, TWO_ROLES, [volunteer()]) == {("r2", "v1")}


def test_a_partner_often_left_unfilled_comes_first():
    meetings = [session("s1", 9, 11), session("s2", 9, 11, partner="p2")]
    assert pairs(meetings, TWO_ROLES, [volunteer()], partner_deficit={"p2": 0.4}) == {("r2", "v1")}


@pytest.mark.parametrize(("spread", "people"), [(0, {"v1"}), (1, {"v1", "v2"}), (16, {"v1", "v2"})])
def test_spreading_the_load_shares_the_sessions(spread, people):
    liked = [["r1", "v1", {"quality": 20}], ["r2", "v1", {"quality": 20}]]
    plain = [["r1", "v2", {"quality": 0}], ["r2", "v2", {"quality": 0}]]
    crowd, weights = [volunteer("v1"), volunteer("v2")], {"spread_load": spread}
    chosen = pairs([MORNING, NOON], TWO_ROLES, crowd, pairs=liked + plain, weights=weights)
    assert {who for _, who in chosen} == people


def test_the_least_recently_asked_come_first():
    assert pairs(volunteers=[volunteer("v1", recent_asks=3), volunteer("v2")]) == {("r1", "v2")}


KNOWN = [["v1", "n1", 9], ["v2", "n1", 4, False]]


def series(**more):
    """Two places of a series; v1 is a regular, v2 has been there, v3 is new."""
    crowd = [volunteer(name) for name in ("v1", "v2", "v3")]
    return pairs([session(**more)], [role(least=1, preferred=2)], crowd, familiar=KNOWN)


def test_one_place_of_a_series_goes_to_somebody_new():
    assert series(rotating=True) == {("r1", "v1"), ("r1", "v3")}


def test_where_nothing_rotates_all_places_go_to_known_faces():
    assert series() == {("r1", "v1"), ("r1", "v2")}


def test_a_new_face_never_costs_a_place():
    crowd = [volunteer("v1"), volunteer("v2")]
    found = pairs([session(rotating=True)], [role(least=2)], crowd, familiar=KNOWN)
    assert found == {("r1", "v1"), ("r1", "v2")}


def test_a_regular_is_liked_better_than_a_new_face():
    crowd, known = [volunteer("v1"), volunteer("v2")], [["v2", "n1", 1]]
    assert pairs([session(rotating=True)], volunteers=crowd, familiar=known) == {("r1", "v2")}


def test_continuity_keeps_a_known_face():
    assert pairs(volunteers=[volunteer("v1"), volunteer("v2")], familiar=[["v2", "n1", 4]]) == {("r1", "v2")}


def test_an_offer_already_out_is_kept():
    crowd = [volunteer("v1"), volunteer("v2", recent_sessions=2)]
    assert pairs(volunteers=crowd, offered=[["r1", "v2"]]) == {("r1", "v2")}


def test_one_cleared_adult_is_not_enough_among_children():
    plan = solve(problem([session(children=10)], [role(least=1, preferred=3)]))
    assert proposed(plan) == []
    assert [reason.code for reason in plan.sessions[0].why] == ["role_short", "cleared_adults"]


def test_declared_staff_count_as_cleared_adults():
    assert pairs([session(children=10, staff_cleared_adults=1)]) == {("r1", "v1")}


def test_people_under_eighteen_help_but_do_not_count_as_adults():
    crowd = [volunteer("v1"), volunteer("v2", age=16)]
    assert pairs([session(children=10)], [role(least=2)], crowd) == set()


def test_newcomers_are_never_alone():
    assert pairs(volunteers=[volunteer(newcomer=True)]) == set()


def test_a_newcomer_goes_with_somebody_experienced():
    crowd = [volunteer("v1", newcomer=True), volunteer("v2")]
    assert len(pairs(roles=[role(least=2)], volunteers=crowd)) == 2


def test_friends_come_together_or_not_at_all():
    crowd = [volunteer("v1"), volunteer("v2")]
    assert pairs(volunteers=crowd, together=[["v1", "v2"]]) == set()


def test_hours_given_for_a_pair_replace_the_length_of_the_session():
    crowd = [volunteer(max_hours_per_week=5)]
    assert len(pairs([MORNING, NOON], TWO_ROLES, crowd)) == 2
    assert len(pairs([MORNING, NOON], TWO_ROLES, crowd, pairs=[["r1", "v1", {"hours": 4}]])) == 1


def test_confirmed_places_stay_even_against_the_rules():
    plan = solve(problem(volunteers=[volunteer(withheld=["paused"])], fixed=[["r1", "v1"]]))
    assert [(each.volunteer, each.fixed) for each in plan.assignments] == [("v1", True)]


def test_a_session_that_asks_for_nobody_counts_as_covered():
    assert solve(problem(roles=[])).levels[0].value == 1


def test_nothing_to_decide_is_optimal():
    assert solve(problem([], [], [])).status == "optimal"


def stable(plan):
    return plan_to_json(plan) | {"seconds": 0, "peak_mib": 0}


@given(problems())
@settings(EXAMPLES, max_examples=20)
def test_the_same_input_gives_the_same_plan_in_any_order(doc):
    keys = ("sessions", "roles", "volunteers", "pairs")
    turned = doc | {key: doc[key][::-1] for key in keys}
    plans = [solve(problem_from_json(each)) for each in (doc, doc, turned)]
    assert stable(plans[0]) == stable(plans[1]) == stable(plans[2])


def test_the_hash_covers_problem_and_seed():
    base = problem()
    tried = {
        inputs_sha256(base, 1),
        inputs_sha256(base, 2),
        inputs_sha256(replace(base, fixed=(("r1", "v1"),)), 1),
    }
    assert len(tried) == 3


def renamed(doc):
    def name(value):
        if isinstance(value, dict):
            return {key: name(each) for key, each in value.items()}
        if isinstance(value, list):
            return [name(each) for each in value]
        known = isinstance(value, str) and len(value) == 2 and value[0] in "srv"
        return f"{9 - int(value[1])}{value[0]}" if known else value

    return name(doc)


@given(problems())
@settings(EXAMPLES, max_examples=30)
def test_names_do_not_matter(doc):
    assert values(renamed(doc)) == values(doc)


@given(problems())
@settings(EXAMPLES, max_examples=20)
def test_a_useless_volunteer_changes_nothing(doc):
    idle = doc["volunteers"] + [volunteer("zz", withheld=["paused"])]
    assert values(doc | {"volunteers": idle}) == values(doc)


@given(problems())
@settings(EXAMPLES, max_examples=20)
def test_one_more_volunteer_never_lowers_coverage(doc):
    helped = doc["volunteers"] + [volunteer("zz", skills={"painting": 3}, languages=["pl", "uk"])]
    assert values(doc | {"volunteers": helped})[0] >= values(doc)[0]


def later(value, days):
    if isinstance(value, dict):
        return {key: later(each, days) for key, each in value.items()}
    if isinstance(value, list):
        return [later(each, days) for each in value]
    if isinstance(value, str) and value[:2] == "20":
        moved = when(value) + days
        return str(moved.date()) if len(value) == 10 else moved.isoformat()
    return value


@given(problems())
@settings(EXAMPLES, max_examples=20)
def test_whole_weeks_do_not_matter(doc):
    moved = later(doc, timedelta(weeks=9))
    before, after = solve(problem_from_json(doc)), solve(problem_from_json(moved))
    assert proposed(before) == proposed(after)
    assert before.levels == after.levels


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_without_the_solver_the_plan_is_lawful_and_its_bounds_hold(doc):
    with patch.object(highs, "maximise", side_effect=ImportError):
        plan = solve(problem_from_json(doc))
    world, best = World(doc), solve(problem_from_json(doc))
    assert world.broken(proposed(plan)) == []
    assert plan.levels[0].bound >= best.levels[0].value


@given(problems())
@settings(EXAMPLES, max_examples=40)
def test_no_time_at_all_still_gives_a_lawful_plan(doc):
    plan = solve(problem_from_json(doc), time_limit_s=0.0)
    assert World(doc).broken(proposed(plan)) == []
    assert all(level.bound >= level.value for level in plan.levels)


def test_rank_puts_the_best_first_and_leaves_out_the_blocked():
    crowd = [volunteer("v1"), volunteer("v2", withheld=["paused"]), volunteer("v3", skills={"guitar": 3})]
    ranked = rank(problem(roles=[role(wanted_skills={"guitar": 1})], volunteers=crowd), "r1", 5)
    assert [each.volunteer for each in ranked] == ["v3", "v1"]
    assert all(sum(part.points for part in each.reasons) == each.score for each in ranked)


def test_hiding_availability_never_raises_a_rank():
    wide, narrow = (
        rank(
            problem(volunteers=[volunteer("v1", available=[hours]), volunteer("v2", recent_asks=1)]), "r1", 5
        )
        for hours in ([at(6), at(20)], [at(9), at(11)])
    )
    assert [(each.volunteer, each.score) for each in wide] == [
        (each.volunteer, each.score) for each in narrow
    ]


def test_an_unknown_role_is_an_error():
    with pytest.raises(KeyError):
        rank(problem(), "r9", 3)


def test_bounds_are_stated_for_every_level():
    plan = solve(problem_from_json(document()))
    assert [(level.name, level.value, level.bound, level.gap) for level in plan.levels[:2]] == [
        ("coverage", 1, 1, 0),
        ("places", 1, 1, 0),
    ]
