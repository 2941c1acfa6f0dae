"""The week on the screen, on the wall and on the phone list."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.i18n import to_local
from volunteer_match.lending import sections as lending
from volunteer_match.notifications import queries as mails
from volunteer_match.notifications import render
from volunteer_match.placements import labels, phone_queries, week_service
from volunteer_match.web.access import allow
from volunteer_match.web.pages import NavItem, add_navigation

bp = Blueprint("week", __name__)
add_navigation(NavItem(_l("Week"), "week.grid", frozenset({Role.COORDINATOR}), 20))


def _asked_day() -> date:
    try:
        day = date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        day = to_local(clock.now()).date()
    return day if 2000 <= day.year <= 2099 else to_local(clock.now()).date()


@bp.get("/week")
@allow(Role.COORDINATOR)
def grid() -> ResponseReturnValue:
    """Show who goes where this week, and the gaps in words."""
    return render_template("placements/week.html", week=week_service.week(_asked_day()), labels=labels)


@bp.get("/week/sheet")
@allow(Role.COORDINATOR)
def sheet() -> ResponseReturnValue:
    """Show the week as one sheet for the wall, with boxes to tick."""
    week = week_service.week(_asked_day())
    things = lending.promised([item.session_id for item in week.meetings])
    return render_template(
        "placements/sheet.html", week=week, on_the_wall=week_service.on_the_wall, things=things
    )


@bp.get("/week/phone")
@allow(Role.COORDINATOR)
def phone_list() -> ResponseReturnValue:
    """Show whose answer is still missing, those who can only be called first."""
    news = phone_queries.to_tell()
    return render_template(
        "placements/phone.html",
        matches=phone_queries.unanswered(clock.now()),
        tell=[(mail, render.preview(mails.outgoing(mail), "subject.txt")) for mail in news],
        phones=phone_queries.phones(news),
    )
