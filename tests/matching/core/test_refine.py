"""The last level when the time is over before the solver has begun."""

from unittest.mock import patch

from tests.matching.core.documents import problem, volunteer
from volunteer_match.matching.core import greedy, instance, model, together
from volunteer_match.matching.core.api import solve
from volunteer_match.matching.core.search import UNANSWERED, Search, begin


def test_no_answer_leaves_the_bound_that_always_holds():
    given = problem(volunteers=[volunteer("v1"), volunteer("v2", recent_sessions=1)])
    with patch.object(Search, "ask", lambda *_asked, **_more: UNANSWERED):
        quality = solve(given).levels[-1]
    assert quality.bound >= quality.value


def test_a_large_plan_without_a_bound_is_not_near_it():
    built = instance.build(problem())
    search = begin(model.build(built), greedy.plan(built), 0.0, 0.0, 0, (), None)
    with patch.object(together, "LARGE", 0):
        assert not together.close_enough(search)
