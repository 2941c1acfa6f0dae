"""How a need moves, what has to be true before, and who hears of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.days import today
from tests.factories import actor_of, make_need, make_partner, make_user, save
from volunteer_match import clock
from volunteer_match.actor import Actor, Role
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, transaction
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.needs import service, sessions_service
from volunteer_match.needs.models import Need, NeedSession, Opening, SchoolBreak
from volunteer_match.needs.rules import (
    TRANSITIONS,
    WHO,
    Contact,
    NeedEvent,
    NeedState,
    Parties,
    SessionState,
    lacking,
    parties_problem,
)
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.partners.rules import PartnerState

PAIRS = [(state, event) for state in NeedState for event in NeedEvent]
SATURDAY = date(2027, 3, 6)
# The clocks skip the hour from two to three; it is Easter Sunday too.
NIGHT = date(2027, 3, 28)


@pytest.fixture
def coordinator(database):
    """Somebody who coordinates."""
    return actor_of(make_user(Role.COORDINATOR))


def move(actor: Actor, need: Need, event: NeedEvent, **given) -> Need:
    with transaction():
        return service.apply(actor, need.id, event, **given)


def draft(partner=None, **fields) -> Need:
    return make_need(partner, state=NeedState.SUBMITTED, **{"day": SATURDAY, **fields})


def begins(need: Need) -> list[datetime]:
    query = select(NeedSession.starts_at).where(NeedSession.need_id == need.id)
    return list(db.session.scalars(query.order_by(NeedSession.starts_at)))


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_only_the_steps_of_the_table_are_possible(coordinator, state, event):
    need = make_need(state=state)
    target = TRANSITIONS[state].get(event)

    if target is None:
        with pytest.raises(RuleBrokenError, match="need_state"):
            move(coordinator, need, event, reason="Powód")
    else:
        assert move(coordinator, need, event, reason="Powód").state == target


@pytest.mark.parametrize("event", [e for e in NeedEvent if Role.PARTNER not in WHO[e]])
def test_institutions_do_not_publish_their_own_needs(database, event):
    need = draft()

    with pytest.raises(ForbiddenError):
        move(actor_of(need.posted_by.members[0].user), need, event, reason="Powód")


def test_another_institution_sees_no_need(database):
    with pytest.raises(NotFoundError):
        move(actor_of(make_partner().members[0].user), draft(), NeedEvent.WITHDRAW, reason="Powód")


@pytest.mark.parametrize(
    ("state", "event", "needed"),
    [
        (NeedState.DRAFT, NeedEvent.WITHDRAW, False),
        (NeedState.SUBMITTED, NeedEvent.WITHDRAW, True),
        (NeedState.PUBLISHED, NeedEvent.WITHDRAW, True),
        (NeedState.SUBMITTED, NeedEvent.RETURN, True),
    ],
)
def test_what_others_wait_for_is_not_taken_back_without_a_word(coordinator, state, event, needed):
    need = make_need(state=state)

    if needed:
        with pytest.raises(RuleBrokenError, match="reason_missing"):
            move(coordinator, need, event)
    else:
        assert move(coordinator, need, event).state == NeedState.CANCELLED


def test_a_stale_step_is_refused(coordinator):
    need = draft()
    seen = need.version
    move(coordinator, need, NeedEvent.RETURN, reason="Powód", version=seen)

    with pytest.raises(ConflictError):
        move(coordinator, need, NeedEvent.WITHDRAW, reason="Powód", version=seen)


def test_each_step_leaves_one_line_in_the_history(coordinator):
    need = draft()

    move(coordinator, need, NeedEvent.RETURN, reason="Za mało osób")

    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == need.id)).all()
    assert (event.verb, event.facts["before"], event.facts["after"]) == (
        "need_return",
        "submitted",
        "returned",
    )


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (NeedEvent.PUBLISH, "need_published"),
        (NeedEvent.RETURN, "need_returned"),
        (NeedEvent.WITHDRAW, "need_cancelled"),
    ],
)
def test_the_institution_hears_what_a_coordinator_did(coordinator, event, kind):
    need = draft()

    move(coordinator, need, event, reason="Powód")

    (mail,) = db.session.scalars(select(EmailMessage)).all()
    assert (mail.kind, mail.user_id) == (kind, need.posted_by.members[0].user_id)


def test_whoever_withdraws_the_own_need_gets_no_mail(database):
    need = draft()

    move(actor_of(need.posted_by.members[0].user), need, NeedEvent.WITHDRAW, reason="Choroba")

    assert db.session.scalars(select(EmailMessage)).all() == []


def told():
    return sorted((mail.kind, mail.user_id) for mail in db.session.scalars(select(EmailMessage)))


def contact(partner):
    return partner.members[0].user_id


def test_an_organiser_hears_that_the_institution_withdrew_the_need(database):
    organiser = make_partner()
    need = make_need(organiser_id=organiser.id)

    move(actor_of(need.posted_by.members[0].user), need, NeedEvent.WITHDRAW, reason="Choroba")

    assert told() == [("need_cancelled", contact(organiser))]


def test_an_organiser_hears_nothing_of_a_need_that_was_never_public(database):
    need = make_need(organiser_id=make_partner().id, state=NeedState.SUBMITTED)

    move(actor_of(need.posted_by.members[0].user), need, NeedEvent.WITHDRAW, reason="Choroba")

    assert told() == []


@pytest.mark.parametrize("by_coordinator", [True, False])
def test_both_institutions_hear_that_a_date_was_called_off_except_the_one_that_did(
    coordinator, by_coordinator
):
    organiser = make_partner()
    need = make_need(organiser_id=organiser.id)
    actor = coordinator if by_coordinator else actor_of(need.posted_by.members[0].user)

    with transaction():
        sessions_service.cancel_session(actor, need.id, need.sessions[0].id, "Remont")

    to = [contact(organiser), contact(need.posted_by)] if by_coordinator else [contact(organiser)]
    assert told() == sorted(("session_cancelled", user_id) for user_id in to)


def test_coordinators_hear_of_a_need_to_check(coordinator):
    need = make_need(state=NeedState.DRAFT)

    move(actor_of(need.posted_by.members[0].user), need, NeedEvent.SUBMIT)

    (mail,) = db.session.scalars(select(EmailMessage)).all()
    assert (mail.kind, mail.user_id) == ("need_submitted", coordinator.user_id)


def test_a_need_sent_twice_is_two_mails(coordinator):
    need = make_need(state=NeedState.DRAFT)
    member = actor_of(need.posted_by.members[0].user)
    move(member, need, NeedEvent.SUBMIT)
    move(coordinator, need, NeedEvent.RETURN, reason="Powód")

    move(member, need, NeedEvent.SUBMIT)

    kinds = [mail.kind for mail in db.session.scalars(select(EmailMessage))]
    assert kinds.count("need_submitted") == 2


def test_publishing_makes_a_session_per_week_at_the_same_local_hour(coordinator):
    need = draft(weeks=4, day=date(2027, 3, 20))

    move(coordinator, need, NeedEvent.PUBLISH)

    assert [moment.astimezone(UTC).hour for moment in begins(need)] == [9, 9, 8, 8]


def test_every_session_has_the_places_of_every_role(coordinator):
    need = draft(weeks=2, minimum=1, preferred=3)

    move(coordinator, need, NeedEvent.PUBLISH)

    places = db.session.scalars(select(Opening)).all()
    assert [(o.minimum, o.capacity, o.filled) for o in places] == [(1, 3, 0)] * 2


def test_public_holidays_and_school_breaks_are_left_out(coordinator):
    save(SchoolBreak(name="Ferie", first_day=date(2027, 5, 10), last_day=date(2027, 5, 16)))
    need = draft(day=date(2027, 5, 1), weeks=4)  # the first of May is a holiday

    move(coordinator, need, NeedEvent.PUBLISH)

    assert [moment.date() for moment in begins(need)] == [date(2027, 5, 8), date(2027, 5, 22)]


def test_a_programme_of_the_break_happens_in_the_break(coordinator):
    save(SchoolBreak(name="Ferie", first_day=date(2027, 5, 10), last_day=date(2027, 5, 16)))
    need = draft(day=date(2027, 5, 10), weeks=1, skip_breaks=False)
    with transaction():
        need.recurrence, need.weekdays, need.last_day = "weekly", "01234", date(2027, 5, 14)

    move(coordinator, need, NeedEvent.PUBLISH)

    assert len(begins(need)) == 5


def test_dates_that_are_over_are_not_opened(coordinator):
    this_day = today()
    need = draft(day=this_day - timedelta(days=7), weeks=3)

    move(coordinator, need, NeedEvent.PUBLISH)

    assert all(moment > clock.now() for moment in begins(need))
    assert 1 <= len(begins(need)) <= 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"day": date(2024, 3, 2)}, "no_future_dates"),
        ({"day": NIGHT, "starts": time(2, 30), "ends": time(4), "skip_holidays": False}, "gap_hour"),
        ({"day": NIGHT, "starts": time(1), "ends": time(2, 15), "skip_holidays": False}, "gap_hour"),
        ({"weeks": 140}, "too_many_dates"),
    ],
)
def test_impossible_dates_are_not_published(coordinator, fields, code):
    need = draft(**fields)

    with pytest.raises(RuleBrokenError, match=code):
        move(coordinator, need, NeedEvent.PUBLISH)


@pytest.mark.parametrize(
    ("parties", "contact", "code"),
    [
        (Parties(True, True, True, True), Contact.CHILDREN, None),
        (Parties(False, True, True, True), Contact.REMOTE, "poster_not_verified"),
        (Parties(True, False, True, True), Contact.REMOTE, "organiser_not_verified"),
        (Parties(True, True, False, True), Contact.NO_CHILDREN, "organiser_not_host"),
        (Parties(True, True, True, False), Contact.CHILDREN, "organiser_without_children"),
        (Parties(True, True, True, False), Contact.NO_CHILDREN, None),
    ],
)
def test_the_institutions_behind_a_need_have_to_be_in_order(parties, contact, code):
    found = parties_problem(parties, contact)

    assert (found.code if found else None) == code


def test_a_suspended_institution_publishes_nothing(coordinator):
    need = draft(make_partner(state=PartnerState.SUSPENDED))

    with pytest.raises(RuleBrokenError, match="poster_not_verified"):
        move(coordinator, need, NeedEvent.PUBLISH)


def test_where_children_are_the_organiser_is_confirmed_for_it(coordinator):
    need = draft(
        make_partner(organiser=False),
        contact=Contact.CHILDREN,
        children_count=10,
        age_from=6,
        age_to=9,
        supervision="organiser",
    )

    with pytest.raises(RuleBrokenError, match="organiser_without_children"):
        move(coordinator, need, NeedEvent.PUBLISH)


def test_withdrawing_cancels_what_is_to_come(coordinator):
    need = draft(weeks=2)
    move(coordinator, need, NeedEvent.PUBLISH)

    move(coordinator, need, NeedEvent.WITHDRAW, reason="Remont sali")

    found = [(m.state, m.state_reason) for m in need.sessions]
    assert found == [(SessionState.CANCELLED, "Remont sali")] * 2


def test_a_returned_need_is_published_again_with_the_same_sessions(coordinator):
    need = draft(weeks=2)
    move(coordinator, need, NeedEvent.PUBLISH)
    before = {m.id for m in need.sessions}
    member = actor_of(need.posted_by.members[0].user)
    move(coordinator, need, NeedEvent.RETURN, reason="Powód")
    move(member, need, NeedEvent.SUBMIT)

    move(coordinator, need, NeedEvent.PUBLISH)

    assert {m.id for m in need.sessions} == before
    assert {m.state for m in need.sessions} == {SessionState.SCHEDULED}


def test_a_date_is_not_opened_again_while_people_are_still_booked(coordinator):
    need = draft()
    move(coordinator, need, NeedEvent.PUBLISH)
    with transaction():
        need.sessions[0].openings[0].filled = 1
    move(coordinator, need, NeedEvent.RETURN, reason="Powód")
    move(actor_of(need.posted_by.members[0].user), need, NeedEvent.SUBMIT)

    with pytest.raises(RuleBrokenError, match="cancellations_pending"):
        move(coordinator, need, NeedEvent.PUBLISH)


def test_a_date_is_added_once(coordinator):
    need = draft()
    move(coordinator, need, NeedEvent.PUBLISH)
    day = SATURDAY + timedelta(days=1)

    with transaction():
        added = sessions_service.add_session(coordinator, need.id, day, time(9), time(10))

    assert (added.starts_at.hour, len(added.openings)) == (8, 1)
    with pytest.raises(RuleBrokenError, match="session_exists"), transaction():
        sessions_service.add_session(coordinator, need.id, day, time(9), time(10))


@pytest.mark.parametrize(
    ("day", "starts", "code"),
    [(date(2024, 1, 6), time(9), "session_past"), (NIGHT, time(2, 15), "gap_hour")],
)
def test_an_impossible_date_is_not_added(coordinator, day, starts, code):
    need = draft()
    move(coordinator, need, NeedEvent.PUBLISH)

    with pytest.raises(RuleBrokenError, match=code), transaction():
        sessions_service.add_session(coordinator, need.id, day, starts, time(20))


def test_institutions_cancel_a_date_but_do_not_add_one(coordinator):
    need = draft()
    move(coordinator, need, NeedEvent.PUBLISH)
    member = actor_of(need.posted_by.members[0].user)

    with pytest.raises(ForbiddenError), transaction():
        sessions_service.add_session(member, need.id, SATURDAY, time(15), time(16))
    with transaction():
        cancelled = sessions_service.cancel_session(member, need.id, need.sessions[0].id, "Awaria prądu")
    assert (cancelled.state, cancelled.state_reason) == ("cancelled", "Awaria prądu")


def test_a_date_is_cancelled_once_and_with_a_reason(coordinator):
    need = draft()
    move(coordinator, need, NeedEvent.PUBLISH)
    session_id = need.sessions[0].id

    for reason, code in (("", "reason_missing"), ("Powód", None), ("Powód", "session_not_planned")):
        if code:
            with pytest.raises(RuleBrokenError, match=code), transaction():
                sessions_service.cancel_session(coordinator, need.id, session_id, reason)
        else:
            with transaction():
                sessions_service.cancel_session(coordinator, need.id, session_id, reason)


def test_nothing_lacks_in_a_complete_form():
    given = {
        "title": "Tytuł", "what": "Opis", "organiser_id": "o", "venue_id": "v", "contact": "no_children",
        "recurrence": "once", "first_day": SATURDAY, "starts_local": time(9), "ends_local": time(10),
        "roles": [{"name": "Rola"}],
    }  # fmt: skip

    assert lacking(given) == []
    assert [p.field for p in lacking(given | {"roles": []})] == ["roles-0-name"]
