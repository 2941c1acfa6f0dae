"""The form of a need: new, edited, previewed, with rows added and removed, saved as a draft or sent."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from volunteer_match.actor import Actor, Role
from volunteer_match.db import writes, writes_in_steps
from volunteer_match.errors import ConflictError, NotFoundError, RuleBrokenError
from volunteer_match.needs import form_queries, item_rules, labels, rules, sections, service, summary
from volunteer_match.needs.blueprint import bp
from volunteer_match.needs.form_queries import Need
from volunteer_match.needs.item_rules import MAX_ITEMS
from volunteer_match.needs.rules import MAX_ROLES, NeedEvent, NeedState
from volunteer_match.needs.schemas import NeedSchema, TextsSchema
from volunteer_match.partners import queries as partners
from volunteer_match.people import catalogue_queries
from volunteer_match.people.labels import LANGUAGES, WEEKDAYS
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.forms import Form
from volunteer_match.web.wording import words_for

_EMPTY_ROLE = {"name": "", "minimum": 1, "preferred": 2, "minimum_age": 18}
_ROW = re.compile(r"roles-(\d{1,3})-(.+)")


@bp.get("/needs/new")
@allow(Role.PARTNER, Role.COORDINATOR)
def new_form() -> ResponseReturnValue:
    """Show the form with the usual answers."""
    actor = current_actor()
    posters = _posters(actor)
    if not posters:
        return redirect(url_for("partners.register_form"))
    wanted = request.args.get("partner", "")
    chosen = wanted if wanted in dict(posters) else posters[0][0]
    return _page(forms.prefilled(_usual(chosen)), posters)


def _posters(actor: Actor) -> list[tuple[str, str]]:
    if actor.has(Role.COORDINATOR):
        return partners.choices()
    return [(partner.id, partner.name) for partner in partners.own(actor.user_id)]


def _usual(partner_id: str) -> dict[str, Any]:
    venues = partners.venue_choices([partner_id])
    elsewhere = {o.id for o in partners.organisers() if not o.with_children}
    own = partner_id if partners.may_host(partner_id) and partner_id not in elsewhere else ""
    return {
        "posted_by_id": partner_id,
        "organiser_id": own,
        "venue_id": venues[0].id if venues else "",
        "contact": "children",
        "supervision": "organiser",
        "recurrence": "once",
        "skip_holidays": True,
        "skip_breaks": True,
        "roles": [_EMPTY_ROLE],
    }


def _page(
    form: Form, posters: list[tuple[str, str]], need: Need | None = None, *, advise: bool = False
) -> str:
    locale = str(get_locale())
    poster = form.raw("posted_by_id")
    chosen = {code for name in form.typed if "_skills" in name for code in form.rawlist(name)}
    return render_template(
        "needs/form.html",
        form=form,
        need=need,
        version=need.version if need else "",
        posters=posters,
        organisers=_organisers(poster, dict(posters)),
        venues=[(v.id, _venue_words(v)) for v in partners.venue_choices([poster])],
        skills=catalogue_queries.skill_groups(locale, keep=chosen),
        languages_offered=[("", LANGUAGES.items())],
        labels=labels,
        weekdays=list(enumerate(WEEKDAYS)),
        rows=form.indexes("roles"),
        may_add=len(form.indexes("roles")) < MAX_ROLES,
        items=_item_rows(form),
        item_kinds=item_rules.choices(locale),
        summary=summary.of_form(form, locale),
        advice=_advice(form) if advise else None,
    )


def _item_rows(form: Form) -> range:
    """Return the rows for rooms and things: those filled in and two more."""
    filled = [n for n in form.indexes("items") if form.raw(f"items-{n}-kind")]
    return range(min(MAX_ITEMS, max(filled, default=-1) + 3))


def _advice(form: Form) -> tuple[str, sections.Facts | None] | None:
    return sections.form_advice(current_actor(), summary.readable(form))


def _organisers(poster: str, names: dict[str, str]) -> list[tuple[str, str]]:
    """Return who may organise; the poster too while it waits for verification, for the need waits with it."""
    found = {o.id: _organiser_words(o) for o in partners.organisers()}
    if poster in names and poster not in found and partners.may_host(poster):
        found = {poster: names[poster], **found}
    return list(found.items())


def _organiser_words(organiser: partners.OrganiserChoice) -> str:
    if organiser.with_children:
        return organiser.name
    return str(_("%(organisation)s (not with children)", organisation=organiser.name))


def _venue_words(venue: partners.VenueChoice) -> str:
    return venue.name if venue.owner in ("", venue.name) else f"{venue.name} ({venue.owner})"


@bp.post("/needs/preview")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def preview() -> ResponseReturnValue:
    """Return the summary card alone, for the page that refreshes it while somebody types."""
    form = Form(request.form, {}, {})
    return render_template("needs/_summary.html", summary=summary.of_form(form, str(get_locale())))


@bp.post("/needs/advice")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes_in_steps
def advice() -> ResponseReturnValue:
    """Return alone who could come, for the page that asks again when an answer changes; nothing is stored."""
    return render_template("needs/_advice.html", advice=_advice(Form(request.form, {}, {})))


@bp.post("/needs/new")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def create() -> ResponseReturnValue:
    """Keep a new need as a draft, send it, or only show the form again."""
    return _handle(None)


@bp.get("/needs/<need_id>/edit")
@allow(Role.PARTNER, Role.COORDINATOR)
def edit_form(need_id: str) -> ResponseReturnValue:
    """Show the answers of a need to be changed; of a published one only the texts."""
    need = form_queries.visible(current_actor(), need_id)
    if need.state == NeedState.PUBLISHED:
        names = ("title", "what", "why", "bring", "version")
        return _texts_page(need, forms.prefilled({name: getattr(need, name) for name in names}))
    if need.state not in rules.EDITABLE:
        raise NotFoundError("need")
    form = forms.prefilled(form_queries.answers(need))
    return _page(form, [(need.posted_by.id, need.posted_by.name)], need)


@bp.post("/needs/<need_id>/edit")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def edit(need_id: str) -> ResponseReturnValue:
    """Save a changed need, send it, or only show the form again."""
    return _handle(form_queries.visible(current_actor(), need_id))


def _handle(need: Need | None) -> ResponseReturnValue:
    action = request.form.get("action", "save")
    typed = _with_rows_changed(request.form, action)
    posters = [(need.posted_by.id, need.posted_by.name)] if need else _posters(current_actor())
    if typed is not None:
        return _page(Form(typed, {}, {}), posters, need, advise=action == "advise")
    form = forms.read(NeedSchema())
    if form.ok and (action == "submit" or (need is not None and need.state != NeedState.DRAFT)):
        for problem in rules.lacking(form.data):
            form.refuse(problem.field, labels.words_for_problem(problem))
        if not service.may_submit(current_actor(), form.data["posted_by_id"]):
            form.refuse("posted_by_id", words_for(RuleBrokenError("partner_cannot_submit")))
    if not form.ok:
        return _page(form, posters, need), 422
    try:
        saved = _save(form, need, submit=action == "submit")
    except ConflictError as error:
        form.refuse("_form", words_for(error))
        return _page(form, posters, need), 409
    except RuleBrokenError as error:
        form.refuse(labels.FIELDS.get(error.code, "_form"), words_for(error))
        return _page(form, posters, need), 422
    return redirect(url_for("needs.manage", need_id=saved.id))


def _save(form: Form, need: Need | None, *, submit: bool) -> Need:
    actor, answers = current_actor(), dict(form.data)
    version = answers.pop("version")
    if need is None:
        saved = service.post_draft(actor, answers)
    else:
        saved = service.edit(actor, need.id, version, {**answers, "posted_by_id": need.posted_by_id})
    if submit and saved.state != NeedState.SUBMITTED:
        service.apply(actor, saved.id, NeedEvent.SUBMIT)
        flash(_("Sent. A coordinator will look at it and publish it."), "success")
    else:
        flash(_("Saved."), "success")
    return saved


def _with_rows_changed(typed: MultiDict[str, str], action: str) -> MultiDict[str, str] | None:
    """Return what was typed, with a role more or less, to be looked at; None when it is to be saved."""
    if action in ("preview", "advise"):
        return typed
    if action == "add_role":
        return _with_role(typed)
    if action.startswith("remove_role-") and action[12:].isdigit():
        return _without_role(typed, int(action[12:]))
    return None


def _with_role(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    kept = _without_role(typed, None)
    number = len(Form(kept, {}, {}).indexes("roles"))
    if number < MAX_ROLES:
        for name, value in _EMPTY_ROLE.items():
            kept[f"roles-{number}-{name}"] = str(value)
    return kept


def _without_role(typed: MultiDict[str, str], gone: int | None) -> MultiDict[str, str]:
    numbers = [n for n in Form(typed, {}, {}).indexes("roles") if n != gone]
    kept: MultiDict[str, str] = MultiDict()
    for name in typed:
        row = _ROW.fullmatch(name)
        if row is None:
            kept.setlist(name, typed.getlist(name))
        elif int(row[1]) in numbers:
            kept.setlist(f"roles-{numbers.index(int(row[1]))}-{row[2]}", typed.getlist(name))
    return kept


def _texts_page(need: Need, form: Form, version: str = "") -> str:
    return render_template("needs/texts.html", need=need, form=form, version=version or form.raw("version"))


@bp.post("/needs/<need_id>/texts")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def edit_texts(need_id: str) -> ResponseReturnValue:
    """Change the words of a published need."""
    need = form_queries.visible(current_actor(), need_id)
    form = forms.read(TextsSchema())
    if not form.ok:
        return _texts_page(need, form), 422
    answers = dict(form.data)
    try:
        service.edit_texts(current_actor(), need_id, answers.pop("version"), answers)
    except ConflictError as error:
        form.refuse("_form", words_for(error))
        return _texts_page(need, form, version=str(need.version)), 409
    flash(_("Saved."), "success")
    return redirect(url_for("needs.manage", need_id=need_id))


@bp.post("/needs/<need_id>/clone")
@allow(Role.PARTNER, Role.COORDINATOR)
@writes
def clone(need_id: str) -> ResponseReturnValue:
    """Start a new need with the answers of an earlier one."""
    copy = service.clone(current_actor(), need_id)
    flash(_("Copied as a draft. Choose the new days."), "success")
    return redirect(url_for("needs.edit_form", need_id=copy.id))
