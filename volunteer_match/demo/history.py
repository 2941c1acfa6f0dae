"""What happened before the demo began: people who came often, and one who did not come."""

from collections.abc import Mapping
from datetime import date, time, timedelta

from sqlalchemy import select

from volunteer_match import clock
from volunteer_match.db import db
from volunteer_match.i18n import from_local
from volunteer_match.needs.models import Need, NeedRole, NeedSession, Opening
from volunteer_match.needs.rules import Contact, NeedState, Recurrence, SessionState, Supervision
from volunteer_match.partners.models import Partner
from volunteer_match.people.models import Volunteer
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState

_ORGANISER = "Klub Demo-Gromadka (MOPS)"
_WEEKS = 6
# Who came (or not) to the autumn workshops, week by week, the last week first.
_ATTENDANCE: Mapping[str, tuple[MatchState, ...]] = {
    "Ula Hipoteza": (MatchState.COMPLETED,) * 6,
    "Staś Domyślny": (MatchState.NO_SHOW,) * 3,
    "Ada Demowska": (MatchState.COMPLETED, MatchState.COMPLETED),
    "Wit Zapasowy": (MatchState.COMPLETED,),
}


def add(volunteers: Mapping[str, Volunteer], today: date) -> None:
    """Add finished workshops of the past weeks with who came."""
    organiser = db.session.scalars(select(Partner).where(Partner.name == _ORGANISER)).one()
    need = _workshops(organiser, today)
    db.session.add(need)
    db.session.flush()  # sessions and places refer to it
    for week in range(_WEEKS):
        _add_week(need, volunteers, week)


def _workshops(organiser: Partner, today: date) -> Need:
    last = today - timedelta(days=today.weekday() + 3)
    return Need(
        title="Jesienne warsztaty",
        what="Stoliki z grami, farbami i lekcjami.",
        posted_by_id=organiser.id,
        organiser_id=organiser.id,
        venue_id=organiser.venues[0].id,
        state=NeedState.COMPLETED,
        contact=Contact.CHILDREN,
        supervision=Supervision.ORGANISER,
        children_count=12,
        age_from=6,
        age_to=11,
        staff_adults=2,
        recurrence=Recurrence.WEEKLY,
        first_day=last - timedelta(weeks=_WEEKS - 1),
        last_day=last,
        starts_local=time(15),
        ends_local=time(17),
        created_at=clock.now() - timedelta(weeks=_WEEKS + 2),
        published_at=clock.now() - timedelta(weeks=_WEEKS + 1),
        roles=[NeedRole(name="Pomoc przy stoliku", minimum=1, preferred=4, minimum_age=16)],
    )


def _add_week(need: Need, volunteers: Mapping[str, Volunteer], week: int) -> None:
    day = (need.last_day or date.min) - timedelta(weeks=week)
    starts = from_local(day, time(15))
    meeting = NeedSession(
        need_id=need.id, starts_at=starts, ends_at=from_local(day, time(17)), state=SessionState.HELD
    )
    db.session.add(meeting)
    db.session.flush()  # its places refer to it
    there = [(volunteers[name], seen[week]) for name, seen in _ATTENDANCE.items() if week < len(seen)]
    place = Opening(
        need_id=need.id,
        session_id=meeting.id,
        role_id=need.roles[0].id,
        minimum=1,
        capacity=4,
        filled=len(there),
    )
    db.session.add(place)
    db.session.flush()  # matches refer to it
    for volunteer, state in there:
        db.session.add(
            Match(
                opening_id=place.id,
                session_id=meeting.id,
                volunteer_id=volunteer.id,
                state=state,
                created_at=starts - timedelta(days=7),
                changed_at=starts,
                offered_at=starts - timedelta(days=6),
                answer_by=starts - timedelta(days=3),
                answered_at=starts - timedelta(days=5),
                answer_channel="mail",
            )
        )
