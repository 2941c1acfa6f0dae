"""The last level when the time is over before the solver has begun."""

from unittest.mock import patch

from tests.matching.core.documents import problem, volunteer
from volunteer_match.matching.core.api import solve
from volunteer_match.matching.core.search import UNANSWERED, Search


def test_no_answer_leaves_the_bound_that_always_holds():
    given = problem(volunteers=[volunteer("v1"), volunteer("v2", recent_sessions=1)])
    with patch.object(Search, "ask", lambda *_asked, **_more: UNANSWERED):
        quality = solve(given).levels[-1]
    assert quality.bound >= quality.value
