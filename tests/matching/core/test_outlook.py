"""What one person is told of every role: the same rules as everywhere, and only their own facts."""

import pytest
from hypothesis import given, settings

from tests.matching.core.checker import World
from tests.matching.core.documents import problem, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core.api import outlook
from volunteer_match.matching.core.format import problem_from_json


@pytest.mark.slow
@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_a_role_without_obstacles_is_one_the_rules_allow(doc):
    read, world = problem_from_json(doc), World(doc)
    for who in world.people:
        for each in outlook(read, who):
            pair = (each.role, who)
            if pair not in world.fixed:
                assert (not each.blockers) == (world.eligible(*pair) and not world.broken_caps([pair]))


@pytest.mark.parametrize(
    ("person", "more", "codes"),
    [
        ({}, {}, {"continuity"}),
        ({}, {"familiar": [["v1", "n1", 2]]}, set()),
        ({"recent_asks": 2}, {}, {"continuity", "load"}),
        ({"last_asked": "2026-11-20"}, {}, {"continuity", "waiting"}),
        ({"place": [50.0, 22.0]}, {}, {"continuity", "distance"}),
        ({"place": [50.57, 22.05]}, {}, {"continuity"}),
    ],
)
def test_what_may_speak_for_others_is_read_from_ones_own_facts(person, more, codes):
    meeting = session(place=[50.57, 22.05])
    (told,) = outlook(problem([meeting], volunteers=[volunteer(**person)], **more), "v1")
    assert {each.code for each in told.behind} == codes


def test_wanted_skills_one_lacks_are_named():
    place = role(wanted_skills={"guitar": 1, "singing": 1})
    (told,) = outlook(problem(roles=[place], volunteers=[volunteer(skills={"singing": 1})]), "v1")
    assert told.behind[0].facts == {"skills": "guitar"}


def test_others_do_not_change_what_one_is_told():
    alone = problem(volunteers=[volunteer("v1")])
    crowd = problem(volunteers=[volunteer("v1"), volunteer("v2", recent_sessions=4)])
    assert outlook(alone, "v1") == outlook(crowd, "v1")
