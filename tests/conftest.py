"""Fixtures of all tests: the application on both databases, signed-in clients, a closed network."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings

from tests import guards
from tests.database import (
    ENGINES,
    PostgresqlCleaner,
    SqliteCleaner,
    postgresql_database,
    postgresql_server,
    scratch_folder,
)
from tests.mail import MailSink, running_sink
from tests.sign_in import sign_in
from volunteer_match.config import Settings

hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `--db` choose the databases."""
    parser.addoption("--db", choices=[*ENGINES, "both"], default="both", help="databases to test on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses a database once per database."""
    if "engine_name" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        metafunc.parametrize("engine_name", ENGINES if chosen == "both" else [chosen])


# Real processes, killed or racing, and proofs by trying everything: for `make test`, not for every save.
_SLOW = ("concurrency/", "crash/", "operation/", "migrations/", "matching/core/test_optimum.py",
         "placements/test_session_page.py", "matching/test_solver.py", "matching/test_cli.py",
         "matching/test_shards.py", "matching/core/test_shards.py", "accounts/test_second_factor.py",
         "accounts/test_sign_in_by_password.py", "security/test_reading.py", "matching/core/test_plans.py",
         "notifications/test_delivery.py", "placements/test_mails.py", "placements/test_reconcile.py",
         "needs/test_board.py", "needs/test_form.py", "placements/test_apply.py",
         "placements/test_offers.py", "people/test_staff_pages.py", "security/test_headers.py", "imports/",
         "placements/test_advice.py", "placements/test_outlook.py", "matching/core/test_weigh.py",
         "matching/core/test_advice.py", "placements/test_wishes.py", "placements/test_pairs.py",
         "placements/test_desk.py", "lending/", "placements/test_replay.py", "matching/test_live.py",
         "matching/core/test_programs.py", "architecture/test_migrations.py",
         "matching/core/test_candidates.py", "matching/core/test_metamorphic.py",
         "matching/test_plan_page.py", "security/test_proxies.py", "needs/test_manage.py",
         "needs/test_mails.py", "needs/test_story.py", "placements/test_calls.py",
         "placements/test_flow.py", "accounts/test_sessions.py", "accounts/test_team.py",
         "security/test_strangers.py", "security/test_enumeration.py", "test_retention.py",
         "accounts/test_account_page.py", "people/test_own_pages.py",
         "safeguarding/test_pages.py", "placements/test_mend", "placements/test_rank",
         "matching/core/test_ranking.py",
         "matching/core/test_eject.py", "matching/core/test_cuts.py",
         "placements/test_transitions.py")  # fmt: skip


def _inside(path: Path) -> str:
    here = Path(__file__).parent
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else ""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave unread what nobody asked for: importing it costs every process of `make check` seconds."""
    chosen, inside = config.option.markexpr, _inside(collection_path)
    slow = "not slow" in chosen and f"{inside}/".startswith(_SLOW)
    browser = "not browser" in chosen and inside == "browser"
    return True if slow or browser else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make check` leaves out."""
    for item in items:
        if _inside(item.path).startswith(_SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def _closed_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        guards.guard_sockets(patch)
        yield


@pytest.fixture(scope="session")
def mail_ports() -> set[int]:
    """The ports of the mail servers that tests run themselves."""
    return set()


@pytest.fixture(autouse=True)
def no_real_mail(monkeypatch: pytest.MonkeyPatch, mail_ports: set[int]) -> None:
    """Refuse mail to any server but our own sinks."""
    guards.guard_mail(monkeypatch, mail_ports)


@pytest.fixture(scope="session")
def _mail_server(mail_ports: set[int]) -> Iterator[MailSink]:
    with running_sink() as sink:
        mail_ports.add(sink.port)
        yield sink


@pytest.fixture
def mail_sink(_mail_server: MailSink) -> Iterator[MailSink]:
    """A mail server that really speaks SMTP and keeps what it gets."""
    yield _mail_server
    _mail_server.clear()


class Bench:
    """One application on one database, made once per test process."""

    def __init__(self, url: str, folder: Path) -> None:
        from volunteer_match.app import create_app
        from volunteer_match.db import db

        self.settings = make_settings(url, folder)
        self.app = create_app(self.settings)
        self.app.config["WTF_CSRF_ENABLED"] = False
        with self.app.app_context():
            db.create_all()
            engine = db.engine
        self.engine = engine
        tables = [table.name for table in db.metadata.sorted_tables]
        self.cleaner: SqliteCleaner | PostgresqlCleaner = (
            SqliteCleaner(Path(engine.url.database or ""))
            if engine.dialect.name == "sqlite"
            else PostgresqlCleaner(engine, tables)
        )

    def clean(self) -> None:
        """Forget everything a test left behind."""
        from volunteer_match.web.security import limiter

        self.cleaner.clean()
        if limiter.enabled:
            limiter.reset()
        self.app.extensions["queue"].flush()

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def make_settings(url: str, folder: Path, **changes: Any) -> Settings:
    """Return settings for a test installation."""
    base = Settings(
        secret_key="s" * 40,
        encryption_key=Fernet.generate_key().decode(),
        database_url=url,
        base_url="http://localhost",
        mail_from="klub@gromada.example",
        maildir=str(folder / "mails"),
        secure_cookies=False,
        testing=True,
    )
    return replace(base, **changes)


class Benches:
    """Makes the application of an engine when the first test asks for it."""

    def __init__(self, stack: ExitStack, run: str) -> None:
        self._stack = stack
        self._run = run
        self._made: dict[str, Bench] = {}
        self._server: str | None = None

    def get(self, engine_name: str) -> Bench:
        """Return the application on the engine."""
        if engine_name not in self._made:
            folder = self._stack.enter_context(scratch_folder())
            bench = Bench(self._new_url(engine_name, folder, self._stack), folder)
            self._stack.callback(bench.close)
            self._made[engine_name] = bench
        return self._made[engine_name]

    def fresh(self, engine_name: str, stack: ExitStack, **changes: Any) -> Flask:
        """Return a further application on a database without tables, for the life of the stack."""
        from volunteer_match.app import create_app
        from volunteer_match.db import db

        folder = stack.enter_context(scratch_folder())
        app = create_app(make_settings(self._new_url(engine_name, folder, stack), folder, **changes))
        with app.app_context():
            stack.callback(db.engine.dispose)
        return app

    def _new_url(self, engine_name: str, folder: Path, stack: ExitStack) -> str:
        if engine_name == "sqlite":
            return f"sqlite:///{folder}/test.sqlite3"
        if self._server is None:
            self._server = self._stack.enter_context(postgresql_server(self._run))
        return stack.enter_context(postgresql_database(self._server))


@pytest.fixture(scope="session")
def benches() -> Iterator[Benches]:
    """The applications of this test process, by engine."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    with ExitStack() as stack:
        yield Benches(stack, run)


@pytest.fixture
def bench(benches: Benches, engine_name: str) -> Iterator[Bench]:
    """The application on one of the databases; rows are gone after the test."""
    made = benches.get(engine_name)
    yield made
    made.clean()


@pytest.fixture
def app(bench: Bench) -> Flask:
    """The application, without an application context."""
    return bench.app


@pytest.fixture
def database(app: Flask) -> Iterator[Any]:
    """The `db` object inside an application context, for tests that call services directly."""
    from volunteer_match.db import db

    with app.app_context():
        yield db
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def login(app: Flask) -> Callable[..., FlaskClient]:
    """Return a function that gives a browser in which the user is signed in: `login(user)`."""
    return partial(sign_in, app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, one for all tests of the process."""
    from tests.browser.chromium import launched  # only tests with a browser pay for the import

    yield from launched()
