"""Pages about institutions: the coordinators' list, the page of one, its details, people and places."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match.accounts import gate
from volunteer_match.actor import Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import writes
from volunteer_match.errors import ConflictError, RuleBrokenError
from volunteer_match.i18n import words_for_moment
from volunteer_match.partners import (
    labels,
    members_service,
    queries,
    registration_service,
    registration_views,
    rules,
    service,
)
from volunteer_match.partners.blueprint import bp
from volunteer_match.partners.rules import PartnerEvent, PartnerState
from volunteer_match.partners.schemas import (
    DECISIONS,
    ContactSchema,
    DecisionSchema,
    EditSchema,
    InvitationSchema,
    StandingSchema,
    VenueSchema,
)
from volunteer_match.people import queries as people
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.paging import PAGE_SIZE, Page, offset, page_number
from volunteer_match.web.wording import words_for

__all__ = ["bp", "registration_views"]

add_navigation(NavItem(_l("Partners"), "partners.listing", frozenset({Role.COORDINATOR}), 40))


_FORMS = ("decision_form", "standing_form", "invitation_form", "contact_form")
_NO_FORMS: dict[str, forms.Form | None] = dict.fromkeys(_FORMS)


@bp.get("/partners")
@allow(Role.COORDINATOR)
def listing() -> ResponseReturnValue:
    """List the institutions, those that wait first."""
    state, words = request.args.get("state", ""), request.args.get("q", "")[:100]
    found = queries.listed(state if state in rules.TRANSITIONS else "", words)
    number = page_number()
    start = offset(number)
    return render_template(
        "partners/listing.html",
        page=Page(found[start : start + PAGE_SIZE], number, len(found)),
        states=labels.STATES,
        kinds=labels.KINDS,
        state=state,
        words=words,
    )


@bp.get("/partners/<partner_id>")
@allow(Role.PARTNER, Role.COORDINATOR)
def show(partner_id: str) -> ResponseReturnValue:
    """Show an institution to its people and to coordinators."""
    return _page(partner_id)


def _page(partner_id: str, **forms_by_name: forms.Form) -> str:
    actor = current_actor()
    partner = queries.visible(actor, partner_id)
    possible = rules.TRANSITIONS[PartnerState(partner.state)]
    return render_template(
        "partners/show.html",
        partner=partner,
        kinds=labels.KINDS,
        registries=labels.REGISTRIES,
        states=labels.STATES,
        decisions=[(e, labels.EVENTS[e]) for e in DECISIONS if e in possible],
        may_resubmit=PartnerEvent.RESUBMIT in possible,
        invitations=queries.invitations(partner.id),
        history=_history(partner_id) if actor.has(Role.COORDINATOR) else [],
        contact=next(iter(queries.contact_people(partner)), None),
        **{**_NO_FORMS, **forms_by_name},
    )


def _history(partner_id: str) -> list[dict[str, Any]]:
    return [
        {
            "when": words_for_moment(event.at),
            "what": labels.HISTORY.get(event.verb, event.verb),
        }
        for event in audit.history("partner", partner_id)
    ]


@bp.post("/partners/<partner_id>/decide")
@allow(Role.COORDINATOR)
@writes
def decide(partner_id: str) -> ResponseReturnValue:
    """Verify, return, reject, suspend or reinstate."""
    form = forms.read(DecisionSchema())
    if form.ok:
        given = form.data
        if given["reason"] or PartnerEvent(given["event"]) not in rules.NEEDS_REASON:
            service.apply(
                current_actor(),
                partner_id,
                PartnerEvent(given["event"]),
                reason=given["reason"],
                version=given["version"],
            )
            flash(_("Decision saved. The organisation is told by mail."), "success")
            return redirect(url_for("partners.show", partner_id=partner_id))
        form.refuse("reason", words_for(RuleBrokenError("reason_missing")))
    return _page(partner_id, decision_form=form), 422


@bp.post("/partners/<partner_id>/confirmed-by-phone")
@allow(Role.COORDINATOR)
@writes
def confirm_by_phone(partner_id: str) -> ResponseReturnValue:
    """Record that the institution confirmed its registration on the telephone."""
    registration_service.confirm_by_phone(current_actor(), partner_id)
    flash(_("Confirmed. The registration can now be checked."), "success")
    return redirect(url_for("partners.show", partner_id=partner_id))


@bp.post("/partners/<partner_id>/registration-contact")
@allow(Role.COORDINATOR)
@writes
def correct_contact(partner_id: str) -> ResponseReturnValue:
    """Mail the confirming link again, to the contact person's right address."""
    form = forms.read(ContactSchema())
    if not form.ok:
        return _page(partner_id, contact_form=form), 422
    registration_service.correct_contact(current_actor(), partner_id, **form.data)
    flash(_("The link is on its way to %(email)s.", email=form.data["contact_email"]), "success")
    return redirect(url_for("partners.show", partner_id=partner_id))


@bp.post("/partners/<partner_id>/standing")
@allow(Role.COORDINATOR)
@writes
def save_standing(partner_id: str) -> ResponseReturnValue:
    """Record the role of organiser and the protection standards."""
    form = forms.read(StandingSchema())
    if form.ok:
        try:
            service.set_standing(current_actor(), partner_id, **form.data)
        except ConflictError:
            raise
        except RuleBrokenError as error:
            form.refuse("organiser" if "company" in error.code else "standards_adopted_on", words_for(error))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("partners.show", partner_id=partner_id))
    return _page(partner_id, standing_form=form), 422


@bp.get("/partners/<partner_id>/edit")
@allow(Role.PARTNER, Role.COORDINATOR)
def edit_form(partner_id: str) -> ResponseReturnValue:
    """Show the details to be changed."""
    partner = queries.visible(current_actor(), partner_id)
    fields = ("name", "kind", "registry_kind", "registry_number", "about", "address", "phone", "version")
    return _details(partner_id, forms.prefilled({name: getattr(partner, name) for name in fields}))


@bp.post("/partners/<partner_id>/edit")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def edit(partner_id: str) -> ResponseReturnValue:
    """Save changed details."""
    form = forms.read(EditSchema())
    if form.ok:
        try:
            service.edit(current_actor(), partner_id, **form.data)
        except RuleBrokenError as error:
            if error.code != "partner_name_taken":
                raise
            form.refuse("name", words_for(error))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("partners.show", partner_id=partner_id))
    return _details(partner_id, form), 422


def _details(partner_id: str, form: forms.Form) -> str:
    actor = current_actor()
    partner = queries.visible(actor, partner_id)
    return render_template(
        "partners/edit.html",
        partner=partner,
        form=form,
        locked=not actor.has(Role.COORDINATOR) and bool(service.locked_details(partner)),
        kinds=labels.KINDS.items(),
        registries=labels.REGISTRIES.items(),
    )


@bp.post("/partners/<partner_id>/resubmit")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def resubmit(partner_id: str) -> ResponseReturnValue:
    """Send a completed registration to the coordinators again."""
    service.apply(current_actor(), partner_id, PartnerEvent.RESUBMIT)
    flash(_("Sent. A coordinator will check the registration."), "success")
    return redirect(url_for("partners.show", partner_id=partner_id))


@bp.post("/partners/<partner_id>/people")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def invite(partner_id: str) -> ResponseReturnValue:
    """Invite a colleague."""
    form = forms.read(InvitationSchema())
    if form.ok:
        gate.limited("invitation", partner_id)
        try:
            members_service.invite(current_actor(), partner_id, str(get_locale()), **form.data)
        except RuleBrokenError as error:
            form.refuse("email", words_for(error))
        else:
            flash(_("Invitation sent."), "success")
            return redirect(url_for("partners.show", partner_id=partner_id))
    return _page(partner_id, invitation_form=form), 422


@bp.post("/partners/<partner_id>/invitations/<invitation_id>/cancel")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def cancel_invitation(partner_id: str, invitation_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    members_service.cancel_invitation(current_actor(), partner_id, invitation_id)
    flash(_("Invitation taken back."), "success")
    return redirect(url_for("partners.show", partner_id=partner_id))


@bp.post("/partners/<partner_id>/people/<user_id>/remove")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def remove_member(partner_id: str, user_id: str) -> ResponseReturnValue:
    """Let a person no longer act for the institution."""
    actor = current_actor()
    members_service.remove(actor, partner_id, user_id)
    flash(_("Removed. This person can no longer act for the organisation."), "success")
    if actor.user_id == user_id:
        return redirect("/")
    return redirect(url_for("partners.show", partner_id=partner_id))


@bp.post("/partners/<partner_id>/people/<user_id>/contact")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def choose_contact(partner_id: str, user_id: str) -> ResponseReturnValue:
    """Make a person the one whom mails and calls reach."""
    members_service.choose_contact(current_actor(), partner_id, user_id)
    flash(_("Saved."), "success")
    return redirect(url_for("partners.show", partner_id=partner_id))


@bp.get("/partners/<partner_id>/venues/new")
@allow(Role.PARTNER, Role.COORDINATOR)
def new_venue_form(partner_id: str) -> ResponseReturnValue:
    """Ask for a new place."""
    return _place(partner_id, None)


@bp.post("/partners/<partner_id>/venues/new")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def new_venue(partner_id: str) -> ResponseReturnValue:
    """Add a place."""
    form = forms.read(VenueSchema(exclude=("version",)))
    if form.ok:
        try:
            service.add_venue(current_actor(), partner_id, **form.data)
        except RuleBrokenError as error:
            form.refuse("latitude" if error.code == "point_incomplete" else "name", words_for(error))
        else:
            flash(_("Place added."), "success")
            return redirect(url_for("partners.show", partner_id=partner_id))
    return _place(partner_id, form), 422


@bp.get("/partners/<partner_id>/venues/<venue_id>")
@allow(Role.PARTNER, Role.COORDINATOR)
def venue_form(partner_id: str, venue_id: str) -> ResponseReturnValue:
    """Show a place to be changed."""
    venue = service.own_venue(current_actor(), partner_id, venue_id)
    fields = ("name", "address", "district_id", "step_free", "directions", "latitude", "longitude", "version")
    return _place(partner_id, forms.prefilled({name: getattr(venue, name) for name in fields}), venue_id)


@bp.post("/partners/<partner_id>/venues/<venue_id>")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def save_venue(partner_id: str, venue_id: str) -> ResponseReturnValue:
    """Save a changed place."""
    form = forms.read(VenueSchema())
    if form.ok:
        try:
            service.edit_venue(current_actor(), partner_id, venue_id, **form.data)
        except RuleBrokenError as error:
            if error.code != "point_incomplete":
                raise
            form.refuse("latitude", words_for(error))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("partners.show", partner_id=partner_id))
    return _place(partner_id, form, venue_id), 422


def _place(partner_id: str, form: forms.Form | None, venue_id: str = "") -> str:
    partner = queries.visible(current_actor(), partner_id)
    return render_template(
        "partners/venue.html",
        partner=partner,
        form=form,
        venue_id=venue_id,
        districts=people.district_choices(),
    )
