"""What the matching is told of the past."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import make_need
from volunteer_match import clock
from volunteer_match.db import transaction
from volunteer_match.needs.rules import SessionState
from volunteer_match.placements import history_queries


@pytest.mark.parametrize(
    ("state", "counted"), [(SessionState.SCHEDULED, True), (SessionState.CANCELLED, False)]
)
def test_a_session_called_off_makes_no_institution_more_urgent(database, state, counted):
    need = make_need(day=today() - timedelta(days=3), minimum=2)
    with transaction():
        need.sessions[0].state = state

    shares = history_queries.history(clock.now()).unfilled_share

    assert (need.posted_by_id in shares) is counted
