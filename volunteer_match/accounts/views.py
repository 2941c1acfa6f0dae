"""Signing in by mail, signing out, choosing the language."""

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from volunteer_match.accounts import auth, service
from volunteer_match.db import writes
from volunteer_match.i18n import LOCALES
from volunteer_match.web.access import current_actor, public
from volunteer_match.web.redirects import local_target

bp = Blueprint("accounts", __name__)


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


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for the address to mail a link to."""
    return redirect(url_for("accounts.sign_in"))


from volunteer_match.accounts import account_views  # noqa: E402,F401 - adds its routes to the blueprint
