"""Logs as one JSON object per line, with the id of the request and without personal data."""

import logging
import re
import sys
import time
from typing import IO, Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

from volunteer_match.config import Settings
from volunteer_match.db import new_id

_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)")
# Link tokens are 43 characters of base64, sealed secrets longer; row ids have 22.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40,}={0,2}")
_LONG_NUMBER = re.compile(r"(?<![\w.:-])\+?\d(?:[ -]?\d){8,13}(?![\w.:-])")


def init_app(app: Flask, settings: Settings) -> None:
    """Give every request an id, and log each one when it is answered."""
    if not settings.testing:
        configure(settings.log_level)
    app.before_request(_begin)
    app.after_request(_end)


def configure(level: str, stream: IO[str] | None = None) -> None:
    """Send every log line of every library to one stream, masked."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # It would print addresses with tokens in them; our own line names the route instead.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    logging.getLogger("huey").setLevel(logging.WARNING)


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask addresses, telephone numbers and tokens, however deep they are."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        text = _ADDRESS.sub(r"***@\1", value)
        return _LONG_NUMBER.sub("[number]", _TOKEN.sub("[token]", text))
    if isinstance(value, dict):
        return {str(key): _masked(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(inner) for inner in value]
    return value if isinstance(value, (int, float, bool, type(None))) else _masked(str(value))


def _begin() -> None:
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=new_id())


def _end(response: Response) -> Response:
    began = getattr(g, "request_began", None)
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if began is None or request_id is None:
        return response
    response.headers["X-Request-Id"] = request_id
    rule = request.url_rule.rule if request.url_rule else "no route"
    if request.endpoint not in ("assets.file", "health.alive", "health.ready"):
        took = round((time.perf_counter() - began) * 1000, 1)
        facts = {"method": request.method, "route": rule, "status": response.status_code, "ms": took}
        logging.getLogger(__name__).info("request", extra=facts)
    return response
