"""Signing in by mail, signing out, choosing the language."""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from volunteer_match.accounts import (
    account_views,
    auth,
    demo_views,
    gate,
    security_views,
    service,
    sign_in_service,
    staff_views,
    team_views,
)
from volunteer_match.accounts.blueprint import bp
from volunteer_match.accounts.rules import Purpose, Strength
from volunteer_match.accounts.schemas import AddressSchema, CodeSchema
from volunteer_match.accounts.sign_in_service import WayIn
from volunteer_match.db import retrying, writes, writes_in_steps
from volunteer_match.i18n import LOCALES
from volunteer_match.web import forms
from volunteer_match.web.access import current_actor, public
from volunteer_match.web.forms import Form
from volunteer_match.web.redirects import local_target

__all__ = ["account_views", "bp", "demo_views", "security_views", "staff_views", "team_views"]
_BROWSER, _ADDRESS = "sign_in", "sign_in_address"


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for the address to mail a link to."""
    if auth.pending():
        return redirect(url_for("accounts.finish_sign_in", next=gate.wanted() or None))
    if current_actor().user_id:
        return gate.go_on(gate.wanted())
    return render_template("accounts/sign_in.html", form=None, target=gate.wanted())


@bp.post("/sign-in")
@public
@writes_in_steps
def ask_for_link() -> ResponseReturnValue:
    """Mail a link and a code; the answer is the same for every address."""
    form = forms.read(AddressSchema())
    target = local_target(form.raw("next"), "")
    if not form.ok:
        return render_template("accounts/sign_in.html", form=form, target=target), 422
    email = form.data["email"]
    gate.limited("mail", email)
    session[_BROWSER] = retrying(sign_in_service.ask_for_link)(email, str(get_locale()), target)
    session[_ADDRESS] = email
    return redirect(url_for("accounts.code"))


@bp.get("/sign-in/code")
@public
def code() -> ResponseReturnValue:
    """Say that a mail is on its way and take the code from it."""
    if _BROWSER not in session:
        return redirect(url_for("accounts.sign_in"))
    return _code_page(None)


@bp.post("/sign-in/code")
@public
@writes
def use_code() -> ResponseReturnValue:
    """Sign in by the mailed code, in the browser that asked for it."""
    if _BROWSER not in session:
        return redirect(url_for("accounts.sign_in"))
    form = forms.read(CodeSchema())
    way = sign_in_service.use_code(session[_BROWSER], form.data["code"]) if form.ok else None
    if way:
        return _enter(way)
    if form.ok:
        form.refuse("code", _("This is not the code from our last message. Check the six digits."))
    return _code_page(form), 422


def _code_page(form: Form | None) -> str:
    return render_template("accounts/code.html", form=form, address=session.get(_ADDRESS, ""))


@bp.get("/sign-in/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """Show a button: programs that open links in mails must not use them up."""
    service.read_token(Purpose.SIGN_IN, token)
    return render_template("accounts/link.html", token=token)


@bp.post("/sign-in/link/<token>")
@public
@writes
def use_link(token: str) -> ResponseReturnValue:
    """Sign in by the mailed link."""
    return _enter(sign_in_service.use_link(token))


def _enter(way: WayIn) -> ResponseReturnValue:
    auth.sign_in(way.user_id, Strength.LINK)
    return gate.go_on(way.target)


@bp.post("/sign-out")
@public
@writes
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    auth.sign_out()
    return redirect("/")


@bp.post("/language")
@public
@writes
def choose_language() -> ResponseReturnValue:
    """Show pages in the chosen language from now on."""
    locale = request.form.get("locale", "")
    if locale in LOCALES:
        session["locale"] = locale
        actor = current_actor()
        if actor.user_id:
            service.choose_locale(actor.user_id, locale)
    return redirect(local_target(request.form.get("next"), "/"))
