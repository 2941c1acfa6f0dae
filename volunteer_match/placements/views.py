"""The coordinator's desk: run the matching, look at proposals, decide."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.db import writes, writes_in_steps
from volunteer_match.errors import RuleBrokenError
from volunteer_match.i18n import to_local
from volunteer_match.lending import labels as lending_labels
from volunteer_match.lending import sections as lending
from volunteer_match.matching import labels as words
from volunteer_match.matching import own_labels
from volunteer_match.matching import queries as matching
from volunteer_match.matching.rules import DEFAULT_WEEKS, horizon, request_of
from volunteer_match.needs.labels import PRIORITIES
from volunteer_match.placements import (
    apply_service,
    desk_service,
    labels,
    mend_steps,
    queries,
    rules,
    run_steps,
    sections,
    service,
    session_service,
)
from volunteer_match.placements.schemas import (
    CancelSchema,
    ManySchema,
    RejectSchema,
    RunSchema,
    VersionSchema,
)
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.paging import Page, page_number
from volunteer_match.web.wording import words_for

bp = Blueprint("placements", __name__)
bp.add_app_template_filter(labels.to_volunteer)
add_navigation(NavItem(_l("Desk"), "placements.desk", frozenset({Role.COORDINATOR}), 10))
WEEKS = (1, 2, 4, 8)
__all__ = ["bp", "sections"]


@bp.get("/desk")
@allow(Role.COORDINATOR)
def desk() -> ResponseReturnValue:
    """Show what waits, the most pressing first."""
    number = page_number()
    shown = desk_service.desk(current_actor(), number)
    return render_template(
        "placements/desk.html",
        priorities=PRIORITIES,
        desk=shown,
        page=Page(shown.rows, shown.number, shown.total, desk_service.PAGE_SIZE),
        names=_names(),
        words=words,
        labels=labels,
        weeks=WEEKS,
        default_weeks=DEFAULT_WEEKS,
    )


def _names(openings: tuple[str, ...] = ()) -> words.Names:
    return words.Names(
        skills=matching.skill_names(str(get_locale())),
        openings=matching.opening_titles(openings) if openings else {},
    )


@bp.post("/desk/run")
@allow(Role.COORDINATOR)
@writes_in_steps
def run() -> ResponseReturnValue:
    """Match all open places of the chosen weeks."""
    form = forms.read(RunSchema())
    weeks = form.data["weeks"] if form.ok else DEFAULT_WEEKS
    first_day, last_day = horizon(to_local(clock.now()).date(), weeks)
    made = run_steps.propose(current_actor(), first_day, last_day)
    if made.state == "done":
        flash(_run_words(made.plan or {}, len(made.kept or ())), "success")
        return redirect(url_for("placements.desk"))
    return redirect(url_for("matching.show_run", run_id=made.id))


def _run_words(plan: dict[str, list[dict[str, object]]], kept: int) -> str:
    people = [each for each in plan.get("assignments", []) if request_of(str(each["role"])) is None]
    found = sum(not each["fixed"] for each in people) + kept
    return str(ngettext("%(num)s person is proposed.", "%(num)s people are proposed.", found))


@bp.post("/desk/approve")
@allow(Role.COORDINATOR)
@writes
def approve_many() -> ResponseReturnValue:
    """Approve every ticked proposal that can be approved."""
    form = forms.read(ManySchema())
    if not form.ok:
        flash(_("Tick at least one proposal."), "error")
        return redirect(url_for("placements.desk"))
    chosen = [_chosen(value) for value in form.data["chosen"]]
    done, refused = service.approve_many(current_actor(), [each for each in chosen if each])
    if done:
        flash(ngettext("%(num)s offer is on its way.", "%(num)s offers are on their way.", done), "success")
    for each in refused:
        flash(f"{each.name}: {words_for(each.error)}", "warning")
    return redirect(url_for("placements.desk"))


def _chosen(value: str) -> tuple[str, int] | None:
    match_id, _colon, version = value.partition(":")
    return (match_id, int(version)) if version.isascii() and version.isdecimal() else None


@bp.post("/desk/matches/<match_id>/approve")
@allow(Role.COORDINATOR)
@writes
def approve(match_id: str) -> ResponseReturnValue:
    """Approve one proposal: the offer goes out."""
    try:
        match = service.approve(current_actor(), match_id, _version())
    except RuleBrokenError as error:  # the next decision is on this page, not on one for errors
        flash(words_for(error), "warning")
        return redirect(_back())
    flash(_("The offer to %(name)s is on its way.", name=match.volunteer.user.name), "success")
    return redirect(_back())


def _version() -> int | None:
    form = forms.read(VersionSchema())
    if not form.ok:
        raise RuleBrokenError("changed_meanwhile")
    return int(form.data["version"])


def _back() -> str:
    """Return to the session page when the decision was made there."""
    session_id = request.args.get("session", "")
    return (
        url_for("placements.show_session", session_id=session_id)
        if session_id
        else url_for("placements.desk")
    )


@bp.get("/desk/matches/<match_id>/decline")
@allow(Role.COORDINATOR)
def ask_why_declined(match_id: str) -> ResponseReturnValue:
    """Ask for the reason before a proposal is turned down."""
    return _reason_page(match_id, None, decline=True)


@bp.post("/desk/matches/<match_id>/decline")
@allow(Role.COORDINATOR)
@writes
def decline(match_id: str) -> ResponseReturnValue:
    """Turn a proposal down and show the next suggestion."""
    form = forms.read(RejectSchema())
    if not form.ok:
        return _reason_page(match_id, form, decline=True), 422
    following = service.decline(current_actor(), match_id, _reason(form), form.data["version"])
    if following is None:
        flash(_("Turned down. Nobody who is free fits; now we look whether an exchange helps."), "info")
    else:
        flash(_("Turned down. Next suggestion: %(name)s.", name=following.volunteer.user.name), "success")
    return redirect(_back())


@bp.get("/desk/matches/<match_id>/cancel")
@allow(Role.COORDINATOR)
def ask_why_cancelled(match_id: str) -> ResponseReturnValue:
    """Ask for the reason before an offer or a place is taken back."""
    return _reason_page(match_id, None, decline=False)


@bp.post("/desk/matches/<match_id>/cancel")
@allow(Role.COORDINATOR)
@writes
def cancel(match_id: str) -> ResponseReturnValue:
    """Take an offer or a confirmed place back; everyone concerned is told."""
    form = forms.read(CancelSchema())
    if not form.ok:
        return _reason_page(match_id, form, decline=False), 422
    match = service.undo(current_actor(), match_id, _reason(form), form.data["version"])
    flash(_("Taken back. %(name)s is told.", name=match.volunteer.user.name), "success")
    return redirect(_back())


def _reason(form: forms.Form) -> str:
    return str(form.data["note"] or form.data["why"])


def _reason_page(match_id: str, form: forms.Form | None, *, decline: bool) -> str:
    match = queries.match(match_id)
    return render_template(
        "placements/reason.html",
        match=match,
        asked=rules.applied(match.reasons),
        form=form,
        decline=decline,
        choices=list((labels.REJECT_REASONS if decline else labels.CANCEL_REASONS).items()),
        session=request.args.get("session", ""),
    )


@bp.post("/desk/matches/<match_id>/runner-up")
@allow(Role.COORDINATOR)
@writes
def runner_up(match_id: str) -> ResponseReturnValue:
    """Propose the runner-up instead; when that person cannot come any more, say so on the same page."""
    try:
        match = service.swap(current_actor(), match_id, _version())
    except RuleBrokenError as error:
        if error.code != "runner_up_gone":
            raise
        flash(words_for(error), "warning")
        return redirect(_back())
    flash(_("%(name)s is proposed instead.", name=match.volunteer.user.name), "success")
    return redirect(_back())


@bp.post("/desk/openings/<opening_id>/fill")
@allow(Role.COORDINATOR)
@writes
def fill(opening_id: str) -> ResponseReturnValue:
    """Let the worker look for people for one place, also by moving proposals."""
    mend_steps.ask(current_actor(), opening_id)
    flash(_("We are looking for people. In a moment this page shows what was found."), "info")
    return redirect(_back())


@bp.get("/desk/sessions/<session_id>")
@allow(Role.COORDINATOR)
def show_session(session_id: str) -> ResponseReturnValue:
    """Show one session with everything that explains its proposals."""
    question = session_service.Question(
        opening_id=request.args.get("opening", ""),
        volunteer_id=request.args.get("volunteer", ""),
        exact=request.args.get("exact", ""),
    )
    shown = session_service.session_page(session_id, question)
    reasons = shown.answer.explanation.reasons if shown.answer and shown.answer.explanation else ()
    elsewhere = tuple(str(each["role"]) for each in reasons if "role" in each)
    return render_template(
        "placements/session.html",
        page=shown,
        labels=labels,
        names=_names(elsewhere),
        words=words,
        things=lending.things_of(session_id, shown.session.need_id, shown.gaps),
        lending=lending_labels,
    )


@bp.post("/needs/<need_id>/apply")
@allow(Role.VOLUNTEER)
@writes
def apply_for(need_id: str) -> ResponseReturnValue:
    """Let a volunteer apply for a published need; it goes over the same desk."""
    applied = apply_service.apply_for(current_actor(), need_id)
    names = _names()
    lines = [("blocked", own_labels.blocker(each, names)) for each in applied.blockers]
    return render_template("placements/applied.html", applied=applied, lines=lines)
