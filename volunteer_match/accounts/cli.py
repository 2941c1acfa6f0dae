"""`flask account`: the first administrator, and help after a lost phone."""

import click
from flask import current_app
from flask.cli import AppGroup

from volunteer_match.accounts import queries, team_service
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.db import retrying
from volunteer_match.errors import VolunteerMatchError

group = AppGroup("account", help="Accounts of the staff.")
_ACTOR = Actor(user_id=None, channel=Channel.CLI)


@group.command("create-admin")
@click.argument("email")
@click.option("--name", default="Administrator", help="Name shown on pages.")
@click.option("--locale", type=click.Choice(["pl", "en"]), default="pl", help="Language of the account.")
def create_admin(email: str, name: str, locale: str) -> None:
    """Make EMAIL an administrator and print the one-time link to choose a password."""
    try:
        raw = retrying(_create)(_checked(email), name, locale)
    except VolunteerMatchError as error:
        raise click.ClickException(f"the account of {email} is disabled") from error
    click.echo(_link(raw))


def _create(email: str, name: str, locale: str) -> str:
    person = team_service.add(_ACTOR, name, email, Role.ADMINISTRATOR, locale)
    return team_service.send_invitation(_ACTOR, person.id)


@group.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Forget password and phone of EMAIL, end the sessions and print a one-time link to begin again."""
    person = queries.user_by_email(email)
    if person is None:
        raise click.ClickException(f"no account has the address {email}")
    try:
        raw = retrying(team_service.reset_second_factor)(_ACTOR, person.id)
    except VolunteerMatchError as error:
        raise click.ClickException(f"not an enabled account of the staff: {email}") from error
    click.echo(_link(raw))


def _link(raw: str) -> str:
    return f"{current_app.config['SETTINGS'].base_url.rstrip('/')}/invitation/{raw}"


def _checked(email: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # slow to import

    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise click.ClickException(str(error)) from error
