"""The mails about signing up and about where an application stands, as facts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from volunteer_match.accounts.models import User
from volunteer_match.accounts.rules import digest
from volunteer_match.notifications.message import Kind, Message, Recipient, register
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerState

register(
    Kind("sign_up_confirmation"),
    Kind("account_known"),
    Kind("application_received"),
    Kind("guardian_consent_needed"),
    Kind("papers_needed"),
    Kind("agreement_ready"),
    Kind("ready_to_start"),
    Kind("application_decided"),
    Kind("volunteering_ended"),
)
# Which mail tells a person that the application has come to a state.
ARRIVALS: Mapping[VolunteerState, str] = {
    VolunteerState.SUBMITTED: "application_received",
    VolunteerState.AWAITING_GUARDIAN: "guardian_consent_needed",
    VolunteerState.AWAITING_CLEARANCE: "papers_needed",
    VolunteerState.AWAITING_AGREEMENT: "agreement_ready",
    VolunteerState.ACTIVE: "ready_to_start",
    VolunteerState.REJECTED: "application_decided",
    VolunteerState.ENDED: "volunteering_ended",
}


def sign_up_confirmation(person: User, raw: str, occasion: str, expires_at: datetime) -> Message:
    """Ask a new address whether it belongs to the person who signed up."""
    return Message(
        kind="sign_up_confirmation",
        recipient=recipient(person),
        subject_id=person.id,
        secrets={"token": raw},
        facts={"expires_at": expires_at.isoformat()},
        occasion=f"{occasion}:{digest(person.email or '')[:16]}",
        expires_at=expires_at,
    )


def account_known(person: User, occasion: str) -> Message:
    """Tell somebody who signed up again that there is an account already, and how to enter it."""
    return Message("account_known", recipient(person), person.id, occasion=occasion)


def arrived(volunteer: Volunteer, state: VolunteerState, facts: Mapping[str, Any]) -> Message:
    """Tell a person that the application has come to the state."""
    return Message(
        kind=ARRIVALS[state],
        recipient=recipient(volunteer.user),
        subject_id=volunteer.id,
        facts=facts,
        occasion=f"version {volunteer.version}",
    )


def recipient(person: User) -> Recipient:
    """Return the account as the recipient of a mail."""
    return Recipient(person.id, person.name, person.email, person.locale)
