"""Rooms and things that are lent, matched in the same run as people."""

import pytest

from tests.matching.core.documents import at, document, problem, role, session, volunteer
from tests.matching.core.test_rules import codes
from volunteer_match.matching.core import api
from volunteer_match.matching.core.format import problem_from_json

CHAIRS = {"resource": True, "required_skills": {"chairs": 20}}


def thing(name="t1", **more):
    return {"id": name, "resource": True, "skills": {"chairs": 30}} | more


def chairs(name="r9", of="s1", least=1, **more):
    return role(name, of, least, 1, **CHAIRS | more)


def solved(*args, **more):
    plan = api.solve(problem(*args, **more))
    return plan, {(each.role, each.volunteer) for each in plan.assignments}


def test_a_thing_takes_no_place_of_a_person():
    assert codes(person={"resource": True}) == ["wrong_kind"]


def test_a_person_is_no_thing():
    assert codes(place=CHAIRS, person={"skills": {"chairs": 30}}) == ["wrong_kind"]


@pytest.mark.parametrize(("has", "expected"), [(20, []), (19, ["skill_missing"])])
def test_an_offer_serves_up_to_its_quantity(has, expected):
    assert codes(place=CHAIRS, person={"resource": True, "skills": {"chairs": has}}) == expected


def test_a_thing_needs_no_clearance():
    person = {"resource": True, "skills": {"chairs": 20}, "cleared_until": None, "age": None}
    assert codes({"children": 5}, CHAIRS, person) == []


def test_people_and_things_are_matched_in_one_run():
    plan, pairs = solved([session()], [role(), chairs()], [volunteer(), thing()])
    assert pairs == {("r1", "v1"), ("r9", "t1")}
    assert plan.levels[0].value == 1


def test_without_a_needed_thing_the_session_cannot_run():
    plan, pairs = solved([session()], [role(), chairs()], [volunteer()])
    assert pairs == {("r1", "v1")}
    assert [(state.runnable, [why.code for why in state.why]) for state in plan.sessions] == [
        (False, ["role_short"])
    ]


def test_a_welcome_thing_is_only_an_extra():
    plan, _pairs = solved([session()], [role(), chairs(least=0)], [volunteer()])
    assert plan.sessions[0].runnable
    assert plan.levels[0].value == 1


def test_a_thing_is_at_one_session_at_a_time():
    meetings = [session(newcomers_alone=True), session("s2", 10, 12, newcomers_alone=True)]
    _, pairs = solved(meetings, [chairs(), chairs("r10", "s2")], [thing()])
    assert len(pairs) == 1


def test_a_thing_comes_only_where_people_may_be():
    _, pairs = solved([session(children=5)], [role(), chairs()], [volunteer(), thing()])
    assert pairs == set()


def test_a_thing_is_neither_a_cleared_adult_nor_company():
    places = [role(least=1), chairs()]
    newcomer = volunteer(newcomer=True)
    lent = thing(age=40, cleared_until="2027-06-30")
    plan, pairs = solved([session(children=5, min_cleared_adults=1)], places, [newcomer, lent])
    assert pairs == set()
    assert [why.code for why in plan.sessions[0].why][-1] == "newcomers_only"


def test_lending_often_costs_nothing():
    here = {"newcomers_alone": True, "place": [50.57, 22.05]}
    meetings = [session(f"s{n}", n, n + 1, **here) for n in range(8, 12)]
    places = [chairs(f"r{n}", f"s{n}") for n in range(8, 12)]
    near = thing("t1", place=[50.57, 22.05], recent_sessions=30)
    far = thing("t2", place=[50.60, 22.05])
    _, pairs = solved(meetings, places, [near, far])
    assert {who for _, who in pairs} == {"t1"}


def test_an_agreed_thing_stays_and_leaves_the_newcomers_rule_alone():
    doc = document([session()], [role(least=0, preferred=1), chairs()], [volunteer(), thing()])
    plan = api.solve(problem_from_json(doc | {"fixed": [["r9", "t1"]]}))
    assert {(each.role, each.fixed) for each in plan.assignments} == {("r9", True), ("r1", False)}


def test_people_are_not_told_about_things_in_their_way():
    given = problem([session()], [role()], [thing()])
    (gap,) = api.solve(given).unfilled
    assert [why.code for why in gap.why] == ["candidates"]


def test_only_another_time_opens_a_missing_thing():
    given = problem(
        [session()], [chairs()], [thing(available=[[at(10), at(12)]]), thing("t2", skills={"room": 1})]
    )
    (gap,) = api.solve(given).unfilled
    assert {opener.code for opener in gap.openers} == {"other_time"}


def test_a_smaller_number_is_named_where_nobody_has_so_many():
    plan, _pairs = solved(
        [session()], [chairs()], [thing(skills={"chairs": 12}), thing("t2", skills={"chairs": 8})]
    )

    found = [(each.code, each.facts) for each in plan.unfilled[0].openers]

    assert found == [("smaller_quantity", {"skill": "chairs", "level": 12, "people": 1, "free": 1})]


def test_no_smaller_number_is_named_where_something_else_is_in_the_way():
    busy = thing(skills={"chairs": 12}, busy=[[at(9), at(11)]])
    plan, _pairs = solved([session()], [chairs()], [busy])

    assert "smaller_quantity" not in {each.code for each in plan.unfilled[0].openers}
