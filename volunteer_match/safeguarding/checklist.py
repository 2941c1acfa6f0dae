"""What a person still needs before the first meeting, thing by thing, with how to get it."""

from dataclasses import dataclass
from datetime import date

from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import OPEN
from volunteer_match.safeguarding import queries
from volunteer_match.safeguarding.rules import POLICY_PL, ClearanceKind, ClearanceState, Person, required

SHOWN_IN = OPEN


@dataclass(frozen=True)
class Item:
    """One thing: `guardian`, `agreement`, or a kind of paper."""

    code: str
    done: bool
    with_the_club: bool = False
    """Nothing to do for the person: the club looks it up, or looks at what was brought."""


def items(volunteer: Volunteer, today: date) -> list[Item]:
    """Return what the law and the club ask of the person, done or not."""
    standing = queries.standing(volunteer, today)
    listed = []
    if standing.minor:
        listed.append(Item("guardian", standing.consent))
    if standing.papers_due:
        person = Person(volunteer.foreign_citizen, volunteer.lived_abroad)
        ours = _with_the_club(volunteer.id)
        for asked in required(POLICY_PL, person):
            done = asked.kind not in standing.papers_missing
            listed.append(Item(asked.kind, done, asked.kind in ours))
    return [*listed, Item("agreement", standing.agreement)]


def _with_the_club(volunteer_id: str) -> set[str]:
    handed_in = {ClearanceState.RECEIVED, ClearanceState.NOT_MET}
    latest: dict[str, str] = {}
    for paper in queries.papers_of(volunteer_id):
        latest.setdefault(paper.kind, paper.state)
    return {ClearanceKind.RSPTS} | {kind for kind, state in latest.items() if state in handed_in}
