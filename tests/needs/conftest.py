"""Rows and people for the tests of pages."""

import pytest

from tests.factories import make_user
from tests.stored import Stored
from volunteer_match.actor import Role


@pytest.fixture
def stored(app):
    """What the pages stored."""
    return Stored(app)


@pytest.fixture
def staff(stored, login):
    """A coordinator's browser."""
    return login(stored.make(make_user, Role.COORDINATOR))
