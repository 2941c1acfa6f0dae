"""Flask-Login, touched here and nowhere else: who is signed in, by a session row that can be ended at once."""

from flask import Flask, g
from flask_login import LoginManager

from volunteer_match.web.access import ANONYMOUS

login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Load the acting person before each request."""
    login_manager.init_app(app)
    app.before_request(_load_actor)


def _load_actor() -> None:
    g.actor = ANONYMOUS
