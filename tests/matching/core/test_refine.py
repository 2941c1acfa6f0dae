"""The last level when the time is over before the solver has begun."""

from unittest.mock import patch

from tests.matching.core.documents import problem, volunteer
from volunteer_match.matching.core import cases, greedy, instance, model, together
from volunteer_match.matching.core.api import solve
from volunteer_match.matching.core.draft import Draft
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


class Limits:
    """Stands for a relaxation: remembers how far each column may go."""

    def __init__(self):
        self.now = {}

    def limit(self, column, low, high):
        self.now[column] = (low, high)


def test_what_was_decided_after_a_tie_is_forgotten_with_it():
    held = Limits()
    decided = cases.Cases(None, held, 1.0, 0.0, 1.0, {4: (0, 1), 7: (0, 1), 2: (0, 1)}, {7})
    assert decided.forget()
    assert held.now == {7: (0, 1), 2: (0, 1)}


def test_people_who_lost_their_places_cost_no_load():
    built = instance.build(problem(volunteers=[volunteer("v1", recent_sessions=1)]))
    finished = model.build(built)
    draft = Draft(built, [0])
    draft.drop(0)
    assert not model.columns_of(finished, draft).any()
