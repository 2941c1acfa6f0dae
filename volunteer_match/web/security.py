"""Browser-side protection: CSRF, limits, headers."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from volunteer_match.config import Settings
from volunteer_match.web.access import current_actor
from volunteer_match.web.networks import network_of

csrf = CSRFProtect()
limiter = Limiter(
    lambda: network_of(get_remote_address()), default_limits=["600 per minute"], headers_enabled=False
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def init_app(app: Flask) -> None:
    """Turn on CSRF tokens, rate limits and security headers."""
    _believe_proxies(app, app.config["SETTINGS"])
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(_refuse_nulls)
    app.before_request(_refuse_foreign_forms)
    app.after_request(_add_headers)


def _refuse_nulls() -> None:
    """Refuse an address with a null character, which PostgreSQL cannot even be asked about."""
    if "\0" in request.path or any("\0" in text for pair in request.args.items(True) for text in pair):
        abort(400)


def _refuse_foreign_forms() -> None:
    """Refuse forms that a browser says were sent from another place, besides asking for their token."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        # Our own pages send "null" too, because their address is to stay with us.
        foreign = origin != "null" and urlsplit(origin).netloc != request.host
    if foreign:
        abort(400)


def _believe_proxies(app: Flask, settings: Settings) -> None:
    # Believing more proxies than there are would let anybody choose the address that limits count.
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if response.mimetype == "text/html" and (current_actor().user_id or session):
        # Shared desks and the back button must not show a signed-out person's pages.
        response.headers["Cache-Control"] = "no-store"
    return response
