"""A run that takes its time: what it tells meanwhile, and how it is ended."""

import json
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import make_need, make_user, make_volunteer
from tests.matching.core.documents import problem, role, session, volunteer
from tests.placements.builders import make_coordinator, opening_of
from tests.scene import make_run, make_run_at_work
from volunteer_match import clock
from volunteer_match.actor import SYSTEM, Role
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, transaction
from volunteer_match.matching import service, solver
from volunteer_match.matching.models import MatchRun
from volunteer_match.placements import run_steps
from volunteer_match.placements.models import Match

TOLD = {"seconds": 0.1, "stage": "cover", "values": [1, 1, 0, 5], "bounds": [1, 1, 0, 9]}
THEN_HANG = "import sys,time; print({line!r}, flush=True); time.sleep(60)"
THEN_DIE = "import sys; print({line!r}, flush=True); sys.exit(3)"


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


@pytest.fixture
def solver_says(monkeypatch):
    """Return a function that replaces the solver by one which tells of a plan and then does something."""

    def install(pairs, then=THEN_HANG):
        line = json.dumps({"progress": TOLD | {"pairs": pairs}})
        monkeypatch.setattr(solver, "command", lambda _s: [sys.executable, "-c", then.format(line=line)])
        monkeypatch.setattr(solver, "LOOK_EVERY", 0.02)

    return install


def one_place():
    return problem([session("s1")], [role("r1")], [volunteer("v1")])


def pairs_in(plan):
    return [(each["role"], each["volunteer"]) for each in plan["assignments"]]


def test_a_search_that_is_stopped_keeps_its_best_plan(solver_says):
    solver_says([["r1", "v1"]])

    plan = solver.solve_apart(one_place(), 30, lambda told: told is None)

    assert pairs_in(plan) == [("r1", "v1")]
    assert (plan["status"], plan["levels"][3]["bound"]) == ("feasible", 9)


def test_a_search_that_dies_keeps_its_best_plan(solver_says):
    solver_says([["r1", "v1"]], THEN_DIE)

    assert pairs_in(solver.solve_apart(one_place(), 30)) == [("r1", "v1")]


def test_a_search_that_forgets_the_time_keeps_its_best_plan(solver_says, monkeypatch):
    solver_says([["r1", "v1"]])
    monkeypatch.setattr(solver, "GRACE_SECONDS", 3)

    assert pairs_in(solver.solve_apart(one_place(), 0.1)) == [("r1", "v1")]


def test_a_search_stopped_before_any_plan_says_so(monkeypatch):
    monkeypatch.setattr(solver, "command", lambda _s: [sys.executable, "-c", "while True: pass"])
    monkeypatch.setattr(solver, "LOOK_EVERY", 0.02)

    with pytest.raises(solver.StoppedError):
        solver.solve_apart(one_place(), 30, lambda _told: False)


def test_the_solver_tells_of_each_stage():
    heard = []
    solver.solve_apart(one_place(), 10, lambda told: heard.append(told and told["stage"]) or True)

    assert "done" in heard


def test_what_is_kept_of_progress_is_numbers_only(database):
    run = make_run_at_work(progress=None)

    with transaction():
        go_on = service.note_progress(run.id, TOLD | {"pairs": [["r1", "v1"]]})

    db.session.expire_all()
    assert (go_on, db.session.get(MatchRun, run.id).progress) == (True, TOLD)


def test_progress_is_kept_at_most_once_a_second(database, monkeypatch):
    now, run = [100.0], make_run_at_work(progress=None)
    monkeypatch.setattr(run_steps.time, "monotonic", lambda: now[0])
    watch, heard = run_steps._Watch(run.id), []
    monkeypatch.setattr(service, "note_progress", lambda _run, told: heard.append(told["at"]) or True)
    for at in (100.2, 100.9, 101.0, 101.5, 102.3):
        now[0] = at
        watch({"at": at})

    assert heard == [101.0, 102.3]


def test_a_run_somebody_stops_puts_its_best_plan_on_the_desk(desk, solver_says, monkeypatch):
    need, person = make_need(minimum=1, preferred=1), make_volunteer()
    solver_says([[opening_of(need).id, person.id]])
    monkeypatch.setattr(run_steps._Watch, "__call__", _stop_when_told)

    desk.post("/desk/run", data={"weeks": "4"})

    run = db.session.scalars(select(MatchRun)).one()
    assert (run.state, run.plan["status"]) == ("done", "feasible")
    assert db.session.scalars(select(Match.volunteer_id)).all() == [person.id]
    assert "the best plan found until then" in desk.get(f"/runs/{run.id}").text


def _stop_when_told(watch, told):
    """Stand in for a second that passed and a coordinator who pressed Stop in it."""
    with transaction():
        if told is not None:
            service.ask_stop(SYSTEM, watch.run_id)
        return service.note_progress(watch.run_id, told)


def test_the_page_shows_how_far_the_run_is(desk):
    run = make_run_at_work()

    page = desk.get(f"/runs/{run.id}", follow_redirects=True).text

    assert "Looking for the plan in which most sessions can take place." in page
    assert ">336</td>" in page
    assert ">400</td>" in page


def test_a_run_that_has_told_nothing_yet_has_a_page(desk):
    page = desk.get(f"/runs/{make_run_at_work(progress=None).id}/live").text

    assert "Being worked out" in page
    assert "The best plan so far" not in page


def test_without_scripts_the_page_looks_again_by_itself(desk):
    page = desk.get(f"/runs/{make_run_at_work().id}/live").text

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def test_scripts_get_only_what_changes(desk):
    part = desk.get(f"/runs/{make_run_at_work().id}/live", headers={"HX-Request": "true"}).text

    assert part.lstrip().startswith('<div id="live"')
    assert "<html" not in part


def test_a_new_stage_is_announced_once(desk):
    run, headers = make_run_at_work(), {"HX-Request": "true"}

    first = desk.get(f"/runs/{run.id}/live?seen=Waiting", headers=headers).text
    again = desk.get(
        f"/runs/{run.id}/live",
        headers=headers,
        query_string={"seen": "Looking for the plan in which most sessions can take place."},
    ).text

    assert 'role="status"' in first
    assert 'role="status"' not in again


def test_a_finished_run_leads_to_its_plan(desk):
    make_need()
    run = make_run()

    page = desk.get(f"/runs/{run.id}/live")
    part = desk.get(f"/runs/{run.id}/live", headers={"HX-Request": "true"})

    assert page.location == part.headers["HX-Redirect"] == f"/runs/{run.id}"


def test_a_run_in_parts_shows_how_many_are_done(desk):
    told = {"stage": "shards", "shards_done": 3, "shards": 8}
    page = desk.get(f"/runs/{make_run_at_work(progress=told).id}/live").text

    assert "3 of 8 parts of this round are done." in page


def test_a_run_in_parts_can_be_stopped(desk):
    told = {"stage": "shards", "shards_done": 3, "shards": 8}
    page = desk.get(f"/runs/{make_run_at_work(progress=told).id}/live").text

    assert "Stop and keep" in page


def test_a_run_at_work_is_asked_to_stop_once(desk):
    run = make_run_at_work()

    for _ in range(2):
        page = desk.post(f"/runs/{run.id}/stop", follow_redirects=True).text

    with transaction():
        assert service.note_progress(run.id, None) is False
    assert "Is being stopped." in page
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "match_stop")).all()) == 1


def test_a_run_that_waits_is_taken_out_of_the_queue(desk):
    run = make_run_at_work(state="queued", started_at=None, progress=None)

    page = desk.post(f"/runs/{run.id}/stop", follow_redirects=True).text
    run_steps.run_waiting(clock.now() + timedelta(hours=1))

    assert "It was stopped before there was a plan." in page
    db.session.expire_all()
    assert db.session.get(MatchRun, run.id).state == "failed"


def test_a_finished_run_cannot_be_stopped(desk):
    make_need()
    run = make_run()

    desk.post(f"/runs/{run.id}/stop")

    db.session.expire_all()
    assert db.session.get(MatchRun, run.id).stop_asked_at is None


def test_administrators_watch_and_do_not_stop(login, database):
    browser = login(make_user(Role.ADMINISTRATOR, locale="en"))

    page = browser.get(f"/runs/{make_run_at_work().id}/live").text

    assert "Stop and keep" not in page
