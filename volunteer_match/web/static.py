"""Static files under names that change with their content, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache

from flask import Blueprint, Flask, Response, abort, send_from_directory, url_for

from volunteer_match.config import ROOT
from volunteer_match.web.access import public
from volunteer_match.web.security import limiter

FOLDER = ROOT / "volunteer_match" / "static"
MISSING = "missing"
bp = Blueprint("assets", __name__)


@bp.get("/assets/<digest>/<path:name>")
@public
@limiter.exempt
def file(digest: str, name: str) -> Response:
    """Send a static file; only the digest of its present content is valid."""
    if digest == MISSING or digest != digest_of(name):
        abort(404)
    response = send_from_directory(FOLDER, name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def asset(name: str) -> str:
    """Return the address of a static file."""
    return url_for("assets.file", digest=digest_of(name), name=name)


@lru_cache(maxsize=512)
def digest_of(name: str) -> str:
    """Return the short content digest of a static file, `missing` when there is none."""
    try:
        path = (FOLDER / name).resolve()
        if not path.is_relative_to(FOLDER) or not path.is_file():
            return MISSING
    except (OSError, ValueError):  # longer than a name may be, or with a null in it
        return MISSING
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Serve the static folder."""
    app.register_blueprint(bp)
