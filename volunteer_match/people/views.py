"""A volunteer's own pages: the home, the answers, the break, and leaving."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Role
from volunteer_match.db import all_or_nothing, writes
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.people import (
    answers_service,
    catalogue_views,
    labels,
    pages,
    queries,
    service,
    sign_up_views,
    staff_views,
)
from volunteer_match.people.blueprint import bp
from volunteer_match.people.rules import VolunteerEvent, VolunteerState
from volunteer_match.people.schemas import AwaySchema, MoveSchema, NothingSchema, PauseSchema
from volunteer_match.people.sections import home_sections
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation

__all__ = ["bp", "catalogue_views", "sign_up_views", "staff_views"]
add_navigation(
    NavItem(_l("My page"), "people.home", frozenset({Role.VOLUNTEER}), 10),
    NavItem(_l("Volunteers"), "people.directory", frozenset({Role.COORDINATOR, Role.OFFICER}), 30),
)


@bp.get("/me")
@allow(Role.VOLUNTEER)
def home() -> ResponseReturnValue:
    """Show a volunteer what is next, what is missing, and the own answers."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    state = VolunteerState(volunteer.state)
    return render_template(
        "people/home.html",
        volunteer=volunteer,
        state=state,
        state_words=labels.STATES[pages.seen_state(volunteer)],
        sentence=labels.STATE_SENTENCES[pages.seen_state(volunteer)],
        tone=labels.TONES[pages.seen_state(volunteer)],
        summary=pages.summary(volunteer),
        section_titles=labels.SECTIONS,
        differing=pages.coming_exceptions(volunteer),
        sections=home_sections(volunteer.id),
        paused=_pause_ahead(volunteer.paused_from, volunteer.paused_until),
    )


def _pause_ahead(first: date | None, last: date | None) -> bool:
    return first is not None and (last is None or last >= today())


@bp.get("/me/edit/<code>")
@allow(Role.VOLUNTEER)
def edit_own(code: str) -> ResponseReturnValue:
    """Show one section of a volunteer's own answers."""
    volunteer, section = queries.own_volunteer(current_actor().user_id), _section(code)
    return _own_page(volunteer, section, pages.blank(section, volunteer))


@bp.post("/me/edit/<code>")
@allow(Role.VOLUNTEER)
@writes
def save_own(code: str) -> ResponseReturnValue:
    """Keep one section of a volunteer's own answers."""
    volunteer, section = queries.own_volunteer(current_actor().user_id), _section(code)
    form = forms.read(section.schema())
    if form.ok:
        answers, version, _channel = pages.split(form.data)
        try:
            with all_or_nothing():
                answers_service.save(current_actor(), volunteer.id, code, answers, version=version)
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("people.home"))
    return _own_page(volunteer, section, form), 422


def _section(code: str) -> pages.Section:
    if code not in pages.SECTIONS:
        raise NotFoundError("section")
    return pages.SECTIONS[code]


def _own_page(volunteer: Any, section: pages.Section, form: forms.Form) -> str:
    return pages.render(
        "people/edit.html",
        section,
        volunteer,
        form,
        action=url_for("people.save_own", code=section.code),
        back=url_for("people.home"),
        on_behalf=False,
    )


@bp.get("/me/away")
@allow(Role.VOLUNTEER)
def away() -> ResponseReturnValue:
    """Show the days that differ from the usual week."""
    return pages.render_away(queries.own_volunteer(current_actor().user_id), None)


@bp.post("/me/away")
@allow(Role.VOLUNTEER)
@writes
def add_away() -> ResponseReturnValue:
    """Keep days that differ from the usual week."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    form = forms.read(AwaySchema())
    if form.ok:
        answers, version, _channel = pages.split(form.data)
        try:
            with all_or_nothing():
                answers_service.save(current_actor(), volunteer.id, "away", answers, version=version)
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            flash(_("Noted."), "success")
            return redirect(url_for("people.away"))
    return pages.render_away(volunteer, form), 422


@bp.post("/me/away/<exception_id>/remove")
@allow(Role.VOLUNTEER)
@writes
def remove_away(exception_id: str) -> ResponseReturnValue:
    """Forget days that differ."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    answers_service.save(current_actor(), volunteer.id, "not_away", {"exception_id": exception_id})
    flash(_("Removed."), "success")
    return redirect(url_for("people.away"))


@bp.get("/me/break")
@allow(Role.VOLUNTEER)
def break_page() -> ResponseReturnValue:
    """Ask from when to when the break is."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    return render_template("people/break.html", volunteer=volunteer, form=None, today=today())


@bp.post("/me/break")
@allow(Role.VOLUNTEER)
@writes
def take_break() -> ResponseReturnValue:
    """Begin a break."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    form = forms.read(PauseSchema())
    if form.ok:
        first, last = form.data["first_day"] or today(), form.data["last_day"]
        try:
            with all_or_nothing():
                service.pause(current_actor(), volunteer.id, first, last, form.data["version"])
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            flash(_("Have a good break. We will not ask you for anything meanwhile."), "success")
            return redirect(url_for("people.home"))
    return render_template("people/break.html", volunteer=volunteer, form=form, today=today()), 422


@bp.post("/me/back")
@allow(Role.VOLUNTEER)
@writes
def end_break() -> ResponseReturnValue:
    """End a break now."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    form = forms.read(NothingSchema())
    service.resume(current_actor(), volunteer.id, form.data.get("version"))
    flash(_("Good to have you back."), "success")
    return redirect(url_for("people.home"))


@bp.get("/me/leave")
@allow(Role.VOLUNTEER)
def leave_page() -> ResponseReturnValue:
    """Ask once more before somebody leaves."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    return render_template(
        "people/leave.html", volunteer=volunteer, form=None, ending=_ending(volunteer.state)
    )


@bp.post("/me/leave")
@allow(Role.VOLUNTEER)
@writes
def leave() -> ResponseReturnValue:
    """Take back the application, or end the work together."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    form = forms.read(MoveSchema(partial=("event",)))
    if not form.ok:
        ending = _ending(volunteer.state)
        return render_template("people/leave.html", volunteer=volunteer, form=form, ending=ending), 422
    event = VolunteerEvent.END if _ending(volunteer.state) else VolunteerEvent.WITHDRAW
    service.move(current_actor(), volunteer.id, event, form.data["reason"], form.data["version"])
    flash(_("Done. Thank you for everything so far."), "success")
    return redirect(url_for("people.home"))


def _ending(state: str) -> bool:
    return state in (VolunteerState.ACTIVE, VolunteerState.PAUSED)
