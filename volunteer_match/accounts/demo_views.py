"""Entering as anybody, in the demo only."""

from flask import render_template
from flask.typing import ResponseReturnValue

from volunteer_match.accounts import auth, gate, labels, queries
from volunteer_match.accounts.blueprint import bp
from volunteer_match.actor import Role
from volunteer_match.db import writes
from volunteer_match.web.access import demo_only

_PEOPLE_PER_ROLE = 30
_NOTES: dict[str, object] = {}


def describe(address: str, note: object) -> None:
    """Say on the demo page what is special about the person with the address."""
    _NOTES[address] = note


@bp.get("/demo")
@demo_only
def demo() -> ResponseReturnValue:
    """Explain how to enter as each role."""
    groups = [(labels.ROLES[role], queries.examples(role, _PEOPLE_PER_ROLE)) for role in _ORDER]
    return render_template("accounts/demo.html", groups=groups, notes=_NOTES)


_ORDER = (Role.COORDINATOR, Role.VOLUNTEER, Role.PARTNER, Role.OFFICER, Role.ADMINISTRATOR)


@bp.post("/demo/<user_id>")
@demo_only
@writes
def enter(user_id: str) -> ResponseReturnValue:
    """Enter as one of the invented people."""
    auth.demo_sign_in(user_id)
    return gate.go_on("")
