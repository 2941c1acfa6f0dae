"""What the desk says after gaps were filled, when nobody was found, and when looking failed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.days import today
from tests.factories import make_need, make_user, make_volunteer
from tests.placements.builders import COORDINATOR, apply, make_match, opening_of, volunteer_actor
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.matching import labels as words
from volunteer_match.matching import mend_service
from volunteer_match.needs.rules import SessionState
from volunteer_match.placements import labels, mend_steps
from volunteer_match.placements.models import Match, Mend, MendPause
from volunteer_match.placements.rules import MEND_AGAIN, MatchEvent, MatchState

DAY = today() + timedelta(days=8)


def mend(after=timedelta()):
    mend_steps.mend_waiting(clock.now() + after)
    db.session.rollback()


@pytest.fixture
def desk(database, login):
    """A coordinator's browser."""
    return login(make_user(Role.COORDINATOR), locale="en")


@pytest.fixture
def freed(database):
    """A place somebody declined and another one could take."""
    need = make_need(day=DAY, minimum=1, preferred=1, required_skills=("painting",), title="Malowanie")
    gone = make_match(need, make_volunteer(skills=("painting",)), state=MatchState.OFFERED)
    apply(volunteer_actor(gone), gone, MatchEvent.DECLINE)
    return need


def text_of(desk):
    db.session.rollback()
    return desk.get("/desk").text


def put(freed):
    make_volunteer(name="Ada Demowska", skills=("painting",))
    mend()
    return db.session.scalars(select(Match).where(Match.state == MatchState.PROPOSED)).one()


def test_somebody_put_on_the_desk_is_said_to_be_proposed(desk, freed):
    put(freed)

    assert "Ada Demowska is proposed for Malowanie" in text_of(desk)


def test_after_the_approval_it_is_said_that_the_person_was_asked(desk, freed):
    match = put(freed)
    apply(COORDINATOR, match, MatchEvent.APPROVE)

    text = text_of(desk)

    assert "Ada Demowska was asked for Malowanie" in text
    assert "is proposed for" not in text


def test_after_a_yes_it_is_said_that_the_person_agreed(desk, freed):
    match = put(freed)
    apply(COORDINATOR, match, MatchEvent.APPROVE)
    apply(volunteer_actor(match), match, MatchEvent.ACCEPT)

    assert "Ada Demowska has agreed: Malowanie" in text_of(desk)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MatchState.HELD, "has agreed, and it is on hold for now: Malowanie"),
        (MatchState.EXCUSED, "had agreed and was excused: Malowanie"),
        (MatchState.NO_SHOW, "had agreed and was not there: Malowanie"),
        (MatchState.COMPLETED, "has helped: Malowanie"),
    ],
)
def test_what_became_of_a_yes_is_said_as_it_is(desk, freed, state, words):
    match = put(freed)
    with transaction():
        match.state = state

    assert f"Ada Demowska {words}" in text_of(desk)


def test_a_proposal_taken_off_is_said_to_stand_no_longer(desk, freed):
    match = put(freed)
    apply(COORDINATOR, match, MatchEvent.REJECT, reason="other")

    assert "was proposed for Malowanie" in text_of(desk)


def test_a_freed_place_nobody_was_found_for_is_spoken_of_with_what_would_help(desk, freed):
    make_volunteer()
    mend()

    text = text_of(desk)

    assert "Nobody was found" in text
    assert "What would help most with Malowanie: without" in text


def test_a_freed_place_that_nothing_would_fill_is_spoken_of_too(desk, freed):
    mend()

    text = text_of(desk)

    assert "Nobody was found" in text
    assert "What would help most" not in text


def fill(freed):
    make_match(freed, make_volunteer())


def call_off(freed):
    with transaction():
        freed.sessions[0].state = SessionState.CANCELLED


@pytest.mark.parametrize("happening", [fill, call_off])
def test_nothing_would_help_any_more_where_nobody_is_missing(desk, freed, happening):
    make_volunteer()
    mend()
    assert "What would help most with Malowanie" in text_of(desk)

    happening(freed)

    assert "What would help most" not in text_of(desk)


def test_without_the_solver_nothing_is_said_of_exchanges_nobody_looked_for(desk, freed, monkeypatch):
    def fail(*_args):
        raise mend_service.FailedError("killed")

    monkeypatch.setattr(mend_service, "mended", fail)
    mend()

    text = text_of(desk)

    assert "could not be worked out this time; “Find people” at the top" in text
    assert "no exchange of proposals helps" not in text


@pytest.fixture
def broken(monkeypatch):
    """Looking for people fails each time; how often it was tried."""
    tried = []

    def fail(*_given):
        tried.append(clock.now())
        raise RuntimeError("broken")

    monkeypatch.setattr(mend_service, "gather", fail)
    return tried


def test_a_week_that_failed_rests_before_it_is_tried_again(freed, broken):
    mend()
    mend(timedelta(seconds=30))
    assert len(broken) == 1

    mend(MEND_AGAIN[0] + timedelta(seconds=5))
    assert len(broken) == 2
    pause = db.session.scalars(select(MendPause)).one()
    assert (pause.tries, pause.again_at > clock.now() + MEND_AGAIN[0]) == (2, True)


def test_the_desk_says_that_looking_failed(desk, freed, broken):
    mend()

    assert "did not work. It is tried again" in text_of(desk)


def test_nobody_is_said_to_be_looked_for_while_the_week_rests(desk, broken):
    with transaction():
        mend_steps.ask(COORDINATOR, opening_of(make_need(day=DAY, minimum=1, preferred=1)).id)
    assert "People are being looked for, for 1 place." in text_of(desk)

    mend()

    text = text_of(desk)
    assert "did not work. It is tried again" in text
    assert "People are being looked for" not in text


def test_once_it_is_time_no_next_try_is_promised_for_a_moment_in_the_past(desk, freed, broken):
    mend()
    with transaction():
        db.session.scalars(select(MendPause)).one().again_at = clock.now() - timedelta(seconds=1)

    assert "It is tried again" not in text_of(desk)


@pytest.mark.parametrize("happening", [fill, call_off])
def test_a_week_without_gaps_is_not_said_to_be_tried_again(desk, freed, broken, happening):
    mend()

    happening(freed)

    assert "It is tried again" not in text_of(desk)


def test_a_week_that_rests_does_not_keep_others_waiting(freed, broken, monkeypatch):
    mend()
    monkeypatch.undo()
    other = make_need(day=DAY + timedelta(days=7), minimum=1, preferred=1)
    gone = make_match(other, make_volunteer(), state=MatchState.OFFERED)
    apply(volunteer_actor(gone), gone, MatchEvent.DECLINE)
    person = make_volunteer()

    mend()

    match = db.session.scalars(select(Match).where(Match.state == MatchState.PROPOSED)).one()
    assert (match.opening_id, match.volunteer_id) == (opening_of(other).id, person.id)


def test_what_works_again_no_longer_rests(desk, freed, broken, monkeypatch):
    mend()
    monkeypatch.undo()
    make_volunteer(skills=("painting",))

    mend(MEND_AGAIN[0] + timedelta(seconds=5))

    assert db.session.scalars(select(MendPause)).all() == []
    assert len(db.session.scalars(select(Mend)).all()) == 1
    assert "did not work" not in text_of(desk)


def test_a_coordinator_who_asks_need_not_wait(freed, broken):
    mend()
    with transaction():
        mend_steps.ask(COORDINATOR, opening_of(freed).id)

    mend()

    assert len(broken) == 2


def test_long_overdue_rests_are_forgotten(freed, broken):
    mend()
    with transaction():
        mend_steps.forget_old(clock.now() + timedelta(hours=3))

    assert db.session.scalars(select(MendPause)).all() == []


def test_negative_points_have_a_true_minus_sign():
    assert [words.points(number) for number in (-90, 0, 90)] == ["−90", "0", "+90"]
    assert labels.gains((0, 0, 0, 90), (0, 0, 0, 0))[-1].endswith(": −90.")
