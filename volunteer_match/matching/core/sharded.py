"""One call for a large problem: in shards, by several processes, with reasons for everything at the end."""

from __future__ import annotations

import resource
import time

import numpy as np

from volunteer_match.matching.core import explain, instance, pool, regions, shards
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.fingerprint import inputs_sha256
from volunteer_match.matching.core.types import Plan, PlanStatus, Problem

KIB_PER_MIB = 1024


def solve_large(
    problem: Problem,
    *,
    workers: int = 2,
    shard_time_limit_s: float = 30.0,
    watch: pool.Watch | None = None,
) -> Plan:
    """Match all open places of a large problem in shards; the number of workers changes only the time.

    Once `watch` ends the search, what is left is planned without a solver.
    """
    started = time.perf_counter()
    run = pool.Processes(workers, shard_time_limit_s, problem.seed, watch=watch)
    return plan_of(problem, shards.solve(regions.cut(problem), run), started)


def plan_of(problem: Problem, whole: shards.Whole, started: float | None = None) -> Plan:
    """Word what shards came to as a plan of the whole problem."""
    ready = instance.build(problem)
    index, edges = ready.index, ready.edges
    count = max(1, len(index.volunteers))
    pairs = [(index.role_at[each.role], index.volunteer_at[each.volunteer]) for each in whole.placed]
    wanted = np.array([role * count + who for role, who in pairs], dtype=np.int64)
    known = edges.role * count + edges.volunteer
    if not np.isin(wanted, known).all():
        raise ValueError("a shard placed somebody whom the whole problem does not allow there")
    chosen = np.searchsorted(known, wanted)
    draft = Draft(ready, chosen.tolist())
    proved = all(level.value >= level.bound for level in whole.levels)
    status: PlanStatus = "optimal" if proved else "feasible"
    return Plan(
        status=status,
        assignments=explain.assignments(draft),
        unfilled=explain.unfilled(draft),
        sessions=explain.states(draft),
        levels=whole.levels,
        solver="+".join(whole.solvers),
        seed=problem.seed,
        inputs_sha256=inputs_sha256(problem, problem.seed),
        seconds=0.0 if started is None else time.perf_counter() - started,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB,
    )
