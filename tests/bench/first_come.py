"""First come, first served: what a town gets without a plan."""

from __future__ import annotations

from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.instance import Instance


def plan(instance: Instance) -> Draft:
    """Let each session take the best people left, in the order in which the needs were posted."""
    draft = Draft(instance)
    for session, roles in enumerate(instance.index.roles_of):
        friends = {who for group in instance.together[session] for who in group}
        for role in roles:
            _take_best(draft, role, friends)
    return draft


def _take_best(draft: Draft, role: int, friends: set[int]) -> None:
    quality = draft.instance.quality
    for edge in sorted(draft.instance.edges_of_role(role), key=lambda each: -int(quality[each])):
        if not draft.has_place(role):
            return
        if draft.pair(edge)[1] not in friends and draft.fits(edge):
            draft.add(edge)
