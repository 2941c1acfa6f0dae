"""One measurement of the engine in a process of its own: `python -m tests.bench.ours WHAT ...`."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import allocation, evening, generator, problems, shares, tasks
from tests.bench import first_come as queue
from tests.bench.peers.measured import KIB_PER_MIB, Watch, peak_mib, report
from tests.bench.peers.pairs import sampled
from volunteer_match.matching.core import api, columns, greedy, index, instance, model, pool, shards
from volunteer_match.matching.core import assign as assign_
from volunteer_match.matching.core import edges as edges_
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.ranking import Ranking, prepare
from volunteer_match.matching.core.resolve import Change, Standing
from volunteer_match.matching.core.types import Forbidden, Plan, Problem, Weights

ROUNDS = 3
TOP = 20
COMPARED = (1, 10, 50, 100)
QUICK = ("town", "tight")


def _problem(asked: argparse.Namespace) -> Problem:
    if asked.document:
        return problem_from_json(Path(asked.document).read_bytes())
    if asked.tasks:
        return tasks.problem(tasks.SIZES[asked.tasks], asked.seed)
    world = generator.make(generator.SCALES[asked.scale], asked.seed)
    return problems.problem(world, weeks=asked.weeks, weights=Weights(spread_load=asked.spread))


def candidates(asked: argparse.Namespace) -> None:
    """Find every eligible pair; reading the problem into columns is counted apart."""
    problem = _problem(asked)
    rounds = ROUNDS if asked.scale in QUICK else 1
    order = index.build(problem)
    reading, searching = [], []
    for _ in range(rounds):
        watch = Watch()
        table = columns.build(order)
        reading.append(watch.read()["cpu"])
        watch = Watch()
        found = edges_.find(table)
        searching.append(watch.read()["cpu"])
    pairs = len(problem.roles) * len(problem.volunteers)
    if asked.to:
        names = [each.id for each in order.roles]
        np.savez(asked.to, role=names, found=np.bincount(found.role, minlength=len(names)))
    report(
        cpu=statistics.median(searching), reading=statistics.median(reading), found=found.count, pairs=pairs
    )


def solve(asked: argparse.Namespace) -> None:
    """Solve, explanations included, and say what each level reached."""
    problem = _problem(asked)
    before = peak_mib()
    watch = Watch()
    plan = api.solve(problem, time_limit_s=asked.limit)
    report(**watch.read(), before_mib=before, solver=plan.solver, optimal=plan.status == "optimal",
           **_levels(plan), **_fairness(problem, plan))  # fmt: skip


def sharded(asked: argparse.Namespace) -> None:
    """Solve in shards on so many processes; a shard has the limit for itself."""
    source = shares.cut(generator.make(generator.SCALES[asked.scale], asked.seed))
    before, watch = os.times(), Watch()
    whole = shards.solve(source, pool.Processes(asked.workers, asked.limit, asked.seed, pace_s=asked.pace))
    after, took = os.times(), watch.read()
    cpu = sum(after[:4]) - sum(before[:4])
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / KIB_PER_MIB
    report(wall=took["wall"], cpu=cpu, shards=whole.shards, settled=whole.settled, solvers=whole.solvers,
           filled=len(whole.placed), regions=len(source.regions), child_mib=child,
           values=[level.value for level in whole.levels], bounds=[level.bound for level in whole.levels],
           weighed=whole.weighed and asdict(whole.weighed),
           optimal=all(level.value >= level.bound for level in whole.levels))  # fmt: skip


def _levels(plan: Plan) -> dict[str, Any]:
    return {
        "values": [level.value for level in plan.levels],
        "bounds": [level.bound for level in plan.levels],
        "runnable": sum(each.runnable for each in plan.sessions),
        "sessions": len(plan.sessions),
        "filled": len(plan.assignments),
    }


def _fairness(problem: Problem, plan: Plan) -> dict[str, Any]:
    many = dict.fromkeys((each.id for each in problem.volunteers), 0)
    for each in plan.assignments:
        many[each.volunteer] += 1
    return {
        "points": sum(each.score for each in plan.assignments),
        "most": max(many.values()),
        "used": sum(count > 0 for count in many.values()),
        "gini": gini(list(many.values())),
    }


def gini(values: list[int]) -> float:
    """Return how unevenly something is spread: 0 all alike, near 1 one has everything."""
    ordered, total = sorted(values), sum(values)
    if not total:
        return 0.0
    weighted = sum((2 * at - len(ordered) - 1) * value for at, value in enumerate(ordered, 1))
    return weighted / (len(ordered) * total)


def allocate(asked: argparse.Namespace) -> None:
    """Solve one public instance and compare with the best value known."""
    given = allocation.read(allocation.folder(), asked.allocation)
    problem = given.problem()
    watch = Watch()
    plan = api.solve(problem, time_limit_s=asked.limit)
    took = watch.read()
    value = given.value(sum(each.score for each in plan.assignments))
    complete = len(plan.assignments) == len(problem.roles)
    gap = abs(value - given.best) / given.best if complete else 1.0
    proved = plan.status == "optimal"
    report(**took, value=value, best=given.best, gap=gap, reached=gap == 0, optimal=proved)


def export(asked: argparse.Namespace) -> None:
    """Write the whole model for the peers."""
    from tests.bench.export import level_weights, whole_model

    watch = Watch()
    built = model.build(instance.build(_problem(asked)))
    took = watch.read()
    whole_model(Path(asked.to), built)
    weights = level_weights(built.instance, built)
    report(**took, weights=weights, columns=len(built.upper), rows=len(built.rows.lower), edges=built.edges)


def greedily(asked: argparse.Namespace) -> None:
    """Plan greedily, without a solver."""
    problem = _problem(asked)
    watch = Watch()
    draft = greedy.plan(instance.build(problem))
    report(**watch.read(), values=_scaled(draft), **_runnable(draft))


def first_come(asked: argparse.Namespace) -> None:
    """Let places go first come, first served."""
    draft = queue.plan(instance.build(_problem(asked)))
    report(values=_scaled(draft), **_runnable(draft))


def _scaled(draft: Draft) -> list[float]:
    coverage, *others = draft.values()
    return [coverage / instance.PERCENT, *others]


def _runnable(draft: Draft) -> dict[str, int]:
    sessions = range(len(draft.instance.weight))
    return {"runnable": sum(draft.runnable(each) for each in sessions), "sessions": len(sessions)}


def assign(asked: argparse.Namespace) -> None:
    """Plan one evening with as many places as people, and write what each pair costs."""
    problem = evening.problem(asked.size, asked.seed)
    watch = Watch()
    plan = api.solve(problem)
    whole = watch.read()
    ready = instance.build(problem)
    watch = Watch()
    assign_.decide(ready, time_limit_s=asked.limit, seed=asked.seed)
    deciding = watch.read()["cpu"]
    costs = evening.costs(ready)
    np.save(asked.to, costs)
    empty = sum(each.missing for each in plan.unfilled) * int(costs.max())
    highest = int(ready.quality.max())
    spent = sum(highest - each.score for each in plan.assignments)
    report(**whole, deciding=deciding, cost=spent + empty, optimal=plan.status == "optimal")


def ranking(asked: argparse.Namespace) -> None:
    """Rank people for many roles of one week, each for the first time and then again."""
    problem = _problem(asked)
    watch = Watch()
    ready = prepare(problem)
    preparing = watch.read()["cpu"]
    roles = [problem.roles[at].id for at in sampled(len(problem.roles), asked.size)]
    cold, warm = ([_rank(ready, role) for role in roles] for _ in range(2))
    report(preparing=preparing, cold=cold, warm=warm, volunteers=len(problem.volunteers))


def ranked(asked: argparse.Namespace) -> None:
    """Ask the application itself who could take one place after another, in a club of that size."""
    from tests.bench import ranked as http

    told = http.run(asked.size)
    report(**told, mib=peak_mib())


def _rank(ready: Ranking, role: str) -> float:
    before = time.process_time()
    ready.rank(role, TOP)
    return time.process_time() - before


def resolving(asked: argparse.Namespace) -> None:
    """Decline one proposal after another, and now and then plan anew to compare."""
    problem = _problem(asked)
    plan = api.solve(problem, time_limit_s=asked.limit)
    watch = Watch()
    standing = Standing(instance.build(problem), ((each.role, each.volunteer) for each in plan.assignments))
    preparing = watch.read()["cpu"]
    draw = np.random.default_rng(asked.seed)
    declined: list[tuple[str, str]] = []
    seconds, moved, steps = [], 0, []
    for number in range(1, asked.size + 1):
        pairs = standing.pairs()
        declined.append(pairs[int(draw.integers(len(pairs)))])
        before = time.process_time()
        result = standing.change(Change(declined=(declined[-1],)))
        seconds.append(time.process_time() - before)
        moved += sum(move.why in ("moves", "released") for move in result.moves)
        if number in COMPARED:
            steps.append(_anew(problem, declined, asked.limit, result.after, moved / number))
    report(preparing=preparing, seconds=seconds, steps=steps)


def _anew(
    problem: Problem, declined: list[tuple[str, str]], limit: float, mended: tuple[float, ...], moved: float
) -> dict[str, Any]:
    out = tuple(Forbidden(volunteer, role) for role, volunteer in declined)
    watch = Watch()
    plan = api.solve(replace(problem, forbidden=out), time_limit_s=limit)
    levels = [level.value for level in plan.levels]
    return {"declines": len(declined), "mended": mended, "anew": levels, "moved": moved, **watch.read()}


MEASURES = (
    candidates,
    solve,
    sharded,
    export,
    greedily,
    first_come,
    assign,
    ranking,
    ranked,
    resolving,
    allocate,
)
WHAT = {each.__name__: each for each in MEASURES}


def main() -> None:
    """Measure what the command line names."""
    reader = argparse.ArgumentParser()
    reader.add_argument("what", choices=WHAT)
    reader.add_argument("--scale", choices=generator.SCALES, default="town")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--weeks", type=lambda text: tuple(map(int, text.split(","))), default=None)
    reader.add_argument("--limit", type=float, default=30.0)
    reader.add_argument("--pace", type=float, default=None)
    reader.add_argument("--spread", type=float, default=1.0)
    reader.add_argument("--size", type=int, default=50)
    reader.add_argument("--workers", type=int, default=2)
    reader.add_argument("--to", default="")
    reader.add_argument("--tasks", choices=tasks.SIZES)
    reader.add_argument("--allocation", default="")
    reader.add_argument("--document", default="")
    asked = reader.parse_args()
    WHAT[asked.what](asked)


if __name__ == "__main__":
    main()
