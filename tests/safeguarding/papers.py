"""What staff type into the pages of papers, and browsers of staff."""

from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.days import today
from tests.factories import make_user
from tests.people.forms import speaking
from tests.sign_in import sign_in
from volunteer_match.actor import Role


def staff(app: Flask, *roles: Role) -> FlaskClient:
    """Return an English browser of somebody of the staff."""
    with app.app_context():
        user = make_user(*(roles or (Role.COORDINATOR,)), name="Koordynatorka Pozorna", password_hash="x")
        return speaking(sign_in(app, user), "en")


def paper(organiser_id: str, kind: str = "krk", **changes: Any) -> dict[str, str]:
    """Return the form of a paper dated and seen today."""
    day = today().isoformat()
    given = {
        "organiser_id": organiser_id,
        "kind": kind,
        "outcome": "met",
        "document_date": day,
        "seen_on": day,
        "dossier_ref": "W/1/2026",
        **changes,
    }
    return {name: str(value) for name, value in given.items() if value is not None}


def agreement(
    organiser_id: str, first: date | None = None, days: int = 300, **changes: Any
) -> dict[str, str]:
    """Return the form of an agreement in writing."""
    first = today()
    given = {
        "organiser_id": organiser_id,
        "signed_on": first,
        "valid_from": first,
        "valid_until": first + timedelta(days=days - 1),
        "written": "1",
        **changes,
    }
    return {name: str(value) for name, value in given.items() if value is not None}
