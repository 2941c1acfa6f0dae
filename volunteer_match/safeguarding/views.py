"""Admission, and the pages on which papers are recorded; opening somebody's papers is itself recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match import clock
from volunteer_match.actor import Actor, Role
from volunteer_match.db import all_or_nothing, writes
from volunteer_match.errors import ConflictError, NotFoundError, RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.people import labels as people_labels
from volunteer_match.people import queries as people_queries
from volunteer_match.people import sections
from volunteer_match.people import service as people
from volunteer_match.people.rules import VolunteerEvent, VolunteerState, is_minor, possible_events
from volunteer_match.safeguarding import checklist, labels, overview, queries, service
from volunteer_match.safeguarding.rules import POLICY_PL, ClearanceKind, Person, agreement_problem, required
from volunteer_match.safeguarding.schemas import (
    AdmissionSchema,
    AgreementEndSchema,
    AgreementSchema,
    ConsentSchema,
    ExemptionSchema,
    PaperSchema,
    RevocationSchema,
)
from volunteer_match.web import forms, wording
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.fields import InputSchema
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.wording import words_for

bp = Blueprint("safeguarding", __name__)
wording.add(labels.RULES)
people_labels.VERBS.update(labels.VERBS)
add_navigation(
    NavItem(_l("Papers"), "safeguarding.worklist", frozenset({Role.OFFICER, Role.COORDINATOR}), 40)
)
OPEN_FOR = timedelta(minutes=15)
_KEEPERS = (Role.OFFICER, Role.COORDINATOR)
# Beside which field a broken rule is shown.
_FIELDS = {
    "seen_on_missing": "seen_on",
    "seen_in_future": "seen_on",
    "document_date_missing": "document_date",
    "document_after_seen": "document_date",
    "document_too_old": "document_date",
    "valid_too_long": "valid_until",
    "valid_too_short": "valid_until",
    "officer_decides": "kind",
    "no_organiser": "organiser_id",
    "signed_in_future": "signed_on",
    "ends_before_start": "valid_until",
    "ended_outside": "ended_on",
    "why_missing": "reason",
}


@bp.app_template_filter("paper_name")
def paper_name(kind: str) -> str:
    """Return the name of a kind of paper; mails use it too."""
    return str(labels.KINDS[ClearanceKind(kind)])


@bp.app_template_filter("paper_source")
def paper_source(kind: str) -> str:
    """Return how somebody gets a kind of paper; mails use it too."""
    return str(labels.HOW_TO_GET[ClearanceKind(kind)])


# Parts of the pages of people


def _home_part(volunteer_id: str) -> sections.Facts | None:
    volunteer = people_queries.volunteer(volunteer_id)
    if VolunteerState(volunteer.state) not in checklist.SHOWN_IN:
        return None
    return {"items": checklist.items(volunteer, today()), "minor": is_minor(volunteer.birth_date, today())}


def _person_part(volunteer_id: str) -> sections.Facts:
    volunteer = people_queries.volunteer(volunteer_id)
    return {"volunteer": volunteer, "items": checklist.items(volunteer, today())}


def _admission(volunteer_id: str) -> sections.Facts | None:
    volunteer = people_queries.volunteer(volunteer_id)
    roles = current_actor().roles - {Role.VOLUNTEER}
    if VolunteerEvent.ADMIT not in possible_events(VolunteerState(volunteer.state), roles):
        return None
    return {"volunteer": volunteer, "organisers": [(o.id, o.name) for o in queries.organisers()]}


sections.add_home_section("safeguarding/_checklist.html", _home_part, position=30)
sections.add_person_section("safeguarding/_person.html", _person_part, position=10)
sections.add_person_action("safeguarding/_admit.html", _admission, position=10)


@bp.post("/people/<volunteer_id>/admit")
@allow(Role.COORDINATOR)
@writes
def admit(volunteer_id: str) -> ResponseReturnValue:
    """Admit an applicant."""
    form = forms.read(AdmissionSchema())
    if not form.ok:
        raise NotFoundError("organiser")
    service.admit(current_actor(), volunteer_id, form.data["organiser_id"], form.data["version"])
    flash(_("Admitted. The person hears by mail what is still missing."), "success")
    return redirect(url_for("people.person", volunteer_id=volunteer_id))


@bp.get("/me/consent")
@allow(Role.VOLUNTEER)
def consent_form() -> ResponseReturnValue:
    """Show the text of a guardian's consent, to be printed and signed."""
    volunteer = people_queries.own_volunteer(current_actor().user_id)
    return render_template("safeguarding/consent_form.html", volunteer=volunteer, today=today())


# The papers of one person


@bp.get("/people/<volunteer_id>/papers")
@allow(*_KEEPERS)
def papers(volunteer_id: str) -> ResponseReturnValue:
    """Show the papers of a person to whom has opened them lately, else the button that opens them."""
    volunteer = people.visible(current_actor(), volunteer_id)
    if not _is_open(volunteer_id):
        return render_template("safeguarding/closed.html", volunteer=volunteer)
    return _page(volunteer_id)


@bp.post("/people/<volunteer_id>/papers")
@allow(*_KEEPERS)
@writes
def open_papers(volunteer_id: str) -> ResponseReturnValue:
    """Open the papers of a person for a quarter of an hour; the history keeps who did."""
    _open(volunteer_id)
    return redirect(url_for("safeguarding.papers", volunteer_id=volunteer_id))


def _open(volunteer_id: str) -> None:
    service.open_papers(current_actor(), volunteer_id)
    opened = {key: until for key, until in session.get("papers", {}).items() if until > _now()}
    session["papers"] = {**opened, volunteer_id: _now() + int(OPEN_FOR.total_seconds())}


def _is_open(volunteer_id: str) -> bool:
    return int(session.get("papers", {}).get(volunteer_id, 0)) > _now()


def _now() -> int:
    return int(clock.now().timestamp())


def _page(volunteer_id: str, form: forms.Form | None = None) -> str:
    volunteer = people.visible(current_actor(), volunteer_id)
    recorded = queries.papers_of(volunteer_id)
    return render_template(
        "safeguarding/papers.html",
        volunteer=volunteer,
        papers=recorded,
        agreements=[(a, _problem(a, volunteer)) for a in queries.agreements_of(volunteer_id)],
        consents=queries.consents_of(volunteer_id),
        minor=is_minor(volunteer.birth_date, today()),
        names=people_queries.names_of({p.seen_by_id for p in recorded if p.seen_by_id}),
        organiser_names=queries.partner_names({p.organiser_id for p in recorded}),
        kind_words=labels.KINDS,
        state_words=labels.OFFICER_STATES if current_actor().has(Role.OFFICER) else labels.STATES,
        tones=labels.TONES,
        today=today(),
        form=form,
        may_exempt=service.may_exempt(current_actor()),
    )


def _problem(agreement: Any, volunteer: Any) -> str:
    code = agreement_problem(queries.facts_of(agreement), with_children=not volunteer.remote_only)
    return str(labels.PROBLEMS[code]) if code else ""


def _check_open(volunteer_id: str) -> None:
    if not _is_open(volunteer_id):
        # Who records sees what is there, and seeing is recorded first.
        raise ConflictError("papers_closed")


wording.add({"papers_closed": _l("The papers were open for a quarter of an hour. Open them again.")})


def _refuse(form: forms.Form, error: RuleBrokenError) -> None:
    if isinstance(error, ConflictError):
        raise error
    form.refuse(_FIELDS.get(error.code, "_form"), words_for(error))


@dataclass(frozen=True)
class Record:
    """One kind of thing that is recorded: how it is read, who keeps it, and its title."""

    schema: type[InputSchema]
    keep: Callable[[Actor, str, Mapping[str, Any]], Any]
    title: object


RECORDS = {
    "paper": Record(PaperSchema, service.record_paper, _l("Record a paper")),
    "exemption": Record(ExemptionSchema, service.exempt, _l("Record an exemption")),
    "agreement": Record(AgreementSchema, service.record_agreement, _l("Record an agreement")),
    "consent": Record(ConsentSchema, service.record_consent, _l("Record a guardian's consent")),
}


@bp.get("/people/<volunteer_id>/papers/<what>")
@allow(*_KEEPERS)
def record_page(volunteer_id: str, what: str) -> ResponseReturnValue:
    """Ask for the dates and references of a paper, an exemption, an agreement or a consent."""
    if not _is_open(volunteer_id):
        return redirect(url_for("safeguarding.papers", volunteer_id=volunteer_id))
    return _record_page(volunteer_id, what, None)


def _record_page(volunteer_id: str, what: str, form: forms.Form | None) -> str:
    if what not in RECORDS or (what == "exemption" and not service.may_exempt(current_actor())):
        raise NotFoundError("record")
    volunteer = people.visible(current_actor(), volunteer_id)
    outcomes = labels.OFFICER_OUTCOMES if current_actor().has(Role.OFFICER) else labels.OUTCOMES
    person = Person(volunteer.foreign_citizen, volunteer.lived_abroad)
    return render_template(
        "safeguarding/record.html",
        volunteer=volunteer,
        what=what,
        title=RECORDS[what].title,
        form=form,
        organisers=[(o.id, o.name) for o in queries.organisers()],
        kinds=[(asked.kind, labels.KINDS[asked.kind]) for asked in required(POLICY_PL, person)],
        outcomes=list(outcomes.items()),
        today=today(),
        is_open=_is_open(volunteer_id),
    )


@bp.post("/people/<volunteer_id>/papers/<what>")
@allow(*_KEEPERS)
@writes
def record(volunteer_id: str, what: str) -> ResponseReturnValue:
    """Record a paper, an exemption, an agreement or a consent."""
    if what not in RECORDS:
        raise NotFoundError("record")
    form = forms.read(RECORDS[what].schema())
    if request.form.get("action") == "reopen":
        _open(volunteer_id)
    if not _is_open(volunteer_id):
        form.refuse("_form", words_for(RuleBrokenError("papers_closed")))
        return _record_page(volunteer_id, what, form), 409
    if form.ok:
        try:
            with all_or_nothing():
                kept = RECORDS[what].keep(current_actor(), volunteer_id, form.data)
        except RuleBrokenError as error:
            _refuse(form, error)
        else:
            problem = _problem(kept, people_queries.volunteer(volunteer_id)) if what == "agreement" else ""
            return _recorded(volunteer_id, problem)
    return _record_page(volunteer_id, what, form), 422


def _recorded(volunteer_id: str, problem: str = "") -> ResponseReturnValue:
    if problem:
        flash(_("Recorded, but it does not count yet: %(problem)s", problem=problem), "warning")
    else:
        flash(_("Recorded."), "success")
    return redirect(url_for("safeguarding.papers", volunteer_id=volunteer_id))


@bp.post("/papers/<paper_id>/revoke")
@allow(*_KEEPERS)
@writes
def revoke(paper_id: str) -> ResponseReturnValue:
    """Stop counting a paper."""
    volunteer_id = queries.paper(paper_id).volunteer_id
    _check_open(volunteer_id)
    form = forms.read(RevocationSchema())
    if not form.ok:
        return _page(volunteer_id, form), 422
    service.revoke(current_actor(), paper_id, form.data["reason"], form.data["version"])
    return _recorded(volunteer_id)


@bp.post("/agreements/<agreement_id>/end")
@allow(*_KEEPERS)
@writes
def end_agreement(agreement_id: str) -> ResponseReturnValue:
    """Record that an agreement ends early."""
    volunteer_id = queries.agreement(agreement_id).volunteer_id
    _check_open(volunteer_id)
    form = forms.read(AgreementEndSchema())
    if form.ok:
        try:
            with all_or_nothing():
                service.end_agreement(current_actor(), agreement_id, form.data["ended_on"])
        except RuleBrokenError as error:
            _refuse(form, error)
        else:
            return _recorded(volunteer_id)
    return _page(volunteer_id, form), 422


@bp.post("/consents/<consent_id>/withdraw")
@allow(*_KEEPERS)
@writes
def withdraw_consent(consent_id: str) -> ResponseReturnValue:
    """Record that a guardian took the consent back."""
    volunteer_id = queries.consent(consent_id).volunteer_id
    _check_open(volunteer_id)
    service.withdraw_consent(current_actor(), consent_id)
    return _recorded(volunteer_id)


@bp.get("/papers")
@allow(*_KEEPERS)
def worklist() -> ResponseReturnValue:
    """Show what there is to do about papers: evidence and dates, never contents."""
    return render_template(
        "safeguarding/worklist.html",
        entries=overview.worklist(today()),
        kind_words=labels.KINDS,
        what_words=labels.WORK,
        what_tones=labels.WORK_TONES,
    )
