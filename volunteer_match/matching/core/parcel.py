"""Shards and their outcomes as JSON, so that any process on any machine can solve one.

Run as `python -m volunteer_match.matching.core.parcel SECONDS`: a parcel on standard input, its outcome on
standard output.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from volunteer_match.matching.core import carry, format, outcome
from volunteer_match.matching.core.carry import Limits, Placed
from volunteer_match.matching.core.shards import Outcome, Shard
from volunteer_match.matching.core.types import MODEL_VERSION, Problem


@dataclass(frozen=True, slots=True)
class Parcel:
    """A shard that brings its problem along."""

    whole: Problem
    load: Mapping[str, int]
    kept: tuple[Placed, ...]

    def given(self) -> Problem:
        """Return the problem as its source had it."""
        return self.whole

    def problem(self, given: Problem) -> Problem:
        """Let people bring to the problem what was decided before."""
        return carry.with_places(carry.with_load(given, self.load), self.kept)


def packed(shard: Shard) -> dict[str, Any]:
    """Write a shard as JSON values, of what was decided before only what concerns its people."""
    given = shard.given()
    here = {each.id for each in given.volunteers}
    return {
        "model": MODEL_VERSION,
        "given": format.problem_to_json(given),
        "load": {who: count for who, count in sorted(shard.load.items()) if who in here},
        "kept": [_place_to_json(each) for each in shard.kept if each.volunteer in here],
    }


def sha256(parcel: Mapping[str, Any], seconds: float, seed: int) -> str:
    """Name a parcel after everything its outcome depends on."""
    content = {**parcel, "seconds": seconds, "seed": seed}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def unpacked(parcel: Mapping[str, Any]) -> Parcel:
    """Read a shard back."""
    kept = tuple(_place_from_json(each) for each in parcel["kept"])
    return Parcel(format.problem_from_json(parcel["given"]), parcel["load"], kept)


def outcome_to_json(found: Outcome) -> dict[str, Any]:
    """Write an outcome as JSON values."""
    return asdict(found) | {"placed": [_place_to_json(each) for each in found.placed]}


def outcome_from_json(raw: Mapping[str, Any]) -> Outcome:
    """Read an outcome back."""
    return Outcome(
        placed=tuple(_place_from_json(each) for each in raw["placed"]),
        people={who: _limits(each) for who, each in raw["people"].items()},
        sessions={name: (row[0], row[1], row[2]) for name, row in raw["sessions"].items()},
        bounds=tuple(raw["bounds"]),
        alone=tuple(raw["alone"]),
        freed=raw["freed"],
        solver=raw["solver"],
        sums=None if raw["sums"] is None else tuple((weight, bound) for weight, bound in raw["sums"]),
        given=raw.get("given"),
    )


def _limits(raw: Mapping[str, Any]) -> Limits:
    return Limits(**{**raw, "used": tuple((week, taken, times) for week, taken, times in raw["used"])})


def _place_to_json(place: Placed) -> dict[str, Any]:
    return asdict(place) | {"starts": place.starts.isoformat(), "ends": place.ends.isoformat()}


def _place_from_json(raw: Mapping[str, Any]) -> Placed:
    times = {key: datetime.fromisoformat(raw[key]) for key in ("starts", "ends")}
    return Placed(**{**raw, **times})


if __name__ == "__main__":
    given = json.load(sys.stdin)
    found = outcome.decided(unpacked(given), time_limit_s=float(sys.argv[1]), seed=int(sys.argv[2]))
    json.dump(outcome_to_json(found), sys.stdout)
