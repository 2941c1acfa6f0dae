"""Records papers, agreements and consents, and moves applications by what is missing.

Nothing a paper says is ever stored: its kind, its dates, who saw it, and where it lies.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from volunteer_match import clock, queue
from volunteer_match.actor import SYSTEM, Actor, Channel, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.people import queries as people_queries
from volunteer_match.people import service as people
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import WAITING, VolunteerEvent, VolunteerState
from volunteer_match.safeguarding import queries, rules
from volunteer_match.safeguarding.models import Agreement, Clearance, GuardianConsent
from volunteer_match.safeguarding.rules import POLICY_PL, ClearanceKind, ClearanceState, Person, Standing

_REASSESSED = frozenset({*WAITING, VolunteerState.ACTIVE})
_COUNTING = frozenset({ClearanceState.MET, ClearanceState.EXEMPT})
_OPEN = frozenset({ClearanceState.REQUESTED, ClearanceState.RECEIVED})
Answers = Mapping[str, Any]


# Admission


def admit(actor: Actor, volunteer_id: str, organiser_id: str | None, version: int | None = None) -> None:
    """Admit an applicant: ask for the papers of the organiser, and go to the first thing that is missing."""
    volunteer = _volunteer(actor, volunteer_id)
    if volunteer.birth_date is None:
        raise RuleBrokenError("birth_date_missing")
    if not volunteer.remote_only:
        _request_papers(volunteer, _organiser(organiser_id))
    standing = queries.standing(volunteer, today())
    people.apply(
        actor,
        volunteer,
        VolunteerEvent.ADMIT,
        target=rules.next_state(standing),
        facts=_facts(standing),
        version=version,
    )


def _request_papers(volunteer: Volunteer, organiser_id: str) -> None:
    person = Person(volunteer.foreign_citizen, volunteer.lived_abroad)
    known = {p.kind for p in queries.papers_of(volunteer.id) if p.organiser_id == organiser_id}
    for asked in rules.required(POLICY_PL, person):
        if asked.kind not in known:
            db.session.add(
                Clearance(
                    volunteer_id=volunteer.id,
                    organiser_id=organiser_id,
                    kind=asked.kind,
                    state=ClearanceState.REQUESTED,
                    recorded_at=clock.now(),
                )
            )
    db.session.flush()  # the standing is read from the table


def reassess(actor: Actor, volunteer: Volunteer, quiet: bool = False) -> None:
    """Move an admitted person to where the papers of today put them; nothing happens when that is here."""
    if VolunteerState(volunteer.state) not in _REASSESSED:
        return
    standing = queries.standing(volunteer, today())
    _move(actor, volunteer, standing, quiet)


def _move(actor: Actor, volunteer: Volunteer, standing: Standing, quiet: bool = False) -> bool:
    target = rules.next_state(standing)
    if target == volunteer.state:
        return False
    # The state follows from the papers, whoever recorded them: a volunteer's own edit may cause it too.
    cause = actor if actor.has(Role.COORDINATOR, Role.OFFICER) else SYSTEM
    event = VolunteerEvent.REASSESS
    people.apply(cause, volunteer, event, target=target, facts=_facts(standing), quiet=quiet)
    queue.wake("reconcile")
    return True


def reassess_due(day: date) -> int:
    """Reassess everybody admitted, as papers run out and people come of age; return how many moved."""
    volunteers = queries.volunteers_in(_REASSESSED)
    standings = queries.standings(volunteers, day)
    return sum(_move(SYSTEM, v, standings[v.id]) for v in volunteers)


def _facts(standing: Standing) -> dict[str, Any]:
    return {
        "papers": [str(kind) for kind in standing.papers_missing] if standing.papers_due else [],
        "guardian": standing.guardian_missing,
        "agreement": not standing.agreement,
    }


people.when_changed(reassess)


# Papers


def open_papers(actor: Actor, volunteer_id: str) -> None:
    """Record that somebody looks at the papers of a person."""
    volunteer = _volunteer(actor, volunteer_id)
    audit.record(actor, "papers_read", "volunteer", volunteer.id)


def record_paper(actor: Actor, volunteer_id: str, answers: Answers) -> Clearance:
    """Record that a paper was received, or was seen and met (or, for the officer, did not meet) the law.

    `answers`: organiser_id, kind, outcome, document_date, seen_on, valid_until, dossier_ref.
    """
    volunteer = _volunteer(actor, volunteer_id)
    kind, outcome = ClearanceKind(answers["kind"]), ClearanceState(answers["outcome"])
    asked = rules.requirement(POLICY_PL, kind)
    _check_outcome(actor, volunteer, answers["organiser_id"], kind, outcome)
    _check_dates(asked, outcome, answers)
    paper = _open_row(volunteer, _organiser(answers["organiser_id"]), kind)
    paper.state, paper.recorded_at = outcome, clock.now()
    paper.document_date, paper.seen_on = answers["document_date"], answers["seen_on"]
    paper.seen_by_id, paper.dossier_ref = actor.user_id, answers["dossier_ref"]
    paper.valid_until = _last_day(asked, answers) if outcome is ClearanceState.MET else None
    if outcome is ClearanceState.NOT_MET:
        _revoke_counting(volunteer, paper)
    # The history of a person is read by more people than the outcome may be known to.
    # Whom the law does not let in hears it from the officer, not from a mail.
    _after(actor, volunteer, "paper_recorded", kind, quiet=outcome is ClearanceState.NOT_MET)
    return paper


def _check_outcome(
    actor: Actor, volunteer: Volunteer, organiser_id: str, kind: ClearanceKind, outcome: ClearanceState
) -> None:
    if actor.has(Role.OFFICER) or actor.trusted:
        return
    if outcome is ClearanceState.NOT_MET:
        raise NotFoundError("only the officer records this")
    # A record that did not meet the law does not meet it better for another organiser.
    organisers = {organiser_id, *(paper.organiser_id for paper in queries.papers_of(volunteer.id))}
    if any(latest_outcome(volunteer.id, each, kind) is ClearanceState.NOT_MET for each in organisers):
        raise RuleBrokenError("officer_decides")


def latest_outcome(volunteer_id: str, organiser_id: str, kind: ClearanceKind) -> ClearanceState | None:
    """Return where the latest paper of the kind stands for the organiser."""
    for paper in queries.papers_of(volunteer_id):
        if paper.organiser_id == organiser_id and paper.kind == kind:
            return ClearanceState(paper.state)
    return None


def _check_dates(asked: rules.Requirement, outcome: ClearanceState, answers: Answers) -> None:
    if outcome is ClearanceState.RECEIVED:
        return
    seen_on = answers["seen_on"]
    if seen_on is None:
        raise RuleBrokenError("seen_on_missing")
    if outcome is ClearanceState.NOT_MET:
        # Too old to admit anybody, an entry in a record is never too old to keep somebody from children.
        problem = rules.seen_problem(seen_on, today())
    else:
        problem = rules.paper_problem(asked, answers["document_date"], seen_on, today())
    if problem:
        raise RuleBrokenError(problem, days=asked.max_age_days)


def _last_day(asked: rules.Requirement, answers: Answers) -> date:
    latest = rules.valid_until(asked, answers["seen_on"])
    wanted: date | None = answers["valid_until"]
    if wanted is None:
        return latest
    if wanted > latest:
        raise RuleBrokenError("valid_too_long", latest=latest.isoformat())
    if wanted < answers["seen_on"]:
        raise RuleBrokenError("valid_too_short")
    return wanted


def _open_row(volunteer: Volunteer, organiser_id: str, kind: ClearanceKind) -> Clearance:
    for paper in queries.papers_of(volunteer.id):
        if (paper.organiser_id, paper.kind) == (organiser_id, kind) and paper.state in _OPEN:
            return paper
    paper = Clearance(
        volunteer_id=volunteer.id, organiser_id=organiser_id, kind=kind, recorded_at=clock.now()
    )
    db.session.add(paper)
    return paper


def _revoke_counting(volunteer: Volunteer, failed: Clearance) -> None:
    for paper in queries.papers_of(volunteer.id):
        # The record is the person's: it does not read otherwise for another organiser.
        if paper.kind == failed.kind and paper is not failed and paper.state in _COUNTING:
            paper.state = ClearanceState.REVOKED


def may_exempt(actor: Actor) -> bool:
    """Tell whether the actor may say that the law asks somebody for no paper: the officer alone."""
    return actor.has(Role.OFFICER) or actor.trusted


def exempt(actor: Actor, volunteer_id: str, answers: Answers) -> Clearance:
    """Record why the law does not ask a person for a paper: organiser_id, kind, reason, valid_until."""
    volunteer = _volunteer(actor, volunteer_id)
    if not may_exempt(actor):
        raise NotFoundError("only the officer exempts")
    if not answers["reason"]:
        raise RuleBrokenError("why_missing")
    kind = ClearanceKind(answers["kind"])
    paper = _open_row(volunteer, _organiser(answers["organiser_id"]), kind)
    paper.state, paper.reason = ClearanceState.EXEMPT, answers["reason"]
    paper.valid_until, paper.recorded_at = answers["valid_until"], clock.now()
    _after(actor, volunteer, "paper_exempted", kind)
    return paper


def revoke(actor: Actor, paper_id: str, reason: str, version: int | None = None) -> None:
    """Stop counting a paper at once."""
    paper = queries.paper(paper_id)
    volunteer = _volunteer(actor, paper.volunteer_id)
    if version is not None and version != paper.version:
        raise RuleBrokenError("changed_meanwhile")
    if paper.state not in _COUNTING:
        raise RuleBrokenError("not_possible_now")
    if not reason:
        raise RuleBrokenError("why_missing")
    paper.state, paper.reason = ClearanceState.REVOKED, reason
    _after(actor, volunteer, "paper_revoked", paper.kind)


# Agreements and consents


def record_agreement(actor: Actor, volunteer_id: str, answers: Answers) -> Agreement:
    """Record a volunteer agreement on paper; one the law misses something in is kept but does not count."""
    volunteer = _volunteer(actor, volunteer_id)
    if answers["valid_until"] < answers["valid_from"]:
        raise RuleBrokenError("ends_before_start")
    if answers["signed_on"] > today():
        raise RuleBrokenError("signed_in_future")
    agreement = Agreement(
        volunteer_id=volunteer.id,
        organiser_id=_organiser(answers["organiser_id"]),
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
        **{name: answers[name] for name in _AGREEMENT},
    )
    db.session.add(agreement)
    _after(actor, volunteer, "agreement_recorded")
    return agreement


_AGREEMENT = ("signed_on", "valid_from", "valid_until", "written", "insurance_ref", "dossier_ref")


def end_agreement(actor: Actor, agreement_id: str, ended_on: date) -> None:
    """Record that an agreement ends early; its last day is `ended_on`."""
    agreement = queries.agreement(agreement_id)
    volunteer = _volunteer(actor, agreement.volunteer_id)
    if not agreement.valid_from <= ended_on <= agreement.valid_until:
        raise RuleBrokenError("ended_outside")
    agreement.ended_on = ended_on
    _after(actor, volunteer, "agreement_ended")


def record_consent(actor: Actor, volunteer_id: str, answers: Answers) -> GuardianConsent:
    """Record that a guardian's consent was seen on paper: signed_on, dossier_ref."""
    volunteer = _volunteer(actor, volunteer_id)
    if answers["signed_on"] > today():
        raise RuleBrokenError("signed_in_future")
    consent = GuardianConsent(
        volunteer_id=volunteer.id,
        signed_on=answers["signed_on"],
        seen_by_id=actor.user_id,
        dossier_ref=answers["dossier_ref"],
        recorded_at=clock.now(),
    )
    db.session.add(consent)
    _after(actor, volunteer, "consent_recorded")
    return consent


def withdraw_consent(actor: Actor, consent_id: str) -> None:
    """Record that a guardian took the consent back, from today."""
    consent = queries.consent(consent_id)
    volunteer = _volunteer(actor, consent.volunteer_id)
    if consent.withdrawn_on is not None:
        raise RuleBrokenError("not_possible_now")
    # The same form may have been recorded twice, and the guardian takes their word back, not a row.
    for given in queries.consents_of(volunteer.id):
        given.withdrawn_on = given.withdrawn_on or today()
    _after(actor, volunteer, "consent_withdrawn")


def _after(actor: Actor, volunteer: Volunteer, verb: str, kind: str = "", quiet: bool = False) -> None:
    db.session.flush()  # the standing is read from the tables
    paper_actor = actor if actor.trusted else actor.by(Channel.PAPER)
    audit.record(people.as_proxy(paper_actor, volunteer), verb, "volunteer", volunteer.id, kind=kind)
    reassess(actor, volunteer, quiet)
    queue.wake("reconcile")


def _volunteer(actor: Actor, volunteer_id: str) -> Volunteer:
    if not actor.has(Role.COORDINATOR, Role.OFFICER) and not actor.trusted:
        raise NotFoundError("only staff keep papers")
    volunteer = people_queries.volunteer(volunteer_id)
    people.check_not_oneself(actor, volunteer)
    return volunteer


def _organiser(organiser_id: str | None) -> str:
    known = queries.organisers()
    if not known:
        raise RuleBrokenError("no_organiser")
    wanted = organiser_id or known[0].id
    if wanted not in {organiser.id for organiser in known}:
        raise NotFoundError("organiser")
    return wanted
