"""Signed-in browsers without going through the sign-in pages."""

from flask import Flask, has_app_context
from flask.testing import FlaskClient

from volunteer_match import clock
from volunteer_match.accounts import service
from volunteer_match.accounts.models import User
from volunteer_match.actor import STAFF
from volunteer_match.db import db, transaction


def sign_in(
    app: Flask, user: User | str, on: FlaskClient | None = None, strength: str = "", locale: str = ""
) -> FlaskClient:
    """Return a browser in which the user is signed in, as strongly as the role asks unless told otherwise.

    A `locale` is chosen as by the language switch; without one the account's language holds.
    """
    browser = on or app.test_client()
    user_id = user if isinstance(user, str) else user.id
    if has_app_context():
        db.session.rollback()  # requests share the test's session, whose snapshot is too old to know
    with app.app_context():
        with transaction() as session:
            roles = session.get_one(User, user_id).roles
            strength = strength or ("full" if roles & STAFF else "link")
            secret = service.open_session(user_id, strength, "tests")
        db.session.remove()
    with browser.session_transaction() as cookie:
        cookie.update({"_user_id": secret, "_fresh": True, "seen": int(clock.now().timestamp())})
        if locale:
            cookie["locale"] = locale
    return browser


def session_cookie(app: Flask, user: User | str, locale: str = "") -> dict[str, str]:
    """Return the cookie that signs a browser of another process in as the user."""
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = sign_in(app, user, locale=locale).get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value, "url": app.config["SETTINGS"].base_url}
