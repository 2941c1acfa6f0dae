"""Large runs in shards: rows any worker takes, lost workers, and the plan in the end."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.bench import generator, problems
from volunteer_match import clock, worker
from volunteer_match.db import db, transaction
from volunteer_match.matching import service, shard_service
from volunteer_match.matching.core import parcel, regions, shards
from volunteer_match.matching.core.api import solve_large
from volunteer_match.matching.core.format import plan_to_json
from volunteer_match.matching.models import MatchShard
from volunteer_match.matching.rules import SHARD_GRACE, SHARD_SECONDS, SHARD_TRIES

WORLD = generator.make(generator.Scale("hamlets", 40, 10, 2, 20.0), seed=2)
HAMLETS = problems.problem(WORLD, weeks=[0, 1])
MEASURES = ("seconds", "peak_mib")


@pytest.fixture(autouse=True)
def small_regions(monkeypatch):
    monkeypatch.setattr(regions, "MOST_SESSIONS", 3)
    monkeypatch.setattr(shard_service, "LOOK_EVERY_S", 0)


def lasting(plan):
    return {key: value for key, value in plan.items() if key not in MEASURES}


def post():
    source = regions.cut(HAMLETS, 100)
    shard = shards.Shard(source, source.weeks[0], source.regions, {})
    return shard_service._post(parcel.packed(shard), HAMLETS.seed)


def row(name):
    return db.session.scalar(select(MatchShard).where(MatchShard.sha256 == name))


def test_the_plan_through_rows_is_that_of_one_call(database):
    by_rows = shard_service.plan(HAMLETS)
    assert lasting(by_rows) == lasting(plan_to_json(solve_large(HAMLETS)))


def test_a_shard_that_takes_longer_than_a_look_is_solved(database, monkeypatch):
    monkeypatch.setattr(shard_service, "STOP_LOOK_S", 0.01)
    source = regions.cut(HAMLETS, 100)
    content = parcel.packed(shards.Shard(source, source.weeks[0], source.regions, {}))
    assert "placed" in shard_service.solve_apart(content, SHARD_SECONDS, 0)


def test_nothing_is_left_when_the_plan_is_there(database):
    shard_service.plan(HAMLETS)
    assert db.session.scalar(select(func.count()).select_from(MatchShard)) == 0


def test_a_large_run_goes_in_shards(database, monkeypatch):
    monkeypatch.setattr(service, "SHARDED_SESSIONS", 3)
    monkeypatch.setattr(shard_service, "plan", lambda problem, _watch: plan_to_json(solve_large(problem)))
    assert service.solved(HAMLETS).plan["levels"][0]["value"] > 0


def test_any_worker_solves_what_waits(app, database):
    name = post()
    worker.perform(app, "shards")
    assert (row(name).state, row(name).tries) == ("done", 1)


def test_the_same_shard_is_posted_once(database):
    assert post() == post()
    assert db.session.scalar(select(func.count()).select_from(MatchShard)) == 1


def test_a_shard_whose_worker_is_lost_is_solved_by_another(database):
    name = post()
    with transaction():
        shard_service._claim(clock.now())
    assert not shard_service.work_one(clock.now())
    much_later = clock.now() + SHARD_GRACE + timedelta(seconds=SHARD_SECONDS + 1)
    assert shard_service.work_one(much_later)
    assert (row(name).state, row(name).tries) == ("done", 2)


def test_a_shard_no_worker_survives_is_planned_without_a_solver(database, monkeypatch):
    monkeypatch.setattr(shard_service, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(3)"])
    name = post()
    shard_service.work()
    assert row(name).tries == SHARD_TRIES + 1
    assert parcel.outcome_from_json(row(name).outcome).solver == "greedy"


def test_shards_without_a_run_are_forgotten(database):
    post()
    shard_service.forget_old(clock.now() + shard_service.KEPT + timedelta(minutes=1))
    assert db.session.scalar(select(func.count()).select_from(MatchShard)) == 0


def test_another_seed_is_another_shard(database):
    source = regions.cut(replace(HAMLETS, seed=3), 100)
    other = shard_service._post(parcel.packed(shards.Shard(source, source.weeks[0], source.regions, {})), 3)
    assert other != post()


def stopped_after(rounds):
    """Return a watch that ends the search after so many looks."""
    looks = iter(range(rounds))
    return lambda _told: next(looks, None) is not None


@pytest.mark.parametrize("looks", [0, 2])
def test_a_stopped_run_keeps_what_is_solved_and_plans_the_rest_quickly(database, looks):
    plan = shard_service.plan(HAMLETS, stopped_after(looks))

    assert "greedy" in plan["solver"]
    assert plan["levels"][0]["value"] > 0
    assert all(level["value"] <= level["bound"] for level in plan["levels"])


def test_a_stopped_run_leaves_no_work_behind(database):
    shard_service.plan(HAMLETS, stopped_after(2))

    assert db.session.scalar(select(func.count()).select_from(MatchShard)) == 0


def test_a_shard_at_work_is_given_back_when_the_run_is_stopped(database, monkeypatch):
    asleep = [sys.executable, "-c", "import sys, threading; threading.Event().wait(60)"]
    monkeypatch.setattr(shard_service, "command", lambda *_: asleep)
    monkeypatch.setattr(shard_service, "STOP_LOOK_S", 0.01)
    name = post()

    assert shard_service.work_one(clock.now(), lambda: False)

    assert (row(name).state, row(name).tries) == ("waiting", 0)


def test_a_shard_somebody_else_solved_meanwhile_stays_solved(database, monkeypatch):
    name = post()

    def solve_and_fail(*_args):
        shard_service._keep(name, {"solver": "other"})
        raise ValueError("late")

    monkeypatch.setattr(shard_service, "solve_apart", solve_and_fail)
    shard_service.work_one(clock.now())

    assert (row(name).state, row(name).outcome) == ("done", {"solver": "other"})
