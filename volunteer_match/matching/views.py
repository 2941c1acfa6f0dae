"""Pages of the runs: what was asked, what came out, and the proof."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Role
from volunteer_match.matching import labels, queries
from volunteer_match.web.access import allow
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.paging import PAGE_SIZE, offset, page_number

bp = Blueprint("matching", __name__)
add_navigation(NavItem(_l("Matching runs"), "matching.list_runs", frozenset({Role.COORDINATOR}), 60))


@bp.get("/runs")
@allow(Role.COORDINATOR)
def list_runs() -> ResponseReturnValue:
    """Show the latest runs."""
    number = page_number()
    runs = queries.latest_runs(PAGE_SIZE + 1, offset(number))
    return render_template(
        "matching/runs.html", runs=runs[:PAGE_SIZE], more=len(runs) > PAGE_SIZE, number=number, labels=labels
    )


@bp.get("/runs/<run_id>")
@allow(Role.COORDINATOR)
def show_run(run_id: str) -> ResponseReturnValue:
    """Show one run: its days, its result level by level, and its certificate."""
    return render_template("matching/run.html", run=queries.run(run_id), labels=labels)
