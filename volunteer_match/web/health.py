"""Is the process alive, and may it take requests?"""

from functools import cache

from alembic.script import ScriptDirectory
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from volunteer_match.config import ROOT
from volunteer_match.db import db
from volunteer_match.web.access import public
from volunteer_match.web.security import limiter

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
@limiter.exempt
def alive() -> ResponseReturnValue:
    """Answer that the process serves requests, without touching the database."""
    return jsonify(status="ok")


@cache
def newest_revision() -> str | None:
    """Return the revision this version of the application was written for."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()


@bp.get("/readyz")
@public
@limiter.exempt
def ready() -> ResponseReturnValue:
    """Answer whether the database can be read and has been migrated as far as this version wants."""
    try:
        revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return jsonify(status="database not ready"), 503
    if revision != newest_revision():
        return jsonify(status="database not migrated", revision=revision), 503
    return jsonify(status="ok", revision=revision)
