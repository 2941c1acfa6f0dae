"""Who may move a match by which of their roles, and ground that is easily forgotten."""

from datetime import date, timedelta

import pytest

from tests.days import today
from tests.factories import make_need, make_partner, make_volunteer, save
from tests.placements.builders import COORDINATOR, apply, make_match, volunteer_actor
from volunteer_match import clock
from volunteer_match.actor import Actor, Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import db, transaction
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.needs.rules import Contact
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import reconcile_service, session_service
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchEvent, MatchState
from volunteer_match.safeguarding.models import GuardianConsent

MINOR = date(clock.now().year - 16, 1, 1)


@pytest.mark.parametrize("role", [Role.PARTNER, Role.OFFICER])
@pytest.mark.parametrize("event", [MatchEvent.ACCEPT, MatchEvent.DECLINE])
def test_a_volunteer_with_another_role_answers_only_for_themselves(database, role, event):
    match = make_match(state=MatchState.OFFERED)
    member = match.session.need.posted_by.members[0].user_id

    with pytest.raises(NotFoundError):
        apply(Actor(member, frozenset({Role.VOLUNTEER, role})), match, event)


def test_a_volunteer_of_another_institution_does_not_settle_the_own_attendance(database):
    match = make_match(state=MatchState.CONFIRMED)
    actor = Actor(match.volunteer.user_id, frozenset({Role.VOLUNTEER, Role.PARTNER}))

    with pytest.raises(NotFoundError):
        apply(actor, match, MatchEvent.COMPLETE)


def test_an_institution_cancels_a_place_of_its_own(database):
    match = make_match(state=MatchState.CONFIRMED)
    actor = Actor(match.session.need.posted_by.members[0].user_id, frozenset({Role.PARTNER}))

    assert apply(actor, match, MatchEvent.CANCEL, reason="other").state == MatchState.CANCELLED


def test_words_of_a_person_stay_out_of_the_history(database):
    match = make_match(state=MatchState.OFFERED)

    moved = apply(volunteer_actor(match), match, MatchEvent.DECLINE, reason="Mam grypę")

    assert moved.reason == "Mam grypę"
    assert [event.facts["reason"] for event in audit.history("match", match.id)] == [""]


def test_a_reason_chosen_from_the_list_stays_in_the_history(database):
    match = make_match(state=MatchState.OFFERED)

    apply(COORDINATOR, match, MatchEvent.CANCEL, reason="mistake")

    assert [event.facts["reason"] for event in audit.history("match", match.id)] == ["mistake"]


def test_the_institution_hears_of_a_refusal_worded_like_a_cause_of_ours(database):
    match = make_match(state=MatchState.CONFIRMED)

    apply(volunteer_actor(match), match, MatchEvent.DECLINE, reason="need_withdrawn")

    assert db.session.query(EmailMessage).filter_by(kind="helper_lost").count() == 1


def test_a_minor_without_consent_cannot_accept_before_a_break(database):
    organiser = make_partner()
    volunteer = make_volunteer(
        birth_date=MINOR,
        cleared_for=organiser,
        state=VolunteerState.PAUSED,
        paused_from=today() + timedelta(days=30),
    )
    need = make_need(organiser, contact=Contact.CHILDREN, minimum_age=13)
    match = make_match(need, volunteer, state=MatchState.OFFERED)

    with pytest.raises(RuleBrokenError, match="volunteer_not_ready"):
        apply(volunteer_actor(match), match, MatchEvent.ACCEPT)


def test_a_minor_with_consent_can(database):
    organiser = make_partner()
    volunteer = make_volunteer(birth_date=MINOR, cleared_for=organiser)
    save(GuardianConsent(volunteer_id=volunteer.id, signed_on=MINOR, recorded_at=clock.now()))
    need = make_need(organiser, contact=Contact.CHILDREN, minimum_age=13)
    match = make_match(need, volunteer, state=MatchState.OFFERED)

    assert apply(volunteer_actor(match), match, MatchEvent.ACCEPT).state == MatchState.CONFIRMED


@pytest.mark.parametrize(
    ("contact", "state"),
    [(Contact.CHILDREN, MatchState.CANCELLED), (Contact.NO_CHILDREN, MatchState.CONFIRMED)],
)
def test_who_no_longer_organises_for_children_gets_nobody_for_them(database, contact, state):
    organiser = make_partner()
    volunteer = make_volunteer(cleared_for=organiser)
    match = make_match(make_need(organiser, contact=contact), volunteer, state=MatchState.CONFIRMED)
    with transaction():
        organiser.organiser = False

    with transaction():
        reconcile_service.check_grounds(clock.now())

    assert db.session.get_one(Match, match.id).state == state


def test_coordinators_still_read_the_words_on_the_page_of_the_session(database):
    match = make_match(state=MatchState.OFFERED)
    apply(volunteer_actor(match), match, MatchEvent.DECLINE, reason="Mam grypę")

    page = session_service.session_page(match.session_id, session_service.Question())

    assert [(event.verb, event.reason) for event in page.history] == [("match_decline", "Mam grypę")]
