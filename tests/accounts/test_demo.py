"""Entering without proof is possible in the demo, and nowhere else."""

from dataclasses import replace

import pytest

from tests.accounts.people import is_in, saved
from volunteer_match.accounts import auth, demo_views
from volunteer_match.actor import Role
from volunteer_match.errors import ForbiddenError


@pytest.fixture
def demo(app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], demo=True))


@pytest.mark.parametrize("role", list(Role))
def test_the_demo_lets_people_enter_as_anybody(app, client, demo, role):
    user = saved(app, role, staff=role in {Role.COORDINATOR, Role.OFFICER, Role.ADMINISTRATOR})
    client.post(f"/demo/{user.id}")
    assert is_in(client)


def test_the_page_lists_people_by_role_with_what_is_special(app, client, demo, monkeypatch):
    user = saved(app, Role.VOLUNTEER, name="Halina Zmyślona")
    monkeypatch.setattr(demo_views, "_NOTES", {user.email: "zaświadczenie wygasło"})
    page = client.get("/demo").text
    assert "Halina Zmyślona" in page
    assert "zaświadczenie wygasło" in page


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.ADMINISTRATOR])
def test_outside_the_demo_the_pages_do_not_exist(app, client, role):
    user = saved(app, role)
    assert client.get("/demo").status_code == 404
    assert client.post(f"/demo/{user.id}").status_code == 404
    assert not is_in(client)


def test_outside_the_demo_the_function_refuses(app):
    user = saved(app, Role.VOLUNTEER)
    with app.test_request_context(), pytest.raises(ForbiddenError):
        auth.demo_sign_in(user.id)
