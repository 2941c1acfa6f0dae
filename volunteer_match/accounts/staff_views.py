"""Signing in with password and second factor, and choosing a password by a mailed link."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from volunteer_match.accounts import attempts, auth, gate, queries, sign_in_service
from volunteer_match.accounts.blueprint import bp
from volunteer_match.accounts.rules import Purpose, Strength
from volunteer_match.accounts.schemas import AddressSchema, CodeSchema, NewPasswordSchema, PasswordSchema
from volunteer_match.db import retrying, writes_in_steps
from volunteer_match.web import forms
from volunteer_match.web.access import public
from volunteer_match.web.forms import Form
from volunteer_match.web.redirects import local_target


@bp.get("/sign-in/password")
@public
def staff_sign_in() -> ResponseReturnValue:
    """Ask staff for address and password."""
    return render_template("accounts/password.html", form=None, target=gate.wanted())


@bp.post("/sign-in/password")
@public
@writes_in_steps
def use_password() -> ResponseReturnValue:
    """Check address and password, after the limits and before the second factor."""
    form = forms.read(PasswordSchema())
    target = local_target(form.raw("next"), "")
    if not form.ok:
        return render_template("accounts/password.html", form=form, target=target), 422
    tries = gate.limited("password", form.data["email"])
    user_id = sign_in_service.check_password(form.data["email"], form.data["password"])
    if user_id is None:
        gate.log.warning("wrong password")
        form.refuse("password", _("Address and password do not go together."))
        return render_template("accounts/password.html", form=form, target=target), 422
    renewed = sign_in_service.renew_hash(user_id, form.data["password"])
    retrying(_enter_half)(user_id, tries, renewed)
    return redirect(url_for("accounts.finish_sign_in", next=target or None))


def _enter_half(user_id: str, tries: tuple[str, str], renewed: str | None) -> None:
    attempts.forget(tries)
    if renewed:
        sign_in_service.keep_hash(user_id, renewed)
    auth.sign_in(user_id, Strength.PENDING)


@bp.get("/sign-in/second-factor")
@public
def finish_sign_in() -> ResponseReturnValue:
    """Ask for the code of the authenticator app, or lead to setting one up."""
    waiting = auth.pending()
    if waiting is None:
        return redirect(url_for("accounts.sign_in", next=gate.wanted() or None))
    if queries.user(waiting.user_id).totp_secret is None:
        return redirect(url_for("accounts.set_up"))
    return render_template("accounts/second_factor.html", form=None, target=gate.wanted())


@bp.post("/sign-in/second-factor")
@public
@writes_in_steps
def use_second_factor() -> ResponseReturnValue:
    """Sign in when the code is right."""
    waiting = auth.pending()
    if waiting is None:
        return redirect(url_for("accounts.sign_in"))
    form = forms.read(CodeSchema())
    target = local_target(form.raw("next"), "")
    if not form.ok or not gate.second_factor_shown(form, waiting.user_id):
        return render_template("accounts/second_factor.html", form=form, target=target), 422
    retrying(auth.sign_in)(waiting.user_id, Strength.FULL)
    return gate.go_on(target)


@bp.get("/sign-in/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Ask for the address to mail a link for a new password to."""
    return render_template("accounts/forgotten.html", form=None)


@bp.post("/sign-in/forgotten")
@public
@writes_in_steps
def ask_for_reset() -> ResponseReturnValue:
    """Mail a link for a new password; the answer is the same for every address."""
    form = forms.read(AddressSchema())
    if not form.ok:
        return render_template("accounts/forgotten.html", form=form), 422
    gate.limited("mail", form.data["email"])
    retrying(sign_in_service.ask_for_reset)(form.data["email"], str(get_locale()))
    return redirect(url_for("accounts.reset_sent"))


@bp.get("/sign-in/forgotten/sent")
@public
def reset_sent() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("accounts/reset_sent.html")


@bp.get("/new-password/<token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    """Ask for the password that replaces a forgotten one."""
    sign_in_service.owner_of(Purpose.RESET, token)
    return render_template("accounts/new_password.html", form=None, invited=False)


@bp.post("/new-password/<token>")
@public
@writes_in_steps
def reset_password(token: str) -> ResponseReturnValue:
    """Replace a forgotten password; signing in still takes the second factor."""
    form, hashed = _chosen(Purpose.RESET, token)
    if hashed is None:
        return render_template("accounts/new_password.html", form=form, invited=False), 422
    retrying(sign_in_service.reset_password)(token, hashed)
    flash(_("Your new password is saved. Sign in with it."), "success")
    return redirect(url_for("accounts.staff_sign_in"))


@bp.get("/invitation/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Welcome an invited person and ask for a password."""
    sign_in_service.owner_of(Purpose.INVITATION, token)
    return render_template("accounts/new_password.html", form=None, invited=True)


@bp.post("/invitation/<token>")
@public
@writes_in_steps
def accept_invitation(token: str) -> ResponseReturnValue:
    """Keep the password of an invited person and go on to the second factor."""
    form, hashed = _chosen(Purpose.INVITATION, token)
    if hashed is None:
        return render_template("accounts/new_password.html", form=form, invited=True), 422
    retrying(_accept)(token, hashed)
    return redirect(url_for("accounts.finish_sign_in"))


def _accept(token: str, hashed: str) -> None:
    auth.sign_in(sign_in_service.accept_invitation(token, hashed), Strength.PENDING)


def _chosen(purpose: Purpose, token: str) -> tuple[Form, str | None]:
    owner = sign_in_service.owner_of(purpose, token)
    form = forms.read(NewPasswordSchema())
    return form, gate.hash_of_new_password(form, owner.name, owner.email or "")
