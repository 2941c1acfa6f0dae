"""Takes in a file: first what it would do, then, all or nothing, doing it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from volunteer_match import clock
from volunteer_match.actor import Actor, Channel
from volunteer_match.audit import service as audit
from volunteer_match.db import all_or_nothing, db
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.imports import (
    lending_target,
    needs_target,
    partners_target,
    rules,
    volunteers_target,
)
from volunteer_match.imports.labels import CELL_COMPLAINTS, ImportKind
from volunteer_match.imports.models import ImportFile
from volunteer_match.imports.rules import (
    MAX_ROWS,
    Complaint,
    Table,
    TableError,
    guess_mapping,
    missing_columns,
    read_table,
    rows_of,
)
from volunteer_match.imports.target import Draft, Target
from volunteer_match.web.wording import words_for

KEEP = timedelta(days=1)
SHOWN_COMPLAINTS = 200


def target_of(kind: ImportKind) -> Target:
    """Return the columns and the way in of one kind of file."""
    makers = {
        ImportKind.PARTNERS: partners_target.make,
        ImportKind.NEEDS: needs_target.make,
        ImportKind.VOLUNTEERS: volunteers_target.make,
        ImportKind.LENDING: lending_target.make,
    }
    return makers[kind]()


@dataclass(frozen=True)
class Report:
    """What importing the file would do, or why it cannot be done."""

    table: Table | None = None
    mapping: Mapping[str, str] | None = None
    file_error: TableError | None = None
    missing: tuple[str, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    drafts: tuple[Draft, ...] = ()

    def and_these(self, complaints: Sequence[Complaint]) -> "Report":
        """Return the report with further complaints."""
        return replace(self, complaints=(*self.complaints, *complaints))

    @property
    def ok(self) -> bool:
        """Tell whether the file can be imported as it is."""
        return not (self.file_error or self.missing or self.complaints)


class RefusedError(RuleBrokenError):
    """The file has mistakes and nothing was imported; `report` says which.

    `from_rules` are those that only storing the lines showed.
    """

    def __init__(self, report: Report, from_rules: Sequence[Complaint] = ()) -> None:
        super().__init__("import_refused")
        self.report, self.from_rules = report, from_rules


def check(
    kind: ImportKind, content: bytes, mapping: Mapping[str, str] | None = None, most_rows: int = MAX_ROWS
) -> Report:
    """Return what importing would do, without doing it; `mapping` is heading by column code."""
    try:
        table = read_table(content, most_rows)
    except TableError as error:
        return Report(file_error=error)
    target = target_of(kind)
    mapping = dict(mapping or guess_mapping(target.columns, table.headings))
    missing = missing_columns(target.columns, mapping)
    if missing:
        return Report(table, mapping, missing=tuple(missing))
    lines, complaints = rows_of(table, mapping)
    drafts = target.drafts(lines)
    complaints += [c for draft in drafts for c in draft.complaints]
    complaints.sort(key=lambda c: (c.line, c.column))
    return Report(table, mapping, complaints=tuple(complaints), drafts=tuple(drafts))


def rehearse(
    actor: Actor, kind: ImportKind, report: Report, seconds: float = float("inf")
) -> list[Complaint]:
    """Do the import and undo it, for what only the rules behind the forms can say; return what they said.

    Where that takes more than so many seconds, the first line that is too much is complained of.
    """
    rehearsal = db.session.begin_nested()
    try:
        return _store(actor, target_of(kind), report.drafts, time.monotonic() + seconds)
    finally:
        rehearsal.rollback()
        db.session.expire_all()  # what was read meanwhile never happened


def _store(
    actor: Actor, target: Target, drafts: Sequence[Draft], until: float = float("inf")
) -> list[Complaint]:
    by_import = actor.by(Channel.IMPORT)
    complaints: list[Complaint] = []
    for draft in drafts:
        if time.monotonic() >= until:
            return [*complaints, Complaint(draft.line, "", "too_slow")]
        try:
            with db.session.begin_nested():
                target.store(by_import, draft.data or {})
        except RuleBrokenError as error:
            where = str(error.facts.get("field", ""))
            complaints.append(Complaint(draft.line, where, "invalid", {"message": words_for(error)}))
    return complaints


def words(complaint: Complaint) -> str:
    """Return the sentence that says what is wrong in the cell."""
    if complaint.code == "invalid":
        return str(complaint.facts["message"])
    return str(CELL_COMPLAINTS[complaint.code]) % complaint.facts


def take(
    actor: Actor,
    kind: ImportKind,
    content: bytes,
    mapping: Mapping[str, str] | None = None,
    most_rows: int = MAX_ROWS,
) -> Report:
    """Import the whole file, or raise RefusedError with the mistakes; return what was imported."""
    report = check(kind, content, mapping, most_rows)
    if not report.ok:
        raise RefusedError(report)
    with all_or_nothing():  # callers may answer the refusal with a page, which commits
        complaints = _store(actor, target_of(kind), report.drafts)
        if complaints:
            raise RefusedError(report.and_these(complaints), complaints)
    audit.record(actor.by(Channel.IMPORT), "imported", "import", kind, entries=len(report.drafts))
    return report


def upload(actor: Actor, kind: ImportKind, name: str, content: bytes) -> ImportFile:
    """Keep the file until somebody has looked at the report."""
    file = ImportFile(
        kind=kind, name=name[:120], content=content, created_at=clock.now(), created_by_id=actor.user_id or ""
    )
    db.session.add(file)
    db.session.flush()  # its id is the address of the report
    _rehearse_file(actor, file)
    return file


def _rehearse_file(actor: Actor, file: ImportFile) -> None:
    kind, report = ImportKind(file.kind), _check_file(file)
    file.rules_said = _said(rehearse(actor, kind, report, rules.REHEARSAL_SECONDS) if report.ok else [])


def _said(complaints: Sequence[Complaint]) -> list[list[Any]]:
    return [[c.line, c.column, words(c)] for c in complaints]


def _check_file(file: ImportFile) -> Report:
    return check(ImportKind(file.kind), file.content or b"", file.mapping, rules.MAX_ROWS_ON_PAGES)


def report_of(file: ImportFile) -> Report:
    """Return what importing the uploaded file would do."""
    report = _check_file(file)
    return report.and_these(
        [
            Complaint(line, column, "invalid", {"message": message})
            for line, column, message in file.rules_said
        ]
    )


def own_file(actor: Actor, file_id: str) -> ImportFile:
    """Return a file the actor uploaded that still waits."""
    file = db.session.get(ImportFile, file_id)
    if file is None or file.created_by_id != actor.user_id:
        raise NotFoundError(file_id)
    return file


def map_headings(actor: Actor, file_id: str, mapping: Mapping[str, str]) -> None:
    """Remember which heading of the file means what."""
    file = own_file(actor, file_id)
    file.mapping = {code: heading for code, heading in mapping.items() if heading}
    _rehearse_file(actor, file)


def import_file(actor: Actor, file_id: str) -> ImportFile:
    """Import an uploaded file, all or nothing, and forget its content."""
    file = own_file(actor, file_id)
    if file.content is None:
        raise RuleBrokenError("import_done")
    if file.rules_said:
        raise RuleBrokenError("import_refused")
    kind, most = ImportKind(file.kind), rules.MAX_ROWS_ON_PAGES
    try:
        report = take(actor, kind, file.content, file.mapping, most)
    except RefusedError as refused:
        if refused.from_rules:
            file.rules_said = _said(refused.from_rules)
        raise
    file.imported_rows = len(report.drafts)
    file.imported_at, file.content = clock.now(), None
    return file


def drop(actor: Actor, file_id: str) -> None:
    """Forget an uploaded file."""
    db.session.delete(own_file(actor, file_id))


def forget_old_files() -> None:
    """Forget the contents of files nobody imported within a day."""
    old: Any = delete(ImportFile).where(ImportFile.created_at < clock.now() - KEEP)
    db.session.execute(old)
