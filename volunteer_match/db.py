"""The database: one session, one commit, and the engine settings that keep SQLite and PostgreSQL honest."""

import functools
import random
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    registry,
)
from sqlalchemy.types import TypeDecorator

P = ParamSpec("P")
R = TypeVar("R")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
ID_LENGTH = 22
_WRITING = "vm_writing"
_AFTER_COMMIT = "vm_after_commit"
_ATTEMPTS = 6
# Lost serialisation, deadlock, lock timeout: the statement was right, the moment was not.
_RETRYABLE_SQLSTATES = ("40001", "40P01", "55P03")


class ReadOnlyError(Exception):
    """A flush was tried outside `transaction()`: reading requests never change anything."""


def new_id() -> str:
    """Return a fresh 128-bit random identifier, safe to show in an address."""
    return secrets.token_urlsafe(16)


def one_of(column: str, values: Iterable[str]) -> str:
    """Return the SQL condition that the column holds one of the values."""
    return f"{column} IN ({', '.join(repr(str(v)) for v in values)})"


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; naive values are refused instead of guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into what the engine stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: convert to UTC before storing")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored moment back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base of every model."""

    # The extension derives a class of its own from this one, which a `type_annotation_map` here would forbid.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UTCDateTime}
    )


class Identified:
    """Gives a model its random primary key."""

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)


class Versioned:
    """Gives a model an optimistic version counter: a stale update touches no row and raises."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        """Let the mapper compare and count the version on every UPDATE."""
        return {"version_id_col": cls.version}


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": True})
migrate = Migrate(compare_type=True, render_as_batch=True)


def engine_options(url: str) -> dict[str, Any]:
    """Return the SQLAlchemy engine options that fit the database behind the URL."""
    parsed: URL = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": 10, "check_same_thread": False}}
    settings = "-c statement_timeout=20000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=30000"
    return {
        "hide_parameters": True,  # they are people's data, and errors are logged
        "pool_pre_ping": True,
        "pool_timeout": 30,
        "connect_args": {"connect_timeout": 5, "tcp_user_timeout": 5000, "options": settings},
    }


@event.listens_for(Engine, "connect")
def _configure_sqlite(connection: object, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver must not open transactions by itself: its deferred ones lose updates silently.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an approval survives a power cut
        "foreign_keys=ON",
        "busy_timeout=10000",
        "recursive_triggers=ON",  # else INSERT OR REPLACE slips past delete triggers
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN DEFERRED")


@event.listens_for(Session, "before_flush")
def _refuse_unannounced_writes(session: Session, _context: object, _instances: object) -> None:
    if not session.info.get(_WRITING):
        raise ReadOnlyError("flush outside transaction()")


@event.listens_for(Session, "do_orm_execute")
def _refuse_unannounced_statements(state: ORMExecuteState) -> None:
    writing = state.is_insert or state.is_update or state.is_delete
    if writing and not state.session.info.get(_WRITING):
        raise ReadOnlyError("data changed outside transaction()")


def after_commit(key: str, call: Callable[[], None]) -> None:
    """Run the call once after the open transaction has committed; never when it rolls back."""
    db.session().info.setdefault(_AFTER_COMMIT, {})[key] = call


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the writing transaction: leaving the block commits, an exception rolls everything back."""
    session = db.session()
    if session.info.get(_WRITING):
        yield session  # joined: the outermost block commits
        return
    session.rollback()  # end the reading snapshot taken so far (loading the signed-in user)
    session.info[_WRITING] = True
    try:
        session.connection(execution_options={_WRITING: True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop(_AFTER_COMMIT, None)
        raise
    finally:
        session.info.pop(_WRITING, None)
    for call in session.info.pop(_AFTER_COMMIT, {}).values():
        call()


def writing() -> bool:
    """Tell whether a writing transaction is open."""
    return bool(db.session().info.get(_WRITING))


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Undo the block when it raises, so that a view can answer a broken rule and keep nothing half done."""
    with db.session.begin_nested():
        yield


def retrying(work: Callable[P, R]) -> Callable[P, R]:
    """Run the function in `transaction()`, again with jitter when the database asks for another try."""

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if db.session().info.get(_WRITING):
            return work(*args, **kwargs)
        for attempt in range(1, _ATTEMPTS):
            try:
                with transaction():
                    return work(*args, **kwargs)
            except DBAPIError as error:
                if not is_retryable(error):
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        with transaction():
            return work(*args, **kwargs)

    return run


def writes(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as writing and run it as one retried transaction."""
    run = retrying(view)
    run.writes = True  # type: ignore[attr-defined]
    return run


def let_go() -> None:
    """End the reading snapshot before slow work, unless a writing transaction is open."""
    session = db.session()
    if not session.info.get(_WRITING):
        session.rollback()


def writes_in_steps(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a writing view that opens its own transactions, because slow work stands between them."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def is_retryable(error: DBAPIError) -> bool:
    """Tell whether the same transaction may succeed when tried again."""
    if error.connection_invalidated:
        return True
    sqlstate = getattr(error.orig, "sqlstate", None)
    if sqlstate in _RETRYABLE_SQLSTATES:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)
