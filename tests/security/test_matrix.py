"""Every route x role does exactly what the reviewed file says."""

from tests.security.matrix import ALLOWED, HIDDEN, ROLES, SIGN_IN, measured, reviewed
from tests.security.routes import all_routes

HOW = "review it, then run `python -m tests.security.matrix`"


def test_every_route_has_a_reviewed_row(app):
    unknown = {str(route) for route in all_routes(app)} - set(reviewed())
    assert not unknown, f"routes without a row: {sorted(unknown)}; {HOW}"


def test_every_row_has_a_route(app):
    gone = set(reviewed()) - {str(route) for route in all_routes(app)}
    assert not gone, f"rows without a route: {sorted(gone)}; {HOW}"


def test_every_cell_is_what_the_application_does(app, browsers):
    known = reviewed()
    wrong = [
        f"{name} as {role}: {found}, reviewed {expected}"
        for name, cells in measured(app, browsers).items()
        for role, found, expected in zip(ROLES, cells, known.get(name, ["nothing"] * len(ROLES)), strict=True)
        if found != expected
    ]
    assert not wrong, "\n".join(wrong)


def test_cells_hold_one_of_three_outcomes():
    assert {cell for cells in reviewed().values() for cell in cells} <= {ALLOWED, HIDDEN, SIGN_IN}


def test_a_disabled_person_is_treated_as_nobody():
    anonymous, disabled = ROLES.index("anonymous"), ROLES.index("disabled")
    assert [name for name, cells in reviewed().items() if cells[anonymous] != cells[disabled]] == []
