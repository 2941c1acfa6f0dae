"""Filling empty places by pushing others out: how much gets filled, and that every rule is kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench import tasks
from tests.matching.core.documents import problem, role, session, volunteer
from tests.matching.core.strategies import problems
from volunteer_match.matching.core import greedy, instance
from volunteer_match.matching.core.eject import Ejection
from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.room import Room

STEPS = 400


def always() -> bool:
    return True


def ejection(built, chosen=(), inside=None, seed=0):
    inside = np.arange(built.edges.count) if inside is None else inside
    return Ejection(built, inside, np.array(list(chosen), dtype=np.int64), seed)


def edge(built, role_id, volunteer_id):
    roles, people = ([each.id for each in side] for side in (built.index.roles, built.index.volunteers))
    wanted = (roles.index(role_id), people.index(volunteer_id))
    pairs = zip(built.edges.role.tolist(), built.edges.volunteer.tolist(), strict=True)
    return list(pairs).index(wanted)


def chain():
    """Two sessions at a time; the first person could do both, the second only the first."""
    return instance.build(
        problem(
            sessions=[session("s1", newcomers_alone=True), session("s2", newcomers_alone=True)],
            roles=[role("r1", "s1"), role("r2", "s2", required_skills={"music": 1})],
            volunteers=[volunteer("v1", skills={"music": 1}), volunteer("v2")],
        )
    )


@pytest.mark.parametrize("way", ["insist", "anneal"])
def test_somebody_makes_room_for_the_only_one_who_can(way):
    built = chain()
    search = ejection(built, [edge(built, "r1", "v1")])
    getattr(search, way)(STEPS, always)
    assert search.best.tolist() == sorted([edge(built, "r1", "v2"), edge(built, "r2", "v1")])


def test_what_is_outside_stays():
    built = chain()
    kept = edge(built, "r1", "v1")
    inside = np.array([edge(built, "r1", "v2")])
    search = ejection(built, [kept], inside)
    search.insist(STEPS, always)
    assert search.best.tolist() == [kept]


def test_a_weekly_cap_costs_somebody_another_place():
    built = instance.build(
        problem(
            sessions=[session("s1"), session("s2", starts=33, ends=35)],
            roles=[role("r1", "s1"), role("r2", "s2")],
            volunteers=[volunteer("v1", max_sessions_per_week=1)],
        )
    )
    search = ejection(built, [edge(built, "r1", "v1")])
    search.insist(3, always)
    assert len(search.best) == 1


def test_nothing_is_done_once_the_time_is_over():
    built = chain()
    search = ejection(built, [edge(built, "r1", "v1")])
    search.insist(STEPS, lambda: False)
    assert search.step == 0


@given(problems(), st.integers(0, 3), st.sampled_from(["insist", "anneal"]))
def test_no_rule_about_a_person_is_ever_broken(asked, seed, way):
    built = instance.build(problem_from_json(asked))
    search = ejection(built, greedy.plan(built).chosen, seed=seed)
    getattr(search, way)(STEPS, always)
    room = Room(built)
    for chosen in search.best.tolist():
        assert room.fits(chosen)
        room.add(chosen)


@given(problems(), st.integers(0, 3))
def test_what_is_missing_is_counted_right(asked, seed):
    built = instance.build(problem_from_json(asked))
    search = ejection(built, greedy.plan(built).chosen, seed=seed)
    search.insist(STEPS, always)
    search.anneal(STEPS, always)
    assert search.missing == pytest.approx(sum(search.usual[each] for each in search.empty))
    assert search.fewest <= search.missing + 1e-9


def test_the_same_seed_gives_the_same_plan():
    built = instance.build(tasks.problem(tasks.Size(12, qualified=0.5), 3))
    found = [ejection(built, seed=5) for _ in range(2)]
    for each in found:
        each.insist(STEPS, always)
        each.anneal(STEPS, always)
    assert found[0].best.tolist() == found[1].best.tolist()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tight_timetables_are_covered_fully(seed):
    built = instance.build(tasks.problem(tasks.Size(30, gaps=0.2, qualified=0.5), seed))
    search = ejection(built, greedy.plan(built).chosen)
    search.insist(20_000, always)
    search.anneal(40_000, always)
    assert len(search.best) == len(built.index.roles)
