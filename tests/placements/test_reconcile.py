"""What the worker draws from what happened elsewhere, once and only once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.days import today
from tests.factories import make_need, make_papers, make_partner, make_volunteer
from tests.placements.builders import COORDINATOR, apply, make_coordinator, make_match, volunteer_actor
from volunteer_match import clock
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, transaction
from volunteer_match.needs.rules import Contact, NeedState, SessionState, Supervision
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import mend_steps, run_steps, service
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchEvent, MatchState
from volunteer_match.safeguarding.models import Clearance


def reconcile(now=None):
    with transaction():
        service.reconcile(now or clock.now())


def tick():
    """Draw consequences and fill gaps, as the worker does."""
    reconcile()
    mend_steps.mend_waiting(clock.now())


def change(row, **fields):
    with transaction():
        for name, value in fields.items():
            setattr(row, name, value)


def kinds():
    return sorted(db.session.scalars(select(EmailMessage.kind)).all())


def test_an_offer_nobody_answered_expires(database):
    match = make_match(state=MatchState.OFFERED)
    change(match, answer_by=clock.now() - timedelta(minutes=1))

    reconcile()

    assert match.state == MatchState.EXPIRED
    assert match.opening.filled == 0


def test_an_offer_that_can_still_be_answered_stays(database):
    match = make_match(state=MatchState.OFFERED)

    reconcile()

    assert match.state == MatchState.OFFERED


GONE = [
    ("need", {"state": NeedState.CANCELLED}),
    ("session", {"state": SessionState.CANCELLED}),
    ("partner", {"state": PartnerState.SUSPENDED}),
    ("volunteer", {"state": VolunteerState.ENDED}),
    ("volunteer", {"state": VolunteerState.PAUSED}),
]


def parts_of(match):
    need = match.session.need
    return {
        "need": need,
        "session": match.session,
        "partner": need.posted_by,
        "volunteer": match.volunteer,
    }


@pytest.mark.parametrize(("part", "fields"), GONE)
@pytest.mark.parametrize("state", [MatchState.OFFERED, MatchState.CONFIRMED, MatchState.HELD])
def test_a_match_without_ground_is_cancelled(database, part, fields, state):
    match = make_match(state=state)
    change(parts_of(match)[part], **fields)

    reconcile()

    assert match.state == MatchState.CANCELLED
    assert "placement_cancelled" in kinds()


@pytest.mark.parametrize(("part", "fields"), GONE)
def test_a_proposal_without_ground_leaves_the_desk_quietly(database, part, fields):
    match = make_match()
    change(parts_of(match)[part], **fields)

    reconcile()

    assert match.state == MatchState.SUPERSEDED
    assert kinds() == []


def _confirmed_with_children():
    partner = make_partner()
    volunteer = make_volunteer(cleared_for=partner)
    need = make_need(partner, contact=Contact.CHILDREN, children_count=8)
    return make_match(need, volunteer, state=MatchState.CONFIRMED)


def _revoke(match):
    for paper in db.session.scalars(select(Clearance).where(Clearance.volunteer_id == match.volunteer_id)):
        change(paper, state="revoked")


def test_a_lapsed_paper_holds_the_match_and_keeps_the_place(database):
    match = _confirmed_with_children()
    _revoke(match)

    reconcile()

    assert (match.state, match.opening.filled) == (MatchState.HELD, 1)
    assert "placement_held" in kinds()


def test_a_renewed_paper_releases_it(database):
    match = _confirmed_with_children()
    _revoke(match)
    reconcile()
    make_papers(match.volunteer, match.session.need.posted_by)

    reconcile()

    assert match.state == MatchState.CONFIRMED


def test_a_hold_that_lasts_too_long_becomes_a_cancellation(database):
    match = _confirmed_with_children()
    _revoke(match)
    reconcile()

    reconcile(match.session.starts_at - timedelta(hours=12))

    assert (match.state, match.reason) == (MatchState.CANCELLED, "papers_not_in_time")


def test_papers_lost_on_the_last_day_cancel_at_once(database):
    match = _confirmed_with_children()
    _revoke(match)

    reconcile(match.session.starts_at - timedelta(hours=12))

    assert (match.state, match.reason) == (MatchState.CANCELLED, "papers_not_in_time")
    assert "placement_held" not in kinds()


def test_an_offer_to_somebody_whose_papers_lapsed_is_taken_back(database):
    match = _confirmed_with_children()
    change(match, state=MatchState.OFFERED)
    _revoke(match)

    reconcile()

    assert match.state == MatchState.CANCELLED


def test_papers_do_not_matter_without_children(database):
    match = make_match(state=MatchState.CONFIRMED)

    reconcile()

    assert match.state == MatchState.CONFIRMED


def test_a_place_that_came_free_gets_the_next_suggestion(database):
    match = make_match(state=MatchState.CONFIRMED)
    other = make_volunteer()
    apply(volunteer_actor(match), match, MatchEvent.DECLINE)

    tick()

    found = db.session.scalars(select(Match).where(Match.state == MatchState.PROPOSED)).one()
    assert (found.volunteer_id, found.opening_id) == (other.id, match.opening_id)


def _proposed():
    query = select(Match).where(Match.state == MatchState.PROPOSED).execution_options(populate_existing=True)
    return db.session.scalars(query).unique().all()


def test_a_place_whose_proposal_was_crowded_out_gets_the_next_suggestion(database):
    volunteer, other = make_volunteer(), make_volunteer()
    chosen = make_match(make_need(minimum=1, preferred=1), volunteer)
    crowded = make_match(make_need(minimum=1, preferred=1), volunteer)
    apply(COORDINATOR, chosen, MatchEvent.APPROVE)

    tick()

    assert [(m.opening_id, m.volunteer_id) for m in _proposed()] == [(crowded.opening_id, other.id)]


def test_a_place_whose_proposal_lost_its_ground_gets_the_next_suggestion(database):
    match, other = make_match(make_need(minimum=1, preferred=1)), make_volunteer()
    change(match.volunteer, state=VolunteerState.PAUSED)

    tick()

    assert [(m.opening_id, m.volunteer_id) for m in _proposed()] == [(match.opening_id, other.id)]


def test_nobody_is_asked_again_for_what_they_declined(database):
    match = make_match(state=MatchState.CONFIRMED)
    apply(volunteer_actor(match), match, MatchEvent.DECLINE)

    tick()

    assert match.state == MatchState.DECLINED
    assert not match.refill


def _soon(**fields):
    return make_need(day=today() + timedelta(days=2), **fields)


def test_a_session_short_of_people_is_marked_and_told_once(database):
    coordinator = make_coordinator()
    need = _soon(minimum=2)

    reconcile()
    reconcile()

    told = db.session.scalars(select(EmailMessage).where(EmailMessage.kind == "session_at_risk")).all()
    assert need.sessions[0].at_risk_since is not None
    assert sorted(m.user_id for m in told) == sorted([coordinator.id, need.posted_by.members[0].user_id])
    assert {m.facts["people"] for m in told} == {2}


def test_an_unanswered_offer_does_not_make_a_session_safe(database):
    need = _soon(minimum=1)
    match = make_match(need, state=MatchState.OFFERED)
    change(match, answer_by=clock.now() + timedelta(hours=5))

    reconcile()

    assert need.sessions[0].at_risk_since is not None


def test_a_session_with_its_people_is_safe(database):
    need = _soon(minimum=1)
    make_match(need, state=MatchState.CONFIRMED)

    reconcile()

    assert need.sessions[0].at_risk_since is None


def test_a_session_that_found_its_people_is_safe_again(database):
    need = _soon(minimum=1)
    reconcile()
    make_match(need, state=MatchState.CONFIRMED)

    reconcile()

    assert need.sessions[0].at_risk_since is None


def test_a_session_far_away_is_not_in_danger(database):
    need = make_need(day=today() + timedelta(days=6), minimum=2)

    reconcile()

    assert need.sessions[0].at_risk_since is None


def test_two_cleared_adults_are_needed_where_the_organiser_supervises(database):
    partner = make_partner()
    need = _soon(
        partner=partner, minimum=1, contact=Contact.CHILDREN, children_count=8, age_from=9,
        supervision=Supervision.ORGANISER, staff_adults=0,
    )  # fmt: skip
    make_match(need, make_volunteer(cleared_for=partner), state=MatchState.CONFIRMED)

    reconcile()

    told = db.session.scalars(select(EmailMessage).where(EmailMessage.kind == "session_at_risk")).first()
    assert (told.facts["people"], told.facts["adults"]) == (0, 1)


def test_own_staff_counts_among_the_adults(database):
    partner = make_partner()
    need = _soon(
        partner=partner, minimum=1, contact=Contact.CHILDREN, children_count=8, age_from=9,
        supervision=Supervision.ORGANISER, staff_adults=1,
    )  # fmt: skip
    make_match(need, make_volunteer(cleared_for=partner), state=MatchState.CONFIRMED)

    reconcile()

    assert need.sessions[0].at_risk_since is None


def test_doing_it_twice_changes_nothing(database):
    make_coordinator()
    expired = make_match(state=MatchState.OFFERED)
    change(expired, answer_by=clock.now() - timedelta(minutes=1))
    _revoke(_confirmed_with_children())
    _soon(minimum=3, preferred=3)
    make_volunteer()
    reconcile()
    before = _everything()

    reconcile()

    assert _everything() == before


def _everything():
    db.session.expire_all()
    states = sorted((m.id, m.state, m.version) for m in db.session.scalars(select(Match)).unique())
    return states, db.session.query(AuditEvent).count(), kinds()


def test_coordinators_read_in_the_morning_what_waits(database):
    coordinator = make_coordinator()
    make_match()
    morning = clock.now().replace(hour=8, minute=0)

    reconcile(morning)
    reconcile(morning + timedelta(minutes=1))

    told = db.session.scalars(select(EmailMessage).where(EmailMessage.kind == "desk_digest")).all()
    assert [m.user_id for m in told] == [coordinator.id]
    assert told[0].facts["proposals"] == 1


def test_an_empty_desk_writes_no_morning_mail(database):
    make_coordinator()

    reconcile(clock.now().replace(hour=8, minute=0))

    assert kinds() == []


def test_a_batch_is_bounded_and_goes_on_at_the_next_tick(database, monkeypatch):
    from volunteer_match.placements import reconcile_service

    monkeypatch.setattr(reconcile_service, "BATCH", 2)
    need = make_need(minimum=1, preferred=3)
    matches = [make_match(need, state=MatchState.OFFERED) for _ in range(3)]
    for match in matches:
        change(match, answer_by=clock.now() - timedelta(minutes=1))

    reconcile()
    first = [m.state for m in matches].count(MatchState.EXPIRED)
    reconcile()

    assert (first, [m.state for m in matches].count(MatchState.EXPIRED)) == (2, 3)


def test_a_decision_of_the_system_is_written_down_as_its_own(database):
    match = make_match(state=MatchState.CONFIRMED)
    change(match.session, state=SessionState.CANCELLED)

    reconcile()

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "match_cancel")).one()
    assert (event.channel, event.actor_id, event.facts["reason"]) == ("system", None, "session_cancelled")


def test_a_cancelled_pair_may_return_when_the_system_took_it_away(database):
    match = make_match(state=MatchState.CONFIRMED)
    change(match.volunteer, state=VolunteerState.PAUSED)
    reconcile()
    change(match.volunteer, state=VolunteerState.ACTIVE)

    with transaction():
        run_steps.propose(COORDINATOR, match.session.starts_at.date(), match.session.starts_at.date())

    assert match.state == MatchState.PROPOSED
