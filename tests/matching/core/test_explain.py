"""Reasons: why this person, why not another, why nobody, and what would help."""

import pytest
from hypothesis import given, settings

from tests.matching.core.checker import World
from tests.matching.core.documents import at, problem, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES, proposed
from volunteer_match.matching.core.api import explain_pair, explain_role, regret, solve
from volunteer_match.matching.core.format import problem_from_json

TWO = [volunteer("v1"), volunteer("v2", recent_sessions=1)]


def explained(given, place, who):
    return explain_pair(given, solve(given), place, who)


def opened(*args, **more):
    (empty,) = solve(problem(*args, **more)).unfilled
    return {(each.code, *sorted(each.facts.items())) for each in empty.openers}


def test_reasons_sum_to_the_score():
    crowd = [volunteer(place=[50.57, 22.05])]
    (chosen,) = solve(problem([session(place=[50.6, 22.05])], volunteers=crowd)).assignments
    assert chosen.score == sum(part.points for part in chosen.reasons)
    assert {part.code for part in chosen.reasons} == {"distance", "waiting"}


def test_the_runner_up_is_free_and_costs_at_most_the_exchange():
    (chosen,) = solve(problem(volunteers=TWO)).assignments
    assert (chosen.runner_up.volunteer, chosen.runner_up.free) == ("v2", True)
    assert [(loss.level, loss.amount) for loss in chosen.runner_up.regret.losses] == [("quality", 30)]
    assert not chosen.runner_up.regret.exact


def test_nobody_else_means_no_runner_up():
    assert solve(problem()).assignments[0].runner_up is None


def test_regret_comes_from_a_proved_new_plan():
    given = problem(volunteers=TWO)
    found = regret(given, solve(given), "r1", "v2")
    assert found.exact
    assert [(loss.level, loss.amount) for loss in found.losses] == [("quality", 30)]


def test_regret_of_the_chosen_person_is_nothing():
    given = problem(volunteers=TWO)
    assert regret(given, solve(given), "r1", "v1").losses == ()


def test_regret_of_a_blocked_person_does_not_exist():
    given = problem(volunteers=[volunteer("v1"), volunteer("v2", withheld=["paused"])])
    assert regret(given, solve(given), "r1", "v2") is None


def test_regret_of_a_pair_no_plan_allows_does_not_exist():
    given = problem(volunteers=[volunteer(newcomer=True)])
    assert regret(given, solve(given), "r1", "v1") is None


@pytest.mark.slow
@given(problems())
@settings(EXAMPLES, max_examples=40)
def test_the_direct_exchange_never_understates_the_regret(doc):
    read = problem_from_json(doc)
    plan = solve(read)
    for each in plan.assignments:
        if each.runner_up is not None and each.runner_up.regret is not None:
            true = regret(read, plan, each.role, each.runner_up.volunteer)
            lost = {loss.level: loss.amount for loss in true.losses}
            assert lost.get("quality", 0) <= each.runner_up.regret.losses[0].amount
            assert set(lost) <= {"quality"}


def test_a_blocked_person_is_told_every_rule():
    given = problem(
        [session(children=4)], volunteers=[volunteer(cleared_until="2026-11-01", away=[[at(0), at(24)]])]
    )
    told = explained(given, "r1", "v1")
    assert told.outcome == "blocked"
    assert [reason.code for reason in told.blockers] == ["clearance_expires", "away"]
    assert told.blockers[0].facts == {"until": "2026-11-01", "needed": "2026-11-28"}


def test_somebody_used_elsewhere_is_told_where():
    meetings = [session("s1", 9, 11), session("s2", 9, 11, priority=2)]
    told = explained(problem(meetings, [role("r1", "s1"), role("r2", "s2")]), "r1", "v1")
    assert (told.outcome, told.reasons[0].facts) == ("elsewhere", {"role": "r2"})


def test_a_cap_used_up_by_the_plan_is_named():
    meetings = [session("s1", 9, 11), session("s2", 12, 14, priority=2)]
    crowd = [volunteer(max_sessions_per_week=1)]
    told = explained(problem(meetings, [role("r1", "s1"), role("r2", "s2")], crowd), "r1", "v1")
    assert (told.outcome, told.reasons[0].code) == ("capped", "cap_sessions")


def test_a_friend_who_cannot_come_is_named():
    crowd = [volunteer("v1"), volunteer("v2", withheld=["paused"])]
    told = explained(problem(volunteers=crowd, together=[["v1", "v2"]]), "r1", "v1")
    assert (told.outcome, told.reasons[0].facts) == ("friends", {"volunteer": "v2"})


def test_a_session_without_enough_cleared_adults_is_named():
    told = explained(problem([session(children=4)]), "r1", "v1")
    assert (told.outcome, told.reasons[0].facts) == ("unstaffed", {"missing": 2, "eligible": 1})


def test_an_eligible_person_without_a_place_is_told_so():
    told = explained(problem(volunteers=TWO), "r1", "v2")
    assert (told.outcome, told.reasons[0].facts) == ("no_place", {"heads": 1, "preferred": 1})


def test_everybody_is_explained_at_once():
    given = problem(volunteers=TWO, fixed=[["r1", "v2"]])
    told = {each.volunteer: each.outcome for each in explain_role(given, solve(given), "r1")}
    assert told == {"v1": "no_place", "v2": "fixed"}


@pytest.mark.slow
@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_every_pair_is_explained_in_accord_with_the_rules(doc):
    read, world = problem_from_json(doc), World(doc)
    plan = solve(read)
    for place in world.roles:
        for each in explain_role(read, plan, place):
            pair = (place, each.volunteer)
            if each.outcome not in ("fixed", "proposed"):
                allowed = pair in world.candidates() and not world.broken_caps([pair])
                assert (each.outcome == "blocked") == (not allowed)
            assert (each.outcome == "proposed") == (pair in proposed(plan))


def test_an_hour_later_opens_a_place():
    crowd = [volunteer(available=[[at(10), at(12)]])]
    assert opened(volunteers=crowd) == {("other_time", ("free", 1), ("minutes", 60), ("people", 1))}


def test_one_skill_less_opens_a_place():
    place = role(required_skills={"first_aid": 1, "sewing": 1})
    assert opened(roles=[place], volunteers=[volunteer(skills={"sewing": 1})]) == {
        ("without_skill", ("free", 1), ("level", 1), ("people", 1), ("skill", "first_aid"))
    }


def test_two_skills_short_opens_nothing():
    assert opened(roles=[role(required_skills={"first_aid": 1, "sewing": 1})]) == set()


def test_one_language_less_opens_a_place():
    assert opened(roles=[role(languages=["pl", "uk"])], volunteers=[volunteer(languages=["pl"])]) == {
        ("without_language", ("free", 1), ("language", "uk"), ("people", 1))
    }


def test_a_clearance_opens_a_place():
    meeting = session(children=4, staff_cleared_adults=2)
    assert opened([meeting], volunteers=[volunteer(cleared_until=None)]) == {
        ("clearance_given", ("free", 1), ("people", 1))
    }


def test_people_busy_in_the_plan_are_counted_as_not_free():
    meetings = [session("s1", 9, 11), session("s2", 9, 11)]
    places = [role("r1", "s1"), role("r2", "s2", required_skills={"sewing": 1})]
    assert ("without_skill", ("free", 0), ("level", 1), ("people", 1), ("skill", "sewing")) in opened(
        meetings, places
    )


def test_an_empty_place_says_what_stands_in_the_way():
    (empty,) = solve(problem(volunteers=[volunteer(withheld=["paused"])])).unfilled
    assert (empty.missing, [(each.code, each.facts) for each in empty.why]) == (
        1,
        [("candidates", {"eligible": 0}), ("blocked", {"rule": "withheld", "people": 1})],
    )
