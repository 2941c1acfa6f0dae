"""What every page knows: brand, navigation, languages, addresses of static files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import get_locale
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from volunteer_match import i18n
from volunteer_match.actor import Actor, Role
from volunteer_match.config import ROOT, Settings
from volunteer_match.web import static
from volunteer_match.web.access import current_actor


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation, shown to people with one of the roles (to everyone without)."""

    label: object
    endpoint: str
    roles: frozenset[Role] = frozenset()
    position: int = 50
    but_not: frozenset[Role] = frozenset()
    """Roles that have a better entry of their own."""


_RARE = 60
"""Entries from this position on are kept under “More”."""
_NAVIGATION: list[NavItem] = []
_FOOTER: list[tuple[object, str]] = []


def add_navigation(*items: NavItem) -> None:
    """Add entries to the main navigation; every capability adds its own."""
    for item in items:
        if item not in _NAVIGATION:
            _NAVIGATION.append(item)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the templates what every page shows."""
    _find_templates(app)

    @app.context_processor
    def _common() -> dict[str, Any]:
        actor = current_actor()
        return {
            "actor": actor,
            "account": _account(actor),
            "brand": {
                "name": settings.brand_name,
                "logo": settings.brand_logo,
                "phone": settings.contact_phone,
                "email": settings.contact_email,
            },
            "footer_links": _footer_links(),
            "language_url": url_for("accounts.choose_language"),
            "demo": settings.demo,
            "languages": i18n.LOCALE_NAMES,
            "locale": str(get_locale() or settings.default_locale),
            "nav": _navigation(actor, lambda item: item.position < _RARE),
            "nav_more": _navigation(actor, lambda item: item.position >= _RARE),
            "sign_in_url": None if actor.user_id else url_for("accounts.sign_in"),
            "Role": Role,
        }

    app.jinja_env.globals["asset"] = static.asset
    filters: dict[str, Callable[..., Any]] = {
        "day": i18n.words_for_day,
        "weekday": i18n.words_for_weekday,
        "hundredths": i18n.words_for_hundredths,
        "moment": i18n.words_for_moment,
        "local": i18n.to_local,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals["span"] = i18n.words_for_span


def _find_templates(app: Flask) -> None:
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), components])
    # Lines that hold only a tag leave nothing behind: smaller pages, and mails as text without holes.
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def add_footer(*links: tuple[object, str]) -> None:
    """Add (label, endpoint) links to the foot of every page."""
    for link in links:
        if link not in _FOOTER:
            _FOOTER.append(link)


def _footer_links() -> list[tuple[str, str]]:
    return [(str(label), url_for(endpoint)) for label, endpoint in _FOOTER]


def _account(actor: Actor) -> dict[str, str] | None:
    if actor.user_id is None:
        return None
    return {
        "name": getattr(g, "account_name", ""),
        "url": url_for("accounts.account"),
        "sign_out_url": url_for("accounts.sign_out"),
    }


def first_page(actor: Actor) -> str:
    """Return the address of the page people of these roles begin with."""
    own = [i for i in _NAVIGATION if i.roles and actor.has(*i.roles)]
    return url_for(min(own, key=lambda i: i.position).endpoint) if own else "/"


def _meant_for(item: NavItem, actor: Actor) -> bool:
    return (not item.roles or actor.has(*item.roles)) and not actor.has(*item.but_not)


def _navigation(actor: Actor, wanted: Callable[[NavItem], bool]) -> list[tuple[str, str, bool]]:
    shown = [i for i in _NAVIGATION if wanted(i) and _meant_for(i, actor)]
    return [
        (str(item.label), url_for(item.endpoint), request.endpoint == item.endpoint)
        for item in sorted(shown, key=lambda i: i.position)
    ]
