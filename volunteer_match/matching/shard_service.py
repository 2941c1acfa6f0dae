"""Large runs in shards: rows that any worker takes, solves in a process of its own, and puts back.

Whoever does the run writes the rows, wakes the workers and takes shards itself until all are done, so one
worker is enough and more make it faster. A row is named after its input: when the run is tried again, what
is done stays done, and two workers that solve the same shard write the same.
"""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from volunteer_match import clock, queue
from volunteer_match.config import ROOT
from volunteer_match.db import db, let_go, retrying
from volunteer_match.matching.core import format, outcome, parcel, regions, sharded, shards
from volunteer_match.matching.core import types as core
from volunteer_match.matching.models import MatchShard
from volunteer_match.matching.rules import SHARD_GRACE, SHARD_SECONDS, SHARD_TRIES

log = logging.getLogger(__name__)
LOOK_EVERY_S = 0.5
KEPT = timedelta(days=1)
Tell = Callable[[Mapping[str, Any]], bool]
"""Is told how many shards of the present round are done; False ends the search."""
OVERTIME_S = 20
STOP_LOOK_S = 1.0
"""Seconds between two looks at whether a shard at work is still wanted."""


def plan(problem: core.Problem, tell: Tell | None = None) -> dict[str, Any]:
    """Return the plan of a large problem as JSON values, made by all workers together.

    Once `tell` ends the search, the shards that are left are planned without a solver.
    """
    mine: set[str] = set()
    whole = shards.solve(regions.cut(problem), lambda tasks: _outcomes(tasks, problem.seed, mine, tell))
    _forget(mine)
    return format.plan_to_json(sharded.plan_of(problem, whole))


def _outcomes(
    tasks: Sequence[shards.Shard], seed: int, mine: set[str], tell: Tell | None
) -> list[shards.Outcome]:
    if not _goes_on((), len(tasks), tell):
        return [outcome.quick(each) for each in tasks]
    parcels = [parcel.packed(each) for each in tasks]
    names = [_post(each, seed) for each in parcels]
    mine.update(names)
    while len(found := _done(names)) < len(set(names)):
        if not _goes_on(names, len(names), tell):
            _forget(mine - found.keys())  # so that no worker spends its time on them
            break
        if not work_one(clock.now(), lambda: _goes_on(names, len(names), tell)):
            time.sleep(LOOK_EVERY_S)
            for each in parcels:  # another run of the same problem may have swept them away
                _post(each, seed)
    return [
        parcel.outcome_from_json(found[name]) if name in found else outcome.quick(task)
        for name, task in zip(names, tasks, strict=True)
    ]


def _goes_on(names: Sequence[str], count: int, tell: Tell | None) -> bool:
    return tell is None or tell(news(_count_done(names), count))


def news(done: int, count: int) -> dict[str, Any]:
    """Return what is told of a round of shards."""
    return {"stage": "shards", "shards_done": done, "shards": count}


@retrying
def _post(content: dict[str, Any], seed: int) -> str:
    """Write a shard for the workers unless it is there already, and return its name."""
    name = parcel.sha256(content, SHARD_SECONDS, seed)
    if db.session.scalar(select(MatchShard.id).where(MatchShard.sha256 == name)) is None:
        now = clock.now()
        row = MatchShard(sha256=name, parcel=content, time_limit_s=SHARD_SECONDS, seed=seed, created_at=now)
        db.session.add(row)
        queue.wake("shards")
    return name


def _done(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    wanted = select(MatchShard.sha256, MatchShard.outcome).where(
        MatchShard.sha256.in_(names), MatchShard.state == "done"
    )
    found = {name: result for name, result in db.session.execute(wanted) if result is not None}
    let_go()
    return found


def _count_done(names: Sequence[str]) -> int:
    query = select(func.count(MatchShard.id)).where(MatchShard.sha256.in_(names), MatchShard.state == "done")
    found = db.session.scalar(query) or 0
    let_go()
    return found


def work() -> None:
    """Solve waiting shards until none is left."""
    while work_one(clock.now()):
        log.info("shard solved")


def work_one(now: datetime, go_on: Callable[[], bool] | None = None) -> bool:
    """Take one shard that waits, or whose worker was lost; return whether there was one.

    Once `go_on` says no, the shard is given back unsolved.
    """
    row = _claim(now)
    if row is None:
        return False
    let_go()
    try:
        result = _solved(row, go_on)
    except _StoppedError:
        _give_back(row.sha256, row.tries, row.tries - 1)
    except (subprocess.SubprocessError, ValueError):
        log.exception("shard not solved, try %s", row.tries)
        _give_back(row.sha256, row.tries, row.tries)
    else:
        _keep(row.sha256, result)
    return True


@retrying
def _claim(now: datetime) -> MatchShard | None:
    lost = now - SHARD_GRACE - timedelta(seconds=SHARD_SECONDS)
    stale = and_(MatchShard.state == "running", MatchShard.started_at < lost)
    first = (
        select(MatchShard)
        .where(or_(MatchShard.state == "waiting", stale))
        .order_by(MatchShard.created_at, MatchShard.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db.session.scalar(first)
    if row is None:
        return None
    row.state, row.started_at, row.tries = "running", now, row.tries + 1
    db.session.flush()
    db.session.expunge(row)
    return row


class _StoppedError(Exception):
    """Somebody ended the search."""


def _solved(row: MatchShard, go_on: Callable[[], bool] | None) -> dict[str, Any]:
    if row.tries <= SHARD_TRIES:
        return solve_apart(row.parcel, row.time_limit_s, row.seed, go_on)
    return parcel.outcome_to_json(outcome.quick(parcel.unpacked(row.parcel)))


@retrying
def _give_back(name: str, claimed: int, tries: int) -> None:
    """Let a shard wait again, unless somebody else has taken or solved it since it was claimed."""
    mine = (MatchShard.sha256 == name, MatchShard.state == "running", MatchShard.tries == claimed)
    db.session.execute(update(MatchShard).where(*mine).values(state="waiting", tries=tries))


@retrying
def _keep(name: str, result: dict[str, Any]) -> None:
    mine = update(MatchShard).where(MatchShard.sha256 == name)
    db.session.execute(mine.values(state="done", outcome=result))


@retrying
def _forget(names: set[str]) -> None:
    db.session.execute(delete(MatchShard).where(MatchShard.sha256.in_(names)))


@retrying
def forget_old(now: datetime) -> None:
    """Delete shards whose run never came to an end."""
    db.session.execute(delete(MatchShard).where(MatchShard.created_at < now - KEPT))


def command(time_limit_s: float, seed: int) -> list[str]:
    """Return how one shard is solved by itself."""
    return [sys.executable, "-m", "volunteer_match.matching.core.parcel", str(time_limit_s), str(seed)]


def solve_apart(
    content: dict[str, Any], time_limit_s: float, seed: int, go_on: Callable[[], bool] | None = None
) -> dict[str, Any]:
    """Return the outcome of a shard, made by a process that is killed when late or unwanted."""
    words, pipe = command(time_limit_s, seed), subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own module
        words, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as process:
        try:
            said = _said(process, json.dumps(content).encode(), time_limit_s + OVERTIME_S, go_on)
        finally:
            process.kill()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return dict(json.loads(said))


def _said(
    process: "subprocess.Popen[bytes]", text: bytes, limit_s: float, go_on: Callable[[], bool] | None
) -> bytes:
    given: bytes | None = text
    deadline = time.monotonic() + limit_s
    while True:
        left = deadline - time.monotonic()
        try:
            return process.communicate(given, timeout=max(0.01, min(left, STOP_LOOK_S)))[0]
        except subprocess.TimeoutExpired:
            given = None  # what was not read yet is sent on, but may not be given twice
            if left <= 0:
                raise
            if go_on is not None and not go_on():
                raise _StoppedError from None
