"""Solves a problem apart from everything else: JSON on standard input, the plan on standard output.

Run as `python -m volunteer_match.matching.core SECONDS`. A process of its own can be killed when the solver
forgets its time limit, and keeps its memory to itself.
"""

import json
import sys

from volunteer_match.matching.core.api import solve, weighed
from volunteer_match.matching.core.format import plan_to_json, problem_from_json

SOLVING = 0.8
"""The share of the time for the plan; the rest says what the runner-ups would cost."""

problem = problem_from_json(sys.stdin.buffer.read())
seconds = float(sys.argv[1])
plan = solve(problem, time_limit_s=seconds * SOLVING)
plan = weighed(problem, plan, time_limit_s=seconds * (1 - SOLVING))
sys.stdout.write(json.dumps(plan_to_json(plan)))
