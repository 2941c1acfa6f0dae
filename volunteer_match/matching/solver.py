"""Runs the core in a process that can be killed hard (HiGHS does not always keep its time limit)."""

import json
import subprocess
import sys
from typing import Any

from volunteer_match.config import ROOT
from volunteer_match.matching.core import format
from volunteer_match.matching.core import types as core

GRACE_SECONDS = 15
"""Beyond its time limit a solver gets this long to word the plan before it is killed."""


class SolverError(Exception):
    """The solver died or had to be killed; the message says which."""


def command(time_limit_s: float) -> list[str]:
    """Return how the core is started by itself."""
    return [sys.executable, "-m", "volunteer_match.matching.core", str(time_limit_s)]


def solve_apart(problem: core.Problem, time_limit_s: float) -> dict[str, Any]:
    """Return the plan for the problem, as JSON values, made by another process."""
    text = json.dumps(format.problem_to_json(problem)).encode()
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command(time_limit_s),
            input=text,
            capture_output=True,
            cwd=ROOT,
            timeout=time_limit_s + GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SolverError(f"the solver was stopped after {error.timeout:.0f} seconds") from error
    if done.returncode != 0:
        raise SolverError(f"the solver ended with code {done.returncode}")
    return dict(json.loads(done.stdout))
