"""Solves a problem apart from everything else: JSON on standard input, lines of JSON on standard output.

Run as `python -m volunteer_match.matching.core SECONDS`. Lines `{"progress": …}` tell the best plan so far,
the last line `{"plan": …}` is the answer. A process of its own can be killed when the solver forgets its time
limit, and keeps its memory to itself.
"""

import json
import sys
import time
from dataclasses import asdict

from volunteer_match.matching.core.api import solve, weighed
from volunteer_match.matching.core.format import plan_to_json, problem_from_json
from volunteer_match.matching.core.progress import Progress

SOLVING = 0.8
"""The share of the time for the plan; the rest says what the runner-ups would cost."""
TOLD_EVERY = 0.5
"""Seconds between two lines of the same stage."""


class Teller:
    """Says how far the solver is, not more often than somebody could read it."""

    def __init__(self) -> None:
        self.stage, self.at = "", 0.0

    def __call__(self, event: Progress) -> None:
        now = time.monotonic()
        if event.stage != self.stage or now - self.at >= TOLD_EVERY:
            self.stage, self.at = event.stage, now
            say("progress", asdict(event))


def say(kind: str, content: object) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps({kind: content}) + "\n")
    sys.stdout.flush()


problem = problem_from_json(sys.stdin.buffer.read())
seconds = float(sys.argv[1])
plan = solve(problem, time_limit_s=seconds * SOLVING, progress=Teller())
plan = weighed(problem, plan, time_limit_s=seconds * (1 - SOLVING))
say("plan", plan_to_json(plan))
