"""Who may use which route: the reviewed file, and what the application really does.

After a review of new or changed routes, write the file anew with `python -m tests.security.matrix`
and read its difference line by line before it is committed.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.security.routes import Route, all_routes

FILE = Path(__file__).with_name("matrix.csv")
ROLES = ("anonymous", "volunteer", "partner", "coordinator", "officer", "administrator", "disabled")
ALLOWED, SIGN_IN, HIDDEN = "allowed", "sign-in", "404"
_REACHED = "the view was reached"


@contextmanager
def hollow(app: Flask) -> Iterator[None]:
    """Let every view only say that it was reached: what is tested stands before it."""
    real = dict(app.view_functions)
    try:
        for endpoint, view in real.items():
            app.view_functions[endpoint] = _hollow(view)
        yield
    finally:
        app.view_functions.update(real)


def _hollow(view: Callable[..., Any]) -> Callable[..., Any]:
    def reached(**_arguments: object) -> str:
        return _REACHED

    if hasattr(view, "access"):
        reached.access = view.access  # type: ignore[attr-defined]
    return reached


def outcome(browser: FlaskClient, route: Route) -> str:
    """Return what the application lets this browser do with the route."""
    answer = browser.open(route.path, method=route.method)
    if answer.status_code == 302 and answer.location.startswith("/sign-in"):
        return SIGN_IN
    if answer.status_code == 200 and answer.text == _REACHED:
        return ALLOWED
    return str(answer.status_code)


def measured(app: Flask, browsers: dict[str, FlaskClient]) -> dict[str, list[str]]:
    """Return the outcome of every route for every role, by the name of the route."""
    with hollow(app):
        return {str(route): [outcome(browsers[role], route) for role in ROLES] for route in all_routes(app)}


def reviewed() -> dict[str, list[str]]:
    """Return the file."""
    with FILE.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    return {row[0]: row[1:] for row in rows[1:]}


def write(matrix: dict[str, list[str]]) -> None:
    """Write the file anew."""
    with FILE.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["route", *ROLES])
        writer.writerows([name, *cells] for name, cells in sorted(matrix.items()))


def make_browsers(app: Flask) -> dict[str, FlaskClient]:
    """Return one browser per role, each signed in as strongly as the role demands."""
    from tests.factories import make_user
    from volunteer_match.accounts import service
    from volunteer_match.actor import SYSTEM, Role
    from volunteer_match.db import db, transaction

    browsers = {"anonymous": app.test_client()}
    with app.app_context():
        for role in Role:
            browsers[role.value] = _signed_in(app, make_user(role).id)
        closed = make_user(Role.COORDINATOR)
        browsers["disabled"] = _signed_in(app, closed.id)
        with transaction():
            service.disable(SYSTEM, closed.id)
        db.session.remove()
    return browsers


def _signed_in(app: Flask, user_id: str) -> FlaskClient:
    from volunteer_match import clock
    from volunteer_match.accounts import queries, service
    from volunteer_match.actor import STAFF
    from volunteer_match.db import transaction

    with transaction():
        strength = "full" if queries.user(user_id).roles & STAFF else "link"
        secret = service.open_session(user_id, strength, "tests")
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie.update({"_user_id": secret, "seen": int(clock.now().timestamp())})
    return browser


def _write_from_application() -> None:
    from tests.conftest import Bench

    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(f"sqlite:///{folder}/matrix.sqlite3", Path(folder))
        write(measured(bench.app, make_browsers(bench.app)))
        bench.close()


if __name__ == "__main__":
    _write_from_application()
