"""What the matching is fed with: from the tables to one problem of the core."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.database import count_queries
from tests.days import today
from tests.factories import make_need, make_papers, make_partner, make_volunteer, save
from volunteer_match import clock
from volunteer_match.db import transaction
from volunteer_match.matching import feed
from volunteer_match.matching.core.format import problem_from_json, problem_to_json
from volunteer_match.matching.core.types import Forbidden, Use
from volunteer_match.matching.feed import Days
from volunteer_match.matching.rules import History, Settled, Taken, horizon, week_key
from volunteer_match.needs.rules import Contact, Supervision
from volunteer_match.people.rules import VolunteerState
from volunteer_match.safeguarding.models import Agreement


def days(weeks=4):
    first, last = horizon(today(), weeks)
    return Days(first, last, clock.now())


def problem(history=None):
    return feed.problem(days(), history or History())


def taken(need, volunteer, session=0):
    meeting = need.sessions[session]
    return Taken(meeting.openings[0].id, meeting.id, volunteer.id, meeting.starts_at, meeting.ends_at)


def test_a_session_and_its_role_are_told(database):
    need = make_need(
        minimum=1, preferred=3, required_skills=["chess"], wanted_skills=["guitar"], languages=["uk"],
        minimum_age=16, driving=True, priority=3,
    )  # fmt: skip

    found = problem()

    session, role = found.sessions[0], found.roles[0]
    assert (session.id, session.priority, session.children) == (need.sessions[0].id, 3, 0)
    assert session.place is not None
    assert (role.id, role.min, role.preferred) == (need.sessions[0].openings[0].id, 1, 3)
    assert (role.required_skills, role.wanted_skills) == ({"chess": 1}, {"guitar": 1.0})
    assert (role.languages, role.min_age, role.driving_licence) == (("uk",), 16, True)


def test_a_volunteer_is_told(database):
    volunteer = make_volunteer(skills=["chess"], languages=["pl", "en"], radius_km=5, max_sessions_per_week=2)

    person = problem().volunteers[0]

    assert person.id == volunteer.id
    assert (person.skills, person.languages) == ({"chess": 2}, ("en", "pl"))
    assert (person.radius_km, person.max_sessions_per_week) == (5.0, 2)
    assert person.withheld == ()


def test_free_time_is_told_in_utc(database):
    make_volunteer(free=[(5, 9 * 60, 12 * 60)])

    spans = problem().volunteers[0].available

    assert spans
    assert all(a.utcoffset() == timedelta() and b - a == timedelta(hours=3) for a, b in spans)


@pytest.mark.parametrize(
    ("supervision", "staff", "needed"),
    [(Supervision.ORGANISER, 0, 2), (Supervision.ORGANISER, 1, 2), (Supervision.PARENTS_PRESENT, 0, 0)],
)
def test_the_two_adult_rule_follows_the_supervision(database, supervision, staff, needed):
    make_need(
        contact=Contact.CHILDREN, children_count=10, age_from=9, supervision=supervision, staff_adults=staff
    )

    session = problem().sessions[0]

    assert (session.min_cleared_adults, session.staff_cleared_adults) == (needed, staff)


def test_papers_are_told_by_organiser(database):
    partner = make_partner()
    volunteer = make_volunteer()
    make_papers(volunteer, partner, until=date(2099, 1, 1))

    person = problem().volunteers[0]

    assert person.cleared_for == {partner.id: date(2099, 1, 1)}
    assert person.agreed_until is not None


@pytest.mark.parametrize(
    "state", [VolunteerState.SUBMITTED, VolunteerState.AWAITING_CLEARANCE, VolunteerState.PAUSED]
)
def test_people_who_cannot_be_asked_are_there_to_be_explained(database, state):
    make_volunteer(state=state)

    assert problem().volunteers[0].withheld == (state,)


@pytest.mark.parametrize("state", [VolunteerState.REJECTED, VolunteerState.ENDED, VolunteerState.DRAFT])
def test_people_who_are_gone_are_not_told(database, state):
    make_volunteer(state=state)

    assert problem().volunteers == ()


def test_full_sessions_are_left_out_and_their_people_busy(database):
    need, volunteer = make_need(minimum=1, preferred=1), make_volunteer()
    with transaction():
        need.sessions[0].openings[0].filled = 1

    found = problem(History(taken=(taken(need, volunteer),)))

    meeting = need.sessions[0]
    assert found.sessions == ()
    assert found.volunteers[0].busy == ((meeting.starts_at, meeting.ends_at),)
    assert found.volunteers[0].used == (Use(week_key(meeting.starts_at.date()), 2.0, 1),)


def test_people_with_places_in_open_sessions_are_fixed(database):
    need, volunteer = make_need(minimum=1, preferred=2), make_volunteer()

    found = problem(History(taken=(taken(need, volunteer),)))

    assert found.fixed == ((need.sessions[0].openings[0].id, volunteer.id),)
    assert found.volunteers[0].busy == ()


def test_settled_pairs_are_forbidden(database):
    need, volunteer = make_need(), make_volunteer()
    opening = need.sessions[0].openings[0].id

    found = problem(History(settled=(Settled(opening, volunteer.id, "declined"),)))

    assert found.forbidden == (Forbidden(volunteer.id, opening, "declined"),)


def test_somebody_who_helps_from_home_only_meets_no_other_session(database):
    need, volunteer = make_need(), make_volunteer(remote_only=True)

    assert problem().forbidden == (Forbidden(volunteer.id, need.sessions[0].id, "remote_only"),)


def cleared_without_agreement(organiser, **fields):
    volunteer = make_volunteer(cleared_for=organiser, **fields)
    with transaction() as session:
        session.delete(session.scalars(select(Agreement)).one())
    return volunteer


def test_two_reasons_against_a_pair_are_told_as_one(database):
    organiser = make_partner()
    volunteer = cleared_without_agreement(organiser, remote_only=True)
    need = make_need(organiser, contact=Contact.CHILDREN, children_count=5)

    found = problem()

    assert found.forbidden == (Forbidden(volunteer.id, need.sessions[0].id, "remote_only"),)
    assert problem_from_json(problem_to_json(found)) == found


def test_nobody_is_proposed_between_two_agreements(database):
    organiser, this_day = make_partner(), today()
    volunteer = cleared_without_agreement(organiser)
    spans = [(-30, 2), (20, 60)]
    save(*(agreement(volunteer, organiser, *(this_day + timedelta(days=d) for d in span)) for span in spans))
    need = make_need(organiser, contact=Contact.NO_CHILDREN)

    assert problem().forbidden == (Forbidden(volunteer.id, need.sessions[0].id, "agreement_missing"),)


def agreement(volunteer, organiser, first, last):
    return Agreement(
        volunteer_id=volunteer.id,
        organiser_id=organiser.id,
        signed_on=first,
        valid_from=first,
        valid_until=last,
        written=True,
        recorded_at=clock.now(),
    )


def test_in_a_new_club_newcomers_may_begin(database):
    make_need(contact=Contact.CHILDREN, children_count=5, supervision=Supervision.ORGANISER)
    make_volunteer()

    assert problem().sessions[0].newcomers_alone


def test_later_they_need_company(database):
    make_need(contact=Contact.CHILDREN, children_count=5, supervision=Supervision.ORGANISER)
    known = make_volunteer()

    found = problem(History(recent_sessions={known.id: 2}))

    assert not found.sessions[0].newcomers_alone
    assert not found.volunteers[0].newcomer


def test_sessions_of_unverified_institutions_are_left_out(database):
    make_need(make_partner(state="suspended"))

    assert problem().sessions == ()


def test_feeding_takes_a_constant_number_of_statements(database):
    make_need()
    make_volunteer()
    with count_queries() as few:
        problem()
    for _ in range(5):
        make_need(weeks=2)
        make_volunteer()
    with count_queries() as many:
        problem()

    assert len(many) == len(few)


def test_a_horizon_ends_on_a_sunday():
    first, last = horizon(date(2026, 11, 25), 2)

    assert (first, last) == (date(2026, 11, 25), date(2026, 12, 6))


def known(need, *people):
    return {(who.id, need.id): times for who, times in people}


def series_told(history):
    """Return the sessions of a weekly need and who counts as a regular there."""
    found = problem(history)
    return [each.rotating for each in found.sessions], {
        each.volunteer: each.regular for each in found.familiar
    }


def test_all_but_one_place_of_a_series_are_for_the_most_frequent(database):
    need, (often, seldom, _new) = make_need(weeks=2, preferred=2), [make_volunteer() for _ in range(3)]

    rotating, regular = series_told(History(familiar=known(need, (often, 5), (seldom, 2))))

    assert rotating == [True, True]
    assert regular == {often.id: True, seldom.id: False}


@pytest.mark.parametrize("fields", [{"weeks": 1, "preferred": 2}, {"weeks": 2, "preferred": 1}])
def test_nothing_rotates_without_a_series_or_with_one_place(database, fields):
    need, person = make_need(**fields), make_volunteer()

    rotating, regular = series_told(History(familiar=known(need, (person, 5))))

    assert (set(rotating), regular) == ({False}, {person.id: True})


def test_a_place_that_somebody_new_has_rotates_no_more(database):
    need, person = make_need(weeks=2, preferred=3), make_volunteer()

    rotating, _regular = series_told(History(taken=(taken(need, person),)))

    assert rotating == [False, True]


def test_who_has_a_break_is_no_regular(database):
    need, gone, person = make_need(weeks=2), make_volunteer(state=VolunteerState.PAUSED), make_volunteer()

    _rotating, regular = series_told(History(familiar=known(need, (gone, 9), (person, 2))))

    assert regular[person.id]
