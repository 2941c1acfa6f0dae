"""Runs several programs side by side for trying things out: stops them together, restarts those that die."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

from volunteer_match.config import ROOT

STOPPING_TAKES_AT_MOST = 25.0
_CALM = 2.0
"""Seconds between two starts of a program that keeps dying."""


@dataclass
class Program:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    restart: bool = True
    """Without, its end ends the others."""
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    started: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches it through us and not twice."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            self.command, cwd=ROOT, start_new_session=True
        )

    def ended(self) -> bool:
        """Tell whether it runs no more."""
        return self.process is None or self.process.poll() is not None


def web_program(host: str, port: int) -> Program:
    """Return the program that answers browsers."""
    options = [
        "--bind",
        f"{host}:{port}",
        "--workers",
        "1",
        "--threads",
        "8",
        "--graceful-timeout",
        "20",
        "--no-control-socket",
    ]
    return Program("web", [sys.executable, "-m", "gunicorn", *options, "wsgi:app"], restart=False)


def worker_program() -> Program:
    """Return the program that works behind the pages."""
    return Program("worker", [sys.executable, "-m", "flask", "--app", "wsgi", "worker"])


def run_together(programs: Sequence[Program]) -> int:
    """Run the programs until SIGINT or SIGTERM, or one that must not end ends; return the exit code."""
    stop: list[int] = []

    def note(signum: int, _frame: FrameType | None) -> None:
        stop.append(signum)

    kept = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for program in programs:
            program.start()
        return _watch(programs, stop)
    finally:
        _stop(programs)
        for number, handler in kept.items():
            signal.signal(number, handler)


def _watch(programs: Sequence[Program], stop: list[int]) -> int:
    while not stop:
        for program in programs:
            if not program.ended():
                continue
            if not program.restart:
                return program.process.returncode if program.process else 1
            if time.monotonic() - program.started >= _CALM:
                program.start()
        time.sleep(0.1)
    return 0


def _stop(programs: Sequence[Program]) -> None:
    running = [p.process for p in programs if p.process is not None and not p.ended()]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOPPING_TAKES_AT_MOST
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
