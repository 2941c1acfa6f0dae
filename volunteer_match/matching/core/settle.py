"""Places that shards gave out independently and that together are too much for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.carry import Placed
from volunteer_match.matching.core.index import grouped
from volunteer_match.matching.core.types import Volunteer


def broken(
    before: Iterable[Placed], placed: Iterable[Placed], people: Mapping[str, Volunteer], travel_minutes: int
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


def fits(volunteer: Volunteer, kept: Sequence[Placed], more: Placed, travel_minutes: int) -> bool:
    """Return whether somebody who has some places can have one more."""
    if any(_clash(each, more, travel_minutes) for each in kept):
        return False
    if volunteer.max_new is not None and sum(each.new for each in kept) >= volunteer.max_new:
        return False
    same = [each for each in kept if each.week == more.week]
    used = [each for each in volunteer.used if each.week == more.week]
    sessions = len(same) + sum(each.sessions for each in used)
    if volunteer.max_sessions_per_week is not None and sessions >= volunteer.max_sessions_per_week:
        return False
    taken = sum(each.seconds for each in same) + sum(round(each.hours * spans.HOUR) for each in used)
    cap = volunteer.max_hours_per_week
    return cap is None or taken + more.seconds <= round(cap * spans.HOUR)


def _clash(one: Placed, other: Placed, travel_minutes: int) -> bool:
    (starts, ends), (begins, done) = _occupied(one, travel_minutes), _occupied(other, travel_minutes)
    return begins < ends and starts < done


def _occupied(placed: Placed, travel_minutes: int) -> spans.Span:
    half = 0 if placed.remote else travel_minutes * 30
    return spans.seconds(placed.starts) - half, spans.seconds(placed.ends) + half
