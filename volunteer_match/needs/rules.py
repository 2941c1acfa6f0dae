"""How a need moves, and what its numbers must satisfy."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from volunteer_match.actor import Role

MAX_SESSIONS = 120
MAX_ROLES = 8
MAX_HEADS = 50


class NeedState(StrEnum):
    """Where a need stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class NeedEvent(StrEnum):
    """What moves a need."""

    SUBMIT = "submit"
    PUBLISH = "publish"
    RETURN = "return"
    WITHDRAW = "withdraw"
    COMPLETE = "complete"


class SessionState(StrEnum):
    """Where one meeting stands."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


class Contact(StrEnum):
    """Whether children are there, which decides about clearance."""

    CHILDREN = "children"
    NO_CHILDREN = "no_children"
    REMOTE = "remote"


class Supervision(StrEnum):
    """Who answers for the children."""

    PARENTS_PRESENT = "parents_present"
    ORGANISER = "organiser"


class Recurrence(StrEnum):
    """How often a need's sessions repeat."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    """The same weekday of the month: the first Saturday, the last Friday."""


class Priority(IntEnum):
    """How much a need presses: so many times an ordinary session of it counts in the matching."""

    NORMAL = 1
    IMPORTANT = 2
    URGENT = 4


S, E = NeedState, NeedEvent
TRANSITIONS: Mapping[NeedState, Mapping[NeedEvent, NeedState]] = {
    S.DRAFT: {E.SUBMIT: S.SUBMITTED, E.WITHDRAW: S.CANCELLED},
    S.SUBMITTED: {E.PUBLISH: S.PUBLISHED, E.RETURN: S.RETURNED, E.WITHDRAW: S.CANCELLED},
    S.RETURNED: {E.SUBMIT: S.SUBMITTED, E.WITHDRAW: S.CANCELLED},
    S.PUBLISHED: {E.WITHDRAW: S.CANCELLED, E.COMPLETE: S.COMPLETED, E.RETURN: S.RETURNED},
    S.CANCELLED: {},
    S.COMPLETED: {},
}
EDITABLE = frozenset({S.DRAFT, S.RETURNED, S.SUBMITTED})
_REASONED = {
    E.RETURN: frozenset({S.SUBMITTED, S.PUBLISHED}),
    E.WITHDRAW: frozenset({S.SUBMITTED, S.RETURNED, S.PUBLISHED}),
}
_OWNER = frozenset({Role.PARTNER, Role.COORDINATOR})
WHO: Mapping[NeedEvent, frozenset[Role]] = {
    E.SUBMIT: _OWNER,
    E.PUBLISH: frozenset({Role.COORDINATOR}),
    E.RETURN: frozenset({Role.COORDINATOR}),
    E.WITHDRAW: _OWNER,
    E.COMPLETE: frozenset({Role.COORDINATOR}),
}


def reason_needed(state: NeedState, event: NeedEvent) -> bool:
    """Tell whether the step has to be explained; nobody asks why a draft was thrown away."""
    return state in _REASONED.get(event, ())


# NSPCC's ratios by the youngest child's age: children per adult.
_RATIOS = ((4, 4), (9, 6), (13, 8), (200, 10))


def adults_required(contact: Contact, supervision: Supervision | None, children: int, youngest: int) -> int:
    """Return how many cleared adults a session needs, staff included: two, and the ratio for the age.

    Where parents stay with their children the parents supervise; volunteers come on top.
    """
    if contact != Contact.CHILDREN or supervision != Supervision.ORGANISER or children == 0:
        return 0
    per_adult = next(ratio for below, ratio in _RATIOS if youngest < below)
    return max(2, -(-children // per_adult))


def adults_needed(contact: str, supervision: str | None, children: int, age_from: int | None) -> int:
    """Return the same for a need as it is stored; children whose number nobody gave are at least one."""
    known = Supervision(supervision) if supervision else None
    return adults_required(Contact(contact), known, max(1, children), age_from or 0)


@dataclass(frozen=True)
class Problem:
    """Something a need lacks before it can go on: the answer, the code of the rule, its numbers."""

    field: str
    code: str
    facts: Mapping[str, object] = dataclass_field(default_factory=dict)


_ALWAYS = ("title", "what", "organiser_id", "first_day", "starts_local", "ends_local")
_WITH_CHILDREN = ("children_count", "age_from", "age_to", "supervision")


def lacking(given: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing in the answers of the form before they can be submitted."""
    wanted = list(_ALWAYS)
    if given["contact"] != Contact.REMOTE:
        wanted.append("venue_id")
    if given["contact"] == Contact.CHILDREN:
        wanted += _WITH_CHILDREN
    if given["recurrence"] != Recurrence.ONCE:
        wanted.append("last_day")
    found = [Problem(name, "answer_missing") for name in wanted if _is_blank(given.get(name))]
    if not given["roles"]:
        found.append(Problem("roles-0-name", "role_missing"))
    found += [
        Problem(f"roles-{index}-name", "answer_missing")
        for index, role in enumerate(given["roles"])
        if not role["name"]
    ]
    return sorted(found, key=lambda p: _FORM_ORDER.get(p.field, 99))


_FORM_ORDER = {
    name: position
    for position, name in enumerate(
        (
            "title", "what", "organiser_id", "venue_id", "children_count", "age_from", "age_to",
            "supervision", "roles-0-name", "first_day", "last_day", "starts_local", "ends_local",
        )
    )
}  # fmt: skip


def _is_blank(value: object) -> bool:
    return value is None or value == "" or value == 0


@dataclass(frozen=True)
class Parties:
    """What of the institutions behind a need decides whether it may be published."""

    poster_verified: bool
    organiser_verified: bool
    organiser_hosts: bool
    organiser_with_children: bool
    standards_problem: str | None = None
    """What is wrong with the organiser's protection standards today."""


def parties_problem(parties: Parties, contact: Contact) -> Problem | None:
    """Return what about the institutions stands in the way of publishing, if anything."""
    if not parties.poster_verified:
        return Problem("posted_by_id", "poster_not_verified")
    if not parties.organiser_verified:
        return Problem("organiser_id", "organiser_not_verified")
    if not parties.organiser_hosts:
        return Problem("organiser_id", "organiser_not_host")
    if contact != Contact.CHILDREN:
        return None
    if not parties.organiser_with_children:
        return Problem("organiser_id", "organiser_without_children")
    return Problem("organiser_id", parties.standards_problem) if parties.standards_problem else None


SLOT = timedelta(minutes=15)


def slots(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the quarter-hours the span touches, aligned to the clock."""
    first = starts_at.replace(minute=starts_at.minute // 15 * 15, second=0, microsecond=0)
    found = []
    while first < ends_at:
        found.append(first)
        first += SLOT
    return found
