"""Runs the core in a process that can be killed hard (HiGHS does not always keep its time limit)."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from volunteer_match.config import ROOT
from volunteer_match.matching.core import format
from volunteer_match.matching.core import types as core

log = logging.getLogger(__name__)
GRACE_SECONDS = 15
"""Beyond its time limit a solver gets this long to word the plan before it is killed."""


class SolverError(Exception):
    """The solver died or had to be killed; the message says which."""


def command(time_limit_s: float) -> list[str]:
    """Return how the core is started by itself."""
    return [sys.executable, "-m", "volunteer_match.matching.core", str(time_limit_s)]


def price_command(time_limit_s: float) -> list[str]:
    """Return how one exchange is priced by itself."""
    return [sys.executable, "-m", "volunteer_match.matching.core.price", str(time_limit_s)]


def solve_apart(problem: core.Problem, time_limit_s: float) -> dict[str, Any]:
    """Return the plan for the problem, as JSON values, made by another process."""
    return dict(_apart(command(time_limit_s), format.problem_to_json(problem), time_limit_s))


def price_apart(asked: Mapping[str, Any], time_limit_s: float) -> dict[str, Any] | None:
    """Return what an exchange costs the plan, worked out by another process; None if a rule forbids it."""
    found: dict[str, Any] | None = _apart(price_command(time_limit_s), asked, time_limit_s)
    return found


def _apart(words: Sequence[str], given: Mapping[str, Any], time_limit_s: float) -> Any:
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            words,
            input=json.dumps(given).encode(),
            capture_output=True,
            cwd=ROOT,
            timeout=time_limit_s + GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SolverError(f"the solver was stopped after {error.timeout:.0f} seconds") from error
    if done.returncode != 0:
        log.error("the solver ended with code %s: %s", done.returncode, _tail(done.stderr))
        raise SolverError(f"the solver ended with code {done.returncode}")
    return json.loads(done.stdout)


def _tail(said: bytes) -> str:
    return said.decode(errors="replace")[-2000:]
