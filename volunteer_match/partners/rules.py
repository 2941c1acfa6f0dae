"""How an institution becomes a verified partner."""

from collections.abc import Mapping
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
