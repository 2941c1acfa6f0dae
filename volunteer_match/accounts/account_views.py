"""People's own accounts: data, address, open sessions."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_match import clock
from volunteer_match.accounts import auth, gate, labels, queries, rules, service
from volunteer_match.accounts.blueprint import bp
from volunteer_match.accounts.schemas import NewAddressSchema, OwnDataSchema
from volunteer_match.actor import STAFF, Actor
from volunteer_match.db import retrying, writes, writes_in_steps
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor, public


@bp.get("/account")
@allow()
def account() -> ResponseReturnValue:
    """Show people their own account."""
    actor = current_actor()
    person = queries.user(own_id(actor))
    return render_template(
        "accounts/account.html",
        person=person,
        roles=[labels.ROLES[role] for role in sorted(person.roles)],
        sessions=queries.open_sessions(person.id, clock.now()),
        present=auth.present(),
        browser=labels.words_for_browser,
        staff=actor.has(*STAFF),
        codes_left=queries.recovery_codes_left(person.id) if actor.has(*STAFF) else 0,
    )


def own_id(actor: Actor) -> str:
    """Return the account of a signed-in person."""
    return actor.user_id or ""


@bp.get("/account/edit")
@allow()
def edit() -> ResponseReturnValue:
    """Show people what they may change of their account."""
    person = queries.user(own_id(current_actor()))
    known = {"name": person.name, "phone": person.phone, "locale": person.locale}
    return render_template("accounts/edit.html", form=forms.prefilled(known))


@bp.post("/account/edit")
@allow()
@writes
def save() -> ResponseReturnValue:
    """Change name, telephone number and language."""
    form = forms.read(OwnDataSchema())
    if not form.ok:
        return render_template("accounts/edit.html", form=form), 422
    service.edit_own_data(current_actor(), **form.data)
    session["locale"] = form.data["locale"]
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.account"))


@bp.get("/account/address")
@allow()
@auth.confirmed_by_staff
def address() -> ResponseReturnValue:
    """Ask for a new address."""
    return _address_page(None)


def _address_page(form: forms.Form | None) -> str:
    person = queries.user(own_id(current_actor()))
    return render_template("accounts/address.html", form=form, person=person)


@bp.post("/account/address")
@allow()
@auth.confirmed_by_staff
@writes_in_steps
def ask_for_new_address() -> ResponseReturnValue:
    """Mail a link to the new address; the answer is the same whether or not it has an account."""
    form = forms.read(NewAddressSchema())
    if not form.ok:
        return _address_page(form), 422
    actor = current_actor()
    gate.limited("mail", own_id(actor))
    retrying(service.ask_for_new_address)(actor, form.data["email"])
    flash(_("We have sent a message to the new address. Open the link in it to finish."), "info")
    return redirect(url_for("accounts.account"))


@bp.get("/new-address/<token>")
@public
def new_address(token: str) -> ResponseReturnValue:
    """Show the new address and a button."""
    found = service.read_token(rules.Purpose.ADDRESS, token)
    return render_template("accounts/new_address.html", address=found.facts["email"])


@bp.post("/new-address/<token>")
@public
@writes
def use_new_address(token: str) -> ResponseReturnValue:
    """Make the new address the one of the account."""
    service.change_address(token)
    flash(_("Your new address is saved. We will write to it from now on."), "success")
    return redirect(url_for("accounts.account" if current_actor().user_id else "accounts.sign_in"))


@bp.post("/account/sessions/<public_id>/end")
@allow()
@writes
def end_session(public_id: str) -> ResponseReturnValue:
    """Sign out one of one's own browsers."""
    service.end_own_session(current_actor(), public_id)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("accounts.account"))


@bp.post("/account/sessions/end-others")
@allow()
@writes
def end_other_sessions() -> ResponseReturnValue:
    """Sign out every other browser."""
    present = auth.present()
    service.end_sessions(own_id(current_actor()), but=present.session if present else None)
    flash(_("Every other browser is signed out."), "success")
    return redirect(url_for("accounts.account"))
