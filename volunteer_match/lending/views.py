"""Pages about lending: what is offered, what was asked, the owner's answer, the coordinator's decision."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match import clock
from volunteer_match.actor import Actor, Role
from volunteer_match.db import writes
from volunteer_match.errors import RuleBrokenError
from volunteer_match.lending import labels, notices, offers_service, queries, sections, service
from volunteer_match.lending.rules import LoanState, OfferState
from volunteer_match.lending.schemas import AnswerSchema, OfferSchema, VersionSchema
from volunteer_match.needs import item_rules
from volunteer_match.partners import queries as partners
from volunteer_match.people.labels import WEEKDAYS
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.forms import Form
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.wording import words_for

bp = Blueprint("lending", __name__)
add_navigation(
    NavItem(_l("Lending"), "lending.home", frozenset({Role.PARTNER}), 8, frozenset({Role.COORDINATOR})),
    NavItem(_l("Lending"), "lending.home", frozenset({Role.COORDINATOR}), 62),
)
__all__ = ["bp", "sections"]

_FIELDS = {"venue_unknown": "venue_id", "room_without_place": "venue_id"}
_PLAIN = (
    "partner_id", "kind", "quantity", "description", "note", "first_day", "last_day", "version",
)  # fmt: skip


@bp.get("/lending")
@allow(Role.PARTNER, Role.COORDINATOR)
def home() -> ResponseReturnValue:
    """Show what is offered, what was asked, and to coordinators what to decide."""
    actor, now = current_actor(), clock.now()
    return render_template(
        "lending/home.html",
        offers=queries.offers(actor),
        loans=queries.coming(actor, now),
        proposals=queries.proposals(now) if actor.has(Role.COORDINATOR) else [],
        **_words(),
    )


def _words() -> dict[str, Any]:
    locale = str(get_locale())
    return {
        "labels": labels,
        "when": lambda offer: labels.words_for_hours(queries.hours(offer)),
        "thing": lambda row: item_rules.item_words(row.kind, row.quantity, locale),
    }


@bp.get("/lending/new")
@allow(Role.PARTNER, Role.COORDINATOR)
def new_form() -> ResponseReturnValue:
    """Ask what somebody can lend."""
    posters = _posters(current_actor())
    if not posters:
        return redirect(url_for("partners.register_form"))
    return _form_page(forms.prefilled({"partner_id": posters[0][0], "quantity": 1}), posters)


def _posters(actor: Actor) -> list[tuple[str, str]]:
    if actor.has(Role.COORDINATOR):
        return partners.choices()
    return [(partner.id, partner.name) for partner in partners.own(actor.user_id)]


def _form_page(form: Form, posters: list[tuple[str, str]], offer_id: str = "") -> str:
    places = [venue for partner_id, _name in posters for venue in partners.partner(partner_id).venues]
    names = dict(posters)
    return render_template(
        "lending/form.html",
        form=form,
        offer_id=offer_id,
        posters=posters,
        kinds=item_rules.choices(str(get_locale())),
        venues=[
            (v.id, _venue_words(v.name, names.get(v.partner_id or "", ""), len(posters))) for v in places
        ],
        weekdays=[("", list(enumerate(WEEKDAYS)))],
    )


def _venue_words(name: str, owner: str, owners: int) -> str:
    return f"{owner}: {name}" if owners > 1 and owner else name


@bp.post("/lending/new")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def create() -> ResponseReturnValue:
    """Put something on offer."""
    form = forms.read(OfferSchema())
    posters = _posters(current_actor())
    return _saved(form, posters, "", lambda given: offers_service.offer(current_actor(), given))


def _saved(
    form: Form, posters: list[tuple[str, str]], offer_id: str, save: Callable[[dict[str, Any]], object]
) -> ResponseReturnValue:
    if form.ok:
        try:
            save(dict(form.data))
        except RuleBrokenError as error:
            form.refuse(_FIELDS.get(error.code, "_form"), words_for(error))
        else:
            flash(_("Saved. Thank you: others can now be helped with it."), "success")
            return redirect(url_for("lending.home"))
    return _form_page(form, posters, offer_id), 422


@bp.get("/lending/offers/<offer_id>/edit")
@allow(Role.PARTNER, Role.COORDINATOR)
def edit_form(offer_id: str) -> ResponseReturnValue:
    """Show an offer to be changed."""
    offer = queries.own_offer(current_actor(), offer_id)
    given: dict[str, Any] = {name: getattr(offer, name) for name in _PLAIN}
    given["venue_id"] = offer.venue_id or ""
    given["weekdays"] = [int(day) for day in offer.weekdays]
    for name in ("starts_local", "ends_local"):
        at = getattr(offer, name)
        given[name] = at.strftime("%H:%M") if at else None
    return _form_page(forms.prefilled(given), [(offer.partner_id, offer.partner.name)], offer_id)


@bp.post("/lending/offers/<offer_id>/edit")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def edit(offer_id: str) -> ResponseReturnValue:
    """Save a changed offer."""
    offer = queries.own_offer(current_actor(), offer_id)
    form = forms.read(OfferSchema())

    def save(given: dict[str, Any]) -> object:
        return offers_service.edit(current_actor(), offer_id, given.pop("version"), given)

    return _saved(form, [(offer.partner_id, offer.partner.name)], offer_id, save)


@bp.post("/lending/offers/<offer_id>/withdraw")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def withdraw(offer_id: str) -> ResponseReturnValue:
    """Take an offer back."""
    offers_service.set_state(current_actor(), offer_id, _version(), OfferState.WITHDRAWN)
    flash(_("Taken back. Whoever was to borrow it is told."), "success")
    return redirect(url_for("lending.home"))


@bp.post("/lending/offers/<offer_id>/renew")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def renew(offer_id: str) -> ResponseReturnValue:
    """Put an offer up again."""
    offers_service.set_state(current_actor(), offer_id, _version(), OfferState.ACTIVE)
    flash(_("It is on offer again."), "success")
    return redirect(url_for("lending.home"))


def _version() -> int:
    form = forms.read(VersionSchema())
    if not form.ok:
        raise RuleBrokenError("changed_meanwhile")
    return int(form.data["version"])


@bp.get("/lending/loans/<loan_id>")
@allow(Role.PARTNER, Role.COORDINATOR)
def show_loan(loan_id: str) -> ResponseReturnValue:
    """Show what is asked of an owner, with the two answers."""
    return _loan_page(loan_id)


def _loan_page(loan_id: str, form: Form | None = None) -> str:
    loan = service.visible(current_actor(), loan_id)
    state = LoanState(loan.state)
    ahead = loan.session.starts_at > clock.now()
    return render_template(
        "lending/loan.html",
        loan=loan,
        case=notices.case_of(loan),
        form=form,
        can_agree=ahead and state in (LoanState.ASKED, LoanState.REFUSED, LoanState.EXPIRED),
        can_refuse=ahead and state in (LoanState.ASKED, LoanState.AGREED),
        **_words(),
    )


@bp.post("/lending/loans/<loan_id>")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def answer(loan_id: str) -> ResponseReturnValue:
    """Take the owner's answer."""
    form = forms.read(AnswerSchema())
    if form.ok:
        try:
            service.answer(current_actor(), loan_id, form.data["answer"] == "accept", form.data["reason"])
        except RuleBrokenError as error:
            form.refuse("_form", words_for(error))
        else:
            flash(_("Noted. Thank you."), "success")
            return redirect(url_for("lending.show_loan", loan_id=loan_id))
    return _loan_page(loan_id, form), 422


@bp.post("/desk/loans/<loan_id>/ask")
@allow(Role.COORDINATOR)
@writes
def ask(loan_id: str) -> ResponseReturnValue:
    """Approve a proposal: the owner is asked."""
    return _decided(service.ask, loan_id, _("The question to the owner is on its way."))


@bp.post("/desk/loans/<loan_id>/turn-down")
@allow(Role.COORDINATOR)
@writes
def turn_down(loan_id: str) -> ResponseReturnValue:
    """Turn a proposal down."""
    return _decided(service.turn_down, loan_id, _("Turned down."))


@bp.post("/desk/loans/<loan_id>/call-off")
@allow(Role.COORDINATOR)
@writes
def call_off(loan_id: str) -> ResponseReturnValue:
    """Take a question or an agreement back."""
    return _decided(service.call_off, loan_id, _("Taken back. Everybody concerned is told."))


def _decided(act: Callable[[Actor, str, int], object], loan_id: str, done: str) -> ResponseReturnValue:
    session_id = request.args.get("session", "")
    back = (
        url_for("placements.show_session", session_id=session_id) if session_id else url_for("lending.home")
    )
    try:
        act(current_actor(), loan_id, _version())
    except RuleBrokenError as error:  # the next decision is on this page, not on one for errors
        flash(words_for(error), "warning")
    else:
        flash(done, "success")
    return redirect(back)
