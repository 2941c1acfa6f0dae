"""The club laid out for ranking, kept by each process until anything in it changes.

What is kept is valid for the marks (`changes`) that were there before it was read, up to the moment when time
alone would change an answer: the next session begins or ends, or a day does. See docs/adr/0016.
"""

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from volunteer_match import changes
from volunteer_match.changes import Marks
from volunteer_match.db import db, writing
from volunteer_match.i18n import from_local, to_local
from volunteer_match.matching import feed
from volunteer_match.matching.core import api
from volunteer_match.matching.core.ranking import Ranking
from volunteer_match.matching.feed import Crowd, Days
from volunteer_match.matching.rules import History, monday_of
from volunteer_match.needs import queries as needs

MOST_KEPT = 20_000
"""So many people times weeks are kept; the week asked for last always is."""

Histories = Callable[[datetime], History]


@dataclass(frozen=True)
class _People:
    marks: Marks
    day: date
    crowd: Crowd


@dataclass(frozen=True)
class _State:
    """What stands while the marks do and until the time it names, and the weeks laid out so far."""

    marks: Marks
    since: datetime
    until: datetime
    history: History
    weeks: OrderedDict[date, Ranking] = field(default_factory=OrderedDict)


@dataclass
class _Kept:
    """What one process keeps of one database."""

    people: _People | None = None
    state: _State | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def ranking(day: date, now: datetime, history: Histories) -> Ranking:
    """Return everybody ready to be ranked for any open place of the week of a day."""
    kept, monday = _ours(), monday_of(day)
    with kept.lock, _making_much():
        state = kept.state = _current(kept, changes.marks(), now, history)
        if monday not in state.weeks:
            crowd = _crowd(kept, state.marks, now)
            state.weeks[monday] = _prepared(monday, state, crowd, now)
            while len(state.weeks) > 1 and len(state.weeks) * len(crowd.persons) > MOST_KEPT:
                state.weeks.popitem(last=False)
        return state.weeks[monday]


def everybody(now: datetime) -> Crowd:
    """Return the people who may be matched and their papers."""
    kept = _ours()
    with kept.lock, _making_much():
        return _crowd(kept, changes.marks(), now)


@contextmanager
def _making_much() -> Iterator[None]:
    """Look for no garbage among millions of objects that are all kept: that takes as long as making them."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _ours() -> _Kept:
    # What a writing transaction has changed so far is not marked yet.
    return _Kept() if writing() else _kept.setdefault(db.engine, _Kept())


def _current(kept: _Kept, marks: Marks, now: datetime, history: Histories) -> _State:
    # The marks were read first: what is read from here on is never older than they say.
    state = kept.state
    if state is not None and marks and marks == state.marks and state.since <= now < state.until:
        return state
    return _State(marks, now, _until(now), history(now))


def _crowd(kept: _Kept, marks: Marks, now: datetime) -> Crowd:
    of_people, day = changes.of(changes.PEOPLE, marks), to_local(now).date()
    people = kept.people
    if people is None or not of_people or (people.marks, people.day) != (of_people, day):
        people = kept.people = _People(of_people, day, feed.crowd(now))
    return people.crowd


def _until(now: datetime) -> datetime:
    """Return when time alone may next change an answer."""
    tomorrow = timedelta(days=1)
    ends = [from_local(to_local(now).date() + tomorrow, time())]
    ends.append(datetime.combine(now.astimezone(UTC).date() + tomorrow, time(), UTC))
    turn = needs.next_turn(now)
    return min(ends if turn is None else [*ends, turn])


def _prepared(monday: date, state: _State, crowd: Crowd, now: datetime) -> Ranking:
    days = Days(max(monday, to_local(now).date()), monday + timedelta(days=6), now)
    return api.prepare(feed.each_alone(days, state.history, crowd))
