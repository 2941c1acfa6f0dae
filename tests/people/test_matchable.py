"""What matching reads about volunteers."""

from datetime import date

from tests.database import count_queries
from tests.factories import make_district, make_skill, make_volunteer
from volunteer_match import clock
from volunteer_match.db import transaction
from volunteer_match.people import queries
from volunteer_match.people.availability import DayException
from volunteer_match.people.models import AvailabilityException, VolunteerSkill
from volunteer_match.people.rules import OPEN, VolunteerState, WeeklySpan


def test_everything_matching_needs_is_there(database):
    district = make_district("Nibywola", 50.6, 22.09)
    volunteer = make_volunteer(
        name="Jan Nibylski", skills=["gardening"], languages=["pl", "uk"], free=[(5, 600, 720)],
        district_id=district.id, radius_km=20, driving_licence=True, max_hours_per_week=4,
        paused_from=date(2026, 7, 1), paused_until=date(2026, 7, 31),
        exceptions=[AvailabilityException(first_day=date(2026, 6, 6), last_day=date(2026, 6, 7), free=False)],
    )  # fmt: skip

    (found,) = queries.matchable()

    assert (found.id, found.name, found.state) == (volunteer.id, "Jan Nibylski", "active")
    assert found.skills == {"gardening": 2}
    assert found.languages == ("pl", "uk")
    assert found.weekly == (WeeklySpan(5, 600, 720),)
    assert found.exceptions == (DayException(date(2026, 6, 6), date(2026, 6, 7), free=False),)
    assert found.differing_days[-1] == DayException(date(2026, 7, 1), date(2026, 7, 31), free=False)
    assert (found.district, found.place, found.radius_km) == ("Nibywola", (50.6, 22.09), 20)
    assert (found.driving_licence, found.max_hours_per_week) == (True, 4)


def test_a_qualification_counts_only_with_proof(database):
    make_skill("paramedic", qualification=True)
    volunteer = make_volunteer(skills=["paramedic", "painting"])
    before = queries.matchable()[0]
    with transaction() as session:
        offered = session.get_one(VolunteerSkill, (volunteer.id, "paramedic"))
        offered.confirmed_at = clock.now()

    assert (before.skills, before.unproven) == ({"painting": 2}, ("paramedic",))
    assert queries.matchable()[0].skills == {"painting": 2, "paramedic": 2}


def test_only_those_who_serve_are_read_unless_asked(database):
    active = make_volunteer()
    waiting = make_volunteer(state=VolunteerState.AWAITING_CLEARANCE)

    assert [v.id for v in queries.matchable()] == [active.id]
    assert {v.id for v in queries.matchable(OPEN)} == {active.id, waiting.id}
    assert [v.id for v in queries.matchable(OPEN, [waiting.id])] == [waiting.id]


def test_five_queries_whatever_the_number(database):
    for _ in range(12):
        make_volunteer(skills=["painting", "sewing"])

    with count_queries(at_most=5):
        assert len(queries.matchable()) == 12


def test_waiting_applications_come_oldest_first(database):
    first = make_volunteer(name="Pierwsza Osoba", state=VolunteerState.SUBMITTED)
    second = make_volunteer(name="Druga Osoba", state=VolunteerState.SCREENING)
    make_volunteer(state=VolunteerState.DRAFT)

    assert [w.volunteer_id for w in queries.waiting_applications()] == [first.id, second.id]


def test_states_are_counted(database):
    make_volunteer()
    make_volunteer(state=VolunteerState.SUBMITTED)

    assert queries.counts_by_state() == {"active": 1, "submitted": 1}
