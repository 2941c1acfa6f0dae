"""What every route has to declare."""

from volunteer_match.web.access import Access

READING = {"GET", "HEAD", "OPTIONS"}


def test_every_route_says_who_may_use_it(routes):
    silent = [rule.rule for rule, view in routes if not isinstance(getattr(view, "access", None), Access)]

    assert silent == []


def test_every_route_that_changes_something_is_one_transaction(routes):
    loose = [
        rule.rule for rule, view in routes if rule.methods - READING and not getattr(view, "writes", False)
    ]

    assert loose == []


def test_no_reading_route_may_write(routes):
    writing = [rule.rule for rule, view in routes if rule.methods & READING - {"OPTIONS"} and _writes(view)]

    assert writing == []


def test_a_route_is_either_open_or_for_roles(routes):
    both = [rule.rule for rule, view in routes if view.access.public and view.access.roles]

    assert both == []


def test_there_are_routes_to_check(routes):
    assert "/healthz" in {rule.rule for rule, _ in routes}


def _writes(view) -> bool:
    return bool(getattr(view, "writes", False))
