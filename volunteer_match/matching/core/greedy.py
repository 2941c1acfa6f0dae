"""A quick sound plan without a solver: the floor under every answer and the solver's warm start.

Sessions that weigh most and have fewest candidates go first; within a session the scarcest role. A session
is staffed whole or given back, then single places are filled, then extras.
"""

from __future__ import annotations

from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.instance import Instance


def plan(instance: Instance) -> Draft:
    """Build a plan place by place, never taking back what a session got whole."""
    draft = Draft(instance)
    order = sorted(range(len(instance.weight)), key=lambda at: _urgency(instance, at))
    for session in order:
        if instance.has_minimum(session):
            _staff(draft, session, whole=True)
    for session in order:
        _staff(draft, session, whole=False)
    for session in order:
        _extras(draft, session)
    return draft


def _urgency(instance: Instance, session: int) -> tuple[int, int, int]:
    roles = instance.index.roles_of[session]
    scarcest = min((len(instance.edges_of_role(role)) for role in roles), default=0)
    return -instance.weight[session], scarcest, session


def _staff(draft: Draft, session: int, whole: bool) -> None:
    instance, added = draft.instance, []
    roles = sorted(instance.index.roles_of[session], key=lambda role: len(instance.edges_of_role(role)))
    for role in roles:
        while draft.heads[role] < instance.index.roles[role].min:
            edge = _best(draft, role)
            if edge is None:
                break
            draft.add(edge)
            added.append(edge)
    failed = whole and not draft.runnable(session)
    if failed or (added and not draft.joint_met(session)):
        for edge in added:
            draft.drop(edge)


def _extras(draft: Draft, session: int) -> None:
    if not draft.joint_met(session) or not draft.edges_in[session]:
        return
    for role in draft.instance.index.roles_of[session]:
        while draft.has_place(role) and (edge := _best(draft, role)) is not None:
            draft.add(edge)


def _best(draft: Draft, role: int) -> int | None:
    instance = draft.instance
    session = instance.index.session_of[role]
    # Friends come all or none, which building place by place cannot promise: greedy leaves them out.
    friends = {who for group in instance.together[session] for who in group}
    fitting = (
        edge
        for edge in instance.edges_of_role(role)
        if int(instance.edges.volunteer[edge]) not in friends and draft.fits(edge)
    )
    return max(fitting, key=lambda edge: (_lacking(draft, session, edge), _worth(draft, edge)), default=None)


def _lacking(draft: Draft, session: int, edge: int) -> int:
    instance, joint = draft.instance, draft.instance.joint[session]
    cleared, experienced, _ = draft.mix(session)
    need_cleared = cleared < joint.cleared_missing
    need_experience = joint.experience_missing and experienced == 0
    return int(instance.cleared[edge]) * need_cleared + int(instance.experienced[edge]) * need_experience


def _worth(draft: Draft, edge: int) -> int:
    instance, (_, who) = draft.instance, draft.pair(edge)
    return int(instance.quality[edge]) - instance.next_price(who, len(draft.edges_of[who]))
