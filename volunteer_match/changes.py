"""Marks every committed change, so that what was worked out from the tables may be kept until one comes.

A transaction that changed rows puts a fresh random token into one row of `change_mark`, as its last statement
before the commit: whoever sees the change sees the new token, on either database and from any process. Rows
written past the engine of the application (a query by hand) leave no mark.
"""

import random
from typing import Any

from sqlalchemy import Engine, String, event, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_match.db import ID_LENGTH, Base, db, new_id

UNMARKED = "vm_unmarked"
"""Execution option of connections that leave no mark: those of migrations."""
PEOPLE, PLACES = "people", "places"
PARTS = (PEOPLE, PLACES)
SLOTS = 8
"""Writers of PostgreSQL wait for each other only when they commit at once and draw the same row."""

OF_PLACES = frozenset({
    "lending_offer", "lending_slot", "loan", "match", "match_pair", "match_wishes", "need", "need_item",
    "need_role", "need_role_language", "need_role_skill", "need_session", "opening", "partner",
    "school_break", "venue", "volunteer_slot",
})  # fmt: skip
"""Tables of needs and matches; every table not named here counts as one of people."""
QUIET = frozenset({
    "audit_event", "email_message", "import_file", "login_session", "match_mend", "match_mend_pause",
    "match_run", "match_shard", "partner_invitation", "partner_member", "recovery_code", "role_grant",
    "sign_in_attempt", "skill_suggestion", "skill_theme", "token",
})  # fmt: skip
"""Tables nothing kept is worked out from."""

Marks = frozenset[tuple[str, int, str]]
_CHANGED = "vm_changed_parts"
_READING = ("SELECT", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SHOW", "SET", "EXPLAIN")
_MARKING = (
    "INSERT INTO change_mark (part, slot, token) VALUES (:part, :slot, :token)"
    " ON CONFLICT (part, slot) DO UPDATE SET token = excluded.token"
)


class ChangeMark(Base):
    """The newest of the changes that drew one slot."""

    __tablename__ = "change_mark"

    part: Mapped[str] = mapped_column(String(6), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(ID_LENGTH))


def marks() -> Marks:
    """Return what stands for everything committed so far; ask before reading what it is to vouch for."""
    rows = db.session.execute(select(ChangeMark.part, ChangeMark.slot, ChangeMark.token))
    return frozenset((row.part, row.slot, row.token) for row in rows)


def of(part: str, found: Marks) -> Marks:
    """Return the marks of one part."""
    return frozenset(each for each in found if each[0] == part)


@event.listens_for(Engine, "begin")
@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    connection.info.pop(_CHANGED, None)


@event.listens_for(Engine, "after_cursor_execute")
def _notice(
    connection: Connection, _cursor: Any, statement: str, _given: Any, context: Any, _many: bool
) -> None:
    part = _part(context, statement)
    if part is not None:
        connection.info.setdefault(_CHANGED, set()).add(part)


def _part(context: Any, statement: str) -> str | None:
    compiled = context.compiled if context is not None else None
    if compiled is None or context.is_text:
        reading = statement.lstrip().upper().startswith(_READING) or "change_mark" in statement
        return None if reading else PEOPLE
    if not (context.isinsert or context.isupdate or context.isdelete):
        return None
    table = getattr(compiled.statement.table, "name", "")
    if table in QUIET:
        return None
    return PLACES if table in OF_PLACES else PEOPLE


@event.listens_for(Engine, "commit")
def _mark(connection: Connection) -> None:
    parts = connection.info.pop(_CHANGED, ())
    if connection.get_execution_options().get(UNMARKED):
        return
    for part in sorted(parts):
        slot = random.randrange(SLOTS)  # noqa: S311 - spreads writers, no secret
        connection.execute(text(_MARKING), {"part": part, "slot": slot, "token": new_id()})
