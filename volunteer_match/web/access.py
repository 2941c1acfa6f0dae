"""Who may use a route: declared on the route, checked before the view runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for

from volunteer_match.actor import Actor, Role
from volunteer_match.errors import ForbiddenError

View = TypeVar("View", bound=Callable[..., Any])
ANONYMOUS = Actor(user_id=None)


@dataclass(frozen=True)
class Access:
    """The access rule of one route: open to everyone, to any signed-in person, or to these roles."""

    roles: frozenset[Role] = frozenset()
    public: bool = False
    demo_only: bool = False


def allow(*roles: Role) -> Callable[[View], View]:
    """Let only people with one of the roles use the route; without roles, everyone signed in."""
    return _declare(Access(roles=frozenset(roles)))


def public(view: View) -> View:
    """Let everyone use the route."""
    return _declare(Access(public=True))(view)


def demo_only(view: View) -> View:
    """Let everyone use the route, and only in the demo; elsewhere it does not exist."""
    return _declare(Access(public=True, demo_only=True))(view)


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def current_actor() -> Actor:
    """Return who is acting in this request; anonymous when nobody is signed in."""
    actor = getattr(g, "actor", None)
    return actor if isinstance(actor, Actor) else ANONYMOUS


def init_app(app: Flask) -> None:
    """Check the declared access before every view; a route without a declaration is refused."""
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # the router answers 404 or 405
    view = current_app.view_functions[request.endpoint]
    access: Access | None = getattr(view, "access", None)
    if access is None:
        raise ForbiddenError(f"{request.endpoint} declares no access")
    if access.demo_only and not current_app.config["SETTINGS"].demo:
        raise ForbiddenError("demo only")
    actor = current_actor()
    if access.public:
        return None
    if actor.user_id is None:
        return _to_sign_in()
    if access.roles and not actor.has(*access.roles):
        raise ForbiddenError(request.endpoint)
    return None


def _to_sign_in() -> Response:
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=target))  # type: ignore[return-value]
