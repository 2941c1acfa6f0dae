"""Turns every error into a kind page with a next step."""

import logging
import time

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, TooManyRequests

from volunteer_match.db import db, is_retryable
from volunteer_match.errors import (
    ConflictError,
    ExpiredLinkError,
    ForbiddenError,
    NotFoundError,
    RuleBrokenError,
)
from volunteer_match.web.security import limiter
from volunteer_match.web.wording import words_for

log = logging.getLogger(__name__)
_PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Register one handler per kind of error."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFoundError, lambda _e: _page(404))
    # What is not yours does not exist: a 403 would confirm that it does.
    app.register_error_handler(ForbiddenError, lambda _e: _page(404))
    app.register_error_handler(ExpiredLinkError, lambda e: _page(410, reason=e.reason))
    app.register_error_handler(ConflictError, lambda e: _page(409, words=words_for(e)))
    app.register_error_handler(RuleBrokenError, lambda e: _page(422, words=words_for(e)))
    app.register_error_handler(StaleDataError, lambda _e: _page(409, words=words_for(ConflictError())))
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, **facts: object) -> ResponseReturnValue:
    shown = status if status in _PAGES else 500 if status >= 500 else 400
    return render_template(f"errors/{shown}.html", status=status, **facts), status


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    if isinstance(error, TooManyRequests):
        return _too_many(error)
    return _page(status)


def _too_many(error: TooManyRequests) -> ResponseReturnValue:
    seconds = error.retry_after if isinstance(error.retry_after, int) else _until_limit_ends()
    page = render_template("errors/429.html", status=429, minutes=-(-seconds // 60))
    return page, 429, {"Retry-After": str(seconds)}


def _until_limit_ends() -> int:
    limit = limiter.current_limit
    return max(1, limit.reset_at - int(time.time())) if limit else 60


def _database(error: DBAPIError) -> ResponseReturnValue:
    db.session.rollback()
    if _is_twice(error):
        return _page(409, words=words_for(ConflictError()))
    if not is_retryable(error):
        return _unexpected(error)
    return render_template("errors/503.html", status=503), 503, {"Retry-After": "5"}


def _is_twice(error: DBAPIError) -> bool:
    """Tell whether two people did the same at the same instant and a unique constraint let one through."""
    sqlstate = getattr(error.orig, "sqlstate", None)
    return sqlstate == "23505" or "UNIQUE constraint failed" in str(error.orig)


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected error", exc_info=error)
    db.session.rollback()
    return _page(500)
