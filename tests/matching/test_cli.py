"""`flask match` from the command line."""

import json
import signal
import sys

from tests.factories import make_need, make_volunteer
from volunteer_match.db import db
from volunteer_match.matching import cli, solver
from volunteer_match.matching.core import pool
from volunteer_match.placements.models import Match

PROBLEM = {
    "version": 1,
    "now": "2026-11-22T10:00:00Z",
    "sessions": [
        {
            "id": "s1",
            "need": "n1",
            "partner": "p1",
            "starts": "2026-11-28T09:00:00Z",
            "ends": "2026-11-28T11:00:00Z",
        }
    ],
    "roles": [{"id": "r1", "session": "s1", "min": 1, "preferred": 2}],
    "volunteers": [{"id": "v1", "age": 34}],
}


def test_a_run_puts_proposals_on_the_desk(database, app):
    make_need(minimum=1)
    make_volunteer()

    result = app.test_cli_runner().invoke(args=["match", "run", "--weeks", "3"])

    assert result.exit_code == 0, result.output
    assert "1 proposed, 0 roles short" in result.output
    assert db.session.query(Match).count() == 1


def test_a_run_that_fails_says_so_to_the_shell(database, app, monkeypatch):
    monkeypatch.setattr(solver, "command", lambda _seconds: [sys.executable, "-c", "raise SystemExit(3)"])
    make_need(minimum=1)

    result = app.test_cli_runner().invoke(args=["match", "run"])

    assert result.exit_code == 1
    assert "the solver ended with code 3" in result.output


def test_a_file_is_solved_without_a_database(app, tmp_path):
    source, target = tmp_path / "problem.json", tmp_path / "plan.json"
    source.write_text(json.dumps(PROBLEM))

    result = app.test_cli_runner().invoke(args=["match", "solve", str(source), "--output", str(target)])

    assert result.exit_code == 0, result.output
    assert [a["volunteer"] for a in json.loads(target.read_text())["assignments"]] == ["v1"]


def test_a_file_is_solved_in_shards_by_several_processes(app, tmp_path):
    source = tmp_path / "problem.json"
    source.write_text(json.dumps(PROBLEM))

    result = app.test_cli_runner().invoke(args=["match", "solve", str(source), "--workers", "2"])

    assert result.exit_code == 0, result.output
    assert [a["volunteer"] for a in json.loads(result.output)["assignments"]] == ["v1"]


def test_a_broken_file_is_explained(app, tmp_path):
    source = tmp_path / "problem.json"
    source.write_text(json.dumps({**PROBLEM, "roles": [{"id": "r1", "session": "nope", "min": -1}]}))

    result = app.test_cli_runner().invoke(args=["match", "solve", str(source)])

    assert result.exit_code == 1
    assert "roles[0]" in result.output


def test_ctrl_c_says_so_and_keeps_the_plan(app, tmp_path, monkeypatch):
    source, plan = tmp_path / "problem.json", {"status": "feasible", "assignments": []}
    source.write_text(json.dumps(PROBLEM))
    told = {"stage": "cover", "values": [1, 1, 0, 60], "bounds": [1, 1, 1, 90]}

    def interrupted(_problem, _seconds, watch):
        assert watch(told)
        signal.raise_signal(signal.SIGINT)
        assert not watch(told)
        return plan

    monkeypatch.setattr(solver, "solve_apart", interrupted)

    result = app.test_cli_runner().invoke(args=["match", "solve", str(source)])

    assert result.exit_code == 0, result.output
    assert "best plan so far" in result.stderr
    assert json.loads(result.stdout) == plan


def test_ctrl_c_keeps_the_plan_of_a_run_in_shards(app, tmp_path, monkeypatch):
    source = tmp_path / "problem.json"
    source.write_text(json.dumps(PROBLEM))

    def interrupted(self, done, count):
        signal.raise_signal(signal.SIGINT)
        return self.watch(done, count)

    monkeypatch.setattr(pool.Processes, "_goes_on", interrupted)

    result = app.test_cli_runner().invoke(args=["match", "solve", str(source), "--workers", "2"])

    assert result.exit_code == 0, result.output
    assert "best plan so far" in result.stderr
    assert json.loads(result.stdout)["solver"] == "greedy"


def test_the_progress_of_a_run_in_shards_is_worded():
    told = {"stage": "shards", "shards_done": 3, "shards": 8}

    assert cli.line_of(told) == "Parts of this round: 3 of 8"
