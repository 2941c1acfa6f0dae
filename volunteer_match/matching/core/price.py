"""Prices one exchange apart from everything else: JSON on standard input, the regret on standard output.

Run as `python -m volunteer_match.matching.core.price SECONDS`, for the same reasons as the solver itself.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from volunteer_match.matching.core.api import regret
from volunteer_match.matching.core.format import problem_from_json
from volunteer_match.matching.core.types import Assignment, Level, Plan


def plan_from_json(written: Mapping[str, Any]) -> Plan:
    """Read back from a stored plan what explanations need of it."""
    return Plan(
        status=written["status"],
        assignments=tuple(
            Assignment(each["role"], each["volunteer"], each["score"], (), each["fixed"])
            for each in written["assignments"]
        ),
        unfilled=(),
        sessions=(),
        levels=tuple(Level(e["name"], e["value"], e["bound"]) for e in written["levels"]),
        solver=written["solver"],
        seed=written["seed"],
        inputs_sha256=written["inputs_sha256"],
        seconds=written["seconds"],
        peak_mib=written["peak_mib"],
    )


def price(asked: Mapping[str, Any], time_limit_s: float) -> dict[str, Any] | None:
    """Say what the plan loses when one person takes another's place; None if a rule forbids it."""
    problem = problem_from_json(asked["problem"])
    role, volunteer = asked["role"], asked["volunteer"]
    known = role in {each.id for each in problem.roles} and volunteer in {e.id for e in problem.volunteers}
    if not known:
        return None
    plan, out = plan_from_json(asked["plan"]), asked["instead_of"]
    found = regret(problem, plan, role, volunteer, instead_of=out, time_limit_s=time_limit_s)
    if found is None:
        return None
    return {"exact": found.exact, "losses": {loss.level: loss.amount for loss in found.losses}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(price(json.load(sys.stdin), float(sys.argv[1]))))
