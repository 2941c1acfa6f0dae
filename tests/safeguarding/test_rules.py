"""What the law asks, decided from plain data."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_match.people.rules import VolunteerState
from volunteer_match.safeguarding import rules
from volunteer_match.safeguarding.rules import (
    POLICY_PL,
    AgreementFacts,
    ClearanceKind,
    ClearanceState,
    Paper,
    Person,
    Standing,
)
from volunteer_match.web.pesel import contains_pesel

TODAY = date(2026, 11, 22)
POLE = Person(foreign_citizen=False, lived_abroad=False)
RSPTS, KRK = ClearanceKind.RSPTS, ClearanceKind.KRK


def _met(kind: ClearanceKind, days: int | None = 100) -> Paper:
    until = None if days is None else TODAY + timedelta(days=days)
    return Paper(kind, ClearanceState.MET, until)


@pytest.mark.parametrize(
    ("person", "kinds"),
    [
        (POLE, {"rspts", "krk"}),
        (Person(True, False), {"rspts", "krk", "foreign_record"}),
        (Person(False, True), {"rspts", "krk", "residence_record"}),
        (Person(True, True), {"rspts", "krk", "foreign_record", "residence_record"}),
    ],
)
def test_which_papers_are_due(person, kinds):
    assert {r.kind for r in rules.required(POLICY_PL, person)} == kinds


@pytest.mark.parametrize("state", sorted(set(ClearanceState) - {ClearanceState.MET, ClearanceState.EXEMPT}))
def test_only_seen_papers_and_exemptions_count(state):
    papers = [_met(RSPTS), Paper(KRK, state, TODAY + timedelta(days=9))]

    assert rules.missing(POLICY_PL, POLE, papers, TODAY) == (KRK,)


def test_a_paper_counts_on_its_last_day_and_no_longer_on_the_next():
    papers = [_met(RSPTS), _met(KRK, 0)]

    assert rules.missing(POLICY_PL, POLE, papers, TODAY) == ()
    assert rules.missing(POLICY_PL, POLE, papers, TODAY + timedelta(days=1)) == (KRK,)


def test_people_are_cleared_until_the_first_paper_runs_out():
    assert rules.cleared_until(POLICY_PL, POLE, [_met(RSPTS, 9), _met(KRK, 30)], TODAY) == TODAY + timedelta(
        9
    )


def test_a_renewed_paper_counts_instead_of_the_old_one():
    papers = [_met(RSPTS, 50), _met(KRK, 5), _met(KRK, 90)]

    assert rules.cleared_until(POLICY_PL, POLE, papers, TODAY) == TODAY + timedelta(50)


def test_an_exemption_without_an_end_never_runs_out():
    papers = [_met(RSPTS, 9), Paper(KRK, ClearanceState.EXEMPT, None)]

    assert rules.cleared_until(POLICY_PL, POLE, papers, TODAY) == TODAY + timedelta(9)


@pytest.mark.parametrize(
    ("kind", "document", "seen", "problem"),
    [
        (KRK, TODAY - timedelta(90), TODAY, None),
        (KRK, TODAY - timedelta(91), TODAY, "document_too_old"),
        (KRK, TODAY - timedelta(91), TODAY - timedelta(1), None),
        (KRK, None, TODAY, "document_date_missing"),
        (KRK, TODAY, TODAY - timedelta(1), "document_after_seen"),
        (KRK, TODAY, TODAY + timedelta(1), "seen_in_future"),
        (RSPTS, None, TODAY, None),
    ],
)
def test_dates_of_papers(kind, document, seen, problem):
    assert rules.paper_problem(rules.requirement(POLICY_PL, kind), document, seen, TODAY) == problem


def _agreement(days: int, **changes) -> AgreementFacts:
    given = {"written": True, "insurance_ref": "", "signed_on": TODAY, **changes}
    return AgreementFacts(TODAY, TODAY + timedelta(days=days - 1), **given)


@pytest.mark.parametrize(
    ("agreement", "with_children", "problem"),
    [
        (_agreement(31), True, None),
        (_agreement(31, written=False), False, "agreement_not_written"),
        (_agreement(30), False, "agreement_lacks_insurance"),
        (_agreement(30, insurance_ref="NNW 1"), True, None),
        (_agreement(30, insurance_ref="NNW 1", written=False), False, None),
        (_agreement(30, insurance_ref="NNW 1", written=False), True, "agreement_not_written"),
        (_agreement(31, signed_on=TODAY + timedelta(1)), False, "agreement_signed_late"),
        (_agreement(30, signed_on=TODAY + timedelta(1), insurance_ref="NNW 1"), False, None),
    ],
)
def test_what_the_law_misses_in_an_agreement(agreement, with_children, problem):
    assert rules.agreement_problem(agreement, with_children) == problem


S = VolunteerState


@pytest.mark.parametrize(
    ("minor", "consent", "due", "papers", "agreement", "state"),
    [
        (True, False, True, (KRK,), False, S.AWAITING_GUARDIAN),
        (True, True, True, (KRK,), False, S.AWAITING_CLEARANCE),
        (False, False, True, (KRK,), True, S.AWAITING_CLEARANCE),
        (False, False, False, (KRK,), False, S.AWAITING_AGREEMENT),
        (False, False, True, (), False, S.AWAITING_AGREEMENT),
        (False, False, False, (KRK,), True, S.ACTIVE),
        (True, False, True, (), True, S.AWAITING_GUARDIAN),
    ],
)
def test_the_first_thing_missing_decides(minor, consent, due, papers, agreement, state):
    assert rules.next_state(Standing(minor, consent, due, papers, agreement)) == state


@pytest.mark.parametrize(
    "text",
    [
        "44051401359",
        "PESEL: 44051401359.",
        "440514 01359",
        "440514-01359",
        "ma 02070803628 i tyle",
        "0207 0803 628",
    ],
)
def test_a_pesel_is_recognised(text):
    assert contains_pesel(text)


@pytest.mark.parametrize(
    "text",
    [
        "44051401358",  # wrong check digit
        "12345678903456",  # longer number
        "+48 601 000 001",
        "KRS 0000123456",
        "99999999999",
        "W/12/2026",
        "",
    ],
)
def test_other_numbers_are_not_taken_for_a_pesel(text):
    assert not contains_pesel(text)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 9999))
def test_every_number_made_as_the_law_says_is_recognised(birth, serial):
    month = birth.month + (20 if birth.year >= 2000 else 0)
    ten = f"{birth.year % 100:02}{month:02}{birth.day:02}{serial:04}"
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
    check = -sum(int(d) * w for d, w in zip(ten, weights, strict=True)) % 10

    assert contains_pesel(f"numer {ten}{check}")
