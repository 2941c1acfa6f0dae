"""What every way in shares: limits before anything costly, proofs, and where people land."""

import logging

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from volunteer_match.accounts import attempts, passwords, second_factor
from volunteer_match.accounts.labels import PASSWORD_FAULTS
from volunteer_match.accounts.rules import ASKING
from volunteer_match.db import retrying
from volunteer_match.web.access import current_actor
from volunteer_match.web.forms import Form
from volunteer_match.web.networks import network_of
from volunteer_match.web.pages import first_page
from volunteer_match.web.redirects import local_target

log = logging.getLogger(__name__)


def limited(kind: str, account: str) -> tuple[str, str]:
    """Count a try of this request, and answer 429 when there were too many; return what takes it back."""
    network = network_of(request.remote_addr)
    tries = retrying(attempts.note)(kind, account, network)
    if not attempts.within_limits(kind, account, network):
        log.warning("too many tries: %s", kind)
        if kind in ASKING:  # nothing was guessed, so asking in vain need not make the wait longer
            retrying(attempts.forget)(tries)
        wait = attempts.wait(kind, account, network)
        raise TooManyRequests(retry_after=max(1, round(wait.total_seconds())))
    return tries


def second_factor_shown(form: Form, user_id: str) -> bool:
    """Tell whether the form carries a good code; say beside the field when it does not."""
    tries = limited("second_factor", user_id)
    if retrying(_use_code)(user_id, form.data["code"], tries):
        return True
    log.warning("wrong second factor of account %s", user_id)
    form.refuse("code", wrong_code())
    return False


def _use_code(user_id: str, code: str, tries: tuple[str, str]) -> bool:
    right = second_factor.use(user_id, code)
    if right:
        attempts.forget(tries)
    return right


def wrong_code() -> str:
    """Word a code that did not fit."""
    return str(
        _("This code does not fit, or has been used. Wait for the next one in your app and enter that.")
    )


def hash_of_new_password(form: Form, *about: str) -> str | None:
    """Return what to keep of the chosen password, or say beside the field what is wrong with it."""
    if not form.ok:
        return None
    password = form.data["password"]
    fault = passwords.fault(password, current_app.config["SETTINGS"].brand_name, *about)
    if fault:
        form.refuse("password", PASSWORD_FAULTS[fault])
        return None
    return passwords.hashed(password)


def go_on(target: str | None) -> ResponseReturnValue:
    """Lead a person who has just signed in to the page they wanted, or to the first one of their roles."""
    return redirect(local_target(target, first_page(current_actor())))


def wanted() -> str:
    """Return the page of ours that the address names as the next one, empty when there is none."""
    return local_target(request.args.get("next"), "")
