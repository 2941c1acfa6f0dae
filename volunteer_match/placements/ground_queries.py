"""Reads what matches stand on: session, institutions, the volunteer's state and papers, the week's load."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from volunteer_match.db import db
from volunteer_match.i18n import from_local, to_local
from volunteer_match.needs.models import NeedSession
from volunteer_match.needs.rules import Contact, NeedState, SessionState
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerState, is_minor, paused_on
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import OCCUPYING, Ground
from volunteer_match.safeguarding import queries as safeguarding
from volunteer_match.safeguarding.queries import Span
from volunteer_match.safeguarding.rules import agreed_on


@dataclass(frozen=True)
class _Papers:
    cleared: dict[str, dict[str, date]]
    agreed: dict[str, tuple[Span, ...]]
    consented: frozenset[str]


def ground(match: Match, now: datetime) -> Ground:
    """Return what one match stands on."""
    return grounds([match], now)[match.id]


def grounds(matches: Sequence[Match], now: datetime) -> dict[str, Ground]:
    """Return what the matches stand on, in a constant number of statements."""
    people = {match.volunteer_id for match in matches}
    today = to_local(now).date()
    papers = _Papers(
        safeguarding.cleared_until_by_organiser(people, today),
        safeguarding.agreed_spans(people),
        safeguarding.consented(people),
    )
    return {match.id: _ground(match, papers) for match in matches}


def _ground(match: Match, papers: _Papers) -> Ground:
    meeting, need, person = match.session, match.session.need, match.volunteer
    day, children = to_local(meeting.ends_at).date(), need.contact == Contact.CHILDREN
    parties = [p for p in (need.posted_by, need.organiser) if p is not None]
    verified = all(p.state == PartnerState.VERIFIED for p in parties)
    # Whoever no longer organises for children must not receive people for them either.
    organised = not children or (need.organiser is not None and need.organiser.organiser)
    return Ground(
        starts_at=meeting.starts_at,
        last_day=day,
        session_scheduled=meeting.state == SessionState.SCHEDULED,
        need_published=need.state == NeedState.PUBLISHED,
        partners_verified=verified and organised,
        volunteer_state=_state_on(person, day, person.id in papers.consented),
        paused=_paused(person, day),
        children=children,
        cleared_until=papers.cleared.get(person.id, {}).get(need.organiser_id or ""),
        agreed=agreed_on(papers.agreed.get(person.id, ()), day, with_children=children),
    )


def _paused(person: Volunteer, day: date) -> bool:
    for_good = person.state == VolunteerState.PAUSED and person.paused_from is None
    return for_good or paused_on(person.paused_from, person.paused_until, day)


def _state_on(person: Volunteer, day: date, consented: bool) -> str:
    back = person.state == VolunteerState.PAUSED and not _paused(person, day)
    state = VolunteerState.ACTIVE if back else VolunteerState(person.state)
    # Papers of somebody on a break are not reassessed, and a guardian may take the consent back meanwhile.
    alone = state == VolunteerState.ACTIVE and is_minor(person.birth_date, day) and not consented
    return VolunteerState.AWAITING_GUARDIAN if alone else state


def week_use(match: Match) -> tuple[float, int]:
    """Return the hours and sessions the volunteer gives in the local week of the match besides it."""
    day = to_local(match.session.starts_at).date()
    monday = day - timedelta(days=day.weekday())
    begins, ends = from_local(monday, time()), from_local(monday + timedelta(days=7), time())
    query = (
        select(NeedSession.starts_at, NeedSession.ends_at)
        .join(Match, Match.session_id == NeedSession.id)
        .where(
            Match.volunteer_id == match.volunteer_id,
            Match.id != match.id,
            Match.state.in_(OCCUPYING),
            NeedSession.starts_at >= begins,
            NeedSession.starts_at < ends,
        )
    )
    lengths = [row.ends_at - row.starts_at for row in db.session.execute(query)]
    return sum(lengths, timedelta()).total_seconds() / 3600, len(lengths)
