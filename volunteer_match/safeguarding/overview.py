"""The officer's list: which papers wait to be looked at, run out soon, or are still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import SERVING, WAITING
from volunteer_match.safeguarding import queries
from volunteer_match.safeguarding.rules import (
    EXPIRES_SOON,
    POLICY_PL,
    ClearanceKind,
    ClearanceState,
    Person,
    Standing,
    required,
)

_ADMITTED = (*WAITING, *SERVING)


@dataclass(frozen=True)
class Entry:
    """One line of the list: whose paper, what is to be done, and by when."""

    volunteer_id: str
    name: str
    kind: ClearanceKind | None
    """None for the agreement and for a guardian's consent."""
    what: str
    """`received`, `missing`, `expired`, `expiring`, `agreement` or `guardian`."""
    until: date | None = None


_ORDER = ("received", "expired", "guardian", "missing", "agreement", "expiring")


def worklist(today: date) -> list[Entry]:
    """Return what there is to do about papers of admitted people, the most pressing first."""
    volunteers = queries.volunteers_in(_ADMITTED)
    standings = queries.standings(volunteers, today)
    latest = _latest(volunteers)
    entries = [
        entry
        for volunteer in volunteers
        for entry in _entries(volunteer, standings[volunteer.id], latest.get(volunteer.id, {}), today)
    ]
    return sorted(entries, key=lambda e: (_ORDER.index(e.what), e.until or date.max, e.name))


Latest = dict[ClearanceKind, tuple[ClearanceState, date | None]]


def _latest(volunteers: Sequence[Volunteer]) -> dict[str, Latest]:
    found: dict[str, Latest] = {}
    for row in queries.latest_papers([v.id for v in volunteers]):
        by_kind = found.setdefault(row.volunteer_id, {})
        by_kind[ClearanceKind(row.kind)] = (ClearanceState(row.state), row.valid_until)
    return found


def _entries(volunteer: Volunteer, standing: Standing, latest: Latest, today: date) -> list[Entry]:
    name = volunteer.user.name
    entries = []
    if standing.guardian_missing:
        entries.append(Entry(volunteer.id, name, None, "guardian"))
    if standing.papers_due:
        person = Person(volunteer.foreign_citizen, volunteer.lived_abroad)
        for asked in required(POLICY_PL, person):
            what = _what(asked.kind, standing, latest, today)
            if what:
                until = latest[asked.kind][1] if asked.kind in latest else None
                entries.append(Entry(volunteer.id, name, asked.kind, what, until))
    if not standing.agreement:
        entries.append(Entry(volunteer.id, name, None, "agreement"))
    return entries


def _what(kind: ClearanceKind, standing: Standing, latest: Latest, today: date) -> str | None:
    state, until = latest.get(kind, (ClearanceState.REQUESTED, None))
    if state is ClearanceState.RECEIVED:
        return "received"
    if kind in standing.papers_missing:
        return "expired" if state is ClearanceState.MET and until and until < today else "missing"
    return "expiring" if until and until <= today + EXPIRES_SOON else None
