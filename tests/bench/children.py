"""Measure in processes of their own: memory is then each program's own, and solvers never share one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

from tools.report import ROOT

PEER_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
GRACE_S = 60.0


class ChildError(RuntimeError):
    """A measured process failed or did not end."""


def ours(*arguments: object, limit: float = 900.0) -> dict[str, Any]:
    """Run one measurement of the engine."""
    return _child(sys.executable, "tests.bench.ours", arguments, limit)


def peer(name: str, *arguments: object, limit: float = 900.0) -> dict[str, Any]:
    """Run one measurement of something else, in the environment that has it."""
    if not PEER_PYTHON.exists():
        raise ChildError("the peers are not installed: make bench installs them")
    return _child(str(PEER_PYTHON), f"tests.bench.peers.{name}", arguments, limit)


def _child(python: str, module: str, arguments: tuple[object, ...], limit: float) -> dict[str, Any]:
    command = [python, "-m", module, *map(str, arguments)]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
    try:
        told, complaint = started.communicate(timeout=limit + GRACE_S)
    except subprocess.TimeoutExpired:
        # Solvers forget their limits, and some have processes of their own.
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()
        raise ChildError(f"{module} did not end in {limit + GRACE_S:.0f} s") from None
    if started.returncode:
        raise ChildError(f"{module}: {complaint.strip()[-600:]}")
    result: dict[str, Any] = json.loads(told.splitlines()[-1])
    return result
