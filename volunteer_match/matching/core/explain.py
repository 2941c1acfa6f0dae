"""Why a plan is as it is, as codes with facts: each proposal, each person not chosen, each empty place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import advice, blockers, openers, score
from volunteer_match.matching.core.columns import Ints
from volunteer_match.matching.core.draft import Draft, Timetable, timetable
from volunteer_match.matching.core.types import (
    LEVELS,
    Assignment,
    Loss,
    Outcome,
    PairExplanation,
    Reason,
    Regret,
    RunnerUp,
    SessionState,
    Unfilled,
)


def assignments(draft: Draft) -> tuple[Assignment, ...]:
    """List everybody who serves, confirmed or proposed, with reasons and runner-up."""
    index = draft.instance.index
    chosen = {draft.pair(edge): edge for edge in draft.chosen}
    pairs = sorted({*chosen, *index.fixed})
    others = _Others(draft, _worth_of_all(draft), timetable(draft))
    return tuple(_assignment(others, pair, chosen.get(pair)) for pair in pairs)


@dataclass(frozen=True, slots=True)
class _Others:
    """A plan with what anybody else would add to it, and when they serve."""

    draft: Draft
    worth: Ints
    times: Timetable


def _worth_of_all(draft: Draft) -> Ints:
    """Return what each edge not chosen would add to quality."""
    instance = draft.instance
    taken = np.zeros(len(instance.index.volunteers), dtype=np.int64)
    for who, own in draft.edges_of.items():
        taken[who] = len(own)
    first, added = instance.next_price_of_all()
    return instance.quality - (first + added * taken)[instance.edges.volunteer]


def _assignment(others: _Others, pair: tuple[int, int], edge: int | None) -> Assignment:
    index = others.draft.instance.index
    parts = score.components(index, *pair)
    return Assignment(
        role=index.roles[pair[0]].id,
        volunteer=index.volunteers[pair[1]].id,
        score=sum(part.points for part in parts),
        reasons=parts,
        fixed=pair in index.fixed,
        runner_up=None if edge is None else _runner_up(others, edge),
    )


def _runner_up(others: _Others, edge: int) -> RunnerUp | None:
    """Name the best other eligible person, somebody free if there is one."""
    draft, instance = others.draft, others.draft.instance
    here = instance.edges_of_role(draft.pair(edge)[0])
    best_first = np.argsort(-others.worth[here.start : here.stop], kind="stable") + here.start
    best_first = best_first[[other not in draft.chosen for other in best_first.tolist()]]
    if not len(best_first):
        return None
    busy = others.times.busy(instance.occupied[int(instance.session[edge])])
    with_time = best_first[~busy[instance.edges.volunteer[best_first]]].tolist()
    draft.drop(edge)
    free = next((other for other in with_time if _could_come(draft, other)), None)
    draft.add(edge)
    best = int(best_first[0]) if free is None else free
    return RunnerUp(
        volunteer=instance.index.volunteers[draft.pair(best)[1]].id,
        score=int(instance.quality[best]),
        free=free is not None,
        regret=None if free is None else _direct(draft, edge, free),
    )


def _worth(draft: Draft, edge: int) -> int:
    instance, (_, who) = draft.instance, draft.pair(edge)
    return int(instance.quality[edge]) - instance.next_price(who, len(draft.edges_of[who]))


def _could_come(draft: Draft, edge: int) -> bool:
    if not draft.fits(edge):
        return False
    session = int(draft.instance.session[edge])
    draft.add(edge)
    could = draft.joint_met(session) and draft.friends_kept(session)
    draft.drop(edge)
    return could


def _direct(draft: Draft, edge: int, other: int) -> Regret:
    # The plan with just this exchange exists, so the whole plan loses at most what the exchange loses.
    gain = _worth(draft, other)
    draft.drop(edge)
    lost = _worth(draft, edge)
    draft.add(edge)
    return Regret((Loss("quality", max(0, lost - gain)),), exact=False)


def losses(before: tuple[float, ...], after: tuple[float, ...]) -> tuple[Loss, ...]:
    """List what each level loses (or gains, below zero), leaving out what stays."""
    steps = zip(LEVELS, before, after, strict=True)
    return tuple(Loss(level, old - new) for level, old, new in steps if old != new)


def states(draft: Draft) -> tuple[SessionState, ...]:
    """Say of every session whether it can run."""
    return tuple(_state(draft, at) for at in range(len(draft.instance.index.sessions)))


def _state(draft: Draft, session: int) -> SessionState:
    index, joint = draft.instance.index, draft.instance.joint[session]
    cleared, _, _ = draft.mix(session)
    runnable = draft.runnable(session)
    short = [
        Reason("role_short", {"role": index.roles[role].id, "missing": places_missing(draft, role)})
        for role in index.roles_of[session]
        if places_missing(draft, role)
    ]
    return SessionState(
        session=index.sessions[session].id,
        runnable=runnable,
        cleared_adults=index.sessions[session].staff_cleared_adults + joint.fixed_cleared + cleared,
        why=() if runnable else (*short, *joint_reasons(draft, session)),
    )


def joint_reasons(draft: Draft, session: int) -> tuple[Reason, ...]:
    """Say which rule about everybody in a session is not met, and how many people could meet it."""
    instance, joint = draft.instance, draft.instance.joint[session]
    cleared, experienced, people = draft.mix(session)
    edges = [edge for role in instance.index.roles_of[session] for edge in instance.edges_of_role(role)]
    found = []
    if cleared < joint.cleared_missing:
        adults = {draft.pair(edge)[1] for edge in edges if instance.cleared[edge]}
        facts = {"missing": joint.cleared_missing - cleared, "eligible": len(adults)}
        found.append(Reason("cleared_adults", {**facts}))
    known = {draft.pair(edge)[1] for edge in edges if instance.experienced[edge]}
    alone = people + joint.fixed > 0 or (edges and not known)
    if joint.experience_missing and experienced == 0 and alone:
        found.append(Reason("newcomers_only", {"eligible": len(known)}))
    return tuple(found)


def places_missing(draft: Draft, role: int) -> int:
    """Return how many places a role is below its minimum."""
    return max(0, draft.instance.index.roles[role].min - draft.heads[role])


def unfilled(draft: Draft) -> tuple[Unfilled, ...]:
    """List every role below its minimum, why, and what would fill it."""
    times = timetable(draft)
    return tuple(
        _unfilled(draft, role, times) for role in range(len(draft.heads)) if places_missing(draft, role)
    )


def _unfilled(draft: Draft, role: int, times: Timetable) -> Unfilled:
    gap = openers.gap(draft, role, times)
    why = (*_why(draft, role, times), *advice.blocked(gap.bits))
    return Unfilled(gap.wanted.id, places_missing(draft, role), why, openers.openers(gap))


def _why(draft: Draft, role: int, times: Timetable) -> tuple[Reason, ...]:
    instance, session = draft.instance, draft.instance.index.session_of[role]
    edges = [edge for edge in instance.edges_of_role(role) if edge not in draft.chosen]
    busy = times.busy(instance.occupied[session])[instance.edges.volunteer[edges]]
    causes = ["elsewhere"] * int(busy.sum())
    causes += [_cause(draft, edge) for edge, taken in zip(edges, busy.tolist(), strict=True) if not taken]
    used = [Reason(code, {"people": causes.count(code)}) for code in sorted(set(causes) - {"open"})]
    joint = joint_reasons(draft, session) if not draft.joint_met(session) else ()
    first = Reason("candidates", {"eligible": len(instance.edges_of_role(role))})
    return first, *joint, *used


def _cause(draft: Draft, edge: int) -> str:
    return next((each.code for each in draft.conflicts(edge)), "open")


def pair(draft: Draft, role: int, volunteer: int) -> PairExplanation:
    """Say why a volunteer is, or is not, at a role."""
    index = draft.instance.index
    parts = score.components(index, role, volunteer)
    broken = () if (role, volunteer) in index.fixed else blockers.blockers(index, role, volunteer)
    outcome, reasons = ("blocked", ()) if broken else _outcome(draft, role, volunteer)
    return PairExplanation(
        role=index.roles[role].id,
        volunteer=index.volunteers[volunteer].id,
        outcome=outcome,
        score=sum(part.points for part in parts),
        components=parts,
        blockers=broken,
        reasons=reasons,
    )


def _outcome(draft: Draft, role: int, volunteer: int) -> tuple[Outcome, tuple[Reason, ...]]:
    instance, session = draft.instance, draft.instance.index.session_of[role]
    if (role, volunteer) in instance.index.fixed:
        return "fixed", ()
    edge = next(at for at in instance.edges_of_role(role) if draft.pair(at) == (role, volunteer))
    if edge in draft.chosen:
        return "proposed", ()
    clashes = tuple(draft.clashes(volunteer, instance.occupied[session]))
    if clashes:
        return "elsewhere", clashes
    used = tuple(draft.used_up(volunteer, instance.week[session], int(instance.seconds[edge])))
    if used:
        return "capped", used
    apart = tuple(_apart(draft, session, volunteer))
    if apart:
        return "friends", apart
    if not draft.joint_met(session):
        return "unstaffed", joint_reasons(draft, session)
    wanted = instance.index.roles[role]
    return "no_place", (Reason("filled", {"heads": draft.heads[role], "preferred": wanted.preferred}),)


def _apart(draft: Draft, session: int, volunteer: int) -> Iterator[Reason]:
    people = draft.instance.index.volunteers
    there = {draft.pair(edge)[1] for edge in draft.edges_in[session]}
    for group in draft.instance.together[session]:
        if volunteer in group:
            missing = [friend for friend in group if friend != volunteer and friend not in there]
            for friend in missing:
                yield Reason("friend_not_there", {"volunteer": people[friend].id})
