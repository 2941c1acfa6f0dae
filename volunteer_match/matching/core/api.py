"""The way into the matching core.

Build a `types.Problem` (or read one with `format.problem_from_json`), then

- `solve(problem, time_limit_s=10)` gives a `Plan` with reasons, runner-ups, openers and its proof;
- `rank(problem, role_id, k)` lists the best eligible people for one role, without making a plan;
- `explain_pair(problem, plan, role_id, volunteer_id)` says why a person is, or is not, at a role;
- `regret(problem, plan, role_id, volunteer_id)` re-solves with that pair in and says what it costs.

Ids that are not in the problem raise `KeyError`. Nothing here reads a clock for its decisions, a database
or unseeded randomness; `highspy` is imported only when `solve` or `regret` runs.
"""

from __future__ import annotations

from volunteer_match.matching.core.types import PairExplanation, Plan, Problem, Ranked, Regret


def solve(problem: Problem, *, time_limit_s: float = 30.0, seed: int | None = None) -> Plan:
    """Match all open places at once and prove how good the plan is."""
    raise NotImplementedError


def rank(problem: Problem, role_id: str, k: int = 20) -> tuple[Ranked, ...]:
    """List the best eligible people for one role, best first."""
    raise NotImplementedError


def explain_pair(problem: Problem, plan: Plan, role_id: str, volunteer_id: str) -> PairExplanation:
    """Say why a volunteer is, or is not, at a role in a plan."""
    raise NotImplementedError


def regret(
    problem: Problem, plan: Plan, role_id: str, volunteer_id: str, *, time_limit_s: float = 10.0
) -> Regret | None:
    """Re-solve with one more pair put in and say what the whole plan loses; None if a rule forbids it."""
    raise NotImplementedError
