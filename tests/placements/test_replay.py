"""Solving a stored problem again gives the same plan, or says why not."""

import pytest
from sqlalchemy import select

from tests.factories import make_need, make_volunteer
from tests.placements.builders import make_coordinator
from volunteer_match.db import db, transaction
from volunteer_match.matching.models import MatchRun
from volunteer_match.matching.rules import RunKind
from volunteer_match.people.models import Volunteer
from volunteer_match.placements.models import Match


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


@pytest.fixture
def run(desk):
    for title in ("Szachy", "Teatr"):
        make_need(title=title, minimum=1, preferred=2)
    make_volunteer(name="Ada Demowska")
    make_volunteer(name="Bolek Fikcyjny")
    desk.post("/desk/run", data={"weeks": "4"})
    return db.session.scalars(select(MatchRun)).one()


def replay(desk, run):
    return desk.post(f"/runs/{run.id}/replay", follow_redirects=True).text


def change_plan(run, change):
    """Let the stored plan say something else."""
    with transaction():
        row = db.session.get(MatchRun, run.id)
        row.plan = change(dict(row.plan))


def test_the_same_problem_gives_the_same_plan(desk, run):
    assert "The same plan, byte for byte." in replay(desk, run)


def test_what_happened_since_does_not_matter(desk, run):
    make_volunteer(name="Celina Próbna")
    make_need(title="Malowanie")

    assert "The same plan, byte for byte." in replay(desk, run)


def test_a_plan_with_other_people_is_shown_as_another(desk, run):
    missing = run.plan["assignments"][-1]["volunteer"]
    change_plan(run, lambda plan: plan | {"assignments": plan["assignments"][:-1]})

    page = replay(desk, run)

    assert "The plan is another one." in page
    assert f"New: {db.session.get(Volunteer, missing).user.name}" in page


def test_a_plan_cut_by_the_clock_is_said_to_be_one(desk, run):
    change_plan(run, lambda plan: plan | {"status": "feasible"})

    page = replay(desk, run)

    assert "The same people at the same places" in page
    assert "ended by the time limit" in page


def test_another_version_of_the_software_is_named(desk, run):
    change_plan(run, lambda plan: plan | {"inputs_sha256": "0" * 64})
    with transaction():
        db.session.get(MatchRun, run.id).inputs_sha256 = "0" * 64

    assert "The software has changed since that run" in replay(desk, run)


def test_replaying_leaves_the_desk_alone(desk, run):
    before = {(match.id, match.run_id, match.version) for match in db.session.scalars(select(Match))}

    replay(desk, run)

    db.session.expire_all()
    assert {(match.id, match.run_id, match.version) for match in db.session.scalars(select(Match))} == before
    made = db.session.scalars(select(MatchRun).where(MatchRun.kind == RunKind.REPLAY)).one()
    assert (made.based_on_id, made.problem) == (run.id, None)


def test_a_run_without_a_plan_cannot_be_replayed(desk, run):
    with transaction():
        row = db.session.get(MatchRun, run.id)
        row.state, row.plan = "failed", None

    assert "This run has no plan to check." in replay(desk, run)
