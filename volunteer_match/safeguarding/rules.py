"""What the law asks before a person may help where children are, as data and pure decisions.

Sources: Act of 13 May 2016, art. 21 (checks before admission); Act of 24 April 2003, art. 44-46 (agreement).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from volunteer_match.people.rules import VolunteerState


class ClearanceKind(StrEnum):
    """The papers a clearance is made of."""

    RSPTS = "rspts"
    """Restricted register and the State Commission's register, searched by the organiser."""
    KRK = "krk"
    """Certificate of no criminal record, brought by the person."""
    FOREIGN_RECORD = "foreign_record"
    """Record of the state of citizenship."""
    RESIDENCE_RECORD = "residence_record"
    """Declaration and records of other states of residence in the last 20 years."""


class ClearanceState(StrEnum):
    """Where one paper stands."""

    REQUESTED = "requested"
    RECEIVED = "received"
    MET = "met"
    NOT_MET = "not_met"
    EXEMPT = "exempt"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Requirement:
    """One paper a policy asks for."""

    kind: ClearanceKind
    max_age_days: int | None
    """How old the document may be on the day it is seen."""
    valid_days: int
    """How long it counts after it was seen."""
    foreigners_only: bool = False
    lived_abroad_only: bool = False


@dataclass(frozen=True)
class ClearancePolicy:
    """The papers one jurisdiction asks for, from a day on."""

    jurisdiction: str
    version: int
    effective_from: date
    requirements: tuple[Requirement, ...]


POLICY_PL = ClearancePolicy(
    jurisdiction="PL",
    version=1,
    effective_from=date(2024, 2, 15),
    requirements=(
        Requirement(ClearanceKind.RSPTS, max_age_days=None, valid_days=365),
        Requirement(ClearanceKind.KRK, max_age_days=90, valid_days=365),
        Requirement(ClearanceKind.FOREIGN_RECORD, max_age_days=90, valid_days=365, foreigners_only=True),
        Requirement(ClearanceKind.RESIDENCE_RECORD, max_age_days=90, valid_days=365, lived_abroad_only=True),
    ),
)


@dataclass(frozen=True)
class Person:
    """What of a volunteer decides which papers are due."""

    foreign_citizen: bool
    lived_abroad: bool


@dataclass(frozen=True)
class Paper:
    """What of a recorded paper decides whether it counts."""

    kind: ClearanceKind
    state: ClearanceState
    valid_until: date | None


def required(policy: ClearancePolicy, person: Person) -> tuple[Requirement, ...]:
    """Return the papers the policy asks of this person."""
    return tuple(
        r
        for r in policy.requirements
        if (not r.foreigners_only or person.foreign_citizen)
        and (not r.lived_abroad_only or person.lived_abroad)
    )


def missing(
    policy: ClearancePolicy, person: Person, papers: Iterable[Paper], day: date
) -> tuple[ClearanceKind, ...]:
    """Return the kinds of paper that do not count on the day."""
    good = {p.kind for p in papers if _counts(p, day)}
    return tuple(r.kind for r in required(policy, person) if r.kind not in good)


def cleared_until(
    policy: ClearancePolicy, person: Person, papers: Iterable[Paper], today: date
) -> date | None:
    """Return the last day all papers still count, or None when one is missing today."""
    papers = tuple(papers)
    if missing(policy, person, papers, today):
        return None
    lasts = []
    for requirement in required(policy, person):
        days = [p.valid_until or date.max for p in papers if p.kind == requirement.kind and _counts(p, today)]
        lasts.append(max(days))
    return min(lasts, default=date.max)


def valid_until(requirement: Requirement, seen_on: date) -> date:
    """Return the last day a paper seen on that day counts."""
    return seen_on + timedelta(days=requirement.valid_days)


def too_old(requirement: Requirement, document_date: date, seen_on: date) -> bool:
    """Tell whether the document was already too old when it was seen."""
    return requirement.max_age_days is not None and (seen_on - document_date).days > requirement.max_age_days


def _counts(paper: Paper, day: date) -> bool:
    if paper.state not in (ClearanceState.MET, ClearanceState.EXEMPT):
        return False
    return paper.valid_until is None or paper.valid_until >= day


EXPIRES_SOON = timedelta(days=30)
"""How long before its last day a paper is on the renewal list."""


def requirement(policy: ClearancePolicy, kind: str) -> Requirement:
    """Return what the policy asks of a kind of paper."""
    return next(r for r in policy.requirements if r.kind == kind)


def seen_problem(seen_on: date, today: date) -> str | None:
    """Return the code of what is wrong with the day on which somebody saw a paper, if anything."""
    return "seen_in_future" if seen_on > today else None


def paper_problem(asked: Requirement, document_date: date | None, seen_on: date, today: date) -> str | None:
    """Return the code of what is wrong with the dates of a paper, if anything."""
    if seen_on > today:
        return seen_problem(seen_on, today)
    if asked.max_age_days is None:
        return None
    if document_date is None:
        return "document_date_missing"
    if document_date > seen_on:
        return "document_after_seen"
    return "document_too_old" if too_old(asked, document_date, seen_on) else None


MAX_UNINSURED_DAYS = 30
"""Up to 30 days the host insures against accidents (art. 46(3)); above, the form is written (art. 44(4))."""


@dataclass(frozen=True)
class AgreementFacts:
    """What of a volunteer agreement decides whether it covers a day."""

    valid_from: date
    valid_until: date
    written: bool
    insurance_ref: str
    signed_on: date | None = None


def agreement_problem(agreement: AgreementFacts, with_children: bool = False) -> str | None:
    """Return the code of what the law (or, with children, the club) misses in the agreement, if anything."""
    days = (agreement.valid_until - agreement.valid_from).days + 1
    if (days > MAX_UNINSURED_DAYS or with_children) and not agreement.written:
        return "agreement_not_written"
    if days > MAX_UNINSURED_DAYS and agreement.signed_on and agreement.signed_on > agreement.valid_from:
        return "agreement_signed_late"
    if days <= MAX_UNINSURED_DAYS and not agreement.insurance_ref:
        return "agreement_lacks_insurance"
    return None


def agreed_on(spans: Sequence[tuple[date, date]], day: date, *, with_children: bool) -> bool:
    """Tell whether an agreement covers the day; without children somebody who never signed one may come."""
    return any(first <= day <= last for first, last in spans) or not (with_children or spans)


@dataclass(frozen=True)
class Standing:
    """What is there and what is missing for one person on one day, for the organiser nearest to complete."""

    minor: bool
    consent: bool
    papers_due: bool
    """False for those who only help where no children are."""
    papers_missing: tuple[ClearanceKind, ...]
    agreement: bool

    @property
    def guardian_missing(self) -> bool:
        """Tell whether a guardian still has to consent."""
        return self.minor and not self.consent

    @property
    def clearance_missing(self) -> bool:
        """Tell whether papers are due and not there."""
        return self.papers_due and bool(self.papers_missing)


def next_state(standing: Standing) -> VolunteerState:
    """Return where an admitted person stands, by the first thing that is missing."""
    if standing.guardian_missing:
        return VolunteerState.AWAITING_GUARDIAN
    if standing.clearance_missing:
        return VolunteerState.AWAITING_CLEARANCE
    return VolunteerState.ACTIVE if standing.agreement else VolunteerState.AWAITING_AGREEMENT
