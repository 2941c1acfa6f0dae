"""Migrations keep the data of the tables they do not own, one revision at a time, down and up."""

import shutil
from contextlib import ExitStack, contextmanager
from itertools import pairwise

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import delete

from tests.migrations import rows
from tests.migrations.schema import everything
from tests.scene import make_run, make_scene
from volunteer_match.config import ROOT
from volunteer_match.db import db, transaction
from volunteer_match.matching.models import MatchRun
from volunteer_match.matching.rules import RunKind


@contextmanager
def _without_tables(benches, engine_name):
    with ExitStack() as stack:
        app = benches.fresh(engine_name, stack)
        with app.app_context():
            yield app


@contextmanager
def _without_empty_tables(benches, engine_name):
    with _without_tables(benches, engine_name) as app:
        flask_migrate.upgrade(revision="head")
        make_scene()
        # Trials belong to revision 0011, like a table of its own: they come and go with it.
        with transaction() as session:
            session.execute(delete(MatchRun).where(MatchRun.kind != RunKind.DESK))
        db.session.remove()
        rows.fill_empty_tables(db.engine)
        assert all(rows.snapshot(db.engine).values())
        yield app


@pytest.fixture
def empty(benches, engine_name):
    """An application on a database without any table."""
    with _without_tables(benches, engine_name) as app:
        yield app


@pytest.fixture
def full(benches, engine_name):
    """A migrated application in which no table is without rows."""
    with _without_empty_tables(benches, engine_name) as app:
        yield app


@pytest.fixture
def full_sqlite(benches):
    """The same on SQLite, which cannot change a table and has to rebuild it."""
    with _without_empty_tables(benches, "sqlite") as app:
        yield app


@pytest.fixture(scope="module")
def revisions():
    """The names of all revisions, oldest first, with the empty beginning."""
    scripts = ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
    return ["base", *(script.revision for script in reversed(list(scripts)))]


def _changed(before, now):
    """Return the tables whose rows are not what they were, as far as they still have the same columns."""
    return [name for name in now if name in before and not _same(before[name], now[name])]


def _same(before, now):
    kept = set.intersection(*(set(row) for row in before + now)) if before + now else set()
    return _shown(before, kept) == _shown(now, kept)


def _shown(found, columns):
    return sorted(repr([row[column] for column in sorted(columns)]) for row in found)


def test_each_revision_leaves_the_rows_of_the_others_alone(full, revisions):
    """Step down, up and down again over each revision, the newest first."""
    for lower, upper in reversed(list(pairwise(revisions))):
        before = rows.snapshot(db.engine)
        flask_migrate.downgrade(revision=lower)
        without = rows.snapshot(db.engine)
        flask_migrate.upgrade(revision=upper)
        again = rows.snapshot(db.engine)
        flask_migrate.downgrade(revision=lower)
        after = rows.snapshot(db.engine)

        assert (upper, _changed(before, without)) == (upper, [])
        assert (upper, _changed(without, again)) == (upper, [])
        assert (upper, after) == (upper, without)


def test_without_trials_only_what_the_desk_knows_stays(benches, engine_name):
    with _without_tables(benches, engine_name) as app:
        flask_migrate.upgrade(revision="head")
        on_the_desk = make_run().id
        make_run(kind=RunKind.TRIAL, based_on_id=on_the_desk)
        db.session.remove()
        flask_migrate.downgrade(revision="0010")
        with app.app_context():
            assert [row["id"] for row in rows.snapshot(db.engine)["match_run"]] == [on_the_desk]


def test_each_downgrade_removes_what_its_upgrade_added(empty, revisions):
    there = {revisions[0]: set()}
    for revision in revisions[1:]:
        flask_migrate.upgrade(revision=revision)
        there[revision] = everything(db.engine)
    for revision in reversed(revisions[:-1]):
        flask_migrate.downgrade(revision=revision)

        assert (revision, everything(db.engine) ^ there[revision]) == (revision, set())


REVISION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "next", "{head}"


def upgrade() -> None:
    {act}
"""
REBUILD_ALL = """recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    for name in sa.inspect(op.get_bind()).get_table_names():
        if name != "alembic_version":
            with op.batch_alter_table(name, recreate="always"):
                pass"""


@pytest.fixture
def with_next_revision(revisions, tmp_path):
    """Return a function that gives a copy of the migrations with one more revision."""

    def make(act):
        scripts = tmp_path / "migrations"
        shutil.copytree(ROOT / "migrations", scripts)
        (scripts / "versions" / "next.py").write_text(REVISION.format(head=revisions[-1], act=act))
        return str(scripts)

    return make


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(full_sqlite, with_next_revision):
    before = rows.snapshot(db.engine)
    flask_migrate.upgrade(directory=with_next_revision(REBUILD_ALL))

    assert _changed(before, rows.snapshot(db.engine)) == []


def test_a_revision_that_leaves_references_to_nothing_is_undone(full_sqlite, with_next_revision):
    before = rows.snapshot(db.engine)
    parents = {key.column.table.name for table in db.metadata.sorted_tables for key in table.foreign_keys}
    scripts = with_next_revision(f"op.execute('DELETE FROM {min(parents)}')")
    with pytest.raises(SystemExit):
        flask_migrate.upgrade(directory=scripts)

    assert rows.snapshot(db.engine) == before


def test_sqlite_guards_references_again_after_migrating(benches):
    with _without_tables(benches, "sqlite"):
        flask_migrate.upgrade(revision="head")
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
