"""Is the process alive, and may it take requests?"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

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


@bp.get("/readyz")
@public
@limiter.exempt
def ready() -> ResponseReturnValue:
    """Answer whether the database can be read and has been migrated."""
    try:
        revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return jsonify(status="database not ready"), 503
    return jsonify(status="ok", revision=revision)
