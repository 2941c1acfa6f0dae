"""Two people doing the same at the same instant: one is told kindly, nobody sees a breakdown."""

from tests.factories import make_partner
from volunteer_match.accounts.models import User
from volunteer_match.db import transaction
from volunteer_match.web import errors


def test_a_unique_constraint_is_a_conflict_and_no_breakdown(app):
    with app.test_request_context("/"):
        contact = make_partner().members[0].user
        twin = User(name="Druga Zmyślona", email=contact.email, created_at=contact.created_at)
        try:
            with transaction() as session:
                session.add(twin)
        except Exception as error:  # noqa: BLE001 - whatever the driver of the database raises
            answer = errors._database(error)

    assert answer[1] == 409
