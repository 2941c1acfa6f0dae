"""Nothing is written but inside the one transaction."""

import ast

import pytest
from sqlalchemy import insert

from tools.report import sources
from volunteer_match import clock
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import ReadOnlyError


def _commits(source) -> list[str]:
    calls = (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
    return [
        f"{source.path}:{call.lineno}"
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]


def test_the_package_commits_in_one_place():
    found = [place for source in sources() for place in _commits(source)]

    assert [place.split(":")[0] for place in found] == ["volunteer_match/db.py"]


def _event() -> dict:
    return {"at": clock.now(), "channel": "web", "verb": "tried", "subject_kind": "test", "subject_id": "1"}


def test_objects_cannot_be_saved_outside_a_transaction(database):
    database.session.add(AuditEvent(**_event()))

    with pytest.raises(ReadOnlyError):
        database.session.flush()


def test_statements_cannot_change_rows_outside_a_transaction(database):
    with pytest.raises(ReadOnlyError):
        database.session.execute(insert(AuditEvent).values(**_event(), facts={}))
