"""Problems solved in shards against the whole: lawful, never above its bounds, whoever does the work."""

import json
import os
import signal
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench import generator
from tests.bench import problems as town
from tests.matching.core.checker import World
from tests.matching.core.documents import document, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core import outcome, parcel, pool, regions, sharded, shards
from volunteer_match.matching.core.api import solve
from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.types import Forbidden

LIMIT = 30.0
PLACES = ([50.5, 22.0], [50.6, 22.0], [51.2, 22.4])


@st.composite
def scattered(draw):
    """Draw a problem whose sessions are in several weeks and places."""
    doc = draw(problems())
    week, place = st.sampled_from(["2026-11-16", "2026-11-23", "2026-11-30"]), st.sampled_from(PLACES)
    for meeting in doc["sessions"]:
        meeting |= {"week": draw(week), "place": draw(place)}
    return doc


def in_shards(doc, most_sessions=1, run=None):
    source = regions.cut(problem_from_json(doc), most_sessions)
    return shards.solve(source, run or pool.in_turn(LIMIT))


def pairs(whole):
    return [(each.role, each.volunteer) for each in whole.placed]


@given(scattered())
@settings(EXAMPLES, max_examples=150)
def test_plan_in_shards_is_lawful_and_worth_what_it_says(doc):
    whole, world = in_shards(doc), World(doc)
    assert world.broken(pairs(whole)) == []
    assert tuple(level.value for level in whole.levels) == world.values(pairs(whole))


@given(scattered())
@settings(EXAMPLES, max_examples=150)
def test_bounds_hold_for_the_best_plan_there_is(doc):
    levels, best = in_shards(doc).levels, World(doc).best()
    for at, level in enumerate(levels):
        assert level.bound >= best[at] - 1e-6
        if level.value < best[at]:
            break


@given(scattered())
@settings(EXAMPLES, max_examples=150)
def test_weeks_that_share_nothing_add_up_to_the_whole(doc):
    for person in doc["volunteers"]:
        person.pop("max_new", None)
    doc |= {"weights": {"spread_load": 0}, "travel_buffer_minutes": 0}
    for at, meeting in enumerate(doc["sessions"]):
        meeting |= {"week": f"week {at}", "starts": meeting["starts"].replace("-28", f"-{21 + at}")}
        meeting["ends"] = meeting["ends"].replace("-28", f"-{21 + at}")
    whole, plan = in_shards(doc, most_sessions=100), solve(problem_from_json(doc))
    assert [level.value for level in whole.levels] == [level.value for level in plan.levels]
    assert all(level.value == level.bound for level in whole.levels)


HAMLETS = town.problem(generator.make(generator.Scale("hamlets", 90, 24, 3, 40.0), seed=2), weeks=[0, 1, 2])


def test_the_number_of_workers_changes_nothing():
    source = regions.cut(HAMLETS, 6)
    one, two = (shards.solve(source, pool.Processes(count, LIMIT)) for count in (1, 2))
    assert len(source.regions) > 1
    assert one == two


def test_the_order_of_the_problem_changes_nothing():
    turned = replace(
        HAMLETS,
        sessions=HAMLETS.sessions[::-1],
        roles=HAMLETS.roles[::-1],
        volunteers=HAMLETS.volunteers[::-1],
        together=HAMLETS.together[::-1],
    )
    first, second = (shards.solve(regions.cut(each, 6), pool.in_turn(LIMIT)) for each in (HAMLETS, turned))
    assert first == second


def test_a_shard_whose_process_is_killed_is_solved_again(tmp_path):
    marks = tmp_path

    def dies_once(shard, time_limit_s, seed):
        mark = marks / f"{shard.week}-{'-'.join(shard.regions)}"
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome.decided(shard, time_limit_s=time_limit_s, seed=seed)

    source = regions.cut(HAMLETS, 6)
    undisturbed = shards.solve(source, pool.in_turn(LIMIT))
    assert shards.solve(source, pool.Processes(2, LIMIT, work=dies_once)) == undisturbed


def test_a_shard_that_always_dies_is_planned_without_a_solver():
    def dies(shard, time_limit_s, seed):
        os.kill(os.getpid(), signal.SIGKILL)

    whole = shards.solve(regions.cut(HAMLETS, 100), pool.Processes(2, LIMIT, work=dies))
    assert whole.solvers == ("greedy",)
    assert whole.levels[0].value > 0


def test_a_person_two_regions_both_count_on_is_settled():
    meetings = [
        session("s1", 10, 12, place=[50.50, 22.0], week="w"),
        session("s2", 11, 13, place=[50.56, 22.0], week="w", priority=2),
    ]
    doc = document(meetings, [role("r1", "s1"), role("r2", "s2")], [volunteer("v1", place=[50.53, 22.0])])
    whole = in_shards(doc)
    assert (pairs(whole), whole.settled) == ([("r2", "v1")], 1)
    assert (whole.levels[0].value, whole.levels[0].bound) == (2, 3)


def test_sessions_decided_again_leave_confirmed_people_where_they_are():
    names, places = "abcd", (48.0, 48.01, 50.0, 50.01)
    meetings = [
        session(name, *((30, 32) if name == "d" else (10, 12)), place=[lat, 10.0], week="w", **more)
        for name, lat, more in zip(names, places, [{}, {}, {"priority": 5}, {}], strict=True)
    ]
    roles = [role(f"r{name}", name, required_skills={name: 1}) for name in names]
    people = [volunteer("x", skills={"a": 1, "b": 1}), volunteer("y", skills={"b": 1, "c": 1})]
    doc = document(meetings, roles, people, fixed=[["ra", "x"]], pairs=[["rb", "y", {"quality": 100}]])
    whole = in_shards(doc, most_sessions=2)
    assert whole.settled == 1
    assert pairs(whole) == [("rc", "y")]


def test_a_place_nobody_may_take_there_is_never_worded_as_a_plan():
    given = problem_from_json(document())
    wrong = in_shards(document(volunteers=[volunteer("v1"), volunteer("v2")]))
    placed = tuple(replace(each, volunteer="v1", role="r1") for each in wrong.placed)
    barred = replace(given, forbidden=(Forbidden("v1", "r1"),))
    with pytest.raises(ValueError, match="does not allow"):
        sharded.plan_of(barred, replace(wrong, placed=placed))


def test_a_week_with_nothing_to_decide_keeps_the_bound_on_the_sum():
    meetings = [session("s1", week="2026-11-23"), session("s2", 33, 35, week="2026-11-30")]
    roles = [role("r1", "s1"), role("r2", "s2", required_skills={"chess": 1})]
    found = in_shards(document(meetings, roles, [volunteer()])).weighed
    assert found is not None
    assert found.value == found.bound == found.given


def test_a_parcel_gives_the_outcome_of_its_shard():
    def by_post(tasks):
        letters = [json.loads(json.dumps(parcel.packed(each))) for each in tasks]
        found = [outcome.decided(parcel.unpacked(each), time_limit_s=LIMIT, seed=1) for each in letters]
        return [
            parcel.outcome_from_json(json.loads(json.dumps(parcel.outcome_to_json(each)))) for each in found
        ]

    source = regions.cut(HAMLETS, 6)
    assert shards.solve(source, by_post) == shards.solve(source, pool.in_turn(LIMIT))
