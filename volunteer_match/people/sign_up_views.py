"""Signing up: name and address, the link, four short pages, a last look."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from volunteer_match.accounts import auth, gate
from volunteer_match.accounts import queries as accounts_queries
from volunteer_match.accounts import service as accounts
from volunteer_match.actor import Role
from volunteer_match.db import all_or_nothing, writes
from volunteer_match.errors import ConflictError, NotFoundError, RuleBrokenError
from volunteer_match.people import answers_service, pages, queries, service
from volunteer_match.people.blueprint import bp
from volunteer_match.people.rules import VolunteerState, missing_answers
from volunteer_match.people.schemas import JoinSchema, NothingSchema
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor, public
from volunteer_match.web.wording import words_for

_SIGNING_UP = (VolunteerState.DRAFT, VolunteerState.WITHDRAWN)


@bp.get("/join")
@public
def join() -> ResponseReturnValue:
    """Open the sign-up; people who have begun go on where they stopped."""
    actor = current_actor()
    if actor.user_id is None:
        return render_template("people/join.html", form=None)
    volunteer = queries.volunteer_of_user(actor.user_id)
    if volunteer is None:
        return render_template("people/join_again.html")
    if volunteer.state not in _SIGNING_UP:
        return redirect(url_for("people.home"))
    return redirect(_next_page(volunteer.sign_up_step))


def _next_page(done: int) -> str:
    number = max(done, pages.FIRST_STEP - 1) + 1
    if number >= pages.ALL_STEPS:
        return url_for("people.check")
    return url_for("people.join_step", code=pages.STEPS[number - pages.FIRST_STEP])


@bp.post("/join")
@public
@writes
def begin() -> ResponseReturnValue:
    """Mail a link to the address; the answer is the same whether or not the address is known."""
    form = forms.read(JoinSchema())
    if not form.ok:
        return render_template("people/join.html", form=form), 422
    gate.limited("mail", form.data["email"])
    service.begin_sign_up(current_actor(), form.data["name"], form.data["email"], str(get_locale()))
    return render_template("people/join_sent.html", email=form.data["email"])


@bp.post("/join/as-myself")
@allow()
@writes
def begin_with_account() -> ResponseReturnValue:
    """Let somebody with an account sign up as a volunteer too."""
    service.become_volunteer(current_actor())
    return redirect(_next_page(0))


@bp.get("/join/confirm/<token>")
@public
def confirm_page(token: str) -> ResponseReturnValue:
    """Show the button that confirms an address; mail scanners that open the link change nothing."""
    found = accounts.read_token(service.CONFIRMATION_PURPOSE, token)
    name = accounts_queries.user(found.subject_id).name
    return render_template("people/join_confirm.html", token=token, name=name)


@bp.post("/join/confirm/<token>")
@public
@writes
def confirm(token: str) -> ResponseReturnValue:
    """Confirm the address, sign in, and go on with the sign-up."""
    user_id = service.confirm_sign_up(token)
    auth.sign_in(user_id, "link")
    flash(_("Address confirmed."), "success")
    return redirect(url_for("people.join"))


@bp.get("/join/<code>")
@allow(Role.VOLUNTEER)
def join_step(code: str) -> ResponseReturnValue:
    """Show one of the four pages of questions."""
    volunteer, section = _signing_up(), _step(code)
    return _step_page(volunteer, section, pages.blank(section, volunteer))


@bp.post("/join/<code>")
@allow(Role.VOLUNTEER)
@writes
def save_step(code: str) -> ResponseReturnValue:
    """Keep the answers of one page and go to the next."""
    volunteer, section = _signing_up(), _step(code)
    form = forms.read(section.schema())
    if form.ok:
        answers, version, _channel = pages.split(form.data)
        try:
            with all_or_nothing():
                answers_service.save(
                    current_actor(), volunteer.id, code, answers, version=version, step=_number(code)
                )
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            return redirect(_next_page(_number(code)))
    return _step_page(volunteer, section, form), 422


def _signing_up() -> Any:
    volunteer = queries.own_volunteer(current_actor().user_id)
    if volunteer.state not in _SIGNING_UP:
        raise NotFoundError("not signing up")
    return volunteer


def _step(code: str) -> pages.Section:
    if code not in pages.STEPS:
        raise NotFoundError("step")
    return pages.SECTIONS[code]


def _number(code: str) -> int:
    return pages.STEPS.index(code) + pages.FIRST_STEP


def _step_page(volunteer: Any, section: pages.Section, form: forms.Form) -> str:
    number = _number(section.code)
    before = pages.STEPS[number - pages.FIRST_STEP - 1] if number > pages.FIRST_STEP else None
    return pages.render(
        "people/join_step.html",
        section,
        volunteer,
        form,
        number=number,
        total=pages.ALL_STEPS,
        back=url_for("people.join_step", code=before) if before else "",
    )


@bp.get("/join/check")
@allow(Role.VOLUNTEER)
def check() -> ResponseReturnValue:
    """Show every answer once more before the application is sent."""
    return _check_page(_signing_up())


@bp.post("/join/check")
@allow(Role.VOLUNTEER)
@writes
def submit() -> ResponseReturnValue:
    """Send the application."""
    volunteer = _signing_up()
    form = forms.read(NothingSchema())
    try:
        with all_or_nothing():
            service.submit(current_actor(), volunteer.id, form.data.get("version"))
    except ConflictError:
        raise
    except RuleBrokenError as error:
        return _check_page(volunteer, words_for(error)), 422
    return redirect(url_for("people.joined"))


def _check_page(volunteer: Any, problem: str = "") -> str:
    return render_template(
        "people/join_check.html",
        volunteer=volunteer,
        summary=pages.summary(volunteer),
        missing=missing_answers(service.answers_of(volunteer)),
        section_titles={code: pages.SECTIONS[code].title for code in pages.STEPS},
        problem=problem,
        number=pages.ALL_STEPS,
        total=pages.ALL_STEPS,
    )


@bp.get("/join/done")
@allow(Role.VOLUNTEER)
def joined() -> ResponseReturnValue:
    """Say what happens next."""
    volunteer = queries.own_volunteer(current_actor().user_id)
    if volunteer.state in _SIGNING_UP:
        return redirect(url_for("people.join"))
    return render_template("people/join_done.html", volunteer=volunteer)
