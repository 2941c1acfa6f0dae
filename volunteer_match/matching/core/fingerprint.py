"""The name of a problem after everything a plan for it depends on."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from volunteer_match.matching.core.format import problem_to_json
from volunteer_match.matching.core.types import MODEL_VERSION, Problem


def inputs_sha256(problem: Problem, seed: int) -> str:
    """Hash everything a plan depends on; the order in which things are listed does not matter."""
    content = {key: _ordered(value) for key, value in problem_to_json(problem).items()}
    content |= {"seed": seed, "model": MODEL_VERSION}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _ordered(value: Any) -> Any:
    return (
        sorted(value, key=lambda each: json.dumps(each, sort_keys=True)) if isinstance(value, list) else value
    )
