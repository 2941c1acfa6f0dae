"""What the matching is told about open sessions."""

from datetime import date, time, timedelta

from tests.database import count_queries
from tests.factories import make_district, make_need, make_partner, make_session, make_venue
from volunteer_match.db import transaction
from volunteer_match.needs.queries import open_sessions
from volunteer_match.needs.rules import NeedState, SessionState

DAY = date(2027, 3, 6)


def test_a_session_carries_what_decides_who_fits(database):
    partner = make_partner()
    need = make_need(partner, day=DAY, required_skills=["sewing"], wanted_skills=["crafts"], languages=["uk"])

    (found,) = open_sessions(DAY, DAY)

    (role,) = found.roles
    assert (found.need_id, found.posted_by_id, found.posted_by_state) == (need.id, partner.id, "verified")
    assert (role.required, role.wanted, role.languages) == ((("sewing", 1),), ("crafts",), ("uk",))
    assert (role.minimum, role.capacity, role.filled) == (1, 2, 0)


def test_days_are_local_days(database):
    make_need(day=DAY, starts=time(0, 15), ends=time(1))

    assert len(open_sessions(DAY, DAY)) == 1
    assert open_sessions(DAY - timedelta(days=1), DAY - timedelta(days=1)) == ()


def test_cancelled_sessions_and_unpublished_needs_are_left_out(database):
    make_need(day=DAY, state=NeedState.DRAFT)
    need = make_need(day=DAY)
    with transaction():
        need.sessions[0].state = SessionState.CANCELLED

    assert open_sessions(DAY, DAY) == ()


def test_a_venue_without_its_own_point_has_its_districts(database):
    partner = make_partner()
    venue = make_venue(partner, district=make_district(latitude=51.25))
    with transaction():
        venue.latitude = venue.longitude = None
    make_need(partner, day=DAY, venue_id=venue.id)

    assert open_sessions(DAY, DAY)[0].latitude == 51.25


def test_the_number_of_statements_does_not_grow(database):
    for number in range(3):
        need = make_need(day=DAY, weeks=2, required_skills=["sewing"], languages=["pl"])
        make_session(need, DAY, time(15 + number), time(16 + number))

    with count_queries(at_most=5):
        found = open_sessions(DAY, DAY + timedelta(days=14))

    assert len(found) == 9
