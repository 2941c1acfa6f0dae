"""Runs the core in a process that can be killed hard (HiGHS does not always keep its time limit)."""

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from volunteer_match.config import ROOT
from volunteer_match.matching.core import api, format
from volunteer_match.matching.core import types as core
from volunteer_match.matching.core.progress import Progress

log = logging.getLogger(__name__)
GRACE_SECONDS = 15
"""Beyond its time limit a solver gets this long to word the plan before it is killed."""
LOOK_EVERY = 1.0
"""Seconds between two looks at whether to go on, when the solver says nothing."""

Watch = Callable[[Mapping[str, Any] | None], bool]
"""Is told the latest progress about once a second, nothing before the first; False ends the search."""
_Lines = SimpleQueue[bytes]


class SolverError(Exception):
    """The solver died or had to be killed; the message says which."""


class StoppedError(SolverError):
    """Somebody ended the search before there was any plan."""


def command(time_limit_s: float) -> list[str]:
    """Return how the core is started by itself."""
    return [sys.executable, "-m", "volunteer_match.matching.core", str(time_limit_s)]


def price_command(time_limit_s: float) -> list[str]:
    """Return how one exchange is priced by itself."""
    return [sys.executable, "-m", "volunteer_match.matching.core.price", str(time_limit_s)]


def solve_apart(problem: core.Problem, time_limit_s: float, watch: Watch | None = None) -> dict[str, Any]:
    """Return the plan for the problem, as JSON values, made by another process.

    When that dies, is stopped or forgets the time, the best plan it told of is returned.
    """
    with tempfile.TemporaryFile() as complaints, _started(command(time_limit_s), complaints) as process:
        lines, threads = _converse(process, json.dumps(format.problem_to_json(problem)).encode())
        try:
            return _follow(lines, problem, time_limit_s + GRACE_SECONDS, watch)
        except _EndedError as ended:
            code = process.wait()
            complaints.seek(0)
            log.error("the solver ended with code %s: %s", code, _tail(complaints.read()))
            return _so_far(problem, ended.told, SolverError(f"the solver ended with code {code}"))
        finally:
            process.kill()
            # Leaving closes the pipes, which is an error to whoever still writes or reads there.
            for thread in threads:
                thread.join()


class _EndedError(Exception):
    """The solver ended without an answer; `told` is what it said last."""

    def __init__(self, told: Mapping[str, Any] | None) -> None:
        self.told = told


def _started(words: list[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT
    )


def _converse(process: subprocess.Popen[bytes], text: bytes) -> tuple[_Lines, tuple[Thread, ...]]:
    """Hand the problem over and gather the answers, both beside us: pipes fill up and solvers hang."""
    lines: _Lines = SimpleQueue()

    def hand_over() -> None:
        assert process.stdin is not None  # noqa: S101 - for the types
        # It may have died, or be killed, while we write: its code says so.
        with suppress(OSError, ValueError):
            process.stdin.write(text)
        with suppress(OSError):
            process.stdin.close()

    def gather() -> None:
        for line in process.stdout or ():
            lines.put(line)
        lines.put(b"")

    threads = tuple(Thread(target=work, daemon=True) for work in (hand_over, gather))
    for thread in threads:
        thread.start()
    return lines, threads


def _follow(lines: _Lines, problem: core.Problem, at_most: float, watch: Watch | None) -> dict[str, Any]:
    deadline, told = time.monotonic() + at_most, None
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=min(left, LOOK_EVERY))
        except Empty:
            line = b"{}"
        if not line:
            raise _EndedError(told)
        said = json.loads(line)
        if "plan" in said:
            return dict(said["plan"])
        told = said.get("progress", told)
        if watch is not None and not watch(told):
            return _so_far(problem, told, StoppedError("stopped before there was a plan"))
    return _so_far(problem, told, SolverError(f"the solver was stopped after {at_most:.0f} seconds"))


def _so_far(problem: core.Problem, told: Mapping[str, Any] | None, otherwise: SolverError) -> dict[str, Any]:
    if told is None:
        raise otherwise
    return format.plan_to_json(api.best_so_far(problem, Progress(**told)))


def price_apart(asked: Mapping[str, Any], time_limit_s: float) -> dict[str, Any] | None:
    """Return what an exchange costs the plan, worked out by another process; None if a rule forbids it."""
    found: dict[str, Any] | None = _apart(price_command(time_limit_s), asked, time_limit_s)
    return found


def mend_apart(asked: Mapping[str, Any], time_limit_s: float) -> dict[str, Any]:
    """Return who moves when gaps are filled, worked out by another process."""
    words = [sys.executable, "-m", "volunteer_match.matching.core.mending"]
    return dict(_apart(words, asked, time_limit_s))


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
