"""Coverage and fairness before and after a plan."""

import pytest

from tests.matching.core.documents import problem, role, session, volunteer
from volunteer_match.matching import figures
from volunteer_match.matching.core import api
from volunteer_match.matching.core.format import plan_to_json
from volunteer_match.matching.core.instance import build


def solved(asked):
    return figures.of(build(asked), plan_to_json(api.solve(asked, time_limit_s=5)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], 0.0), ([0, 0], 0.0), ([2, 2, 2], 0.0), ([0, 0, 0, 4], 0.75), ([1, 3], 0.25), ([3, 1], 0.25)],
)
def test_the_spread_of_known_numbers(values, expected):
    assert figures.gini(values) == pytest.approx(expected)


def test_what_people_agreed_to_counts_before_and_proposals_only_after():
    asked = problem(
        [session("s1"), session("s2", 12, 14)],
        [role("r1", "s1", 1, 2), role("r2", "s2", 1)],
        [volunteer("v1"), volunteer("v2")],
        fixed=[["r1", "v1"]],
    )

    found = solved(asked)

    assert (found["before"]["runnable"], found["after"]["runnable"], found["sessions"]) == (1, 2, 2)
    assert (found["before"]["filled"], found["after"]["filled"], found["minimum"]) == (1, 2, 2)
    assert (found["before"]["extras"], found["after"]["extras"], found["extras"]) == (0, 1, 1)


def test_an_unanswered_offer_counts_as_before():
    asked = problem([session()], [role()], [volunteer("v1")], offered=[["r1", "v1"]])

    assert solved(asked)["before"] == solved(asked)["after"]


def test_sessions_elsewhere_in_the_same_weeks_are_part_of_the_load():
    busy = volunteer("v1", used=[["2026-12-07", 2.0, 3], ["2027-02-01", 2.0, 5]])
    asked = problem([session(week="2026-12-07")], [role()], [busy])

    found = solved(asked)

    assert found["loads"] == [["v1", 3, 4]]
    assert found["after"]["most"] == 4


def test_people_who_could_not_come_anyway_do_not_make_the_spread_worse():
    able, unable = volunteer("v1"), volunteer("v2", withheld=["paused"])
    found = solved(problem([session()], [role()], [able, unable]))

    assert (found["people"], found["after"]["gini"]) == (1, 0.0)


def test_each_institution_has_its_own_places():
    asked = problem(
        [session("s1", partner="p1"), session("s2", 12, 14, partner="p2")],
        [role("r1", "s1", 2), role("r2", "s2", 1)],
        [volunteer("v1")],
        fixed=[["r1", "v1"]],
    )

    assert solved(asked)["partners"] == [
        {"id": "p1", "minimum": 2, "before": 1, "after": 1},
        {"id": "p2", "minimum": 1, "before": 0, "after": 1},
    ]
