"""What a run tells while it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Stage = Literal["start", "cover", "refine", "improve", "done"]
STAGES: tuple[Stage, ...] = ("start", "cover", "refine", "improve", "done")


@dataclass(frozen=True, slots=True)
class Progress:
    """The best plan so far: seconds since the start, what it reaches, what any plan could, who goes where."""

    seconds: float
    stage: Stage
    values: tuple[float, ...]
    bounds: tuple[float, ...]
    pairs: tuple[tuple[str, str], ...]


Listener = Callable[[Progress], None]
