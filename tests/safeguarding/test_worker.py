"""The worker looks at papers by itself once an hour."""

from datetime import timedelta

import pytest
import time_machine

from tests.factories import make_papers, make_partner, make_volunteer, utc
from volunteer_match import worker
from volunteer_match.people import queries
from volunteer_match.people.rules import VolunteerState


@pytest.mark.parametrize(
    ("minute", "state"), [(0, VolunteerState.AWAITING_CLEARANCE), (1, VolunteerState.ACTIVE)]
)
def test_papers_that_ran_out_are_noticed_at_the_full_hour(app, minute, state):
    now = utc(2026, 12, 1, 8, minute)
    with time_machine.travel(now, tick=False):
        with app.app_context():
            volunteer = make_volunteer()
            volunteer_id = volunteer.id
            make_papers(volunteer, make_partner(), until=now.date() - timedelta(days=1))
        worker.perform(app, "papers")
        with app.app_context():
            assert queries.volunteer(volunteer_id).state == state
