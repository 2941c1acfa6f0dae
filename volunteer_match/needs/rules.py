"""How a need moves, and what its numbers must satisfy."""

from collections.abc import Mapping
from enum import StrEnum

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
