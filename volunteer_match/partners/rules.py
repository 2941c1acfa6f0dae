"""How an institution becomes a verified partner."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from volunteer_match.actor import Role


class PartnerKind(StrEnum):
    """Kinds of institution."""

    NGO = "ngo"
    PUBLIC = "public"
    SCHOOL = "school"
    LIBRARY = "library"
    SPORTS_CLUB = "sports_club"
    CULTURE = "culture"
    FIRE_BRIGADE = "fire_brigade"
    COMPANY = "company"


# Act of 24 April 2003, art. 42: who may host volunteers; companies give, they do not host.
HOSTS = frozenset(PartnerKind) - {PartnerKind.COMPANY}


class PartnerState(StrEnum):
    """Where a partner's registration stands."""

    REGISTERED = "registered"
    UNDER_REVIEW = "under_review"
    VERIFIED = "verified"
    RETURNED = "returned"
    REJECTED = "rejected"
    SUSPENDED = "suspended"


class PartnerEvent(StrEnum):
    """What moves a registration."""

    CONFIRM_ADDRESS = "confirm_address"
    RESUBMIT = "resubmit"
    VERIFY = "verify"
    RETURN = "return"
    REJECT = "reject"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"


S, E = PartnerState, PartnerEvent
TRANSITIONS: Mapping[PartnerState, Mapping[PartnerEvent, PartnerState]] = {
    S.REGISTERED: {E.CONFIRM_ADDRESS: S.UNDER_REVIEW, E.REJECT: S.REJECTED},
    S.UNDER_REVIEW: {E.VERIFY: S.VERIFIED, E.RETURN: S.RETURNED, E.REJECT: S.REJECTED},
    S.RETURNED: {E.RESUBMIT: S.UNDER_REVIEW, E.REJECT: S.REJECTED},
    S.VERIFIED: {E.SUSPEND: S.SUSPENDED},
    S.SUSPENDED: {E.REINSTATE: S.VERIFIED, E.REJECT: S.REJECTED},
    S.REJECTED: {},
}
NEEDS_REASON = frozenset({E.RETURN, E.REJECT, E.SUSPEND})
_STAFF = frozenset({Role.COORDINATOR})
WHO: Mapping[PartnerEvent, frozenset[Role]] = {
    E.CONFIRM_ADDRESS: frozenset({Role.PARTNER, Role.COORDINATOR}),
    E.RESUBMIT: frozenset({Role.PARTNER, Role.COORDINATOR}),
    E.VERIFY: _STAFF,
    E.RETURN: _STAFF,
    E.REJECT: _STAFF,
    E.SUSPEND: _STAFF,
    E.REINSTATE: _STAFF,
}

INVITATION_LIFETIME = timedelta(days=14)
CONFIRMATION_LIFETIME = timedelta(days=7)
UNCONFIRMED_KEPT = timedelta(days=14)
"""How long a registration waits for its address to be confirmed before it is forgotten."""
MAX_MEMBERS = 20
MAX_VENUES = 40
# Act of 13 May 2016, art. 22c: standards are reviewed at least every second year.
STANDARDS_REVIEWED_WITHIN = timedelta(days=731)


class TokenPurpose(StrEnum):
    """What the mailed links of this capability are good for."""

    CONFIRM = "partner_confirm"
    INVITE = "partner_invite"


def standing_problem(
    kind: PartnerKind, organiser: bool, adopted_on: date | None, reviewed_on: date | None, today: date
) -> str | None:
    """Return why an institution may not organise activities with children, if anything stands against it."""
    if not organiser:
        return None
    if kind not in HOSTS:
        return "company_cannot_organise"
    if adopted_on is None:
        return "standards_missing"
    latest = max(adopted_on, reviewed_on or adopted_on)
    if latest > today:
        return "standards_in_future"
    return "standards_stale" if today - latest > STANDARDS_REVIEWED_WITHIN else None


def target(state: PartnerState, event: PartnerEvent) -> PartnerState | None:
    """Return the state the event leads to, or None when it is not possible now."""
    return TRANSITIONS[state].get(event)
