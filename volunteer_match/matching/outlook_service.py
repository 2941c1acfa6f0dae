"""Says to one person what every coming session looks like to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from volunteer_match.matching import feed
from volunteer_match.matching.core import api
from volunteer_match.matching.core import types as core
from volunteer_match.matching.feed import Days
from volunteer_match.matching.rules import History
from volunteer_match.needs.queries import OpenRole, OpenSession

__all__ = ["Days", "RoleOutlook", "outlook"]


@dataclass(frozen=True)
class RoleOutlook:
    """One role of one session as a person finds it; `behind` is what others may have more of."""

    session: OpenSession
    role: OpenRole
    blockers: tuple[Mapping[str, Any], ...]
    behind: tuple[Mapping[str, Any], ...]


def outlook(days: Days, history: History, volunteer_id: str) -> tuple[RoleOutlook, ...]:
    """Return every role of the sessions of those days as the person finds it."""
    problem, sessions = feed.for_one(days, history, volunteer_id)
    if volunteer_id not in {each.id for each in problem.volunteers}:
        return ()
    found = {each.role: each for each in api.outlook(problem, volunteer_id)}
    return tuple(
        RoleOutlook(
            session=session,
            role=role,
            blockers=_facts(found[role.opening_id].blockers),
            behind=_facts(found[role.opening_id].behind),
        )
        for session in sessions
        for role in session.roles
        if role.opening_id in found
    )


def _facts(reasons: tuple[core.Reason, ...]) -> tuple[Mapping[str, Any], ...]:
    return tuple({"code": each.code, **each.facts} for each in reasons)
