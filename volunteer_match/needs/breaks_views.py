"""The table of school breaks, which coordinators keep."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_match.actor import Role
from volunteer_match.db import writes
from volunteer_match.needs import breaks_service, calendar_queries
from volunteer_match.needs.blueprint import bp
from volunteer_match.needs.schemas import BreakSchema
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.forms import Form


@bp.get("/school-breaks")
@allow(Role.COORDINATOR)
def breaks() -> ResponseReturnValue:
    """List the school breaks."""
    return _page(None)


def _page(form: Form | None) -> str:
    return render_template("needs/breaks.html", form=form, breaks=calendar_queries.breaks())


@bp.post("/school-breaks")
@allow(Role.COORDINATOR)
@writes
def add_break() -> ResponseReturnValue:
    """Add a school break."""
    form = forms.read(BreakSchema())
    if not form.ok:
        return _page(form), 422
    breaks_service.add(current_actor(), **form.data)
    flash(_("Break added. It counts for needs published from now on."), "success")
    return redirect(url_for("needs.breaks"))


@bp.get("/school-breaks/<break_id>")
@allow(Role.COORDINATOR)
def break_form(break_id: str) -> ResponseReturnValue:
    """Show a school break to be changed."""
    found = calendar_queries.school_break(break_id)
    fields = ("name", "first_day", "last_day")
    return _edit_page(break_id, forms.prefilled({name: getattr(found, name) for name in fields}))


def _edit_page(break_id: str, form: Form) -> str:
    return render_template("needs/break.html", form=form, break_id=break_id)


@bp.post("/school-breaks/<break_id>")
@allow(Role.COORDINATOR)
@writes
def save_break(break_id: str) -> ResponseReturnValue:
    """Save a changed school break."""
    form = forms.read(BreakSchema())
    if not form.ok:
        return _edit_page(break_id, form), 422
    breaks_service.edit(current_actor(), break_id, **form.data)
    flash(_("Saved."), "success")
    return redirect(url_for("needs.breaks"))


@bp.post("/school-breaks/<break_id>/remove")
@allow(Role.COORDINATOR)
@writes
def remove_break(break_id: str) -> ResponseReturnValue:
    """Remove a school break."""
    breaks_service.remove(current_actor(), break_id)
    flash(_("Break removed."), "success")
    return redirect(url_for("needs.breaks"))
