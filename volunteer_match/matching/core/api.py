"""The way into the matching core.

Build a `types.Problem` (or read one with `format.problem_from_json`), then

- `solve(problem, time_limit_s=10)` gives a `Plan` with reasons, runner-ups, openers and its proof; while it
  works it tells `progress` the best plan so far, and `best_so_far(problem, event)` makes a `Plan` of that;
- `solve_large(problem, workers=2)` does the same for a county and more, in shards, in several processes;
- `rank(problem, role_id, k)` lists the best eligible people for one role, without making a plan;
  `prepare(problem)` gives an object whose `rank(role_id, k)` answers at once, role after role;
- `explain_pair(problem, plan, role_id, volunteer_id)` says why a person is, or is not, at a role;
- `explain_role(problem, plan, role_id)` says it for everybody at once;
- `advise(problem, session, roles)` says how many people a need being written would meet, and what opens it;
- `outlook(problem, volunteer_id)` says of every role what keeps one person from it;
- `weighed(problem, plan)` says what taking each runner-up would really cost, as far as the time allows;
- `resolve(problem, plan, Change(declined=...))` mends a plan after a change and says who moved and why;
  `stand(problem, pairs)` gives an object that does so again and again in milliseconds;
- `regret(problem, plan, role_id, volunteer_id)` re-solves with that pair in and says what it costs.

To plan again after a change, put confirmed pairs into `problem.fixed` and waiting offers into
`problem.offered`: the first stay, the second are kept where nothing weighs more.

Ids that are not in the problem raise `KeyError`. Nothing here reads a clock for its decisions, a database
or unseeded randomness; `highspy` is imported only when `solve` or `regret` runs. A run cut off by its time
limit is the one case where repeating it may give another plan.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable

from volunteer_match.matching.core import assign, explain, instance, weigh
from volunteer_match.matching.core.advice import Advice, advise
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.fingerprint import inputs_sha256
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.outlook import Outlook, outlook
from volunteer_match.matching.core.progress import Listener, Progress
from volunteer_match.matching.core.ranking import prepare
from volunteer_match.matching.core.resolve import Change, Move, Resolution, Standing
from volunteer_match.matching.core.sharded import solve_large
from volunteer_match.matching.core.types import (
    LEVELS,
    Level,
    PairExplanation,
    Plan,
    PlanStatus,
    Problem,
    Ranked,
    Regret,
)

__all__ = [
    "Advice",
    "Change",
    "Move",
    "Outlook",
    "Resolution",
    "Standing",
    "advise",
    "best_so_far",
    "draft_of",
    "explain_pair",
    "explain_role",
    "inputs_sha256",
    "outlook",
    "prepare",
    "rank",
    "regret",
    "resolve",
    "solve",
    "solve_large",
    "stand",
    "weighed",
]

KIB_PER_MIB = 1024


def solve(
    problem: Problem, *, time_limit_s: float = 30.0, seed: int | None = None, progress: Listener | None = None
) -> Plan:
    """Match all open places at once and prove how good the plan is."""
    started = time.perf_counter()
    seed = problem.seed if seed is None else seed
    ready = instance.build(problem)
    decision = assign.decide(ready, time_limit_s=time_limit_s, seed=seed, progress=progress)
    return _plan(decision, seed, time.perf_counter() - started)


def best_so_far(problem: Problem, event: Progress) -> Plan:
    """Return the plan that a run spoke of before it was ended by force, with the bounds known by then."""
    ready = instance.build(problem)
    lookup = ready.index
    pairs = ((lookup.role_at[role], lookup.volunteer_at[who]) for role, who in event.pairs)
    draft = Draft(ready, [edge for pair in pairs if (edge := _edge(ready, pair)) is not None])
    levels = tuple(Level(*each) for each in zip(LEVELS, event.values, event.bounds, strict=True))
    return _plan(assign.Decision(draft, levels, "highs"), problem.seed, event.seconds)


def _plan(decision: assign.Decision, seed: int, seconds: float) -> Plan:
    draft = decision.draft
    status: PlanStatus = "optimal" if decision.optimal else "feasible"
    return Plan(
        status=status,
        assignments=explain.assignments(draft),
        unfilled=explain.unfilled(draft),
        sessions=explain.states(draft),
        levels=decision.levels,
        solver=decision.solver,
        seed=seed,
        inputs_sha256=inputs_sha256(draft.instance.index.problem, seed),
        seconds=seconds,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB,
    )


def stand(problem: Problem, pairs: Iterable[tuple[str, str]]) -> Standing:
    """Make a plan's pairs ready for changes; pairs the problem no longer allows are left out."""
    return Standing(instance.build(problem), pairs)


def resolve(problem: Problem, plan: Plan, change: Change) -> Resolution:
    """Mend a plan after a change: confirmed pairs stay, as few others as possible move."""
    return stand(problem, [(each.role, each.volunteer) for each in plan.assignments]).change(change)


def weighed(problem: Problem, plan: Plan, *, time_limit_s: float = 5.0) -> Plan:
    """Replace what runner-ups cost at most by what they really cost, where a new plan proves it soon."""
    if plan.status != "optimal" or plan.solver != "highs":
        return plan
    return weigh.weighed(draft_of(instance.build(problem), plan), plan, time_limit_s)


def rank(problem: Problem, role_id: str, k: int = 20) -> tuple[Ranked, ...]:
    """List the best eligible people for one role, best first; `prepare` first to ask about several."""
    return prepare(problem).rank(role_id, k)


def explain_pair(problem: Problem, plan: Plan, role_id: str, volunteer_id: str) -> PairExplanation:
    """Say why a volunteer is, or is not, at a role in a plan."""
    draft = draft_of(instance.build(problem), plan)
    lookup = draft.instance.index
    return explain.pair(draft, lookup.role_at[role_id], lookup.volunteer_at[volunteer_id])


def explain_role(problem: Problem, plan: Plan, role_id: str) -> tuple[PairExplanation, ...]:
    """Say of every volunteer why they are, or are not, at a role in a plan."""
    draft = draft_of(instance.build(problem), plan)
    lookup = draft.instance.index
    role = lookup.role_at[role_id]
    return tuple(explain.pair(draft, role, who) for who in range(len(lookup.volunteers)))


def regret(
    problem: Problem,
    plan: Plan,
    role_id: str,
    volunteer_id: str,
    *,
    instead_of: str | None = None,
    time_limit_s: float = 10.0,
) -> Regret | None:
    """Re-solve with one more pair in (and one out) and say what the plan loses; None if a rule forbids it."""
    out = None if instead_of is None else (role_id, instead_of)
    return weigh.forced(instance.build(problem), plan, (role_id, volunteer_id), out, time_limit_s)


def _edge(ready: Instance, wanted: tuple[int, int]) -> int | None:
    edges = ready.edges_of_role(wanted[0])
    return next((at for at in edges if int(ready.edges.volunteer[at]) == wanted[1]), None)


def draft_of(ready: Instance, plan: Plan) -> Draft:
    """Read a plan back into the instance it was made for."""
    lookup = ready.index
    pairs = [
        (lookup.role_at[each.role], lookup.volunteer_at[each.volunteer])
        for each in plan.assignments
        if not each.fixed
    ]
    edges = [edge for pair in pairs if (edge := _edge(ready, pair)) is not None]
    return Draft(ready, edges)
