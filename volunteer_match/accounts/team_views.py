"""The staff, for administrators: inviting, roles, disabling, signing out."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match import clock
from volunteer_match.accounts import auth, labels, queries, service, team_service
from volunteer_match.accounts.blueprint import bp
from volunteer_match.accounts.schemas import InvitationSchema, RoleSchema
from volunteer_match.actor import STAFF, Role
from volunteer_match.db import writes
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation

add_navigation(NavItem(_l("Staff"), "accounts.team", frozenset({Role.ADMINISTRATOR}), 50))
_STAFF_ROLES = [role for role in Role if role in STAFF]


@bp.get("/team")
@allow(Role.ADMINISTRATOR)
def team() -> ResponseReturnValue:
    """List the staff."""
    return render_template("accounts/team.html", people=queries.staff(), roles=labels.ROLES)


@bp.get("/team/invite")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
def invite() -> ResponseReturnValue:
    """Ask who is to join the staff."""
    return _invite_page(None)


def _invite_page(form: forms.Form | None) -> str:
    choices = [(role, labels.ROLES[role], labels.ROLE_HINTS[role]) for role in _STAFF_ROLES]
    return render_template("accounts/invite.html", form=form, choices=choices)


@bp.post("/team/invite")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
@writes
def send_invitation() -> ResponseReturnValue:
    """Invite somebody to the staff by mail."""
    form = forms.read(InvitationSchema())
    if not form.ok:
        return _invite_page(form), 422
    person = team_service.invite(
        current_actor(), form.data["name"], form.data["email"], Role(form.data["role"]), form.data["locale"]
    )
    flash(_("The invitation is on its way."), "success")
    return redirect(url_for("accounts.member", user_id=person.id))


@bp.get("/team/<user_id>")
@allow(Role.ADMINISTRATOR)
def member(user_id: str) -> ResponseReturnValue:
    """Show one person of the staff and what an administrator may do."""
    person = team_service.member(user_id)
    return render_template(
        "accounts/member.html",
        person=person,
        roles=labels.ROLES,
        hints=labels.ROLE_HINTS,
        staff_roles=_STAFF_ROLES,
        sessions=queries.open_sessions(user_id, clock.now()),
    )


@bp.post("/team/<user_id>/give-role")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
@writes
def give_role(user_id: str) -> ResponseReturnValue:
    """Give a role of the staff."""
    return _change_role(user_id, give=True)


@bp.post("/team/<user_id>/take-role")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
@writes
def take_role(user_id: str) -> ResponseReturnValue:
    """Take a role of the staff."""
    return _change_role(user_id, give=False)


def _change_role(user_id: str, *, give: bool) -> ResponseReturnValue:
    form = forms.read(RoleSchema())
    if form.ok:
        team_service.change_role(current_actor(), user_id, Role(form.data["role"]), give=give)
        flash(_("The role is changed. Open sessions of this person have ended."), "success")
    if not queries.user(user_id).roles & STAFF:
        return redirect(url_for("accounts.team"))
    return _back_to(user_id)


@bp.post("/team/<user_id>/invite-again")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
@writes
def invite_again(user_id: str) -> ResponseReturnValue:
    """Mail a fresh invitation to somebody who has no password yet."""
    team_service.send_invitation(current_actor(), user_id)
    flash(_("The invitation is on its way."), "success")
    return _back_to(user_id)


@bp.post("/team/<user_id>/reset-second-factor")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
@writes
def reset_second_factor(user_id: str) -> ResponseReturnValue:
    """Let somebody who lost the phone begin again by invitation."""
    team_service.reset_second_factor(current_actor(), user_id)
    flash(_("Password and second factor are forgotten. A new invitation is on its way."), "success")
    return _back_to(user_id)


@bp.post("/team/<user_id>/end-sessions")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
@writes
def end_sessions(user_id: str) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    team_service.end_sessions(current_actor(), user_id)
    flash(_("This person is signed out everywhere."), "success")
    return _back_to(user_id)


@bp.post("/team/<user_id>/disable")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
@writes
def disable(user_id: str) -> ResponseReturnValue:
    """Close the account of somebody of the staff."""
    team_service.member(user_id)
    service.disable(current_actor(), user_id)
    flash(_("The account is disabled and signed out everywhere."), "success")
    return _back_to(user_id)


@bp.post("/team/<user_id>/enable")
@allow(Role.ADMINISTRATOR)
@auth.confirmed
@writes
def enable(user_id: str) -> ResponseReturnValue:
    """Open the account of somebody of the staff again."""
    team_service.member(user_id)
    service.enable(current_actor(), user_id)
    flash(_("The account works again."), "success")
    return _back_to(user_id)


def _back_to(user_id: str) -> ResponseReturnValue:
    return redirect(url_for("accounts.member", user_id=user_id))
