"""Who may be a volunteer, the weekly grid, and every step of an application."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_match.actor import Role
from volunteer_match.people import rules
from volunteer_match.people.rules import Answers, VolunteerEvent, VolunteerState, WeeklySpan


def test_every_state_has_its_row():
    assert set(rules.TRANSITIONS) == set(VolunteerState)


def test_every_event_has_its_actors():
    assert set(rules.WHO) == set(VolunteerEvent)


def test_every_state_can_be_reached():
    reached = {t for row in rules.TRANSITIONS.values() for targets in row.values() for t in targets}

    assert reached | {VolunteerState.DRAFT} == set(VolunteerState)


def test_nothing_follows_the_end():
    assert rules.TRANSITIONS[VolunteerState.ENDED] == {}


def test_volunteers_cannot_admit_themselves():
    assert VolunteerEvent.ADMIT not in rules.possible_events(VolunteerState.SUBMITTED, {Role.VOLUNTEER})


@pytest.mark.parametrize(
    ("birth", "problem"),
    [
        (date(2026, 11, 23), "birth_date_in_future"),
        (date(1900, 1, 1), "birth_date_too_old"),
        (date(2013, 11, 23), "too_young"),
        (date(2013, 11, 22), None),
        (date(1960, 5, 5), None),
    ],
)
def test_birth_dates(birth, problem):
    assert rules.birth_date_problem(birth, date(2026, 11, 22)) == problem


@pytest.mark.parametrize(("day", "minor"), [(date(2026, 3, 7), True), (date(2026, 3, 8), False)])
def test_people_come_of_age_on_their_birthday(day, minor):
    assert rules.is_minor(date(2008, 3, 8), day) is minor


def test_those_born_on_a_leap_day_come_of_age_in_march():
    birth = date(2008, 2, 29)

    assert rules.age_on(birth, date(2026, 2, 28)) == 17
    assert rules.age_on(birth, date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        (Answers(None, 0, 0), ("skills", "week", "limits")),
        (Answers(date(1990, 1, 1), 1, 1), ()),
        (Answers(date(1990, 1, 1), 1, 0), ("week",)),
    ],
)
def test_what_an_application_lacks(answers, missing):
    assert rules.missing_answers(answers) == missing


@pytest.mark.parametrize(
    ("first", "last", "paused"),
    [(None, None, False), (0, None, True), (1, None, False), (-5, -1, False), (-5, 0, True)],
)
def test_breaks(first, last, paused):
    today = date(2026, 6, 10)
    days = [None if n is None else today + timedelta(days=n) for n in (first, last)]

    assert rules.paused_on(*days, today) is paused


@given(st.sets(st.sampled_from(rules.GRID_CELLS)))
def test_the_grid_is_read_back_as_it_was_ticked(cells):
    assert set(rules.cells_of_spans(rules.spans_of_cells(cells))) == cells


def test_neighbouring_cells_become_one_stretch():
    assert rules.spans_of_cells(["2-noon", "2-morning"]) == (WeeklySpan(2, 480, 900),)


def test_exact_hours_tick_only_cells_they_cover_whole():
    assert rules.cells_of_spans([WeeklySpan(0, 540, 900)]) == ("0-noon",)
