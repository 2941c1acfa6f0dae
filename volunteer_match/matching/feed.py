"""Turns what the other capabilities know into one problem for the core."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from volunteer_match.i18n import local_zone, to_local
from volunteer_match.matching import pair_queries, rules, wish_queries
from volunteer_match.matching.core import types as core
from volunteer_match.matching.lending_feed import with_things
from volunteer_match.matching.rules import (
    NEWCOMER_SESSIONS,
    TRAVEL_BUFFER_MINUTES,
    History,
    Taken,
    week_key,
    weights_of,
)
from volunteer_match.needs import queries as needs
from volunteer_match.needs.queries import OpenSession
from volunteer_match.needs.rules import Contact, Supervision, adults_needed
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people import queries as people
from volunteer_match.people.availability import Interval, free_intervals
from volunteer_match.people.queries import Matchable
from volunteer_match.people.rules import OPEN, VolunteerState
from volunteer_match.safeguarding import queries as safeguarding
from volunteer_match.safeguarding.rules import agreed_on


@dataclass(frozen=True)
class Papers:
    """Until when each person is cleared for each organiser, and the days their agreements cover."""

    cleared: Mapping[str, Mapping[str, date]]
    agreed: Mapping[str, tuple[tuple[date, date], ...]]

    def agreed_until(self, volunteer_id: str) -> date | None:
        """Return the last day of the last agreement, or None when there is none."""
        return max((last for _first, last in self.agreed.get(volunteer_id, ())), default=None)

    def agreed_throughout(self, volunteer_id: str, first: date, last: date) -> bool:
        """Tell whether one agreement covers all the days from one to another."""
        return any(begin <= first and last <= end for begin, end in self.agreed.get(volunteer_id, ()))


@dataclass(frozen=True)
class Crowd:
    """The people a problem is about, with their papers; the hours asked for last are kept."""

    persons: Sequence[Matchable]
    papers: Papers
    hours: dict[tuple[date, date], list[tuple[Interval, ...]]] = field(default_factory=dict)

    def free(self, first: date, last: date) -> list[tuple[Interval, ...]]:
        """Return when each person is free on those local days."""
        found = self.hours.get((first, last))
        if found is None:
            zone = local_zone()
            found = [free_intervals(p.weekly, p.differing_days, first, last, zone) for p in self.persons]
            # Several requests may share the people: what one of them forgets, another still returns.
            self.hours.clear()
            self.hours[first, last] = found
        return found


@dataclass(frozen=True)
class Days:
    """The local days a problem covers and the moment it is made."""

    first: date
    last: date
    now: datetime


def crowd(now: datetime, volunteer_ids: Collection[str] | None = None) -> Crowd:
    """Read the people who may be matched (or those of them with the ids) and their papers."""
    persons = people.matchable(OPEN, volunteer_ids)
    papers = Papers(
        safeguarding.cleared_until_by_organiser(volunteer_ids, to_local(now).date()),
        safeguarding.agreed_spans(volunteer_ids),
    )
    return Crowd(persons, papers)


def problem(
    days: Days, history: History, *, only_session: str | None = None, only_volunteer: str | None = None
) -> core.Problem:
    """Return the problem of all open places on those days (or of one session's) for all (or one person)."""
    sessions = _sought(days, history)
    if only_session is not None:
        sessions = [s for s in sessions if s.id == only_session]
    everybody = crowd(days.now, None if only_volunteer is None else [only_volunteer])
    found = of_sessions(sessions, everybody, days, history)
    return found if only_volunteer else with_things(found, sessions, (days.first, days.last), history.lending)


def each_alone(days: Days, history: History, everybody: Crowd) -> core.Problem:
    """Return the problem in which any one of the open places is asked for as if it were the only one."""
    return of_sessions(_sought(days, history), everybody, days, history, together=False)


def for_one(days: Days, history: History, volunteer_id: str) -> tuple[core.Problem, tuple[OpenSession, ...]]:
    """Return the problem of every session of those days, full ones too, for one person, and the sessions."""
    sessions = tuple(s for s in needs.open_sessions(days.first, days.last, days.now) if _organised(s))
    return of_sessions(sessions, crowd(days.now, [volunteer_id]), days, history), sessions


def of_sessions(
    sessions: Sequence[OpenSession], everybody: Crowd, days: Days, history: History, *, together: bool = True
) -> core.Problem:
    """Return the problem of these sessions and people; who is taken is fixed there or, not together, busy."""
    open_ids = {s.id for s in sessions}
    persons, papers = everybody.persons, everybody.papers
    known = {p.id for p in persons}
    here = open_ids if together else set()
    inside = [t for t in history.taken if t.session_id in here and t.volunteer_id in known]
    outside = _by_volunteer(t for t in history.taken if t.session_id not in here)
    openings = {role.opening_id for s in sessions for role in s.roles}
    need_ids = {s.need_id for s in sessions}
    rotating, settled = _rotating(sessions), _with_new_face(sessions, history)
    guests = rules.guests(history.familiar, {p.id for p in persons if not _withheld(p)}, rotating)
    experienced = any(_experience(p, history) for p in persons if _withheld(p) == ())
    return core.Problem(
        now=days.now,
        sessions=tuple(
            _session(s, experienced, s.need_id in rotating and s.id not in settled) for s in sessions
        ),
        roles=tuple(role for s in sessions for role in _roles(s)),
        volunteers=tuple(
            _volunteer(p, free, papers, history, outside.get(p.id, ()), days.now)
            for p, free in zip(persons, everybody.free(days.first, days.last), strict=True)
        ),
        familiar=tuple(
            core.Familiar(who, need, times, (who, need) not in guests)
            for (who, need), times in sorted(history.familiar.items())
            if who in known and need in need_ids
        ),
        interested=tuple((who, need) for who, need in history.wishes if who in known and need in need_ids),
        forbidden=(
            *_settled(history, known, openings),
            *_special(persons, papers, sessions),
            *_apart(known, need_ids | _partners(sessions)),
        ),
        fixed=tuple((t.opening_id, t.volunteer_id) for t in inside),
        partner_deficit={p: s for p, s in history.unfilled_share.items() if p in _partners(sessions)},
        travel_buffer_minutes=TRAVEL_BUFFER_MINUTES,
        weights=weights_of(wish_queries.steps()),
    )


def _sought(days: Days, history: History) -> list[OpenSession]:
    lent = {(each.session_id, each.item_id) for each in history.lending.lent}
    return [s for s in needs.open_sessions(days.first, days.last, days.now) if _open(s, lent)]


def _open(session: OpenSession, lent: set[tuple[str, str]]) -> bool:
    people = any(role.filled < role.capacity for role in session.roles)
    things = any((session.id, item.item_id) not in lent for item in session.items)
    return _organised(session) and (people or things)


def _organised(session: OpenSession) -> bool:
    verified = session.posted_by_state == PartnerState.VERIFIED
    return verified and session.organiser_state in (None, PartnerState.VERIFIED)


def _partners(sessions: Iterable[OpenSession]) -> set[str]:
    return {s.posted_by_id for s in sessions}


def _by_volunteer(taken: Iterable[Taken]) -> dict[str, list[Taken]]:
    grouped: dict[str, list[Taken]] = defaultdict(list)
    for each in taken:
        grouped[each.volunteer_id].append(each)
    return grouped


def _rotating(sessions: Sequence[OpenSession]) -> dict[str, int]:
    """Return the places of every series that has more than one: one of them rotates."""
    places: dict[str, int] = {}
    for session in sessions:
        if session.series:
            here = sum(role.capacity for role in session.roles)
            places[session.need_id] = max(here, places.get(session.need_id, 0))
    return {need: count for need, count in places.items() if count > 1}


def _with_new_face(sessions: Sequence[OpenSession], history: History) -> set[str]:
    """Return the sessions somebody new to the group already comes to."""
    need_of = {session.id: session.need_id for session in sessions}
    return {
        taken.session_id
        for taken in history.taken
        if taken.session_id in need_of
        and not history.familiar.get((taken.volunteer_id, need_of[taken.session_id]))
    }


def _session(session: OpenSession, experienced: bool, rotating: bool) -> core.Session:
    here = session.contact == Contact.CHILDREN
    children = max(1, session.children_count) if here else 0
    supervision = session.supervision
    needed = adults_needed(session.contact, supervision, session.children_count, session.age_from)
    # Newcomers need somebody at their side who knows the club; in a new club nobody does yet.
    company = session.staff_adults > 0 or supervision == Supervision.PARENTS_PRESENT or not here
    located = session.latitude is not None and session.longitude is not None
    return core.Session(
        id=session.id,
        need=session.need_id,
        partner=session.posted_by_id,
        organiser=session.organiser_id,
        starts=session.starts_at,
        ends=session.ends_at,
        week=week_key(to_local(session.starts_at).date()),
        children=children,
        min_cleared_adults=needed,
        staff_cleared_adults=session.staff_adults,
        priority=session.priority,
        place=(session.latitude, session.longitude) if located else None,  # type: ignore[arg-type]
        remote=session.contact == Contact.REMOTE,
        step_free=session.step_free,
        newcomers_alone=company or not experienced,
        rotating=rotating,
    )


def _roles(session: OpenSession) -> Iterable[core.Role]:
    for role in session.roles:
        yield core.Role(
            id=role.opening_id,
            session=session.id,
            min=role.minimum,
            preferred=role.capacity,
            required_skills=dict(role.required),
            wanted_skills=dict.fromkeys(role.wanted, 1.0),
            languages=role.languages,
            min_age=role.minimum_age,
            driving_licence=session.driving,
        )


def _volunteer(
    person: Matchable,
    free: tuple[Interval, ...],
    papers: Papers,
    history: History,
    outside: Sequence[Taken],
    now: datetime,
) -> core.Volunteer:
    return core.Volunteer(
        id=person.id,
        born=person.birth_date,
        cleared_for=dict(papers.cleared.get(person.id, {})),
        agreed_until=papers.agreed_until(person.id),
        skills=person.skills,
        languages=person.languages,
        available=free,
        busy=tuple((t.starts_at, t.ends_at) for t in outside if t.ends_at > now),
        used=_used(outside),
        max_hours_per_week=float(person.max_hours_per_week),
        max_sessions_per_week=person.max_sessions_per_week,
        place=person.place,
        radius_km=None if person.radius_km is None else float(person.radius_km),
        needs_step_free=person.step_free,
        driving_licence=person.driving_licence,
        recent_sessions=history.recent_sessions.get(person.id, 0),
        recent_asks=history.recent_asks.get(person.id, 0),
        last_asked=history.last_asked.get(person.id),
        newcomer=not _experience(person, history),
        withheld=_withheld(person),
    )


def _experience(person: Matchable, history: History) -> bool:
    return history.recent_sessions.get(person.id, 0) >= NEWCOMER_SESSIONS


def _used(outside: Sequence[Taken]) -> tuple[core.Use, ...]:
    hours: dict[str, float] = defaultdict(float)
    count: dict[str, int] = defaultdict(int)
    for each in outside:
        week = week_key(to_local(each.starts_at).date())
        hours[week] += (each.ends_at - each.starts_at).total_seconds() / 3600
        count[week] += 1
    return tuple(core.Use(week, hours[week], count[week]) for week in sorted(hours))


def _withheld(person: Matchable) -> tuple[str, ...]:
    if person.state == VolunteerState.ACTIVE:
        return ()
    if person.state == VolunteerState.PAUSED:
        # A pause with dates is already taken out of the free time.
        return () if person.paused_from else (VolunteerState.PAUSED.value,)
    return (str(person.state),)


def _settled(history: History, known: set[str], openings: set[str]) -> list[core.Forbidden]:
    return [
        core.Forbidden(each.volunteer_id, each.opening_id, each.state)
        for each in history.settled
        if each.volunteer_id in known and each.opening_id in openings
    ]


def _apart(known: set[str], targets: set[str]) -> list[core.Forbidden]:
    return [
        core.Forbidden(who, target, "kept_apart")
        for who, target in pair_queries.kept_apart()
        if who in known and target in targets
    ]


def _special(
    persons: Sequence[Matchable], papers: Papers, sessions: Sequence[OpenSession]
) -> list[core.Forbidden]:
    """Return the pairs that rules of ours exclude which the core does not know."""
    groups, found = _alike(sessions), []
    days = [day for _contact, _organiser, day in groups]
    first, last = min(days, default=date.min), max(days, default=date.min)
    # Most people have an agreement for all those days and go anywhere: nothing to look at day by day.
    doubtful = [p for p in persons if p.remote_only or not papers.agreed_throughout(p.id, first, last)]
    for (contact, organiser, day), alike in groups.items():
        for person in doubtful:
            if person.remote_only and contact != Contact.REMOTE:
                found += [core.Forbidden(person.id, session, "remote_only") for session in alike]
            elif _agreement_missing(person.id, contact, organiser, day, papers):
                found += [core.Forbidden(person.id, session, "agreement_missing") for session in alike]
    return found


def _alike(sessions: Sequence[OpenSession]) -> dict[tuple[Contact, str | None, date], list[str]]:
    """Group the sessions that those rules cannot tell apart."""
    groups: dict[tuple[Contact, str | None, date], list[str]] = defaultdict(list)
    for session in sessions:
        children = session.contact == Contact.CHILDREN
        last_day = to_local(session.ends_at).date()
        groups[session.contact, session.organiser_id if children else None, last_day].append(session.id)
    return groups


def _agreement_missing(
    person_id: str, contact: Contact, organiser: str | None, day: date, papers: Papers
) -> bool:
    children = contact == Contact.CHILDREN
    spans = papers.agreed.get(person_id, ())
    # Somebody not cleared hears that first; an agreement that ends is a rule of the core.
    first_thing = not children or organiser in papers.cleared.get(person_id, {})
    ended = (papers.agreed_until(person_id) or day) < day
    return first_thing and not ended and not agreed_on(spans, day, with_children=children)
