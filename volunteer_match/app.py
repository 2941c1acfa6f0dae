"""The application factory: a table of contents of the whole package."""

from flask import Flask

from volunteer_match import logs
from volunteer_match import models as registry
from volunteer_match.accounts import auth
from volunteer_match.accounts import views as accounts
from volunteer_match.cli import connect_commands
from volunteer_match.config import ROOT, Settings
from volunteer_match.db import db, engine_options, migrate
from volunteer_match.demo.service import describe_people
from volunteer_match.i18n import babel, choose_locale
from volunteer_match.imports import views as imports
from volunteer_match.lending import views as lending
from volunteer_match.matching import views as matching
from volunteer_match.needs import views as needs
from volunteer_match.notifications import views as notifications
from volunteer_match.partners import views as partners
from volunteer_match.people import views as people
from volunteer_match.placements import offers_views as offers
from volunteer_match.placements import outlook_views as outlook
from volunteer_match.placements import pair_views as pairs
from volunteer_match.placements import plan_views as plans
from volunteer_match.placements import rank_views as ranking
from volunteer_match.placements import views as placements
from volunteer_match.placements import week_views as week
from volunteer_match.placements import wish_views as wishes
from volunteer_match.queue import make_queue
from volunteer_match.safeguarding import views as safeguarding
from volunteer_match.web import access, errors, health, legal, pages, security, static
from volunteer_match.worker import connect_queue

__all__ = ["create_app", "registry"]

BLUEPRINTS = (
    health.bp,
    legal.bp,
    accounts.bp,
    people.bp,
    safeguarding.bp,
    partners.bp,
    needs.bp,
    matching.bp,
    lending.bp,
    placements.bp,
    offers.bp,
    outlook.bp,
    ranking.bp,
    week.bp,
    pairs.bp,
    plans.bp,
    wishes.bp,
    imports.bp,
    notifications.bp,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application, configured from the given settings or from the environment."""
    settings = settings or Settings.from_environment()
    app = Flask("volunteer_match", template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.from_mapping(_flask_config(settings))
    _connect_extensions(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    connect_queue(app, make_queue(settings))
    connect_commands(app)
    if settings.demo:
        describe_people()
    return app


def _connect_extensions(app: Flask, settings: Settings) -> None:
    logs.init_app(app, settings)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    babel.init_app(app, locale_selector=choose_locale)
    auth.init_app(app)
    access.init_app(app)
    security.init_app(app)
    errors.init_app(app)
    static.init_app(app)
    pages.init_app(app, settings)


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "BABEL_DEFAULT_TIMEZONE": settings.time_zone,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024 + 64 * 1024,
        "MAX_FORM_PARTS": 2000,
        "SESSION_COOKIE_NAME": "__Host-vm" if settings.secure_cookies else "vm",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "RATELIMIT_STORAGE_URI": settings.limiter_url,
        "RATELIMIT_ENABLED": not settings.testing,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "WTF_CSRF_SSL_STRICT": False,
    }
