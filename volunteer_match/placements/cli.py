"""`flask match run`: what the button on the desk does."""

import click
from flask.cli import with_appcontext

from volunteer_match import clock
from volunteer_match.actor import Actor, Channel
from volunteer_match.i18n import to_local
from volunteer_match.matching.rules import DEFAULT_WEEKS, MAX_WEEKS, horizon
from volunteer_match.placements import run_steps

_ACTOR = Actor(user_id=None, channel=Channel.CLI)


@click.command("run")
@click.option("--weeks", default=DEFAULT_WEEKS, show_default=True, type=click.IntRange(1, MAX_WEEKS))
@with_appcontext
def run(weeks: int) -> None:
    """Match all open places of the coming weeks and put the proposals on the desk."""
    first_day, last_day = horizon(to_local(clock.now()).date(), weeks)
    made = run_steps.propose(_ACTOR, first_day, last_day, wait=True)
    if made.state != "done":
        raise click.ClickException(f"the run is {made.state}: {made.error or 'somebody else does it'}")
    plan = made.plan or {}
    new = sum(not each["fixed"] for each in plan.get("assignments", []))
    click.echo(
        f"{made.first_day} to {made.last_day}: {new} proposed, {len(plan.get('unfilled', []))} roles short"
    )
    click.echo(f"{plan.get('status')}, {plan.get('seconds')} s, input {str(made.inputs_sha256)[:16]}")
