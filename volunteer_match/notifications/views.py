"""The mail log of the coordinators, and the mail page of the demo."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import writes
from volunteer_match.errors import NotFoundError
from volunteer_match.notifications import labels, mailbox, queries, render, rules, service
from volunteer_match.web import security, wording
from volunteer_match.web.access import allow, current_actor, demo_only
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.paging import PAGE_SIZE, Page, offset, page_number

bp = Blueprint("notifications", __name__)
wording.add(labels.RULES)
MANAGERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
add_navigation(NavItem(_l("Mails"), "notifications.mails", frozenset(MANAGERS), 80))

# Only the frame that shows one mail may use inline styles, and it may do nothing else.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)


@bp.get("/mails")
@allow(*MANAGERS)
def mails() -> ResponseReturnValue:
    """Show the mail log, what needs a person first."""
    counts = queries.counts()
    group = request.args.get("group", "")
    group = group if group in queries.GROUPS else ""
    words = request.args.get("q", "").replace("\0", "").strip()[:100]
    number = page_number()
    rows, total = queries.log(group, words, offset(number), PAGE_SIZE)
    subjects = {row.id: render.preview(queries.outgoing(row), "subject.txt") for row in rows}
    return render_template(
        "notifications/mails.html",
        page=Page(list(rows), number, total),
        subjects=subjects,
        group=group,
        words=words,
        groups=[(code, label, counts[code]) for code, label in labels.GROUPS.items()],
        labels=labels,
        rules=rules,
    )


@bp.get("/mails/<mail_id>")
@allow(*MANAGERS)
def mail(mail_id: str) -> ResponseReturnValue:
    """Show one mail of the log: what it says, without its secret links, and what became of it."""
    row = queries.mail(mail_id)
    outgoing = queries.outgoing(row)
    return render_template(
        "notifications/mail.html",
        mail=row,
        subject=render.preview(outgoing, "subject.txt"),
        text=render.preview(outgoing),
        history=audit.history("mail", row.id),
        labels=labels,
        rules=rules,
    )


@bp.post("/mails/<mail_id>/retry")
@allow(*MANAGERS)
@writes
def retry(mail_id: str) -> ResponseReturnValue:
    """Send a mail again that did not go by itself."""
    service.retry(current_actor(), mail_id)
    flash(_("The mail is on its way again."), "success")
    return redirect(url_for("notifications.mail", mail_id=mail_id))


@bp.post("/mails/<mail_id>/close")
@allow(*MANAGERS)
@writes
def close(mail_id: str) -> ResponseReturnValue:
    """Take a mail off the list: the recipient knows by other means."""
    service.close(current_actor(), mail_id)
    flash(_("Settled. The mail will not be sent."), "success")
    return redirect(url_for("notifications.mails"))


@bp.get("/skrzynka")
@demo_only
def box() -> ResponseReturnValue:
    """Show the mails the demo would have sent, newest first."""
    words = request.args.get("q", "").strip()[:100]
    return render_template("notifications/box.html", mails=mailbox.latest(_folder(), words), words=words)


@bp.get("/skrzynka/<key>")
@demo_only
def letter(key: str) -> ResponseReturnValue:
    """Show one mail of the demo: as HTML, as text, its headers and its files."""
    page = render_template("notifications/letter.html", mail=mailbox.read(_folder(), key))
    return page, {"Content-Security-Policy": f"{security.POLICY}; frame-src 'self'"}


@bp.get("/skrzynka/<key>/html")
@demo_only
def letter_html(key: str) -> Response:
    """Give the HTML of one mail of the demo to the frame that shows it, shut in a sandbox."""
    html = mailbox.read(_folder(), key).body("html")
    # Links open in the page around the frame, as a mail program would open them.
    response = Response(html.replace("<head>", '<head><base target="_top">', 1), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    return response


@bp.get("/skrzynka/<key>/<int:number>")
@demo_only
def letter_file(key: str, number: int) -> Response:
    """Give a file that came with a mail of the demo."""
    files = mailbox.read(_folder(), key).attachments
    if number >= len(files):
        raise NotFoundError(key)
    response = Response(files[number].data, mimetype=files[number].kind)
    response.headers.set("Content-Disposition", "attachment", filename=files[number].name)
    return response


def _folder() -> str:
    return str(current_app.config["SETTINGS"].maildir)
