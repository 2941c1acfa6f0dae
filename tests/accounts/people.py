"""Staff with passwords and phones, and what was mailed to people."""

from datetime import timedelta
from functools import cache
from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import make_user
from volunteer_match import clock
from volunteer_match.accounts import passwords, second_factor
from volunteer_match.accounts.models import User
from volunteer_match.actor import Role
from volunteer_match.db import db
from volunteer_match.notifications import outbox
from volunteer_match.notifications.models import EmailMessage

PASSWORD = "trawnik-rower-97-zupa"
NEW_PASSWORD = "kalosze-42-na-deszcz"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@cache
def password_hash() -> str:
    """Hash the password of all our staff once."""
    return passwords.hashed(PASSWORD)


def make_staff(*roles: Role, **fields: Any) -> User:
    """Return a saved person of the staff with password and phone."""
    known = {"password_hash": password_hash(), "totp_secret": second_factor.seal(SECRET), **fields}
    return make_user(*(roles or (Role.COORDINATOR,)), **known)


def phone_code(steps: int = 0, secret: str = SECRET) -> str:
    """Return what the phone shows now, or some half-minutes from now."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def mails(kind: str = "") -> list[EmailMessage]:
    """Return the mails waiting to be sent, oldest first."""
    waiting = select(EmailMessage).order_by(EmailMessage.created_at)
    return [mail for mail in db.session.scalars(waiting).all() if not kind or mail.kind == kind]


def secret_of(app: Flask, kind: str, name: str = "token") -> str:
    """Return the secret in the latest mail of the kind."""
    with app.app_context():
        return outbox.unseal(mails(kind)[-1].sealed)[name]


def saved(app: Flask, *roles: Role, staff: bool = False, **fields: Any) -> User:
    """Return a saved account, made in a context of its own."""
    with app.app_context():
        user = make_staff(*roles, **fields) if staff else make_user(*roles, **fields)
        db.session.remove()
        return user


def is_in(browser: FlaskClient) -> bool:
    """Tell whether somebody is signed in, in this browser."""
    return browser.get("/account").status_code == 200


def sign_in_fully(browser: FlaskClient, email: str, code: str = "", password: str = PASSWORD) -> Any:
    """Go through password and second factor, and return the last answer."""
    browser.post("/sign-in/password", data={"email": email, "password": password})
    return browser.post("/sign-in/second-factor", data={"code": code or phone_code()})
