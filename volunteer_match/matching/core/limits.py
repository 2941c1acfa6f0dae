"""The rows about one person: no two places at once, weekly caps, most new places, the price of load.

All people are done at once: edges are sorted by person, and whatever belongs together (a meeting, a week,
a set of meetings that overlap) is a range or a number in arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import score
from volunteer_match.matching.core.columns import UNLIMITED, Bools, Floats, Ints
from volunteer_match.matching.core.instance import Instance
from volunteer_match.matching.core.rows import Gathered, numbered, ranges

MOST_CUT_LENGTHS = 6


@dataclass(frozen=True, slots=True)
class Loads:
    """The price of load: columns of further places, their gains and whose they are, and the cost at edges."""

    of: dict[int, range]
    gains: Ints
    direct: Ints


@dataclass(frozen=True, slots=True)
class _Meetings:
    """Every (person, session) with an edge, sorted by person.

    `edges` has the edges of one meeting after another, from `starts` on; `people` is where each person's
    meetings start, `person` numbers the people per meeting and `owner` per edge.
    """

    who: Ints
    session: Ints
    edges: Ints
    starts: Ints
    begins: Ints
    ends: Ints
    person: Ints
    people: Ints
    owner: Ints


def _meetings(instance: Instance) -> _Meetings:
    volunteer, session = instance.edges.volunteer, instance.session
    edges = np.lexsort((session, volunteer))
    sessions = len(instance.index.sessions)
    starts, _ = numbered(volunteer[edges] * sessions + session[edges])
    first = edges[starts[:-1]]
    who, where = volunteer[first], session[first]
    taken = np.array(instance.occupied, dtype=np.int64).reshape(-1, 2)[where]
    bounds, person = numbered(who)
    owner = np.repeat(person, np.diff(starts))
    return _Meetings(who, where, edges, starts, taken[:, 0], taken[:, 1], person, bounds, owner)


def add_rows(instance: Instance, rows: Gathered, first_column: int) -> Loads:
    """Add what limits each person, and the columns (from the first given) that price their load."""
    met = _meetings(instance)
    in_weeks, one_place = _weeks(instance, met, rows)
    _overlaps(met, one_place, rows)
    most = np.minimum(_most_at_once(met), in_weeks)
    caps = instance.columns.new_cap[met.who[met.people[:-1]]]
    _new_caps(met, caps, rows)
    return _loads(instance, met, np.minimum(most, caps), rows, first_column)


def _overlaps(met: _Meetings, one_place: Ints, rows: Gathered) -> None:
    """Let each person be in at most one of any largest set of meetings that all overlap.

    `one_place` numbers the weeks, by edge, that leave their person one place anyway; -1 in other weeks.
    """
    lows, highs = cliques(met.person, met.begins, met.ends)
    meeting, clique = ranges(lows, highs)
    of, at = ranges(met.starts[meeting], met.starts[meeting + 1])
    row, edges = clique[of], met.edges[at]
    sizes = np.bincount(row)
    first, last = np.full(len(sizes), len(one_place)), np.full(len(sizes), -1)
    np.minimum.at(first, row, one_place[edges])
    np.maximum.at(last, row, one_place[edges])
    said_already = (first == last) & (first >= 0)
    _at_most(edges, row, (sizes > 1) & ~said_already, np.ones_like(sizes), rows)


def cliques(person: Ints, begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Number the largest sets of overlapping meetings; return each meeting's first and one past its last.

    Sweeping over time, a largest set is complete when a meeting ends right after one began. A meeting is
    in all sets completed between its own beginning and end, which are consecutive.
    """
    count = len(person)
    opens = np.repeat([1, 0], count)
    order = np.lexsort((opens, np.concatenate([begins, ends]), np.tile(person, 2)))
    position = np.empty(2 * count, dtype=np.int64)
    position[order] = np.arange(2 * count)
    kind = opens[order]
    complete = np.flatnonzero((kind[1:] == 0) & (kind[:-1] == 1)) + 1
    low = np.searchsorted(complete, position[:count], side="right")
    return low, np.searchsorted(complete, position[count:], side="right")


def _most_at_once(met: _Meetings) -> Ints:
    """Count how many meetings each person can be in, taking always the one that ends first."""
    order = np.lexsort((met.ends, met.person))
    result = [0] * (len(met.people) - 1)
    last, free_from = -1, 0
    rows = (met.person[order].tolist(), met.begins[order].tolist(), met.ends[order].tolist())
    for person, begins, ends in zip(*rows, strict=True):
        if person != last or begins >= free_from:
            result[person] += 1
            last, free_from = person, ends
    return np.array(result, dtype=np.int64)


def _weeks(instance: Instance, met: _Meetings, rows: Gathered) -> tuple[Ints, Ints]:
    """Add weekly caps; return how many places each person has left, and by edge the weeks that leave one."""
    names = sorted(set(instance.week))
    week_at = {name: at for at, name in enumerate(names)}
    week = np.array([week_at[name] for name in instance.week], dtype=np.int64)[instance.session[met.edges]]
    order = np.lexsort((week, met.owner))
    edges, owner = met.edges[order], met.owner[order]
    bounds, group = numbered(owner * len(names) + week[order])
    first = edges[bounds[:-1]]
    who, weeks = instance.edges.volunteer[first], week[order][bounds[:-1]]
    hours, sessions = _left(instance, names, who, weeks)
    sizes, seconds = np.diff(bounds), instance.seconds[edges]
    shortest = np.minimum.reduceat(seconds, bounds[:-1])
    fitting = np.where(shortest > 0, hours // np.maximum(shortest, 1), UNLIMITED)
    fitting = np.minimum(np.minimum(sizes, sessions), fitting)
    # One row for the whole week then says what its hours, its overlaps and its cap on sessions would say.
    one = (sizes > 1) & (fitting == 1)
    _at_most(edges, group, one, fitting, rows)
    _at_most(edges, group, ~one & (sizes > sessions), sessions, rows)
    _hours_caps(edges, seconds, bounds, group, np.where(one, UNLIMITED, hours), rows)
    one_place = np.empty(len(edges), dtype=np.int64)
    one_place[edges] = np.where(one[group], group, -1)
    places = np.bincount(owner[bounds[:-1]], weights=fitting, minlength=len(met.people) - 1)
    return places.astype(np.int64), one_place


def _left(instance: Instance, names: list[str], who: Ints, weeks: Ints) -> tuple[Ints, Ints]:
    columns = instance.columns
    used = [columns.used(name) for name in names]
    taken = np.array(used, dtype=np.int64).reshape(len(names), 2, len(columns.hours_cap))
    seconds, sessions = taken[weeks, 0, who], taken[weeks, 1, who]
    hours = np.where(columns.hours_cap[who] < UNLIMITED, columns.hours_cap[who] - seconds, UNLIMITED)
    return hours, np.where(
        columns.sessions_cap[who] < UNLIMITED, columns.sessions_cap[who] - sessions, UNLIMITED
    )


def _at_most(edges: Ints, group: Ints, binding: Bools, limit: Ints, rows: Gathered) -> None:
    """Limit the edges of each group whose limit is not met anyway."""
    number = np.cumsum(binding) - 1
    inside = binding[group]
    rows.at_most(number[group[inside]], edges[inside], limit[binding])


def _hours_caps(edges: Ints, seconds: Ints, bounds: Ints, group: Ints, left: Ints, rows: Gathered) -> None:
    binding = np.add.reduceat(seconds, bounds[:-1]) > left
    unit = np.maximum(np.gcd.reduceat(seconds, bounds[:-1]), 1)
    inside = binding[group]
    of = group[inside]
    values: Floats = seconds[inside] / unit[of]
    number = np.cumsum(binding) - 1
    limit = (left // unit)[binding]
    rows.add((number[of], edges[inside], values), lower=-np.inf, upper=limit)
    _length_cuts(edges, seconds, bounds, group, np.where(binding, left, UNLIMITED), rows)


def _length_cuts(edges: Ints, seconds: Ints, bounds: Ints, group: Ints, left: Ints, rows: Gathered) -> None:
    """Say that so many places of at least this length fit: true anyway, and a tighter relaxation."""
    real = (seconds > 0) & (left[group] < UNLIMITED)
    order = np.lexsort((seconds[real], group[real]))
    of, least = group[real][order], seconds[real][order]
    new = np.ones(len(of), dtype=np.bool_)
    new[1:] = (of[1:] != of[:-1]) | (least[1:] != least[:-1])
    of, least = of[new], least[new]
    few = np.bincount(of, minlength=len(left))[of] <= MOST_CUT_LENGTHS
    of, least = of[few], least[few]
    more = np.ones(len(of), dtype=np.bool_)
    more[1:] = (of[1:] != of[:-1]) | (left[of[1:]] // least[1:] < left[of[:-1]] // least[:-1])
    of, least = of[more], least[more]
    cut, at = ranges(bounds[of], bounds[of + 1])
    long = seconds[at] >= least[cut]
    cut, at = cut[long], at[long]
    most = left[of] // least
    _at_most(edges[at], cut, np.bincount(cut, minlength=len(of)) > most, most, rows)


def _new_caps(met: _Meetings, caps: Ints, rows: Gathered) -> None:
    binding = caps < np.diff(met.people)
    _at_most(met.edges, met.owner, binding, caps, rows)


def _loads(instance: Instance, met: _Meetings, most: Ints, rows: Gathered, first_column: int) -> Loads:
    """Price each further place of a person higher: the first at the edges, one column for each after it.

    People with one place at most, nearly all of a large problem, need neither columns nor a row.
    """
    step = score.load_step(instance.index.problem.weights)
    people = met.who[met.people[:-1]]
    thing = instance.columns.resource[people]
    base = np.where(thing, 0, instance.base_load[people])
    direct = np.zeros(instance.edges.count, dtype=np.int64)
    direct[met.edges] = (-step * base)[met.owner]
    segments = np.where(thing, 0, np.maximum(most - 1, 0)) if step else np.zeros_like(most)
    person, nth = ranges(np.zeros_like(segments), segments)
    column = first_column + np.arange(len(person))
    _match_loads(met, segments > 0, (person, column), rows)
    ends = first_column + np.cumsum(segments)
    spread = zip(people.tolist(), segments.tolist(), ends.tolist(), strict=True)
    of = {who: range(end - size, end) for who, size, end in spread if size}
    return Loads(of, -step * (nth + 1), direct)


def _match_loads(met: _Meetings, spread: Bools, segments: tuple[Ints, Ints], rows: Gathered) -> None:
    """Let nobody have more places than one and their columns."""
    number = np.cumsum(spread) - 1
    inside = spread[met.owner]
    edges = (number[met.owner[inside]], met.edges[inside], 1.0)
    one = np.ones(int(spread.sum()))
    rows.add(edges, (number[segments[0]], segments[1], -1.0), lower=-np.inf, upper=one)
