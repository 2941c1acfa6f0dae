"""Pages with which an institution registers itself, and with which a colleague joins it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from volunteer_match.accounts import auth, gate
from volunteer_match.accounts.rules import Strength
from volunteer_match.db import writes
from volunteer_match.errors import RuleBrokenError
from volunteer_match.partners import labels, members_service, queries, service
from volunteer_match.partners.blueprint import bp
from volunteer_match.partners.rules import PartnerState
from volunteer_match.partners.schemas import AcceptanceSchema, RegistrationSchema
from volunteer_match.people import queries as people
from volunteer_match.web import forms
from volunteer_match.web.access import current_actor, public
from volunteer_match.web.security import limiter
from volunteer_match.web.wording import words_for


@bp.get("/partners/register")
@public
def register_form() -> ResponseReturnValue:
    """Ask for the institution and its contact person."""
    return _registration(None)


@bp.post("/partners/register")
@public
@limiter.limit("20 per hour")
@writes
def register() -> ResponseReturnValue:
    """Register the institution."""
    form = forms.read(RegistrationSchema())
    if form.ok:
        gate.limited("mail", form.data["contact_email"])
        try:
            partner = service.register(current_actor(), str(get_locale()), **form.data)
        except RuleBrokenError as error:
            form.refuse("name", words_for(error))
        else:
            return render_template(
                "partners/registered.html", partner=partner, email=form.data["contact_email"]
            )
    return _registration(form), 422


def _registration(form: forms.Form | None) -> str:
    return render_template(
        "partners/register.html",
        form=form,
        kinds=labels.KINDS.items(),
        registries=labels.REGISTRIES.items(),
        districts=people.district_choices(),
    )


@bp.get("/partners/confirm/<token>")
@public
def confirm_form(token: str) -> ResponseReturnValue:
    """Show what the mailed link will do, without doing it."""
    return render_template("partners/confirm.html", partner=service.to_confirm(token), token=token)


@bp.post("/partners/confirm/<token>")
@public
@writes
def confirm(token: str) -> ResponseReturnValue:
    """Confirm the address and let the person in."""
    _partner, user_id = service.confirm_address(token)
    _enter(user_id)
    flash(_("Address confirmed. A coordinator will now check the registration."), "success")
    return redirect(url_for("needs.home"))


def _enter(user_id: str) -> None:
    if current_actor().user_id != user_id:
        auth.sign_in(user_id, Strength.LINK)


@bp.get("/partners/join/<token>")
@public
def join_form(token: str) -> ResponseReturnValue:
    """Show which institution invites the person."""
    partner, invitation = members_service.invited(token)
    return _joining(token, partner, forms.prefilled({"name": invitation.name}))


@bp.post("/partners/join/<token>")
@public
@writes
def join(token: str) -> ResponseReturnValue:
    """Let the invited person act for the institution."""
    form = forms.read(AcceptanceSchema())
    if not form.ok:
        return _joining(token, members_service.invited(token)[0], form), 422
    _partner, user_id = members_service.join(token, str(get_locale()), **form.data)
    _enter(user_id)
    flash(_("Welcome. You can now post needs for your organisation."), "success")
    return redirect(url_for("needs.home"))


def _joining(token: str, partner: object, form: forms.Form) -> str:
    return render_template("partners/join.html", partner=partner, token=token, form=form)


@bp.post("/partners/<partner_id>/confirmation")
@public
@limiter.limit("5 per hour")
@writes
def resend_confirmation(partner_id: str) -> ResponseReturnValue:
    """Mail the confirming link again, to the address that was given and nowhere else."""
    partner = queries.partner(partner_id)
    gate.limited("mail", partner_id)
    if partner.state == PartnerState.REGISTERED and partner.members:
        service.send_confirmation(partner, partner.members[0].user)
    return render_template("partners/registered.html", partner=partner, email="")
