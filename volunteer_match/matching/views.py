"""Pages of the runs: what was asked, what came out, and the proof."""

from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Role
from volunteer_match.db import writes
from volunteer_match.matching import compare_service, labels, plan_service, queries, service
from volunteer_match.matching.rules import RunKind
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.paging import PAGE_SIZE, offset, page_number

bp = Blueprint("matching", __name__)
AT_WORK = ("queued", "running")
READERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
add_navigation(NavItem(_l("Matching runs"), "matching.list_runs", frozenset(READERS), 60))


@bp.get("/runs")
@allow(*READERS)
def list_runs() -> ResponseReturnValue:
    """Show the latest runs."""
    number = page_number()
    runs = queries.latest_runs(PAGE_SIZE + 1, offset(number))
    return render_template(
        "matching/runs.html", runs=runs[:PAGE_SIZE], more=len(runs) > PAGE_SIZE, number=number, labels=labels
    )


@bp.get("/runs/<run_id>")
@allow(*READERS)
def show_run(run_id: str) -> ResponseReturnValue:
    """Show one run: what it does for people, who goes where, and its certificate."""
    if queries.run_at_work(run_id).state in AT_WORK:
        return redirect(url_for("matching.live", run_id=run_id))
    run = queries.run(run_id)
    done = run.state == "done"
    if done and run.kind == RunKind.REPLAY:
        return redirect(url_for("matching.show_replay", run_id=run_id))
    return render_template(
        "matching/run.html",
        run=run,
        page=plan_service.page(run, _asked_week()) if done else None,
        changes=compare_service.with_based_on(run) if done else None,
        labels=labels,
    )


@bp.get("/runs/<run_id>/live")
@allow(*READERS)
def live(run_id: str) -> ResponseReturnValue:
    """Show how far a run is; scripts ask for the part that changes only."""
    run, part = queries.run_at_work(run_id), "HX-Request" in request.headers
    if run.state not in AT_WORK:
        target = url_for("matching.show_run", run_id=run_id)
        return Response(headers={"HX-Redirect": target}) if part else redirect(target)
    return render_template(
        "matching/_live.html" if part else "matching/live.html",
        run=run,
        labels=labels,
        seen=request.args.get("seen", ""),
    )


@bp.post("/runs/<run_id>/stop")
@allow(Role.COORDINATOR)
@writes
def stop(run_id: str) -> ResponseReturnValue:
    """End a run that is at work; the best plan so far is kept."""
    queries.run_at_work(run_id)
    service.ask_stop(current_actor(), run_id)
    return redirect(url_for("matching.show_run", run_id=run_id))


@bp.get("/runs/<run_id>/again")
@allow(*READERS)
def show_replay(run_id: str) -> ResponseReturnValue:
    """Show whether a stored problem, solved once more, gave the same plan."""
    run = queries.run(run_id)
    if run.kind != RunKind.REPLAY or run.state != "done":
        return redirect(url_for("matching.show_run", run_id=run_id))
    again = compare_service.replayed(run)
    return render_template("matching/replay.html", run=run, again=again, labels=labels)


def _asked_week() -> date | None:
    try:
        return date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return None
