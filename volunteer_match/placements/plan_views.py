"""What a coordinator does with a stored plan: match the same days again, or solve the same problem again."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_match.actor import Role
from volunteer_match.db import writes_in_steps
from volunteer_match.i18n import today
from volunteer_match.matching import queries as runs
from volunteer_match.placements import run_steps
from volunteer_match.web.access import allow, current_actor

bp = Blueprint("plans", __name__)


@bp.post("/runs/<run_id>/again")
@allow(Role.COORDINATOR)
@writes_in_steps
def again(run_id: str) -> ResponseReturnValue:
    """Match the days of a run once more, as things stand now, and show what changed."""
    run = runs.run(run_id)
    if run.last_day < today():
        flash(_("These days are over."), "warning")
        return redirect(url_for("matching.show_run", run_id=run_id))
    made = run_steps.propose(current_actor(), max(run.first_day, today()), run.last_day)
    return redirect(url_for("matching.show_run", run_id=made.id))


@bp.post("/runs/<run_id>/replay")
@allow(Role.COORDINATOR)
@writes_in_steps
def replay(run_id: str) -> ResponseReturnValue:
    """Solve the stored problem of a run again and show whether the plan is the same."""
    run = runs.run(run_id)
    if run.problem is None or run.plan is None:
        flash(_("This run has no plan to check."), "warning")
        return redirect(url_for("matching.show_run", run_id=run_id))
    made = run_steps.replay(current_actor(), run_id)
    return redirect(url_for("matching.show_run", run_id=made.id))
