"""Flask-Login, touched here and nowhere else: who is signed in, by a row that can be ended at once."""

import functools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ParamSpec

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from volunteer_match import clock
from volunteer_match.accounts import queries, rules, service
from volunteer_match.accounts.queries import SignedIn
from volunteer_match.accounts.rules import Strength
from volunteer_match.actor import STAFF, Actor
from volunteer_match.db import retrying
from volunteer_match.errors import ForbiddenError
from volunteer_match.web.access import ANONYMOUS

P = ParamSpec("P")
login_manager = LoginManager()
# The row decides; comparing network addresses would sign phones out whenever they change networks.
login_manager.session_protection = None
_SEEN = "seen"
_KEPT_AT_SIGN_IN = ("locale",)
_WITHOUT_ACTOR = frozenset({"assets", "health"})
_SEEN_EVERY = timedelta(minutes=1)
_TOUCHED_EVERY = timedelta(minutes=5)


class Visitor(UserMixin):  # type: ignore[misc]
    """What Flask-Login knows of a browser: the secret of its session and whose it is."""

    def __init__(self, secret: str, signed_in: SignedIn) -> None:
        self.secret, self.signed_in = secret, signed_in

    def get_id(self) -> str:
        """Return what the cookie carries."""
        return self.secret


def init_app(app: Flask) -> None:
    """Load the acting person before each request."""
    app.config.setdefault("PERMANENT_SESSION_LIFETIME", timedelta(days=30))
    # The stamp of the last request renews the cookie often enough.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    login_manager.init_app(app)
    app.before_request(_load_actor)
    app.after_request(_touch)


def sign_in(user_id: str, strength: Strength | str) -> None:
    """Sign this browser in under a fresh session, ending the one it had; call it inside a transaction.

    With `Strength.PENDING` nobody is signed in yet: the second factor is asked for next.
    """
    _end_present()
    kept = {key: session[key] for key in _KEPT_AT_SIGN_IN if key in session}
    session.clear()
    session.update(kept)
    secret = service.open_session(user_id, strength, request.user_agent.string)
    found = queries.signed_in(rules.digest(secret))
    if found is None:
        raise ForbiddenError("disabled account")
    session.permanent = not found.roles & STAFF
    session[_SEEN] = int(clock.now().timestamp())
    login_user(Visitor(secret, found))
    _act_as(found)


def sign_out() -> None:
    """End the session of this browser; its cookie opens nothing any more."""
    _end_present()
    locale = session.get("locale")
    logout_user()
    session.clear()
    if locale:
        session["locale"] = locale
    _act_as(None)


def present() -> SignedIn | None:
    """Return the session of this browser, whether or not its second factor is still due."""
    return getattr(g, "signed_in", None)


def pending() -> SignedIn | None:
    """Return the session of this browser when only its second factor is missing."""
    found = present()
    return found if found and found.strength == Strength.PENDING else None


def confirmed_recently() -> bool:
    """Tell whether the second factor was shown in this browser within the last quarter of an hour."""
    found = present()
    return found is not None and rules.confirmed_recently(found.confirmed_at, clock.now())


def confirmed(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Ask for the second factor again, unless it was shown lately, before the gravest acts.

    Stands between the access rule and `@writes`. After the question a page is shown again; a form that was
    sent leads back to the page of its thing.
    """

    @functools.wraps(view)
    def ask_first(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if confirmed_recently():
            return view(*args, **kwargs)
        back = request.full_path.rstrip("?") if request.method == "GET" else request.path.rpartition("/")[0]
        return redirect(url_for("accounts.confirm", next=back))

    return ask_first


def confirmed_by_staff(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Ask staff for the second factor again, as `confirmed`; others have none and pass."""
    asked = confirmed(view)

    @functools.wraps(view)
    def choose(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        found = present()
        staff = found is not None and bool(found.roles & STAFF)
        return asked(*args, **kwargs) if staff else view(*args, **kwargs)

    return choose


def demo_sign_in(user_id: str) -> None:
    """Sign in as anybody, in the demo only."""
    if not current_app.config["SETTINGS"].demo:
        raise ForbiddenError("demo only")
    sign_in(user_id, Strength.FULL)


def _end_present() -> None:
    # The one the request came with, even when a retried transaction has opened another since.
    came_with: SignedIn | None = getattr(g, "came_with", None)
    if came_with is not None:
        retrying(service.end_session)(came_with.session)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load_visitor(secret: str) -> Visitor | None:
    found = queries.signed_in(rules.digest(secret))
    if found is None or not _alive(found):
        return None
    return Visitor(secret, found)


def _alive(found: SignedIn) -> bool:
    now, seen = clock.now(), session.get(_SEEN)
    if not isinstance(seen, int) or found.expires_at <= now:
        return False
    idle = now - datetime.fromtimestamp(seen, UTC)
    return idle <= rules.session_life(found.strength, found.roles).idle


def _load_actor() -> None:
    g.actor, g.signed_in, g.came_with = ANONYMOUS, None, None
    g.pop("_login_user", None)  # where requests share a context, Flask-Login would answer from the one before
    if request.blueprint in _WITHOUT_ACTOR or "_user_id" not in session:
        return
    visitor = current_user
    if not isinstance(getattr(visitor, "signed_in", None), SignedIn):
        return
    g.came_with = visitor.signed_in
    _act_as(visitor.signed_in)
    _stamp()


def _act_as(found: SignedIn | None) -> None:
    g.signed_in, g.actor = found, ANONYMOUS
    if found is None or not rules.strong_enough(found.strength, found.roles):
        g.account_name = g.account_locale = None
        return
    g.actor = Actor(found.user_id, found.roles)
    g.account_name, g.account_locale = found.name, found.locale


def _stamp() -> None:
    # The idle time-out lives in the signed cookie, for reading a page must not write to the database.
    now = clock.now()
    if now - datetime.fromtimestamp(session[_SEEN], UTC) >= _SEEN_EVERY:
        session[_SEEN] = int(now.timestamp())


def _touch(response: Response) -> Response:
    found = present()
    if found is None or request.method in ("GET", "HEAD", "OPTIONS") or response.status_code >= 400:
        return response
    if clock.now() - found.last_seen_at >= _TOUCHED_EVERY:
        retrying(service.touch_session)(found.session)
    return response
