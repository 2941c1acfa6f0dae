"""Draws the consequences of what happened elsewhere: what is due, what lost its ground, what is in danger.

Idempotent: what is done once leaves nothing to do. Every part takes a bounded batch; the next tick goes on.
"""

from datetime import datetime

from volunteer_match.actor import SYSTEM
from volunteer_match.lending import service as loans
from volunteer_match.needs import notices
from volunteer_match.placements import (
    ground_queries,
    reconcile_queries,
    risk_service,
    rules,
    transitions,
)
from volunteer_match.placements.rules import MatchEvent, MatchState

BATCH = 200


def reconcile(now: datetime) -> None:
    """Expire, cancel, hold, release and warn, as far as it is due."""
    expire(now)
    check_grounds(now)
    tell_halted(now)
    loans.reconcile(now)
    risk_service.warn(now)
    risk_service.tell_what_waits(now)


def expire(now: datetime) -> int:
    """Let offers go that nobody answered in time; return how many."""
    due = reconcile_queries.unanswered(now, BATCH)
    for match_id in due:
        transitions.apply(SYSTEM, match_id, MatchEvent.EXPIRE)
    return len(due)


def check_grounds(now: datetime) -> int:
    """Cancel, hold or release the matches whose ground changed; return how many moved."""
    moved = 0
    ids = reconcile_queries.suspects(now)
    for start in range(0, len(ids), BATCH):
        moved += _check(ids[start : start + BATCH], now)
        if moved >= BATCH:  # the rest at the next tick
            break
    return moved


def _check(ids: list[str], now: datetime) -> int:
    suspects = reconcile_queries.matches(ids)
    grounds = ground_queries.grounds(suspects, now)
    moved = 0
    for match in suspects:
        found = rules.consequence(MatchState(match.state), grounds[match.id], now)
        if found is not None:
            transitions.apply(SYSTEM, match.id, found[0], reason=found[1])
            moved += 1
    return moved


def tell_halted(now: datetime) -> None:
    """Tell institutions whose partner in a need may not organise at the moment; each once."""
    for need in reconcile_queries.halted(now, BATCH):
        notices.tell_halted(need)
