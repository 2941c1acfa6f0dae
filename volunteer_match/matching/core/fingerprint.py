"""The name of a problem after everything a plan for it depends on."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from volunteer_match.matching.core.format import problem_to_json
from volunteer_match.matching.core.types import MODEL_VERSION, Problem

JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def inputs_sha256(problem: Problem, seed: int) -> str:
    """Hash everything a plan depends on; the order in which things are listed does not matter."""
    content = {key: _written(value) for key, value in problem_to_json(problem).items()}
    content |= {"seed": _written(seed), "model": _written(MODEL_VERSION)}
    text = ",".join(f"{_written(key)}:{content[key]}" for key in sorted(content))
    return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()


def _written(value: Any) -> str:
    return f"[{','.join(sorted(map(JSON.encode, value)))}]" if isinstance(value, list) else JSON.encode(value)
