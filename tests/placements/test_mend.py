"""Gaps filled again by the engine: who moves, what stays, and what the desk says of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.days import today
from tests.factories import make_need, make_user, make_volunteer
from tests.lending.builders import make_asking_need, make_offer
from tests.placements.builders import COORDINATOR, apply, make_match, opening_of, volunteer_actor
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.errors import ConflictError
from volunteer_match.lending.models import Loan
from volunteer_match.matching import mend_service
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import mend_steps, service
from volunteer_match.placements.models import Match, Mend
from volunteer_match.placements.rules import SELF_APPLIED, MatchEvent, MatchState

DAY = today() + timedelta(days=8)


def mend():
    mend_steps.mend_waiting(clock.now())
    db.session.rollback()


def proposed():
    query = select(Match).where(Match.state == MatchState.PROPOSED).execution_options(populate_existing=True)
    return {(each.opening_id, each.volunteer_id) for each in db.session.scalars(query).unique()}


def last():
    return db.session.scalars(select(Mend).execution_options(populate_existing=True)).one()


def one_place(*skills, **fields):
    return make_need(day=DAY, minimum=1, preferred=1, required_skills=skills, **fields)


@pytest.fixture
def exchange(database):
    """Two needs at one time: only the painter can paint and is proposed for games, where a gamer could go."""
    painting, games = one_place("painting"), one_place("games")
    painter = make_volunteer(name="Ada Demowska", skills=("painting", "games"))
    gamer = make_volunteer(name="Staś Domyślny", skills=("games",))
    gone = make_match(painting, make_volunteer(skills=("painting",)), state=MatchState.OFFERED)
    moving = make_match(games, painter)
    apply(volunteer_actor(gone), gone, MatchEvent.DECLINE)
    return {"painting": painting, "games": games, "painter": painter, "gamer": gamer, "moving": moving}


def pairs(exchange, **who):
    return {(opening_of(exchange[need]).id, exchange[person].id) for need, person in who.items()}


def test_a_declined_place_is_filled_by_an_exchange_of_proposals(exchange):
    mend()

    assert proposed() == pairs(exchange, painting="painter", games="gamer")


def test_the_exchange_is_written_down_with_its_worth(exchange):
    mend()

    row = last()
    assert sorted(move["why"] for move in row.moves) == ["fills", "moves"]
    assert row.after[1] - row.before[1] == 1


def test_nobody_is_told_before_an_approval(exchange):
    before = db.session.query(EmailMessage).count()

    mend()

    assert db.session.query(EmailMessage).count() == before


@pytest.mark.parametrize("state", [MatchState.OFFERED, MatchState.CONFIRMED])
def test_who_was_asked_or_agreed_never_moves(database, state):
    painting, games = one_place("painting"), one_place("games")
    painter = make_volunteer(skills=("painting", "games"))
    make_volunteer(skills=("games",))
    gone = make_match(painting, make_volunteer(skills=("painting",)), state=MatchState.OFFERED)
    held = make_match(games, painter, state=state)
    apply(volunteer_actor(gone), gone, MatchEvent.DECLINE)

    mend()

    assert proposed() == set()
    assert db.session.get(Match, held.id).state == state


def test_a_proposal_the_volunteer_asked_for_stays(exchange):
    with transaction():
        exchange["moving"].reasons = [{"code": SELF_APPLIED, "points": 0}]

    mend()

    assert proposed() == pairs(exchange, games="painter")


def test_a_second_look_changes_nothing(exchange):
    mend()
    mend()

    assert len(db.session.scalars(select(Mend)).all()) == 1


def test_things_that_are_needed_are_left_to_their_owners(database):
    day = {"day": DAY, "minimum": 1, "preferred": 1}
    painting = make_asking_need(needed=True, required_skills=("painting",), **day)
    make_offer()
    painter, gamer = make_volunteer(skills=("painting",)), make_volunteer()
    gone = make_match(painting, make_volunteer(skills=("painting",)), state=MatchState.OFFERED)
    moving = make_match(one_place(), painter)
    apply(volunteer_actor(gone), gone, MatchEvent.DECLINE)

    mend()

    assert proposed() == {(gone.opening_id, painter.id), (moving.opening_id, gamer.id)}
    assert db.session.query(Loan).count() == 0


def test_without_the_solver_the_next_best_person_is_proposed(database, monkeypatch):
    def fail(*_args):
        raise mend_service.FailedError("killed")

    monkeypatch.setattr(mend_service, "mended", fail)
    match, other = make_match(state=MatchState.CONFIRMED), make_volunteer()
    apply(volunteer_actor(match), match, MatchEvent.DECLINE)

    mend()

    assert proposed() == {(match.opening_id, other.id)}
    assert last().after == []


def test_a_week_that_fails_does_not_hold_up_the_others(database, monkeypatch):
    solve, people = mend_service.mended, [make_volunteer() for _ in range(2)]
    for week in range(2):
        match = make_match(make_need(day=DAY + timedelta(weeks=week)), state=MatchState.OFFERED)
        apply(volunteer_actor(match), match, MatchEvent.DECLINE)

    def fail_once(problem, *rest):
        if problem.sessions[0].id != match.session_id:
            raise ValueError("odd week")
        return solve(problem, *rest)

    monkeypatch.setattr(mend_service, "mended", fail_once)

    mend()

    ((opening, who),) = proposed()
    assert (opening, who in {each.id for each in people}) == (match.opening_id, True)


def test_a_place_somebody_applied_for_is_kept_for_them_though_papers_are_missing(database):
    match = make_match(make_need(day=DAY, minimum=1, preferred=1), state=MatchState.OFFERED)
    make_volunteer()
    applicant = make_volunteer(state=VolunteerState.AWAITING_CLEARANCE)
    waits = make_match(match.session.need, applicant, reasons=[{"code": SELF_APPLIED, "points": 0}])
    apply(volunteer_actor(match), match, MatchEvent.DECLINE)

    mend()

    assert proposed() == {(match.opening_id, waits.volunteer_id)}
    assert not db.session.get(Match, match.id).refill


def solved_while(monkeypatch, happening):
    """Let something happen between the reading of the week and the keeping of its change."""
    solve = mend_service.mended

    def slow(*args):
        found = solve(*args)
        happening()
        return found

    monkeypatch.setattr(mend_service, "mended", slow)


def test_an_approval_meanwhile_wins_and_the_gap_is_looked_at_again(exchange, monkeypatch):
    solved_while(monkeypatch, lambda: apply(COORDINATOR, exchange["moving"], MatchEvent.APPROVE))

    mend()

    assert db.session.get(Match, exchange["moving"].id).state == MatchState.OFFERED
    assert db.session.scalars(select(Match.refill).where(Match.refill)).all() == [True]
    assert db.session.query(Mend).count() == 0


def test_of_two_workers_one_keeps_its_change(exchange, monkeypatch):
    solve, entered = mend_service.mended, []

    def twice(*args):
        found = solve(*args)
        if not entered:
            entered.append(True)
            mend_steps.mend_waiting(clock.now())
        return found

    monkeypatch.setattr(mend_service, "mended", twice)

    mend()

    assert proposed() == pairs(exchange, painting="painter", games="gamer")
    assert db.session.query(Mend).count() == 1


def test_a_stale_version_undoes_the_whole_change(exchange):
    found = mend_service.Mended(
        moves=(
            {
                "volunteer": exchange["painter"].id,
                "left": exchange["moving"].opening_id,
                "joined": None,
                "why": "released",
            },
        ),
        joined={},
        before=(),
        after=(),
    )
    key = (exchange["moving"].opening_id, exchange["painter"].id)

    with pytest.raises(ConflictError), transaction():
        mend_steps._put(found, {key: (exchange["moving"].id, exchange["moving"].version + 1)})


@pytest.fixture
def desk(database, login):
    """A coordinator's browser."""
    return login(make_user(Role.COORDINATOR), locale="en")


def test_the_desk_says_what_changed_and_what_it_brings(exchange, desk):
    mend()

    page = desk.get("/desk").text

    assert "Ada Demowska is now proposed for" in page
    assert "Staś Domyślny is proposed for" in page
    assert "1 place more is filled." in page


def test_a_coordinator_asks_for_people_for_a_new_need(desk):
    need, person = one_place(), make_volunteer()

    answer = desk.post(f"/desk/openings/{opening_of(need).id}/fill")
    mend()

    assert answer.status_code == 302
    assert proposed() == {(opening_of(need).id, person.id)}


def test_asking_twice_asks_once(desk):
    need = one_place()
    for _time in range(2):
        desk.post(f"/desk/openings/{opening_of(need).id}/fill")

    assert db.session.query(Mend).count() == 1


def test_nobody_is_looked_for_where_nothing_is_open(desk):
    assert desk.post("/desk/openings/nope/fill").status_code == 422


def test_when_nobody_is_found_the_desk_says_so(desk):
    desk.post(f"/desk/openings/{opening_of(one_place('painting')).id}/fill")

    mend()

    assert "Nobody was found" in desk.get("/desk").text


def test_nothing_is_said_of_a_place_that_was_filled_meanwhile(desk):
    need = one_place()
    desk.post(f"/desk/openings/{opening_of(need).id}/fill")
    make_match(need)

    mend()

    assert db.session.query(Mend).count() == 0


def test_turning_the_last_free_person_down_looks_for_an_exchange(database):
    match = make_match(one_place())

    with transaction():
        following = service.decline(COORDINATOR, match.id, "spare")

    assert following is None
    assert match.refill


def test_what_was_changed_long_ago_is_forgotten(exchange):
    mend()

    with transaction():
        mend_steps.forget_old(clock.now() + timedelta(days=31))

    assert db.session.query(Mend).count() == 0
