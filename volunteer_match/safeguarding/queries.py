"""Reads papers: what counts for matching, what is missing, what a person has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, lazyload

from volunteer_match.accounts.models import User
from volunteer_match.db import Base, db
from volunteer_match.errors import NotFoundError
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import is_minor
from volunteer_match.safeguarding import rules
from volunteer_match.safeguarding.models import Agreement, Clearance, GuardianConsent
from volunteer_match.safeguarding.rules import (
    POLICY_PL,
    AgreementFacts,
    ClearanceKind,
    ClearanceState,
    Paper,
    Person,
    Standing,
)

Span = tuple[date, date]


@dataclass(frozen=True)
class Organiser:
    """An institution that organises activities with children, and so bears the duty to check people."""

    id: str
    name: str


def organisers() -> list[Organiser]:
    """Return the verified organisers, the oldest first.

    Partners lie above safeguarding in the import order, so this reads the table that the foreign key of a
    clearance names instead of importing the model.
    """
    partner = Base.metadata.tables["partner"]
    query = (
        select(partner.c.id, partner.c.name)
        .where(partner.c.organiser.is_(True), partner.c.state == "verified")
        .order_by(partner.c.created_at, partner.c.id)
    )
    return [Organiser(*row) for row in db.session.execute(query)]


# For matching


def cleared_until_by_organiser(
    volunteer_ids: Collection[str] | None, today: date
) -> dict[str, dict[str, date]]:
    """Return, by volunteer (None: all) and organiser, the last day all papers count, if any."""
    people = _people(volunteer_ids)
    papers: dict[tuple[str, str], list[Paper]] = {}
    for row in _counting_papers(volunteer_ids):
        paper = Paper(ClearanceKind(row.kind), ClearanceState(row.state), row.valid_until)
        papers.setdefault((row.volunteer_id, row.organiser_id), []).append(paper)
    found: dict[str, dict[str, date]] = {}
    for (volunteer_id, organiser_id), given in papers.items():
        until = rules.cleared_until(POLICY_PL, people[volunteer_id], given, today)
        if until is not None:
            found.setdefault(volunteer_id, {})[organiser_id] = until
    return found


def agreed_spans(volunteer_ids: Collection[str] | None) -> dict[str, tuple[Span, ...]]:
    """Return, by volunteer (None: all), the days of the agreements the law finds nothing missing in."""
    query = (
        select(
            Agreement.volunteer_id,
            Agreement.valid_from,
            Agreement.valid_until,
            Agreement.ended_on,
            Agreement.written,
            Agreement.insurance_ref,
            Agreement.signed_on,
            Volunteer.remote_only,
        )
        .join(Volunteer, Volunteer.id == Agreement.volunteer_id)
        .where(*_among(Agreement.volunteer_id, volunteer_ids))
        .order_by(Agreement.valid_from, Agreement.id)
    )
    found: dict[str, list[Span]] = {}
    for row in db.session.execute(query):
        if rules.agreement_problem(facts_of(row), with_children=not row.remote_only) is None:
            until = min(row.valid_until, row.ended_on or date.max)
            found.setdefault(row.volunteer_id, []).append((row.valid_from, until))
    return {volunteer_id: tuple(spans) for volunteer_id, spans in found.items()}


def facts_of(agreement: Any) -> AgreementFacts:
    """Return what of an agreement decides whether it counts."""
    return AgreementFacts(
        agreement.valid_from,
        agreement.valid_until,
        agreement.written,
        agreement.insurance_ref,
        agreement.signed_on,
    )


def _among(column: Any, volunteer_ids: Collection[str] | None) -> tuple[ColumnElement[bool], ...]:
    return () if volunteer_ids is None else (column.in_(volunteer_ids),)


def _people(volunteer_ids: Collection[str] | None) -> dict[str, Person]:
    query = select(Volunteer.id, Volunteer.foreign_citizen, Volunteer.lived_abroad).where(
        *_among(Volunteer.id, volunteer_ids)
    )
    return {row[0]: Person(row[1], row[2]) for row in db.session.execute(query)}


def _counting_papers(volunteer_ids: Collection[str] | None) -> Sequence[Any]:
    query = select(
        Clearance.volunteer_id, Clearance.organiser_id, Clearance.kind, Clearance.state, Clearance.valid_until
    ).where(
        *_among(Clearance.volunteer_id, volunteer_ids),
        Clearance.state.in_([ClearanceState.MET, ClearanceState.EXEMPT]),
    )
    return db.session.execute(query).all()


# One person


def papers_of(volunteer_id: str) -> Sequence[Clearance]:
    """Return every recorded paper of a person, the latest first."""
    query = (
        select(Clearance)
        .where(Clearance.volunteer_id == volunteer_id)
        .order_by(Clearance.recorded_at.desc(), Clearance.id)
    )
    return db.session.scalars(query).all()


def paper(paper_id: str) -> Clearance:
    """Return one recorded paper, or raise NotFoundError."""
    found = db.session.get(Clearance, paper_id)
    if found is None:
        raise NotFoundError("paper")
    return found


def agreements_of(volunteer_id: str) -> Sequence[Agreement]:
    """Return the agreements of a person, the latest first."""
    query = (
        select(Agreement)
        .where(Agreement.volunteer_id == volunteer_id)
        .order_by(Agreement.valid_from.desc(), Agreement.id)
    )
    return db.session.scalars(query).all()


def agreement(agreement_id: str) -> Agreement:
    """Return one agreement, or raise NotFoundError."""
    found = db.session.get(Agreement, agreement_id)
    if found is None:
        raise NotFoundError("agreement")
    return found


def consents_of(volunteer_id: str) -> Sequence[GuardianConsent]:
    """Return the guardian's consents for a person, the latest first."""
    query = (
        select(GuardianConsent)
        .where(GuardianConsent.volunteer_id == volunteer_id)
        .order_by(GuardianConsent.recorded_at.desc(), GuardianConsent.id)
    )
    return db.session.scalars(query).all()


def consent(consent_id: str) -> GuardianConsent:
    """Return one consent, or raise NotFoundError."""
    found = db.session.get(GuardianConsent, consent_id)
    if found is None:
        raise NotFoundError("consent")
    return found


def standings(volunteers: Sequence[Volunteer], today: date) -> dict[str, Standing]:
    """Return what each person has and lacks on the day, by three queries for any number of people."""
    ids = [v.id for v in volunteers]
    papers: dict[str, dict[str, list[Paper]]] = {}
    for row in _all_papers(ids):
        given = Paper(ClearanceKind(row.kind), ClearanceState(row.state), row.valid_until)
        papers.setdefault(row.volunteer_id, {}).setdefault(row.organiser_id, []).append(given)
    spans, agreed_by = agreed_spans(ids), consented(ids)
    return {
        v.id: Standing(
            minor=is_minor(v.birth_date, today),
            consent=v.id in agreed_by,
            papers_due=not v.remote_only,
            papers_missing=_fewest_missing(v, papers.get(v.id, {}), today),
            agreement=any(first <= today <= last for first, last in spans.get(v.id, ())),
        )
        for v in volunteers
    }


def standing(volunteer: Volunteer, today: date) -> Standing:
    """Return what a person has and lacks on the day."""
    return standings([volunteer], today)[volunteer.id]


def _fewest_missing(
    volunteer: Volunteer, by_organiser: dict[str, list[Paper]], today: date
) -> tuple[ClearanceKind, ...]:
    person = Person(volunteer.foreign_citizen, volunteer.lived_abroad)
    gaps = [rules.missing(POLICY_PL, person, papers, today) for papers in (by_organiser or {"": []}).values()]
    return min(gaps, key=len)


def _all_papers(volunteer_ids: Collection[str]) -> Sequence[Any]:
    columns = (Clearance.volunteer_id, Clearance.organiser_id, Clearance.kind, Clearance.state)
    query = select(*columns, Clearance.valid_until).where(Clearance.volunteer_id.in_(volunteer_ids))
    return db.session.execute(query.order_by(Clearance.organiser_id)).all()


def consented(volunteer_ids: Collection[str]) -> frozenset[str]:
    """Return those of the people whose guardian has consented and not taken it back."""
    query = select(GuardianConsent.volunteer_id).where(
        GuardianConsent.volunteer_id.in_(volunteer_ids), GuardianConsent.withdrawn_on.is_(None)
    )
    return frozenset(db.session.scalars(query))


def volunteers_in(states: Collection[str]) -> Sequence[Volunteer]:
    """Return the volunteers in the states, without what they offer."""
    query = (
        select(Volunteer)
        .join(User)
        .where(Volunteer.state.in_(states))
        .options(*(lazyload(part) for part in _OFFERS), joinedload(Volunteer.user).lazyload(User.grants))
        .order_by(User.name, Volunteer.id)
    )
    return db.session.scalars(query).all()


_OFFERS = (Volunteer.skills, Volunteer.languages, Volunteer.availability, Volunteer.exceptions)


def latest_papers(volunteer_ids: Collection[str]) -> Sequence[Any]:
    """Return every paper of the people, oldest first, so that the last of a kind is the present one."""
    query = (
        select(Clearance.volunteer_id, Clearance.kind, Clearance.state, Clearance.valid_until)
        .where(Clearance.volunteer_id.in_(volunteer_ids))
        .order_by(Clearance.recorded_at, Clearance.id)
    )
    return db.session.execute(query).all()


def partner_names(partner_ids: Collection[str]) -> dict[str, str]:
    """Return the names of institutions by their id."""
    partner = Base.metadata.tables["partner"]
    query = select(partner.c.id, partner.c.name).where(partner.c.id.in_(partner_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}
