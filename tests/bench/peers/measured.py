"""What a measured process tells of itself: one line of JSON with its figures, its time and its memory."""

import json
import time
from pathlib import Path
from typing import Any

KIB_PER_MIB = 1024


class Watch:
    """CPU and wall seconds since it was made."""

    def __init__(self) -> None:
        self._cpu, self._wall = time.process_time(), time.perf_counter()

    def read(self) -> dict[str, float]:
        """Return the seconds so far."""
        return {"cpu": time.process_time() - self._cpu, "wall": time.perf_counter() - self._wall}


def peak_mib() -> float:
    """Return the most memory this program held; unlike `ru_maxrss` it leaves out who started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM"))
    return int(line.split()[1]) / KIB_PER_MIB


def report(**figures: Any) -> None:
    """Print the figures for the process that asked."""
    print(json.dumps({**figures, "peak_mib": peak_mib()}), flush=True)
