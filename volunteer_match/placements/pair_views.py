"""What a coordinator wants of a pair: keep it in coming plans, or never put the two together."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from volunteer_match.actor import Role
from volunteer_match.db import writes
from volunteer_match.errors import RuleBrokenError
from volunteer_match.matching import labels as words
from volunteer_match.matching import pair_queries as pairs
from volunteer_match.matching import pair_service
from volunteer_match.people.queries import volunteer
from volunteer_match.placements import pair_service as decisions
from volunteer_match.placements import queries
from volunteer_match.placements.schemas import NeverSchema
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.paging import PAGE_SIZE, offset, page_number
from volunteer_match.web.wording import words_for

bp = Blueprint("pairs", __name__)


@bp.get("/desk/pairs")
@allow(Role.COORDINATOR)
def listing() -> ResponseReturnValue:
    """Show every pair that is kept or kept apart."""
    number = page_number()
    found = pairs.listing(PAGE_SIZE + 1, offset(number))
    return render_template(
        "placements/pairs.html",
        pairs=found[:PAGE_SIZE],
        more=len(found) > PAGE_SIZE,
        number=number,
        reasons=words.NEVER_REASONS,
    )


@bp.post("/desk/openings/<opening_id>/keep/<volunteer_id>")
@allow(Role.COORDINATOR)
@writes
def keep(opening_id: str, volunteer_id: str) -> ResponseReturnValue:
    """Let a proposal stay in coming plans."""
    try:
        decisions.keep(current_actor(), opening_id, volunteer_id)
    except RuleBrokenError as error:
        flash(words_for(error), "warning")
    else:
        flash(_("The pair stays in coming plans, unless a rule forbids it."), "success")
    return redirect(_back())


@bp.post("/desk/pairs/<pair_id>/lift")
@allow(Role.COORDINATOR)
@writes
def lift(pair_id: str) -> ResponseReturnValue:
    """Take a decision about a pair back."""
    pair_service.lift(current_actor(), pair_id)
    flash(_("Taken back. The next matching run decides freely."), "success")
    return redirect(_back())


def _back() -> str:
    """Return to the page the decision was made on."""
    session_id, run_id = request.args.get("session", ""), request.args.get("run", "")
    if session_id:
        return url_for("placements.show_session", session_id=session_id)
    return url_for("matching.show_run", run_id=run_id) if run_id else url_for("pairs.listing")


@bp.get("/desk/sessions/<session_id>/never/<volunteer_id>")
@allow(Role.COORDINATOR)
def ask_never(session_id: str, volunteer_id: str) -> ResponseReturnValue:
    """Ask how far and why two are to be kept apart."""
    return _never_page(session_id, volunteer_id, None)


@bp.post("/desk/sessions/<session_id>/never/<volunteer_id>")
@allow(Role.COORDINATOR)
@writes
def never(session_id: str, volunteer_id: str) -> ResponseReturnValue:
    """Keep two apart from now on."""
    form = forms.read(NeverSchema())
    if not form.ok:
        return _never_page(session_id, volunteer_id, form), 422
    everywhere = form.data["where"] == "partner"
    _made, agreed = decisions.keep_apart(
        current_actor(), session_id, volunteer_id, everywhere=everywhere, reason=form.data["why"]
    )
    flash(_("Saved. They are not proposed together any more."), "success")
    if agreed:
        flash(_agreed_words(agreed), "warning")
    return redirect(url_for("placements.show_session", session_id=session_id))


def _agreed_words(number: int) -> str:
    return str(
        ngettext(
            "%(num)s place is already agreed or asked for and stays. Take it back yourself if needed.",
            "%(num)s places are already agreed or asked for and stay. Take them back yourself if needed.",
            number,
        )
    )


def _never_page(session_id: str, volunteer_id: str, form: forms.Form | None) -> str:
    return render_template(
        "placements/never.html",
        meeting=queries.session_by_id(session_id),
        person=volunteer(volunteer_id),
        form=form,
        reasons=list(words.NEVER_REASONS.items()),
    )
