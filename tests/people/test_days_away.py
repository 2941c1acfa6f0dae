"""Days away that are over make room for new ones."""

from datetime import timedelta

import pytest

from tests.days import today
from tests.factories import actor_of, make_volunteer
from volunteer_match.db import transaction
from volunteer_match.errors import RuleBrokenError
from volunteer_match.people import answers_service
from volunteer_match.people.models import AvailabilityException


@pytest.fixture
def volunteer(database):
    """Somebody active."""
    return make_volunteer()


def _fill(volunteer, first: int) -> None:
    with transaction():
        for number in range(answers_service.MAX_EXCEPTIONS):
            day = today() + timedelta(days=first + number)
            volunteer.exceptions.append(AvailabilityException(first_day=day, last_day=day, free=False))


def _add(volunteer) -> None:
    answers = {
        "kind": "away",
        "first_day": today(),
        "last_day": None,
        "starts": None,
        "ends": None,
        "note": "",
    }
    with transaction():
        answers_service.save(actor_of(volunteer.user), volunteer.id, "away", answers)


def test_sixty_days_away_last_year_do_not_count(volunteer):
    _fill(volunteer, first=-100)

    _add(volunteer)

    assert len(volunteer.exceptions) == answers_service.MAX_EXCEPTIONS + 1


def test_sixty_coming_days_are_the_most(volunteer):
    _fill(volunteer, first=0)

    with pytest.raises(RuleBrokenError, match="too_many_exceptions"):
        _add(volunteer)
