"""The solver in a process of its own: the same plan, and no hanging when it dies or forgets the time."""

import sys

import pytest

from tests.matching.core.documents import problem, role, session, volunteer
from volunteer_match.matching import solver
from volunteer_match.matching.core.api import solve, weighed
from volunteer_match.matching.core.format import plan_to_json

MEASURES = ("seconds", "peak_mib")


def two_by_two():
    return problem(
        [session("s1"), session("s2", 13, 15)],
        [role("r1"), role("r2", "s2")],
        [volunteer("v1"), volunteer("v2")],
    )


def test_the_plan_is_the_one_made_in_process():
    given = two_by_two()
    apart, inside = solver.solve_apart(given, 10), plan_to_json(weighed(given, solve(given)))

    assert {k: v for k, v in apart.items() if k not in MEASURES} == {
        k: v for k, v in inside.items() if k not in MEASURES
    }


def test_a_solver_that_forgets_the_time_is_killed(monkeypatch):
    monkeypatch.setattr(solver, "command", lambda _seconds: [sys.executable, "-c", "while True: pass"])
    monkeypatch.setattr(solver, "GRACE_SECONDS", 0.2)

    with pytest.raises(solver.SolverError, match="stopped"):
        solver.solve_apart(two_by_two(), 0.1)


def test_a_solver_that_dies_is_told_with_its_last_words(monkeypatch, caplog):
    dying = "import sys; sys.stderr.write('no more memory'); sys.exit(3)"
    monkeypatch.setattr(solver, "command", lambda _seconds: [sys.executable, "-c", dying])

    with pytest.raises(solver.SolverError, match="code 3"):
        solver.solve_apart(two_by_two(), 0.1)

    assert "no more memory" in caplog.text
