"""The page of an offer: from the mail without signing in, on the site, or over the phone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from volunteer_match.actor import Role
from volunteer_match.db import writes
from volunteer_match.errors import ConflictError, RuleBrokenError
from volunteer_match.matching import labels as matching_labels
from volunteer_match.matching import queries as matching
from volunteer_match.placements import labels, offers_service
from volunteer_match.placements.offers_service import Offer
from volunteer_match.placements.rules import MatchState
from volunteer_match.placements.schemas import AnswerSchema
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor, public
from volunteer_match.web.wording import words_for

bp = Blueprint("offers", __name__)
_KIND_REASONS = frozenset({"wanted_skills", "distance", "continuity", "interest", "self_applied"})


@bp.get("/o/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """Show an offer to whoever holds the link; looking changes nothing."""
    return _page(
        offers_service.offer(offers_service.match_of_link(token)), url_for("offers.link", token=token)
    )


@bp.post("/o/<token>")
@public
@writes
def answer_link(token: str) -> ResponseReturnValue:
    """Take the answer given through the link."""
    form = forms.read(AnswerSchema())
    here = url_for("offers.link", token=token)
    if not form.ok:
        return _page(offers_service.offer(offers_service.match_of_link(token)), here, form), 422
    try:
        offers_service.answer_link(token, form.data["answer"] == "accept", form.data["reason"])
    except RuleBrokenError as error:
        return _refused(offers_service.offer(offers_service.match_of_link(token)), here, error)
    return redirect(here)


@bp.get("/offers/<match_id>")
@allow(Role.VOLUNTEER)
def show(match_id: str) -> ResponseReturnValue:
    """Show a volunteer one of their own offers."""
    match = offers_service.own_match(current_actor(), match_id)
    return _page(offers_service.offer(match), url_for("offers.show", match_id=match_id))


@bp.post("/offers/<match_id>")
@allow(Role.VOLUNTEER)
@writes
def answer(match_id: str) -> ResponseReturnValue:
    """Take the answer of a signed-in volunteer."""
    form = forms.read(AnswerSchema())
    here = url_for("offers.show", match_id=match_id)
    if not form.ok:
        match = offers_service.own_match(current_actor(), match_id)
        return _page(offers_service.offer(match), here, form), 422
    try:
        offers_service.answer_own(
            current_actor(), match_id, form.data["answer"] == "accept", form.data["reason"]
        )
    except RuleBrokenError as error:
        match = offers_service.own_match(current_actor(), match_id)
        return _refused(offers_service.offer(match), here, error)
    return redirect(here)


@bp.post("/desk/matches/<match_id>/phone")
@allow(Role.COORDINATOR)
@writes
def phone(match_id: str) -> ResponseReturnValue:
    """Record an answer given by phone."""
    form = forms.read(AnswerSchema())
    session_id = request.args.get("session", "")
    here = "placements.show_session" if session_id else "week.phone_list"
    back = redirect(url_for(here, session_id=session_id or None))
    if not form.ok:
        flash(_("Say whether the person can come."), "error")
        return back
    try:
        match = offers_service.answer_by_phone(
            current_actor(), match_id, form.data["answer"] == "accept", form.data["reason"]
        )
    except RuleBrokenError as error:  # the next call is on this page, not on one for errors
        flash(words_for(error), "warning")
        return back
    flash(
        _(
            "Noted: %(name)s, %(state)s.",
            name=match.volunteer.user.name,
            state=labels.STATES[MatchState(match.state)],
        ),
        "success",
    )
    return back


def _speaks_for(part: dict[str, Any]) -> bool:
    # What a volunteer likes to read; how often others were asked is the desk's business.
    known = part["code"] != "distance" or part.get("km") is not None
    return known and int(part.get("points") or 0) > 0 and part["code"] in _KIND_REASONS


def _refused(offer: Offer, here: str, error: RuleBrokenError) -> ResponseReturnValue:
    # The same page again with the reason: somebody who wanted to help is not sent to an error page.
    form = forms.prefilled({})
    form.refuse("_", words_for(error))
    return _page(offer, here, form), 409 if isinstance(error, ConflictError) else 422


def _page(offer: Offer, here: str, form: forms.Form | None = None) -> str:
    chosen = {MatchState.CONFIRMED: "accept", MatchState.HELD: "accept", MatchState.DECLINED: "decline"}
    names = matching_labels.Names(skills=matching.skill_names(str(get_locale())))
    return render_template(
        "placements/offer.html",
        offer=offer,
        case=offer.case,
        here=here,
        form=form,
        chosen=chosen.get(offer.state, ""),
        cause=labels.to_volunteer(offer.reason),
        why=[matching_labels.component(part, names) for part in offer.reasons if _speaks_for(part)],
    )
