"""A plan mended after a change: lawful, calm, and as full as it can be."""

import pytest
from hypothesis import given, settings

from tests.matching.core.checker import World
from tests.matching.core.documents import problem, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core.api import Change, Move, resolve, solve, stand
from volunteer_match.matching.core.format import problem_from_json

MEETINGS = [session("s1", 9, 11), session("s2", 9, 11)]
PLACES = [role("r1", "s1"), role("r2", "s2", required_skills={"painting": 1})]


def changed(change, **more):
    given = problem(**more)
    return resolve(given, solve(given), change)


def test_somebody_with_time_takes_over():
    crowd = [volunteer("v1"), volunteer("v2", recent_asks=3)]
    found = changed(Change(declined=(("r1", "v1"),)), volunteers=crowd)
    assert found.moves == (Move("v1", "r1", None, "declined"), Move("v2", None, "r1", "fills"))
    assert found.after[:3] == found.before[:3]


def test_a_week_without_sessions_has_nothing_to_change():
    found = stand(problem([], [], [volunteer("v1")]), []).change(Change())
    assert (found.pairs, found.moves) == ((), ())


def test_people_exchange_places_where_nobody_has_time():
    crowd = [
        volunteer("v1", skills={"painting": 3}),
        volunteer("v2", skills={"painting": 3}),
        volunteer("v3"),
    ]
    given = problem(MEETINGS, PLACES, crowd, fixed=[])
    standing = stand(given, [("r1", "v1"), ("r2", "v2")])
    found = standing.change(Change(unavailable=("v2",)))
    assert set(found.pairs) == {("r2", "v1"), ("r1", "v3")}
    assert Move("v1", "r1", "r2", "moves") in found.moves


def test_nobody_moves_for_a_few_points():
    crowd = [volunteer("v1"), volunteer("v2"), volunteer("v3", recent_asks=9)]
    standing = stand(problem(MEETINGS, [PLACES[0], role("r2", "s2")], crowd), [("r1", "v1"), ("r2", "v3")])
    found = standing.change(Change(declined=(("r1", "v1"),)))
    assert set(found.pairs) == {("r1", "v2"), ("r2", "v3")}


def test_confirmed_people_stay():
    found = changed(
        Change(unavailable=("v2",)),
        sessions=MEETINGS,
        roles=PLACES,
        volunteers=[volunteer("v1", skills={"painting": 3}), volunteer("v2")],
        fixed=[["r2", "v1"]],
    )
    assert found.pairs == ()


def test_a_session_that_lost_its_second_adult_is_given_up():
    crowd = [volunteer("v1"), volunteer("v2")]
    found = changed(
        Change(unavailable=("v2",)), sessions=[session(children=9)], roles=[role(least=2)], volunteers=crowd
    )
    assert found.pairs == ()
    assert Move("v1", "r1", None, "released") in found.moves


def test_a_cancelled_session_frees_its_people_for_new_places():
    crowd, places = [volunteer("v1")], [role("r1", "s1"), role("r2", "s2")]
    standing = stand(problem(MEETINGS, places, crowd), [("r1", "v1")])
    found = standing.change(Change(cancelled=("s1",), opened=("r2",)))
    assert found.pairs == (("r2", "v1"),)


@pytest.mark.slow
@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_a_mended_plan_is_lawful(doc):
    given = problem_from_json(doc)
    plan = solve(given)
    proposed = [(each.role, each.volunteer) for each in plan.assignments if not each.fixed]
    if not proposed:
        return
    found = resolve(given, plan, Change(declined=(proposed[0],)))
    assert World(doc).broken(list(found.pairs)) == []
    assert proposed[0] not in found.pairs
    assert found.after == World(doc).values(list(found.pairs))
