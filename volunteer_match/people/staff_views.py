"""The coordinators' pages about volunteers: the list, one person, and entering somebody who called."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from volunteer_match.actor import Channel, Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import all_or_nothing, writes
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.i18n import today, words_for_moment
from volunteer_match.people import answers_service, labels, pages, queries, service
from volunteer_match.people.blueprint import bp
from volunteer_match.people.queries import Filters
from volunteer_match.people.rules import VolunteerEvent, VolunteerState, age_on, possible_events
from volunteer_match.people.schemas import (
    AwaySchema,
    MoveSchema,
    NothingSchema,
    OnBehalfSchema,
    PauseSchema,
    PhoneEntrySchema,
    ProofSchema,
)
from volunteer_match.people.sections import person_actions, person_sections
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.paging import PAGE_SIZE, Page, offset, page_number

_PLAIN_ACTS = (
    VolunteerEvent.SCREEN,
    VolunteerEvent.REJECT,
    VolunteerEvent.WITHDRAW,
    VolunteerEvent.END,
)


@bp.get("/people")
@allow(Role.COORDINATOR, Role.OFFICER)
def directory() -> ResponseReturnValue:
    """List the volunteers, narrowed by words, state and skill."""
    words, state, skill = (request.args.get(name, "")[:80] for name in ("words", "state", "skill"))
    filters = Filters(words, (state,) if state in set(VolunteerState) else (), skill)
    number = page_number()
    found, total = queries.directory(filters, limit=PAGE_SIZE, offset=offset(number))
    locale = str(get_locale())
    return render_template(
        "people/directory.html",
        page=Page(list(found), number, total),
        words=words,
        state=state,
        skill=skill,
        states=[(s, labels.STATES[s]) for s in VolunteerState],
        skills=queries.skill_choices(locale),
        state_words=labels.STATES,
        tones=labels.TONES,
        seen_state=pages.seen_state,
        locale_name="name_en" if locale == "en" else "name_pl",
    )


@bp.get("/people/new")
@allow(Role.COORDINATOR)
def new() -> ResponseReturnValue:
    """Ask for what a caller tells."""
    return render_template("people/new.html", form=None, **pages.choices())


@bp.post("/people/new")
@allow(Role.COORDINATOR)
@writes
def enter() -> ResponseReturnValue:
    """Enter somebody who called."""
    form = forms.read(PhoneEntrySchema())
    if form.ok:
        answers, _version, channel = pages.split(form.data)
        try:
            with all_or_nothing():
                actor = pages.on_behalf(current_actor(), channel)
                volunteer = answers_service.enter_by_phone(actor, answers)
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            flash(_("Entered. The application waits for a decision."), "success")
            return redirect(url_for("people.person", volunteer_id=volunteer.id))
    return render_template("people/new.html", form=form, **pages.choices()), 422


@bp.get("/people/<volunteer_id>")
@allow(Role.COORDINATOR, Role.OFFICER)
def person(volunteer_id: str) -> ResponseReturnValue:
    """Show one volunteer: facts, papers in brief, history, and what can be done."""
    return _person_page(volunteer_id)


def _person_page(volunteer_id: str, form: forms.Form | None = None) -> str:
    actor = current_actor()
    volunteer = service.visible(actor, volunteer_id)
    state = VolunteerState(volunteer.state)
    possible = possible_events(state, actor.roles - {Role.VOLUNTEER})
    return render_template(
        "people/person.html",
        volunteer=volunteer,
        form=form,
        state=state,
        state_words=labels.STATES[pages.seen_state(volunteer)],
        tone=labels.TONES[pages.seen_state(volunteer)],
        age=age_on(volunteer.birth_date, today()) if volunteer.birth_date else None,
        summary=pages.summary(volunteer),
        section_titles=labels.SECTIONS,
        differing=pages.coming_exceptions(volunteer),
        qualifications=[offered for offered in volunteer.skills if offered.skill.qualification],
        suggestions=queries.open_suggestions(volunteer_id),
        acts=[event for event in _PLAIN_ACTS if event in possible],
        may_pause=VolunteerEvent.PAUSE in possible,
        may_resume=actor.has(Role.COORDINATOR) and volunteer.paused_from is not None,
        may_edit=actor.has(Role.COORDINATOR) and not service.is_closed(volunteer),
        sections=person_sections(volunteer_id),
        actions=person_actions(volunteer_id),
        timeline=_timeline(volunteer_id),
        channels=list(labels.CHANNELS.items()),
        skill_name=pages.skill_namer(),
        today=today(),
    )


def _timeline(volunteer_id: str) -> list[dict[str, str]]:
    events = audit.history("volunteer", volunteer_id)
    names = queries.names_of({e.actor_id for e in events if e.actor_id})
    return [
        {
            "when": words_for_moment(event.at),
            "what": labels.words_for_event(event.verb, event.facts),
            "who": labels.words_for_actor(names.get(event.actor_id or "", ""), event.channel),
            "note": "",
        }
        for event in events
    ]


@bp.post("/people/<volunteer_id>/move")
@allow(Role.COORDINATOR)
@writes
def move(volunteer_id: str) -> ResponseReturnValue:
    """Take up, reject, withdraw or end an application."""
    form = forms.read(MoveSchema())
    if form.ok and form.data["event"] in _PLAIN_ACTS:
        data = form.data
        actor = pages.on_behalf(current_actor(), data["channel"])
        try:
            with all_or_nothing():
                event = VolunteerEvent(data["event"])
                service.move(actor, volunteer_id, event, data["reason"], data["version"])
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            flash(_("Noted."), "success")
            return redirect(url_for("people.person", volunteer_id=volunteer_id))
    return _person_page(volunteer_id, form), 422


@bp.post("/people/<volunteer_id>/break")
@allow(Role.COORDINATOR)
@writes
def pause(volunteer_id: str) -> ResponseReturnValue:
    """Note a break that somebody told of."""
    form = forms.read(PauseSchema())
    if form.ok:
        first, last = form.data["first_day"] or today(), form.data["last_day"]
        actor = pages.on_behalf(current_actor(), form.data["channel"])
        try:
            with all_or_nothing():
                service.pause(actor, volunteer_id, first, last, form.data["version"])
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            flash(_("Noted."), "success")
            return redirect(url_for("people.person", volunteer_id=volunteer_id))
    return _person_page(volunteer_id, form), 422


@bp.post("/people/<volunteer_id>/back")
@allow(Role.COORDINATOR)
@writes
def resume(volunteer_id: str) -> ResponseReturnValue:
    """Note that somebody is back from a break."""
    form = forms.read(NothingSchema())
    actor = pages.on_behalf(current_actor(), str(form.data.get("channel", "phone")))
    service.resume(actor, volunteer_id, form.data.get("version"))
    flash(_("Noted."), "success")
    return redirect(url_for("people.person", volunteer_id=volunteer_id))


@bp.get("/people/<volunteer_id>/edit/<code>")
@allow(Role.COORDINATOR)
def edit(volunteer_id: str, code: str) -> ResponseReturnValue:
    """Show one section of somebody's answers."""
    volunteer = service.editable(current_actor(), volunteer_id)
    section = _section(code)
    return _edit_page(volunteer, section, pages.blank(section, volunteer))


@bp.post("/people/<volunteer_id>/edit/<code>")
@allow(Role.COORDINATOR)
@writes
def save(volunteer_id: str, code: str) -> ResponseReturnValue:
    """Keep one section of somebody's answers, told by telephone or on paper."""
    volunteer, section = service.editable(current_actor(), volunteer_id), _section(code)
    form = forms.read(section.schema())
    if form.ok:
        answers, version, channel = pages.split(form.data)
        actor = pages.on_behalf(current_actor(), channel)
        try:
            with all_or_nothing():
                if code == "person":
                    answers_service.edit_person(actor, volunteer_id, answers, version)
                else:
                    answers_service.save(actor, volunteer_id, code, answers, version=version)
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("people.person", volunteer_id=volunteer_id))
    return _edit_page(volunteer, section, form), 422


def _section(code: str) -> pages.Section:
    if code == "person":
        return pages.PERSON
    if code not in pages.SECTIONS:
        raise NotFoundError("section")
    return pages.SECTIONS[code]


def _edit_page(volunteer: Any, section: pages.Section, form: forms.Form) -> str:
    return pages.render(
        "people/edit.html",
        section,
        volunteer,
        form,
        action=url_for("people.save", volunteer_id=volunteer.id, code=section.code),
        back=url_for("people.person", volunteer_id=volunteer.id),
        on_behalf=True,
    )


@bp.get("/people/<volunteer_id>/away")
@allow(Role.COORDINATOR)
def person_away(volunteer_id: str) -> ResponseReturnValue:
    """Show the days on which somebody's week differs."""
    return pages.render_away(service.editable(current_actor(), volunteer_id), None, on_behalf=True)


@bp.post("/people/<volunteer_id>/away")
@allow(Role.COORDINATOR)
@writes
def add_person_away(volunteer_id: str) -> ResponseReturnValue:
    """Note days on which somebody's week differs."""
    volunteer = service.editable(current_actor(), volunteer_id)
    form = forms.read(AwaySchema())
    if form.ok:
        answers, version, channel = pages.split(form.data)
        actor = pages.on_behalf(current_actor(), channel)
        try:
            with all_or_nothing():
                answers_service.save(actor, volunteer_id, "away", answers, version=version)
        except RuleBrokenError as error:
            pages.refuse(form, error)
        else:
            flash(_("Noted."), "success")
            return redirect(url_for("people.person_away", volunteer_id=volunteer_id))
    return pages.render_away(volunteer, form, on_behalf=True), 422


@bp.post("/people/<volunteer_id>/away/<exception_id>/remove")
@allow(Role.COORDINATOR)
@writes
def remove_person_away(volunteer_id: str, exception_id: str) -> ResponseReturnValue:
    """Forget days on which somebody's week differed."""
    channel = forms.read(OnBehalfSchema()).data.get("channel", Channel.PHONE)
    actor = pages.on_behalf(current_actor(), str(channel))
    answers_service.save(actor, volunteer_id, "not_away", {"exception_id": exception_id})
    flash(_("Removed."), "success")
    return redirect(url_for("people.person_away", volunteer_id=volunteer_id))


@bp.post("/people/<volunteer_id>/qualifications/<code>")
@allow(Role.COORDINATOR)
@writes
def qualification(volunteer_id: str, code: str) -> ResponseReturnValue:
    """Note that the proof of a qualification was seen, or that it no longer counts."""
    form = forms.read(ProofSchema())
    if not form.ok:
        abort(400)
    answers_service.confirm_qualification(current_actor(), volunteer_id, code, form.data["seen"])
    flash(_("Noted."), "success")
    return redirect(url_for("people.person", volunteer_id=volunteer_id))
