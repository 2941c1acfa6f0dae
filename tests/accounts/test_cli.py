"""The command line makes the first administrator and helps after a lost phone."""

from tests.accounts.people import NEW_PASSWORD, is_in, saved
from volunteer_match.accounts import queries
from volunteer_match.actor import Role

ADDRESS = "szefowa@klub.example"


def run(app, *words):
    return app.test_cli_runner().invoke(args=["account", *words])


def test_the_printed_link_leads_to_a_password(app, client):
    link = run(app, "create-admin", ADDRESS).output.strip()
    assert link.startswith("http://localhost/invitation/")
    answer = client.post(link.removeprefix("http://localhost"), data={"password": NEW_PASSWORD})
    assert answer.location == "/sign-in/second-factor"


def test_the_new_account_is_an_administrator(app):
    run(app, "create-admin", ADDRESS.upper())
    with app.app_context():
        assert queries.user_by_email(ADDRESS).roles == {Role.ADMINISTRATOR}


def test_something_else_than_an_address_is_refused(app):
    result = run(app, "create-admin", "szefowa")
    assert result.exit_code == 1
    assert "Error" in result.output


def test_a_lost_phone_begins_again_with_a_link(app, login):
    user = saved(app, Role.COORDINATOR, staff=True, email=ADDRESS)
    browser = login(user)
    link = run(app, "reset-second-factor", ADDRESS).output.strip()
    assert "/invitation/" in link
    assert not is_in(browser)


def test_volunteers_have_no_second_factor_to_reset(app):
    saved(app, Role.VOLUNTEER, email=ADDRESS)
    assert run(app, "reset-second-factor", ADDRESS).exit_code == 1


def test_an_unknown_address_is_said_to_be_unknown(app):
    assert "nikt@klub.example" in run(app, "reset-second-factor", "nikt@klub.example").output
