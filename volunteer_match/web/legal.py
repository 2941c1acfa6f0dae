"""Pages the law asks for: the accessibility statement and the privacy notice."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from volunteer_match.web.access import public
from volunteer_match.web.pages import add_footer

bp = Blueprint("legal", __name__)
add_footer((_l("Accessibility statement"), "legal.accessibility"), (_l("Privacy"), "legal.privacy"))


@bp.get("/deklaracja-dostepnosci")
@public
def accessibility() -> ResponseReturnValue:
    """Show the accessibility statement with the identifiers that the Polish format prescribes."""
    return render_template("legal/accessibility.html", settings=current_app.config["SETTINGS"])


@bp.get("/prywatnosc")
@public
def privacy() -> ResponseReturnValue:
    """Say in plain words which data are kept, why, how long, and what people may ask for."""
    return render_template("legal/privacy.html", settings=current_app.config["SETTINGS"])
