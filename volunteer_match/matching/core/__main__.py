"""Solves a problem apart from everything else: JSON on standard input, the plan on standard output.

Run as `python -m volunteer_match.matching.core SECONDS`. A process of its own can be killed when the solver
forgets its time limit, and keeps its memory to itself.
"""

import json
import sys

from volunteer_match.matching.core.api import solve
from volunteer_match.matching.core.format import plan_to_json, problem_from_json

problem = problem_from_json(sys.stdin.buffer.read())
plan = plan_to_json(solve(problem, time_limit_s=float(sys.argv[1])))
sys.stdout.write(json.dumps(plan))
