"""Browsers of every role."""

import pytest

from tests.security.matrix import make_browsers


@pytest.fixture
def browsers(app):
    """One browser per role."""
    return make_browsers(app)
