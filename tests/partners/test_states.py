"""How a registration moves, and who hears of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories import actor_of, make_partner, make_user
from volunteer_match.actor import Role
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, transaction
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.partners import service
from volunteer_match.partners.rules import (
    NEEDS_REASON,
    TRANSITIONS,
    WHO,
    PartnerEvent,
    PartnerKind,
    PartnerState,
    standing_problem,
)

PAIRS = [(state, event) for state in PartnerState for event in PartnerEvent]
TODAY = date(2026, 11, 22)


def move(actor, partner, event, **given):
    with transaction():
        return service.apply(actor, partner.id, event, **given)


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_only_the_steps_of_the_table_are_possible(database, state, event):
    partner = make_partner(state=state)
    coordinator = actor_of(make_user(Role.COORDINATOR))
    target = TRANSITIONS[state].get(event)

    if target is None:
        with pytest.raises(RuleBrokenError, match="partner_state"):
            move(coordinator, partner, event, reason="Powód")
    else:
        assert move(coordinator, partner, event, reason="Powód").state == target


@pytest.mark.parametrize("event", sorted(NEEDS_REASON))
def test_a_refusal_has_to_be_explained(database, event):
    state = PartnerState.VERIFIED if event == PartnerEvent.SUSPEND else PartnerState.UNDER_REVIEW
    partner = make_partner(state=state)

    with pytest.raises(RuleBrokenError, match="reason_missing"):
        move(actor_of(make_user(Role.COORDINATOR)), partner, event)


@pytest.mark.parametrize("event", [e for e in PartnerEvent if Role.PARTNER not in WHO[e]])
def test_institutions_do_not_decide_about_themselves(database, event):
    partner = make_partner(state=PartnerState.UNDER_REVIEW)
    member = actor_of(partner.members[0].user)

    with pytest.raises(ForbiddenError):
        move(member, partner, event, reason="Powód")


def test_another_institution_does_not_exist(database):
    stranger = actor_of(make_partner().members[0].user)

    with pytest.raises(NotFoundError):
        move(stranger, make_partner(state=PartnerState.RETURNED), PartnerEvent.RESUBMIT)


def test_the_second_of_two_decisions_is_told_so(database):
    partner = make_partner(state=PartnerState.UNDER_REVIEW)
    coordinator = actor_of(make_user(Role.COORDINATOR))
    seen = partner.version
    move(coordinator, partner, PartnerEvent.RETURN, reason="Brak numeru", version=seen)

    with pytest.raises(ConflictError):
        move(coordinator, partner, PartnerEvent.REJECT, reason="Powód", version=seen)


def test_each_step_leaves_one_line_in_the_history(database):
    partner = make_partner(state=PartnerState.UNDER_REVIEW)

    move(actor_of(make_user(Role.COORDINATOR)), partner, PartnerEvent.RETURN, reason="Brak numeru")

    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == partner.id)).all()
    assert (event.verb, event.facts["after"]) == ("partner_return", "returned")


@pytest.mark.parametrize(
    ("event", "state", "kind"),
    [
        (PartnerEvent.VERIFY, PartnerState.UNDER_REVIEW, "partner_verified"),
        (PartnerEvent.RETURN, PartnerState.UNDER_REVIEW, "partner_returned"),
        (PartnerEvent.REJECT, PartnerState.UNDER_REVIEW, "partner_decided"),
        (PartnerEvent.SUSPEND, PartnerState.VERIFIED, "partner_decided"),
        (PartnerEvent.REINSTATE, PartnerState.SUSPENDED, "partner_decided"),
    ],
)
def test_the_contact_person_hears_of_the_decision(database, event, state, kind):
    partner = make_partner(state=state)

    move(actor_of(make_user(Role.COORDINATOR)), partner, event, reason="Powód")

    (mail,) = db.session.scalars(select(EmailMessage)).all()
    assert (mail.kind, mail.user_id) == (kind, partner.members[0].user_id)


@pytest.mark.parametrize(
    ("kind", "adopted", "reviewed", "problem"),
    [
        (PartnerKind.NGO, TODAY, None, None),
        (PartnerKind.NGO, None, None, "standards_missing"),
        (PartnerKind.NGO, TODAY - timedelta(days=732), None, "standards_stale"),
        (PartnerKind.NGO, TODAY - timedelta(days=2000), TODAY - timedelta(days=731), None),
        (PartnerKind.COMPANY, TODAY, TODAY, "company_cannot_organise"),
    ],
)
def test_organisers_have_fresh_standards_and_are_no_companies(kind, adopted, reviewed, problem):
    assert standing_problem(kind, True, adopted, reviewed, TODAY) == problem


def test_whoever_does_not_organise_needs_no_standards():
    assert standing_problem(PartnerKind.COMPANY, False, None, None, TODAY) is None
