"""Places that shards gave out independently and that together are too much for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.carry import Limits, Placed
from volunteer_match.matching.core.index import grouped


def broken(
    before: Iterable[Placed], placed: Iterable[Placed], people: Mapping[str, Limits], travel_minutes: int
) -> frozenset[str]:
    """Name the sessions that must be decided again so that nobody has too much.

    What was given out before stays. Of the new places, those of sessions that weigh more stay first.
    """
    earlier = grouped((each.volunteer, each) for each in before)
    result: set[str] = set()
    for who, own in grouped((each.volunteer, each) for each in placed).items():
        kept = list(earlier.get(who, ()))
        for each in sorted(own, key=lambda place: (-place.weight, place.role)):
            if fits(people[who], kept, each, travel_minutes):
                kept.append(each)
            else:
                result.add(each.session)
    return frozenset(result)


def fits(limits: Limits, kept: Sequence[Placed], more: Placed, travel_minutes: int) -> bool:
    """Return whether somebody who has some places can have one more."""
    if any(_clash(each, more, travel_minutes) for each in kept):
        return False
    same = [each for each in kept if each.week == more.week]
    used = [(seconds, sessions) for week, seconds, sessions in limits.used if week == more.week]
    seconds = sum(each.seconds for each in same) + sum(each[0] for each in used) + more.seconds
    sessions = len(same) + sum(each[1] for each in used) + 1
    new = sum(each.new for each in kept) + 1
    totals = ((seconds, limits.seconds), (sessions, limits.sessions), (new, limits.new))
    return all(most is None or total <= most for total, most in totals)


def _clash(one: Placed, other: Placed, travel_minutes: int) -> bool:
    (starts, ends), (begins, done) = _occupied(one, travel_minutes), _occupied(other, travel_minutes)
    return begins < ends and starts < done


def _occupied(placed: Placed, travel_minutes: int) -> spans.Span:
    half = 0 if placed.remote else travel_minutes * 30
    return spans.seconds(placed.starts) - half, spans.seconds(placed.ends) + half
