"""Pages that take in lists from spreadsheets: upload, look at the report, import."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Role
from volunteer_match.db import writes
from volunteer_match.errors import RuleBrokenError
from volunteer_match.imports import rules, service
from volunteer_match.imports.labels import FILE_COMPLAINTS, KINDS, ImportKind
from volunteer_match.imports.schemas import UploadSchema
from volunteer_match.web import forms, wording
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation

bp = Blueprint("imports", __name__)
add_navigation(NavItem(_l("Import"), "imports.start", frozenset({Role.COORDINATOR}), 90))
wording.add(
    {
        "import_refused": _l("The file has mistakes; nothing was imported."),
        "import_done": _l("This file has already been imported."),
    }
)


@bp.get("/imports")
@allow(Role.COORDINATOR)
def start() -> ResponseReturnValue:
    """Show where to upload a list and which headings it may have."""
    return _start_page(None)


@bp.post("/imports")
@allow(Role.COORDINATOR)
@writes
def upload() -> ResponseReturnValue:
    """Keep the uploaded file and go to its report."""
    form = forms.read(UploadSchema())
    sent = request.files.get("file")
    content = sent.read(rules.MAX_BYTES + 1) if sent else b""
    if not content:
        form.refuse("file", _("Choose a file that is not empty."))
    if not form.ok:
        return _start_page(form), 422
    name = (sent.filename if sent else "") or "plik.csv"
    file = service.upload(current_actor(), ImportKind(form.data["kind"]), name, content)
    return redirect(url_for("imports.report", file_id=file.id))


@bp.get("/imports/<file_id>")
@allow(Role.COORDINATOR)
def report(file_id: str) -> ResponseReturnValue:
    """Show what importing the file would do, line by line, without doing it."""
    return _report_page(service.own_file(current_actor(), file_id))


@bp.post("/imports/<file_id>/headings")
@allow(Role.COORDINATOR)
@writes
def map_headings(file_id: str) -> ResponseReturnValue:
    """Remember which heading means what and show the report again."""
    file = service.own_file(current_actor(), file_id)
    columns = service.target_of(ImportKind(file.kind)).columns
    mapping = {column.code: request.form.get(f"heading-{column.code}", "")[:200] for column in columns}
    service.map_headings(current_actor(), file_id, mapping)
    return redirect(url_for("imports.report", file_id=file_id))


@bp.post("/imports/<file_id>")
@allow(Role.COORDINATOR)
@writes
def take(file_id: str) -> ResponseReturnValue:
    """Import the file, all of it or nothing."""
    try:
        file = service.import_file(current_actor(), file_id)
    except RuleBrokenError as error:
        flash(wording.words_for(error), "error")
        return redirect(url_for("imports.report", file_id=file_id))
    made = file.imported_rows
    flash(ngettext("%(num)d entry imported.", "%(num)d entries imported.", made), "success")
    return redirect(url_for("imports.start"))


@bp.post("/imports/<file_id>/drop")
@allow(Role.COORDINATOR)
@writes
def drop(file_id: str) -> ResponseReturnValue:
    """Forget the uploaded file."""
    service.drop(current_actor(), file_id)
    flash(_("The file was dropped; nothing was imported."), "info")
    return redirect(url_for("imports.start"))


def _start_page(form: forms.Form | None) -> str:
    targets = {kind: service.target_of(kind).columns for kind in ImportKind}
    return render_template(
        "imports/start.html", form=form, kinds=KINDS, targets=targets, most_lines=rules.MAX_ROWS_ON_PAGES
    )


def _report_page(file: Any) -> str:
    found = service.report_of(file)
    error = found.file_error
    own = 0 if str(get_locale()) == "pl" else 1  # the first name of a column is Polish, the second English
    columns = service.target_of(ImportKind(file.kind)).columns
    headings = {c.code: c.headings[own].capitalize() for c in columns}
    return render_template(
        "imports/report.html",
        file=file,
        kind=KINDS[ImportKind(file.kind)],
        report=found,
        file_error=str(FILE_COMPLAINTS[error.code]) % error.facts if error else "",
        columns=columns,
        headings=headings,
        choices=[(h, h) for h in (found.table.headings if found.table else ()) if h],
        complaints=[
            (c.line, headings.get(c.column, ""), service.words(c))
            for c in found.complaints[: service.SHOWN_COMPLAINTS]
        ],
    )
