"""The worker process: woken by the queue, stopped politely; and programs that run side by side."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from urllib.error import URLError

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.exc import IntegrityError

from tests.notifications.postmaster import free_port
from volunteer_match import processes, worker
from volunteer_match.app import create_app
from volunteer_match.config import ROOT, Settings
from volunteer_match.db import db, transaction
from volunteer_match.notifications import outbox
from volunteer_match.processes import Program, run_together

PATIENCE = 90


def wait_until(is_done):
    """Look again and again until it is done, and fail when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def test_one_failing_work_does_not_stop_the_others(app, monkeypatch):
    done = []

    def fail(_app):
        raise RuntimeError("broken")

    monkeypatch.setattr(worker, "WORK", {"bad": fail, "good": lambda _app: done.append(1)})
    worker.tick(app)

    assert done == [1]


def test_every_work_can_be_done_on_an_empty_installation(database, app, caplog):
    worker.tick(app)

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_stored_mail_wakes_the_worker_after_the_commit_and_not_before(database, app):
    queue = app.extensions["queue"]
    with transaction():
        outbox.queue.wake("mail")
        before = queue.pending_count()

    assert (before, queue.pending_count()) == (0, 1)


def test_a_rolled_back_change_wakes_nobody(database, app):
    with pytest.raises(IntegrityError):
        wake_and_break_a_rule()

    assert app.extensions["queue"].pending_count() == 0


def wake_and_break_a_rule():
    """Wake the worker in a transaction that the database refuses."""
    with transaction() as session:
        outbox.queue.wake("mail")
        session.execute(db.text("INSERT INTO role_grant (user_id, role) VALUES ('nobody', 'coordinator')"))


@pytest.fixture
def installation(tmp_path):
    """The environment of a small installation of its own, with its tables made."""
    env = {
        "SECRET_KEY": Fernet.generate_key().decode(),
        "ENCRYPTION_KEY": Fernet.generate_key().decode(),
        "DATABASE_URL": f"sqlite:///{tmp_path}/club.db",
        "BASE_URL": "http://127.0.0.1",
        "MAILDIR": str(tmp_path / "mails"),
        "SECURE_COOKIES": "0",
        "DEMO": "1",
    }
    app = create_app(Settings.from_environment({**env, "TESTING": "1"}))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    passed = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**passed, **env}


@contextmanager
def running(*arguments, env, **more):
    """Run a flask command and end it afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments], cwd=ROOT, env=env, **more
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def test_a_real_worker_starts_and_ends_with_nought_when_told_to_stop(installation):
    with running("worker", env=installation, stderr=subprocess.PIPE, text=True) as process:
        assert any("worker starts" in line for line in process.stderr)
        process.send_signal(signal.SIGTERM)

        assert process.wait(PATIENCE) == 0


def test_serve_runs_web_and_worker_and_stops_both(installation, tmp_path):
    port = free_port()
    with running("serve", "--port", str(port), env=installation) as process:
        wait_until(lambda: answers(port))
        wait_until((tmp_path / "club.queue").exists)
        process.send_signal(signal.SIGTERM)

        assert process.wait(PATIENCE) == 0
    assert not answers(port)


def answers(port):
    """Tell whether the web part answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def test_a_program_that_dies_is_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_CALM", 0.0)
    log = tmp_path / "starts"
    count = f"open({str(log)!r}, 'a').write('x')"
    mortal = Program("mortal", [sys.executable, "-c", count])
    enough = f"import time, pathlib\nwhile pathlib.Path({str(log)!r}).stat().st_size < 3: time.sleep(0.05)"
    log.touch()

    code = run_together([mortal, Program("judge", [sys.executable, "-c", enough], restart=False)])

    assert code == 0
    assert len(log.read_text()) >= 3


def test_the_end_of_an_essential_program_is_the_end(tmp_path):
    code = run_together([Program("web", [sys.executable, "-c", "raise SystemExit(3)"], restart=False)])

    assert code == 3
