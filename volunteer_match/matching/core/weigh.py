"""What taking the runner-up instead would really cost the whole plan: solved again, not guessed.

Under a proved plan no exchange can win, so one that loses nothing needs no further proof. For the others the
model is solved once more with the runner-up in and the chosen person out, and everybody else may move. With a
free runner-up only quality is asked for, above the values of the earlier levels that the plan has proved;
where nobody is free all levels are decided anew. How many are solved follows from the size of the model, not
from the clock, so that a repeated run says the same. Those who are free, and the soonest sessions, go first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from volunteer_match.matching.core import assign, explain, greedy, highs, instance, model, parts
from volunteer_match.matching.core.draft import Draft
from volunteer_match.matching.core.highs import Ask
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.model import QUALITY, Model
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.rows import total
from volunteer_match.matching.core.types import Assignment, Forbidden, Loss, Plan, Regret, RunnerUp

MOST_COLUMNS = 40_000
"""So many columns are solved again in all: every exchange of a club, a few of a town."""


@dataclass(slots=True)
class _Weighing:
    draft: Draft
    plan: Plan
    built: Model
    deadline: float
    columns_left: int
    above: Program
    """The model above what the plan has proved on the earlier levels."""

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return self.deadline - time.perf_counter()

    def may_solve(self) -> bool:
        """Take what one more solve costs from what is left, if it is."""
        cost = len(self.built.upper)
        if self.columns_left < cost or self.left <= 0:
            return False
        self.columns_left -= cost
        return True


def weighed(draft: Draft, plan: Plan, seconds: float) -> Plan:
    """Say of the runner-ups of a proved plan what they really cost, as far as the time and the size allow."""
    built, deadline = model.build(draft.instance), time.perf_counter() + seconds
    work = _Weighing(draft, plan, built, deadline, MOST_COLUMNS, _above(built, draft))
    lookup = draft.instance.index
    known = dict(enumerate(plan.assignments))

    def first(at: int) -> tuple[bool, datetime]:
        other = known[at].runner_up
        return other is None or not other.free, lookup.session(lookup.role_at[known[at].role]).starts

    for at in sorted(known, key=first):
        known[at] = _weighed(work, known[at])
    return replace(plan, assignments=tuple(known[at] for at in sorted(known)))


def _above(built: Model, draft: Draft) -> Program:
    """Keep every part of the model on what it reaches: a plan best as a whole is best in each part."""
    columns, program = model.columns_of(built, draft), parts.whole(built)
    for part in parts.of(built, parts.without_load(built)):
        for level in range(QUALITY):
            gains = np.zeros(len(built.upper), dtype=np.int64)
            gains[part.columns] = built.levels[level, part.columns]
            if gains.any():
                program = program.with_floor(gains, total(gains, columns))
    return program


def _weighed(work: _Weighing, chosen: Assignment) -> Assignment:
    other = chosen.runner_up
    if other is None:
        return chosen
    if other.regret is None:
        regret = _anew(work, chosen, other) if work.may_solve() else None
    elif not any(loss.amount for loss in other.regret.losses):
        regret = Regret((), exact=True)
    else:
        regret = _exchanged(work, chosen, other) if work.may_solve() else other.regret
    return replace(chosen, runner_up=replace(other, regret=regret))


def _exchanged(work: _Weighing, chosen: Assignment, other: RunnerUp) -> Regret:
    """Solve for quality alone with somebody free put in for the chosen person."""
    draft, level = work.draft, work.built.levels[QUALITY]
    out = _edge(draft.instance, chosen.role, chosen.volunteer)
    into = _edge(draft.instance, chosen.role, other.volunteer)
    if out is None or into is None:
        raise KeyError(chosen.role)
    values = draft.values()
    direct = Draft(draft.instance, draft.chosen - {out} | {into})
    program = work.above.closed(np.array([out])).forced(np.array([into]))
    start = model.columns_of(work.built, direct)
    answer = highs.maximise(program, level, Ask(work.left, work.plan.seed, start=start))
    best = max(direct.values()[QUALITY], _value(work, answer))
    lost = values[QUALITY] - best
    return Regret((Loss("quality", lost),) if lost else (), exact=answer.optimal)


def _value(work: _Weighing, answer: highs.Answer) -> int:
    if answer.columns is None:
        return -(2**62)
    found = Draft(work.draft.instance, np.flatnonzero(answer.columns[: work.built.edges] > 0.5).tolist())
    kept = found.values()[:QUALITY] == work.draft.values()[:QUALITY]
    return found.values()[QUALITY] if kept and found.sound() else -(2**62)


def _anew(work: _Weighing, chosen: Assignment, other: RunnerUp) -> Regret | None:
    """Decide every level again with the runner-up in, who is used elsewhere, so that others move."""
    into, out = (chosen.role, other.volunteer), (chosen.role, chosen.volunteer)
    return forced(work.draft.instance, work.plan, into, out, work.left)


def forced(
    ready: Instance, plan: Plan, into: tuple[str, str], out: tuple[str, str] | None, seconds: float
) -> Regret | None:
    """Decide again with one (role, volunteer) put in and another taken out; None when no plan allows it."""
    problem = ready.index.problem
    if into in problem.fixed:
        return Regret((), exact=True)
    if out is not None:
        role, volunteer = out
        ready = instance.build(replace(problem, forbidden=(*problem.forbidden, Forbidden(volunteer, role))))
    edge = _edge(ready, *into)
    if edge is None:
        return None
    start = _start(ready, plan, edge)
    again = assign.decide(ready, time_limit_s=seconds, seed=plan.seed, forced=(edge,), start=start)
    if not again.feasible:
        return None
    before, after = (tuple(level.value for level in levels) for levels in (plan.levels, again.levels))
    return Regret(explain.losses(before, after), exact=again.optimal and plan.status == "optimal")


def _start(ready: Instance, plan: Plan, edge: int) -> Draft | None:
    """Put the edge first and keep of the plan what still fits, so that the search begins near the plan."""
    draft = Draft(ready, [edge])
    for each in plan.assignments:
        kept = None if each.fixed else _edge(ready, each.role, each.volunteer)
        if kept is not None and kept != edge and draft.fits(kept):
            draft.add(kept)
    for session, here in draft.edges_in.items():
        if here and not (draft.joint_met(session) and draft.friends_kept(session)):
            for other in sorted(here - {edge}):
                draft.drop(other)
    filled = greedy.plan(ready, sorted(draft.chosen))
    return filled if filled.sound() else None


def _edge(ready: Instance, role: str, volunteer: str) -> int | None:
    at, who = ready.index.role_at[role], ready.index.volunteer_at[volunteer]
    return next((each for each in ready.edges_of_role(at) if int(ready.edges.volunteer[each]) == who), None)
