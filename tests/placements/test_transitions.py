"""The one door of matches: every pair of state and event, every guard."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.days import today
from tests.factories import make_need, make_papers, make_partner, make_user, make_volunteer, save
from tests.placements.builders import (
    COORDINATOR,
    apply,
    make_match,
    opening_of,
    slots_of,
    volunteer_actor,
)
from volunteer_match import clock
from volunteer_match.actor import SYSTEM, Actor, Role
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, transaction
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.needs.rules import Contact, NeedState, SessionState
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements.rules import OCCUPYING, TRANSITIONS, WHO, MatchEvent, MatchState

EVERYBODY = frozenset(Role)
LEGAL = [(s, e, t) for s, row in TRANSITIONS.items() for e, t in row.items()]


def _actor_for(event: MatchEvent) -> Actor:
    return SYSTEM if not WHO[event] else COORDINATOR


@pytest.mark.parametrize(("source", "event", "target"), LEGAL)
def test_every_legal_event_leads_to_its_state(database, source, event, target):
    match = make_match(state=source)

    moved = apply(_actor_for(event), match, event, reason="powód")

    assert moved.state == target
    assert moved.opening.filled == (target in OCCUPYING)
    assert slots_of(match.volunteer) == (8 if target in OCCUPYING else 0)


@pytest.mark.parametrize("source", MatchState)
def test_every_other_event_is_refused(database, source):
    match = make_match(state=source)
    refused = {}

    for event in set(MatchEvent) - set(TRANSITIONS[source]):
        with pytest.raises(RuleBrokenError) as error:
            apply(_actor_for(event), match, event, reason="powód")
        refused[event] = error.value.code

    assert set(refused.values()) == {"illegal_transition"}
    assert match.state == source


def test_an_event_is_written_down(database):
    match = make_match()

    apply(COORDINATOR, match, MatchEvent.APPROVE)

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == match.id)).one()
    assert (event.verb, event.actor_id) == ("match_approve", COORDINATOR.user_id)
    assert event.facts["source"] == "proposed"


def test_a_refused_event_leaves_no_trace(database):
    match = make_match(make_need(minimum=1, preferred=1))
    make_match(match.session.need, state=MatchState.CONFIRMED)

    with pytest.raises(ConflictError):
        apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert db.session.query(AuditEvent).count() == 0
    assert db.session.query(EmailMessage).count() == 0
    assert match.opening.filled == 1


def test_a_full_role_takes_nobody_more(database):
    need = make_need(minimum=1, preferred=1)
    make_match(need, state=MatchState.OFFERED)

    with pytest.raises(ConflictError) as error:
        apply(COORDINATOR, make_match(need), MatchEvent.APPROVE)

    assert error.value.code == "place_taken"


def test_the_last_place_crowds_the_other_proposals_out(database):
    need = make_need(minimum=1, preferred=1)
    chosen, other = make_match(need), make_match(need)

    apply(COORDINATOR, chosen, MatchEvent.APPROVE)

    assert db.session.get(type(other), other.id).state == MatchState.SUPERSEDED


def test_nobody_is_in_two_places_at_once(database):
    volunteer = make_volunteer()
    make_match(volunteer=volunteer, state=MatchState.CONFIRMED)

    with pytest.raises(ConflictError) as error:
        apply(COORDINATOR, make_match(volunteer=volunteer), MatchEvent.APPROVE)

    assert error.value.code == "already_busy"


def test_a_proposal_for_the_same_hours_gives_way(database):
    volunteer = make_volunteer()
    chosen, other = make_match(volunteer=volunteer), make_match(volunteer=volunteer)

    apply(COORDINATOR, chosen, MatchEvent.APPROVE)

    assert other.state == MatchState.SUPERSEDED


def test_weekly_hours_are_a_limit(database):
    volunteer = make_volunteer(max_hours_per_week=1)

    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, make_match(volunteer=volunteer), MatchEvent.APPROVE)

    assert error.value.code == "cap_hours"


def test_a_week_may_be_filled_to_the_limit(database):
    volunteer = make_volunteer(max_hours_per_week=2, max_sessions_per_week=1)

    assert apply(COORDINATOR, make_match(volunteer=volunteer), MatchEvent.APPROVE).state == "offered"


def test_weekly_sessions_are_a_limit(database):
    volunteer = make_volunteer(max_sessions_per_week=1)
    day = today() + timedelta(days=14 - today().weekday())
    make_match(make_need(day=day), volunteer, state=MatchState.CONFIRMED)

    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, make_match(make_need(day=day + timedelta(days=2)), volunteer), MatchEvent.APPROVE)

    assert error.value.code == "cap_sessions"


def _with_children(**volunteer):
    partner = make_partner()
    person = make_volunteer(**volunteer)
    return partner, make_match(make_need(partner, contact=Contact.CHILDREN, children_count=10), person)


def test_nobody_without_papers_comes_to_children(database):
    _partner, match = _with_children()

    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert error.value.code == "clearance_missing"


def test_papers_of_one_organiser_do_not_count_for_another(database):
    _partner, match = _with_children()
    make_papers(match.volunteer, make_partner())

    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert error.value.code == "clearance_missing"


def test_papers_must_last_until_the_session_ends(database):
    partner, match = _with_children()
    make_papers(match.volunteer, partner, until=match.session.ends_at.date() - timedelta(days=1))

    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert error.value.code == "clearance_expires"


def test_papers_that_end_on_the_day_of_the_session_are_enough(database):
    partner, match = _with_children()
    make_papers(match.volunteer, partner, until=match.session.ends_at.date())

    assert apply(COORDINATOR, match, MatchEvent.APPROVE).state == MatchState.OFFERED


def test_an_agreement_must_cover_the_day(database):
    partner, match = _with_children()
    make_papers(match.volunteer, partner)
    with transaction() as session:
        from volunteer_match.safeguarding.models import Agreement

        agreement = session.scalars(select(Agreement)).one()
        agreement.ended_on = match.session.ends_at.date() - timedelta(days=1)

    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert error.value.code == "agreement_missing"


def _change(row, **fields):
    with transaction():
        for name, value in fields.items():
            setattr(row, name, value)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: _change(m.session.need, state=NeedState.CANCELLED), "need_withdrawn"),
        (lambda m: _change(m.session, state=SessionState.CANCELLED), "session_cancelled"),
        (lambda m: _change(m.session.need.posted_by, state=PartnerState.SUSPENDED), "partner_not_verified"),
        (lambda m: _change(m.volunteer, state=VolunteerState.ENDED), "volunteer_ended"),
        (lambda m: _change(m.volunteer, state=VolunteerState.PAUSED), "volunteer_paused"),
        (
            lambda m: _change(m.volunteer, paused_from=m.session.starts_at.date(), paused_until=None),
            "volunteer_paused",
        ),
        (lambda m: _change(m.volunteer, state=VolunteerState.AWAITING_CLEARANCE), "volunteer_not_ready"),
    ],
)
def test_an_approval_needs_its_ground(database, change, code):
    match = make_match()
    change(match)

    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert error.value.code == code


def test_a_pause_that_is_over_by_then_does_not_matter(database):
    match = make_match()
    day = today()
    _change(match.volunteer, state=VolunteerState.PAUSED, paused_from=day, paused_until=day)

    assert apply(COORDINATOR, match, MatchEvent.APPROVE).state == MatchState.OFFERED


def test_a_session_that_began_is_too_late(database):
    match = make_match(make_need(day=today() - timedelta(days=1)))

    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert error.value.code == "session_started"


def test_after_the_cut_off_only_the_phone_helps(database):
    match = make_match(make_need(day=today() + timedelta(days=3)), state=MatchState.EXPIRED)
    soon = clock.now() + timedelta(hours=20)
    _change(match.session, starts_at=soon, ends_at=soon + timedelta(hours=1))
    _change(match, answer_by=clock.now() - timedelta(hours=1))

    with pytest.raises(RuleBrokenError) as error:
        apply(volunteer_actor(match), match, MatchEvent.ACCEPT)
    accepted = apply(COORDINATOR, match, MatchEvent.ACCEPT)

    assert error.value.code == "answer_too_late"
    assert accepted.state == MatchState.CONFIRMED


def test_somebody_elses_match_does_not_exist(database):
    match = make_match(state=MatchState.OFFERED)
    stranger = Actor(make_volunteer().user_id, frozenset({Role.VOLUNTEER}))

    with pytest.raises(NotFoundError):
        apply(stranger, match, MatchEvent.ACCEPT)


def test_an_institution_cancels_only_its_own(database):
    match = make_match(state=MatchState.CONFIRMED)
    foreign = Actor(make_partner().members[0].user_id, frozenset({Role.PARTNER}))
    own = Actor(match.session.need.posted_by.members[0].user_id, frozenset({Role.PARTNER}))

    with pytest.raises(NotFoundError):
        apply(foreign, match, MatchEvent.CANCEL, reason="choroba")

    assert apply(own, match, MatchEvent.CANCEL, reason="choroba").state == MatchState.CANCELLED


def _oneself(match):
    return Actor(match.volunteer.user_id, frozenset({Role.COORDINATOR, Role.VOLUNTEER}))


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (MatchState.PROPOSED, MatchEvent.APPROVE),
        (MatchState.PROPOSED, MatchEvent.REJECT),
        (MatchState.HELD, MatchEvent.RELEASE),
        (MatchState.CONFIRMED, MatchEvent.COMPLETE),
    ],
)
def test_nobody_decides_about_their_own_place(database, state, event):
    match = make_match(state=state)

    with pytest.raises(RuleBrokenError) as error:
        apply(_oneself(match), match, event, reason="powód")

    assert error.value.code == "not_about_oneself"


def test_a_coordinator_answers_the_own_offer_like_everybody(database):
    match = make_match(make_need(day=today() + timedelta(days=3)), state=MatchState.OFFERED)

    assert apply(_oneself(match), match, MatchEvent.ACCEPT).state == MatchState.CONFIRMED


def test_and_not_after_the_cut_off(database):
    match = make_match(make_need(day=today() + timedelta(days=3)), state=MatchState.EXPIRED)
    soon = clock.now() + timedelta(hours=20)
    _change(match.session, starts_at=soon, ends_at=soon + timedelta(hours=1))
    _change(match, answer_by=clock.now() - timedelta(hours=1))

    with pytest.raises(RuleBrokenError, match="answer_too_late"):
        apply(_oneself(match), match, MatchEvent.ACCEPT)


@pytest.mark.parametrize("role", sorted(EVERYBODY - {Role.COORDINATOR}))
def test_only_a_coordinator_approves(database, role):
    match = make_match()

    with pytest.raises(ForbiddenError):
        apply(Actor(make_user(role).id, frozenset({role})), match, MatchEvent.APPROVE)


def test_the_system_never_approves(database):
    with pytest.raises(ForbiddenError):
        apply(SYSTEM, make_match(), MatchEvent.APPROVE)


def test_a_stale_page_is_told_so(database):
    match = make_match()

    with pytest.raises(ConflictError) as error:
        apply(COORDINATOR, match, MatchEvent.APPROVE, expected=match.version + 1)

    assert error.value.code == "changed_meanwhile"


@pytest.mark.parametrize(
    ("state", "event"), [(MatchState.PROPOSED, MatchEvent.REJECT), (MatchState.OFFERED, MatchEvent.CANCEL)]
)
def test_a_no_needs_a_reason(database, state, event):
    with pytest.raises(RuleBrokenError) as error:
        apply(COORDINATOR, make_match(state=state), event)

    assert error.value.code == "reason_missing"


def test_a_place_that_came_free_waits_for_the_next_person(database):
    match = make_match(state=MatchState.CONFIRMED)

    apply(volunteer_actor(match), match, MatchEvent.DECLINE)

    assert match.refill
    assert opening_of(match.session.need).filled == 0


def test_unknown_matches_do_not_exist(database):
    with pytest.raises(NotFoundError):
        apply(COORDINATOR, type("Nobody", (), {"id": "nope"}), MatchEvent.APPROVE)


def test_the_database_itself_refuses_a_second_booking(database):
    from sqlalchemy.exc import IntegrityError

    from volunteer_match.placements.models import VolunteerSlot

    match = make_match(state=MatchState.CONFIRMED)
    with pytest.raises(IntegrityError):
        save(
            VolunteerSlot(
                volunteer_id=match.volunteer_id, starts_at=match.session.starts_at, match_id=match.id
            )
        )
