"""The desk: what it shows and in which order, what every button does, who may use it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.database import count_queries
from tests.days import today
from tests.factories import make_need, make_partner, make_user, make_volunteer
from tests.placements.builders import make_coordinator, make_match, opening_of
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.matching import service as matching
from volunteer_match.matching.models import MatchRun
from volunteer_match.needs.rules import NeedState
from volunteer_match.notifications import outbox
from volunteer_match.notifications.message import Message, Recipient
from volunteer_match.notifications.rules import LATE_AFTER
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import run_steps
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


def day_in(days):
    return today() + timedelta(days=days)


def page_at(browser, path):
    return browser.get(path).get_data(as_text=True)


def state_of(match):
    db.session.expire_all()
    return db.session.get(Match, match.id).state


def in_order(page, *words):
    places = [page.index(word) for word in words]
    return places == sorted(places)


def test_the_most_pressing_comes_first(desk):
    make_need(title="Daleko", day=day_in(20), minimum=1)
    make_match(make_need(title="Dodatkowe ręce", day=day_in(2), minimum=0))
    make_need(title="Za dwa dni", day=day_in(2), minimum=1)

    assert in_order(page_at(desk, "/desk"), "Za dwa dni", "Daleko", "Dodatkowe ręce")


def test_a_proposal_says_whom_and_why(desk):
    reasons = [{"code": "distance", "points": 120, "km": 2.5}]
    make_match(volunteer=make_volunteer(name="Ada Demowska"), reasons=reasons)

    page = page_at(desk, "/desk")

    assert "Ada Demowska" in page
    assert "Lives near: 2.5 km" in page


def test_a_place_nobody_was_looked_for_is_shown_as_such(desk):
    make_need(title="Warsztat", required_skills=["juggling"], minimum=1)

    page = page_at(desk, "/desk")

    assert "Nobody proposed yet: 1 person missing" in page
    assert "Nobody fits" not in page


def test_a_place_nobody_fits_is_shown_as_such(desk):
    make_need(title="Warsztat", required_skills=["juggling"], minimum=1)
    desk.post("/desk/run", data={"weeks": "4"})

    assert "Nobody fits: 1 person missing" in page_at(desk, "/desk")


def test_what_a_run_did_not_know_of_is_not_said_to_fit_nobody(desk):
    make_need(minimum=0)
    desk.post("/desk/run", data={"weeks": "4"})
    make_need(title="Warsztat", minimum=1)

    assert "Nobody proposed yet" in page_at(desk, "/desk")


def test_a_page_beyond_the_last_shows_the_last(desk):
    make_match(volunteer=make_volunteer(name="Ada Demowska"))

    assert "Ada Demowska" in page_at(desk, "/desk?page=9")


def test_an_empty_place_says_on_the_desk_what_would_help(desk):
    make_need(minimum=1, required_skills=["chess"])
    make_volunteer()

    desk.post("/desk/run", data={"weeks": "4"})

    assert "without asking for chess (en): opens 1 person" in page_at(desk, "/desk")


def test_a_session_with_enough_people_is_not_on_the_desk(desk):
    need = make_need(title="Pełne zajęcia", minimum=1)
    make_match(need, state=MatchState.CONFIRMED)

    assert "Pełne zajęcia" not in page_at(desk, "/desk")


def test_an_unpublished_need_is_not_on_the_desk(desk):
    need = make_need(title="Wycofane zajęcia", minimum=1)
    with transaction():
        need.state = NeedState.CANCELLED

    assert "Wycofane zajęcia" not in page_at(desk, "/desk")


def test_what_else_waits_is_counted(desk):
    make_volunteer(state=VolunteerState.SUBMITTED)
    make_volunteer(state=VolunteerState.SCREENING)
    make_partner(state="under_review")

    page = page_at(desk, "/desk")

    assert ">2</strong> applications" in page
    assert ">1</strong> institution to verify" in page


def test_mails_that_wait_too_long_are_counted(desk):
    recipient = Recipient(None, "Ala Żółw", "ala@poczta.example")
    due_at = clock.now() - LATE_AFTER - timedelta(minutes=1)
    with transaction():
        outbox.put(Message("offer_made", recipient, "x", due_at=due_at))

    assert ">1</strong> mail needs attention" in page_at(desk, "/desk")


def test_the_desk_takes_a_bounded_number_of_statements(desk):
    for _ in range(3):
        make_match()
    with count_queries() as few:
        desk.get("/desk")
    for _ in range(6):
        make_match()
    with count_queries() as many:
        desk.get("/desk")

    assert len(many) == len(few)


def test_approving_sends_the_offer(desk):
    match = make_match()

    answer = desk.post(f"/desk/matches/{match.id}/approve", data={"version": match.version})

    assert answer.status_code == 302
    assert state_of(match) == MatchState.OFFERED


def test_a_stale_approval_is_refused(desk):
    match = make_match()

    page = desk.post(
        f"/desk/matches/{match.id}/approve", data={"version": match.version + 1}, follow_redirects=True
    ).text

    assert "Somebody changed this a moment ago" in page
    assert state_of(match) == MatchState.PROPOSED


def test_turning_down_asks_for_a_reason(desk):
    match = make_match()

    answer = desk.post(f"/desk/matches/{match.id}/decline", data={"version": match.version, "note": "hm"})

    assert answer.status_code == 422
    assert "hm" in answer.get_data(as_text=True)
    assert state_of(match) == MatchState.PROPOSED


def test_turning_down_brings_the_next_suggestion(desk):
    match, other = make_match(), make_volunteer(name="Bolek Fikcyjny")

    page = desk.post(
        f"/desk/matches/{match.id}/decline",
        data={"version": match.version, "why": "spare"},
        follow_redirects=True,
    ).get_data(as_text=True)

    found = db.session.scalars(select(Match).where(Match.volunteer_id == other.id)).one()
    assert state_of(match) == MatchState.REJECTED
    assert found.state == MatchState.PROPOSED
    assert "Bolek Fikcyjny" in page


def test_many_are_approved_at_once_and_one_that_cannot_does_not_hold_up_the_rest(desk):
    good, bad = make_match(), make_match(volunteer=make_volunteer(name="Celina Próbna", max_hours_per_week=1))
    chosen = [f"{match.id}:{match.version}" for match in (good, bad)]

    page = desk.post("/desk/approve", data={"chosen": chosen}, follow_redirects=True).get_data(as_text=True)

    assert (state_of(good), state_of(bad)) == (MatchState.OFFERED, MatchState.PROPOSED)
    assert "Celina Próbna" in page


@pytest.mark.parametrize("chosen", [[], ["x"], ["x:y"], ["nope:1"]])
def test_nonsense_among_the_ticked_does_no_harm(desk, chosen):
    match = make_match()

    answer = desk.post("/desk/approve", data={"chosen": chosen})

    assert answer.status_code in (302, 404)
    assert state_of(match) == MatchState.PROPOSED


def test_the_runner_up_can_be_chosen(desk):
    need = make_need(minimum=1, preferred=1)
    first, second = make_volunteer(), make_volunteer(name="Ewa Zmyślona")
    match = make_match(
        need, first, runner_up={"volunteer": second.id, "score": 1, "free": True, "regret": None}
    )

    desk.post(f"/desk/matches/{match.id}/runner-up", data={"version": match.version})

    found = db.session.scalars(select(Match).where(Match.volunteer_id == second.id)).one()
    assert (state_of(match), found.state) == (MatchState.SUPERSEDED, MatchState.PROPOSED)


def test_a_runner_up_who_cannot_come_any_more_is_not_proposed(desk):
    gone = make_volunteer(state=VolunteerState.ENDED)
    match = make_match(runner_up={"volunteer": gone.id, "score": 1, "free": True, "regret": None})

    answer = desk.post(f"/desk/matches/{match.id}/runner-up", data={"version": match.version})

    assert answer.location == "/desk"
    assert state_of(match) == MatchState.PROPOSED


def test_an_approval_can_be_undone_before_the_answer(desk):
    match = make_match(make_need(minimum=1, preferred=1))
    desk.post(f"/desk/matches/{match.id}/approve", data={"version": match.version})
    db.session.expire_all()
    version = db.session.get(Match, match.id).version

    page = page_at(desk, "/desk")
    desk.post(f"/desk/matches/{match.id}/cancel", data={"version": version, "why": "mistake"})

    assert "Just sent" in page
    assert state_of(match) == MatchState.CANCELLED
    assert opening_of(match.session.need).filled == 0


def test_a_new_run_replaces_the_older_proposals(desk):
    need = make_need(minimum=1, preferred=1, required_skills=["chess"])
    old = make_match(need, make_volunteer())
    better = make_volunteer(skills=["chess"])

    desk.post("/desk/run", data={"weeks": "4"})

    found = db.session.scalars(select(Match).where(Match.state == MatchState.PROPOSED)).one()
    assert (state_of(old), found.volunteer_id) == (MatchState.SUPERSEDED, better.id)


def test_a_run_leaves_confirmed_people_alone(desk):
    match = make_match(make_need(minimum=1, preferred=2), state=MatchState.CONFIRMED)
    make_volunteer()

    desk.post("/desk/run", data={"weeks": "4"})

    assert state_of(match) == MatchState.CONFIRMED
    assert opening_of(match.session.need).filled == 1


@pytest.mark.parametrize("state", [MatchState.REJECTED, MatchState.DECLINED, MatchState.EXPIRED])
def test_a_run_does_not_ask_again_what_was_answered(desk, state):
    match = make_match(state=state)

    desk.post("/desk/run", data={"weeks": "4"})

    assert state_of(match) == state


def test_the_same_input_gives_the_same_plan(desk):
    make_need(minimum=1, preferred=1)
    make_volunteer()
    make_volunteer()

    for _ in range(2):
        desk.post("/desk/run", data={"weeks": "4"})

    first, second = (r.plan["assignments"] for r in db.session.scalars(select(MatchRun)))
    assert [a["volunteer"] for a in first] == [a["volunteer"] for a in second]


def test_a_run_shows_its_certificate(desk):
    make_need(minimum=1)
    make_volunteer()
    desk.post("/desk/run", data={"weeks": "4"})
    run = db.session.scalars(select(MatchRun)).one()

    page = page_at(desk, f"/runs/{run.id}")

    assert "The best plan there is" in page
    assert run.inputs_sha256[:16] in page
    assert run.id in page_at(desk, "/runs")


def test_a_big_run_is_left_to_the_worker(desk, monkeypatch):
    monkeypatch.setattr(run_steps, "AT_ONCE_PAIRS", -1)
    make_need(minimum=1)
    make_volunteer()

    answer = desk.post("/desk/run", data={"weeks": "1"})
    run = db.session.scalars(select(MatchRun)).one()
    waiting = run.state
    page = desk.get(answer.headers["Location"], follow_redirects=True).text
    run_steps.run_waiting(clock.now())

    db.session.expire_all()
    assert (waiting, db.session.get(MatchRun, run.id).state) == ("queued", "done")
    assert "in the background" in page


def test_a_run_that_fails_is_not_tried_for_ever(desk, monkeypatch):

    def broken(*_args):
        raise ArithmeticError("no luck")

    monkeypatch.setattr(run_steps, "AT_ONCE_PAIRS", -1)
    desk.post("/desk/run", data={"weeks": "1"})
    monkeypatch.setattr(matching, "gather", broken)
    run_steps.run_waiting(clock.now())

    db.session.expire_all()
    run = db.session.scalars(select(MatchRun)).one()
    assert (run.state, run.error) == ("failed", "ArithmeticError: no luck")


def test_a_run_that_took_too_long_says_what_to_do(desk, monkeypatch):
    def forever(*_given):
        raise matching.SolverError("the solver was stopped after 35 seconds")

    monkeypatch.setattr(matching, "solved", forever)

    page = desk.post("/desk/run", data={"weeks": "8"}, follow_redirects=True).text

    assert "Choose fewer weeks" in page


def _meanwhile(monkeypatch, decide):
    """Let somebody decide while the solver is thinking."""
    solve = matching.solved

    def slowly(*asked):
        plan = solve(*asked)
        with transaction():
            decide()
        return plan

    monkeypatch.setattr(matching, "solved", slowly)


@pytest.mark.parametrize("state", [MatchState.REJECTED, MatchState.DECLINED])
def test_a_run_does_not_bring_back_who_was_turned_down_meanwhile(desk, monkeypatch, state):
    match = make_match(make_need(minimum=1, preferred=1))
    _meanwhile(monkeypatch, lambda: setattr(match, "state", state))

    desk.post("/desk/run", data={"weeks": "4"})

    assert state_of(match) == state


def test_a_run_proposes_nobody_for_a_place_taken_meanwhile(desk, monkeypatch):
    need = make_need(minimum=1, preferred=1)
    make_volunteer()
    opening = opening_of(need)
    _meanwhile(monkeypatch, lambda: setattr(opening, "filled", 1))

    desk.post("/desk/run", data={"weeks": "4"})

    assert db.session.scalars(select(MatchRun.state)).all() == ["done"]
    assert db.session.query(Match).count() == 0


PAGES = ["/desk", "/week", "/week/sheet", "/week/phone", "/runs"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.PARTNER, Role.OFFICER])
def test_the_desk_is_for_coordinators(database, login, path, role):
    assert login(make_user(role)).get(path).status_code == 404
