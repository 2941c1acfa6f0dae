"""How much each wish counts: look, try other settings beside the present ones, use them or leave it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Role
from volunteer_match.db import writes_in_steps
from volunteer_match.i18n import today
from volunteer_match.matching import compare_service, labels, wish_queries
from volunteer_match.matching import queries as runs
from volunteer_match.matching.rules import DEFAULT_WEEKS, WISHES, RunKind, horizon
from volunteer_match.matching.views import READERS
from volunteer_match.placements import run_steps
from volunteer_match.placements.schemas import WishesSchema
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation

bp = Blueprint("wishes", __name__)
add_navigation(NavItem(_l("What counts"), "wishes.show", frozenset(READERS), 61))
WEEKS = (1, 2, 4, 8)


@bp.get("/wishes")
@allow(*READERS)
def show() -> ResponseReturnValue:
    """Show how much each wish counts, and since when."""
    return _page(forms.prefilled({**_steps_asked(), "weeks": DEFAULT_WEEKS}))


def _steps_asked() -> dict[str, int]:
    """Return the steps in force, or those of the trial somebody wants to change a little."""
    asked = request.args.get("trial", "")
    tried = runs.run(asked).steps if asked else None
    return wish_queries.steps() | (tried or {})


def _page(form: forms.Form) -> str:
    return render_template(
        "placements/wishes.html",
        form=form,
        labels=labels,
        wishes=WISHES,
        weeks=WEEKS,
        steps=wish_queries.steps(),
        history=wish_queries.history(),
    )


@bp.post("/wishes/try")
@allow(Role.COORDINATOR)
@writes_in_steps
def try_out() -> ResponseReturnValue:
    """Make a plan with other wishes beside one with the present ones; the desk does not change."""
    form = forms.read(WishesSchema())
    if not form.ok:
        return _page(form), 422
    steps = {name: form.data[name] for name in WISHES}
    trial = run_steps.try_out(current_actor(), *horizon(today(), form.data["weeks"]), steps)
    return redirect(url_for("wishes.compare", run_id=trial.id))


@bp.get("/runs/<run_id>/compare")
@allow(*READERS)
def compare(run_id: str) -> ResponseReturnValue:
    """Show a trial beside the plan it is compared with."""
    run = runs.run(run_id)
    if run.state != "done":
        return redirect(url_for("matching.show_run", run_id=run_id))
    shown = compare_service.beside(run)
    return render_template("matching/compare.html", run=run, shown=shown, labels=labels, **_own(run.steps))


def _own(steps: dict[str, Any] | None) -> dict[str, Any]:
    present = wish_queries.steps()
    wanted = present | (steps or {})
    return {"changed": [name for name in WISHES if wanted[name] != present[name]], "wanted": wanted}


@bp.post("/runs/<run_id>/use")
@allow(Role.COORDINATOR)
@writes_in_steps
def use(run_id: str) -> ResponseReturnValue:
    """Put the wishes of a trial in force and match its days with them for the desk."""
    run = runs.run(run_id)
    if run.kind != RunKind.TRIAL or run.steps is None or run.last_day < today():
        flash(_("This trial cannot be used any more. Make a new one."), "warning")
        return redirect(url_for("wishes.show"))
    made = run_steps.use(current_actor(), run)
    flash(_("From now on this is what counts. The new plan is on the desk."), "success")
    return redirect(url_for("matching.show_run", run_id=made.id))
