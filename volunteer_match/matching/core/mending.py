"""Mends a plan apart from everything else: JSON on standard input, who moves and why on standard output.

Run as `python -m volunteer_match.matching.core.mending`, for the same reasons as the solver itself.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from volunteer_match.matching.core import explain, openers, score
from volunteer_match.matching.core.api import Change, Move, Standing, stand
from volunteer_match.matching.core.draft import timetable
from volunteer_match.matching.core.format import problem_from_json

Pair = tuple[str, str]
MOST_OPENERS = 2


def mend(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Say who moves when the gaps are filled, what speaks for everybody new, and what that is worth."""
    given = [(str(role), str(who)) for role, who in asked["pairs"]]
    standing = stand(problem_from_json(asked["problem"]), given)
    stood = set(standing.pairs())
    found = standing.change(Change(opened=tuple(asked["opened"]), freed=tuple(asked["freed"])))
    moves = (*_left_out(given, stood, set(found.pairs)), *found.moves)
    return {
        "moves": [asdict(move) for move in moves],
        "joined": [_joined(standing, (move.joined, move.volunteer)) for move in moves if move.joined],
        "before": list(found.before),
        "after": list(found.after),
        "openers": _openers(standing, (*asked["freed"], *asked["opened"])),
    }


def _openers(standing: Standing, gaps: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what would bring somebody to the gaps that stay."""
    role_at = standing.instance.index.role_at
    empty = [each for each in dict.fromkeys(gaps) if explain.places_missing(standing.draft, role_at[each])]
    times = timetable(standing.draft)
    seen = {each: openers.gap(standing.draft, role_at[each], times) for each in empty}
    found = {each: openers.openers(gap)[:MOST_OPENERS] for each, gap in seen.items()}
    return {each: [{"code": one.code, **one.facts} for one in best] for each, best in found.items() if best}


def _left_out(given: list[Pair], stood: set[Pair], after: set[Pair]) -> list[Move]:
    """Return the pairs that did not fit together even before anything was mended."""
    return [Move(who, role, None, "released") for role, who in given if (role, who) not in stood | after]


def _joined(standing: Standing, pair: Pair) -> dict[str, Any]:
    index = standing.instance.index
    parts = score.components(index, index.role_at[pair[0]], index.volunteer_at[pair[1]])
    return {
        "role": pair[0],
        "volunteer": pair[1],
        "score": sum(part.points for part in parts),
        "reasons": [{"code": part.code, "points": part.points, **part.facts} for part in parts],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(mend(json.load(sys.stdin))))
