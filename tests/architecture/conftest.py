"""What the architecture tests look at: the routes of one application and the sources."""

import pytest


@pytest.fixture(scope="session")
def routed(benches):
    """An application whose routes are read, on any database."""
    return benches.get("sqlite").app


@pytest.fixture(scope="session")
def routes(routed):
    """Every address with the view behind it."""
    return [(rule, routed.view_functions[rule.endpoint]) for rule in routed.url_map.iter_rules()]
