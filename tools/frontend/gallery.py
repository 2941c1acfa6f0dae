"""Shows every macro on one page: `python tools/frontend/gallery.py [port]`, then http://127.0.0.1:5055/?lang=en."""

import secrets
import sys
from pathlib import Path

from flask import Flask, Response, render_template, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

ROOT = Path(__file__).resolve().parents[2]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Typed:
    """A form as `volunteer_match.web.forms.Form` offers it to the macros, with two mistakes in it."""

    def __init__(self) -> None:
        self.errors = {
            "title": ["Podaj, o co chodzi."],
            "roles.0.minimum": ["Podaj liczbę od 1 do 20."],
            "consent": ["Zaznacz zgodę."],
        }

    def raw(self, name: str, default: str = "") -> str:
        """Return one typed value."""
        return {"roles-0-minimum": "dużo", "kind": "once", "mail": "ola@klub.example"}.get(name, default)

    def rawlist(self, name: str) -> list[str]:
        """Return all typed values of a field."""
        return {"skills": ["chess", "paint"], "week": ["mon-pm", "sat-am"]}.get(name, [])


def create_gallery() -> Flask:
    """Build a small application around the real templates and static files."""
    app = Flask(__name__, static_folder=str(ROOT / "volunteer_match/static"), static_url_path="/static")
    app.config.update(
        SECRET_KEY=secrets.token_hex(),
        BABEL_DEFAULT_LOCALE="pl",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "volunteer_match/translations"),
    )
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader([ROOT / "templates", Path(__file__).parent]),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, locale_selector=_locale)
    CSRFProtect(app)
    brand = {
        "name": "Gromada",
        "logo": "logo.svg",
        "phone": "+48 15 123 45 67",
        "email": "klub@gromada.example",
    }
    app.jinja_env.globals.update(asset=lambda name: f"/static/{name}", brand=brand)
    app.context_processor(_frame)
    app.after_request(_secure)
    app.add_url_rule("/", view_func=_gallery)
    app.add_url_rule("/error/<int:status>", view_func=_error)
    app.add_url_rule("/language", view_func=_gallery, methods=["POST"], endpoint="language")
    return app


def _locale() -> str:
    return "en" if request.args.get("lang") == "en" else "pl"


def _frame() -> dict[str, object]:
    return {
        "locale": _locale(),
        "languages": {"pl": "Polski", "en": "English"},
        "language_url": "/language",
        "nav": [
            ("Pulpit", "/", True),
            ("Potrzeby", "/x", False),
            ("Tydzień", "/y", False),
            ("Osoby", "/z", False),
        ],
        "account": {"name": "Marta Zielińska", "url": "/account", "sign_out_url": "/out"},
        "footer_links": [("Deklaracja dostępności", "/d"), ("Prywatność", "/p"), ("Kontakt", "/k")],
    }


def _secure(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _gallery() -> str:
    return render_template("gallery.html", form=Typed() if "errors" in request.args else None)


def _error(status: int) -> tuple[str, int]:
    return render_template(f"errors/{status}.html", status=status, reason="used", words=""), status


if __name__ == "__main__":
    create_gallery().run(port=int(sys.argv[1]) if len(sys.argv) > 1 else 5055)
