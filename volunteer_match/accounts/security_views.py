"""Password, second factor and recovery codes of staff."""

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from volunteer_match.accounts import auth, gate, passwords, queries, second_factor, service, sign_in_service
from volunteer_match.accounts.account_views import own_id
from volunteer_match.accounts.blueprint import bp
from volunteer_match.accounts.queries import SignedIn
from volunteer_match.accounts.rules import Strength
from volunteer_match.accounts.schemas import ChangePasswordSchema, CodeSchema
from volunteer_match.actor import STAFF
from volunteer_match.db import retrying, writes, writes_in_steps
from volunteer_match.errors import NotFoundError
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor, public
from volunteer_match.web.forms import Form
from volunteer_match.web.pages import first_page
from volunteer_match.web.redirects import local_target

_SECRET = "second_factor"  # noqa: S105 - the name of a cookie entry, which is sealed


@bp.get("/account/confirm")
@allow(*STAFF)
def confirm() -> ResponseReturnValue:
    """Ask for the second factor again before a grave act."""
    return render_template("accounts/confirm.html", form=None, target=gate.wanted())


@bp.post("/account/confirm")
@allow(*STAFF)
@writes_in_steps
def use_confirmation() -> ResponseReturnValue:
    """Note that the second factor was shown just now."""
    form, present = forms.read(CodeSchema()), auth.present()
    target = local_target(form.raw("next"), url_for("accounts.account"))
    if present is None or not form.ok or not gate.second_factor_shown(form, present.user_id):
        return render_template("accounts/confirm.html", form=form, target=target), 422
    retrying(service.confirm_session)(present.session)
    return redirect(target)


@bp.get("/account/password")
@allow(*STAFF)
def password() -> ResponseReturnValue:
    """Ask staff for the present and a new password."""
    return render_template("accounts/change_password.html", form=None)


@bp.post("/account/password")
@allow(*STAFF)
@writes_in_steps
def change_password() -> ResponseReturnValue:
    """Change the password and sign the other browsers out."""
    form, actor, present = forms.read(ChangePasswordSchema()), current_actor(), auth.present()
    hashed = _new_hash(form, own_id(actor))
    if hashed is None or present is None:
        return render_template("accounts/change_password.html", form=form), 422
    retrying(sign_in_service.change_password)(actor, hashed, present.session)
    flash(_("Your password is changed. Other browsers are signed out."), "success")
    return redirect(url_for("accounts.account"))


def _new_hash(form: Form, user_id: str) -> str | None:
    if not form.ok:
        return None
    gate.limited("password", user_id)
    person = queries.user(user_id)
    if not passwords.matches(person.password_hash, form.data["present"]):
        form.refuse("present", _("This is not your present password."))
        return None
    return gate.hash_of_new_password(form, person.name, person.email or "")


@bp.get("/account/second-factor")
@public
def set_up() -> ResponseReturnValue:
    """Show the secret for an authenticator app: at the first sign-in, or to replace a phone."""
    owner = _setting_up()
    if owner is None:
        return redirect(url_for("accounts.confirm", next=url_for("accounts.set_up")))
    if _SECRET not in session:
        session[_SECRET] = second_factor.seal(second_factor.new_secret())
    return _set_up_page(owner, None)


@bp.post("/account/second-factor")
@public
@writes_in_steps
def finish_set_up() -> ResponseReturnValue:
    """Keep the authenticator app when its first code is right, and show the recovery codes."""
    owner = _setting_up()
    if owner is None or _SECRET not in session:
        return redirect(url_for("accounts.set_up"))
    form = forms.read(CodeSchema())
    codes = _try_set_up(form, owner) if form.ok else None
    if codes is None:
        return _set_up_page(owner, form), 422
    return _codes_page(codes)


def _setting_up() -> SignedIn | None:
    """Return who may set up an app now, None when the present one is to be shown first."""
    present = auth.present()
    if present is None or not present.roles & STAFF:
        raise NotFoundError("second factor")
    known = queries.user(present.user_id).totp_secret is not None
    if present.strength == Strength.PENDING:
        if known:
            raise NotFoundError("second factor")
        return present
    return present if auth.confirmed_recently() else None


def _try_set_up(form: Form, owner: SignedIn) -> list[str] | None:
    gate.limited("second_factor", owner.user_id)
    secret = second_factor.unseal(session[_SECRET])
    codes = retrying(_keep)(owner, secret, form.data["code"])
    if codes is None:
        form.refuse("code", gate.wrong_code())
    return codes


def _keep(owner: SignedIn, secret: str, code: str) -> list[str] | None:
    codes = second_factor.set_up(owner.user_id, secret, code)
    if codes is not None:
        service.end_sessions(owner.user_id)
        auth.sign_in(owner.user_id, Strength.FULL)
    return codes


def _set_up_page(owner: SignedIn, form: Form | None) -> str:
    secret = second_factor.unseal(session[_SECRET])
    name = queries.user(owner.user_id).email or owner.name
    picture = second_factor.drawing(secret, name, current_app.config["SETTINGS"].brand_name)
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return render_template("accounts/set_up.html", form=form, picture=picture, secret=spaced)


@bp.post("/account/recovery-codes")
@allow(*STAFF)
@auth.confirmed
@writes
def new_recovery_codes() -> ResponseReturnValue:
    """Replace the recovery codes and show the new ones, once."""
    return _codes_page(second_factor.new_recovery_codes(own_id(current_actor())))


def _codes_page(codes: list[str]) -> str:
    return render_template("accounts/recovery_codes.html", codes=codes, onwards=first_page(current_actor()))
