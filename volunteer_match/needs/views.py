"""Pages for those who look after needs: the institution's list, the coordinators' list, one need."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import writes
from volunteer_match.errors import RuleBrokenError
from volunteer_match.i18n import words_for_moment
from volunteer_match.needs import (
    board_queries,
    board_views,
    breaks_views,
    form_queries,
    form_views,
    labels,
    overview_queries,
    rules,
    sections,
    service,
    sessions_service,
    summary,
)
from volunteer_match.needs.blueprint import bp
from volunteer_match.needs.rules import NeedEvent, NeedState, Priority
from volunteer_match.needs.schemas import PrioritySchema, SessionSchema, StepSchema
from volunteer_match.partners import labels as partner_labels
from volunteer_match.partners import queries as partners
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.paging import PAGE_SIZE, Page, offset, page_number
from volunteer_match.web.wording import words_for

__all__ = ["board_views", "bp", "breaks_views", "form_views"]

add_navigation(
    NavItem(_l("Open needs"), "needs.listing", frozenset(), 4, frozenset({Role.COORDINATOR})),
    NavItem(_l("Our needs"), "needs.home", frozenset({Role.PARTNER}), 5),
    NavItem(_l("All needs"), "needs.review", frozenset({Role.COORDINATOR}), 30),
)


_NO_FORMS: dict[str, Any] = dict.fromkeys(
    ("return_form", "withdraw_form", "session_form", "cancel_form", "priority_form")
)


@bp.get("/partner")
@allow(Role.PARTNER)
def home() -> ResponseReturnValue:
    """Show an institution's people their needs and what waits for them."""
    own = partners.own(current_actor().user_id)
    number = page_number()
    rows, total = overview_queries.rows(
        clock.now(), partner_ids=[p.id for p in own], start=offset(number), size=PAGE_SIZE
    )
    return render_template(
        "needs/home.html",
        partners=own,
        partner_states=partner_labels.STATES,
        states=labels.STATES,
        page=Page(rows, number, total),
    )


@bp.get("/needs/review")
@allow(Role.COORDINATOR)
def review() -> ResponseReturnValue:
    """List every need for coordinators, those that wait first."""
    state, words, number = request.args.get("state", ""), request.args.get("q", "")[:100], page_number()
    rows, total = overview_queries.rows(
        clock.now(),
        state=state if state in rules.TRANSITIONS else "",
        text=words,
        start=offset(number),
        size=PAGE_SIZE,
    )
    return render_template(
        "needs/review.html", page=Page(rows, number, total), states=labels.STATES, state=state, words=words
    )


@bp.get("/needs/<need_id>/manage")
@allow(Role.PARTNER, Role.COORDINATOR)
def manage(need_id: str) -> ResponseReturnValue:
    """Show everything about a need to those who look after it."""
    return _page(need_id)


def _page(need_id: str, **shown: Any) -> str:
    actor = current_actor()
    form_queries.visible(actor, need_id)
    need = form_queries.whole(need_id)
    plan = form_queries.plan_of(need)
    possible = rules.TRANSITIONS[NeedState(need.state)]
    waits = need.state in (NeedState.SUBMITTED, NeedState.DRAFT, NeedState.RETURNED)
    return render_template(
        "needs/manage.html",
        need=need,
        labels=labels,
        when=labels.words_for_plan(plan) if plan else "",
        children=summary.children(need.children_count, need.age_from, need.age_to),
        problems=[labels.words_for_problem(p) for p in service.problems(need)] if waits else [],
        is_public=board_queries.is_public(need),
        editable=need.state in rules.EDITABLE or need.state == NeedState.PUBLISHED,
        possible={str(event) for event in possible},
        heads=summary.heads,
        urgencies=[(str(int(code)), words) for code, (words, _tone) in labels.PRIORITIES.items()],
        now=clock.now(),
        sections=sections.manage_sections(actor, need_id),
        history=_history(need_id),
        **{**_NO_FORMS, **shown},
    )


def _history(need_id: str) -> list[dict[str, Any]]:
    return [
        {
            "when": words_for_moment(event.at),
            "what": labels.HISTORY.get(event.verb, event.verb),
        }
        for event in audit.history("need", need_id)
    ]


@bp.post("/needs/<need_id>/submit")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def submit(need_id: str) -> ResponseReturnValue:
    """Send a finished draft to the coordinators."""
    return _step(need_id, NeedEvent.SUBMIT, _("Sent. A coordinator will look at it and publish it."))


@bp.post("/needs/<need_id>/publish")
@allow(Role.COORDINATOR)
@writes
def publish(need_id: str) -> ResponseReturnValue:
    """Make a need public."""
    return _step(need_id, NeedEvent.PUBLISH, _("Published. The organisation is told by mail."))


@bp.post("/needs/<need_id>/return")
@allow(Role.COORDINATOR)
@writes
def return_need(need_id: str) -> ResponseReturnValue:
    """Give a need back to be completed."""
    return _step(need_id, NeedEvent.RETURN, _("Returned. The organisation is told by mail."), "return_form")


@bp.post("/needs/<need_id>/withdraw")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def withdraw(need_id: str) -> ResponseReturnValue:
    """Take a need back; people who were to come are told."""
    return _step(
        need_id, NeedEvent.WITHDRAW, _("Withdrawn. People who were to come are told."), "withdraw_form"
    )


def _step(need_id: str, event: NeedEvent, done: str, name: str = "") -> ResponseReturnValue:
    form = forms.read(StepSchema())
    if form.ok:
        try:
            service.apply(current_actor(), need_id, event, **form.data)
        except RuleBrokenError as error:
            if error.code != "reason_missing" or not name:
                raise
            form.refuse("reason", words_for(error))
        else:
            flash(done, "success")
            return redirect(url_for("needs.manage", need_id=need_id))
    return _page(need_id, **({name: form} if name else {})), 422


@bp.post("/needs/<need_id>/priority")
@allow(Role.COORDINATOR)
@writes
def set_priority(need_id: str) -> ResponseReturnValue:
    """Say how much the need presses."""
    form = forms.read(PrioritySchema())
    if not form.ok:
        return _page(need_id, priority_form=form), 422
    priority = Priority(int(form.data["priority"]))
    service.set_priority(current_actor(), need_id, priority, form.data["version"])
    flash(_("Saved."), "success")
    return redirect(url_for("needs.manage", need_id=need_id))


@bp.post("/needs/<need_id>/sessions")
@allow(Role.COORDINATOR)
@writes
def add_session(need_id: str) -> ResponseReturnValue:
    """Add one more date."""
    form = forms.read(SessionSchema())
    if form.ok:
        try:
            sessions_service.add_session(current_actor(), need_id, **form.data)
        except RuleBrokenError as error:
            form.refuse("day", words_for(error))
        else:
            flash(_("Date added."), "success")
            return redirect(url_for("needs.manage", need_id=need_id))
    return _page(need_id, session_form=form), 422


@bp.post("/needs/<need_id>/sessions/<session_id>/cancel")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def cancel_session(need_id: str, session_id: str) -> ResponseReturnValue:
    """Cancel one date."""
    form = forms.read(StepSchema())
    if form.ok and not form.data["reason"]:
        form.refuse("reason", words_for(RuleBrokenError("reason_missing")))
    if not form.ok:
        return _page(need_id, cancel_form=form, cancelled_id=session_id), 422
    sessions_service.cancel_session(current_actor(), need_id, session_id, form.data["reason"])
    flash(_("Date cancelled. People who were to come are told."), "success")
    return redirect(url_for("needs.manage", need_id=need_id))
