"""Mails about an institution's registration and the people who act for it."""

from datetime import datetime

from volunteer_match.notifications.message import Kind, Message, Recipient, register
from volunteer_match.partners.models import Partner, PartnerInvitation
from volunteer_match.partners.rules import PartnerEvent

register(
    Kind("partner_confirm"),
    Kind("partner_waiting"),
    Kind("partner_verified"),
    Kind("partner_returned"),
    Kind("partner_decided"),
    Kind("partner_invitation"),
)


def confirm(partner: Partner, to: Recipient, token: str, expires_at: datetime, occasion: str) -> Message:
    """Ask the person who registered whether the address is theirs."""
    return Message(
        kind="partner_confirm",
        recipient=to,
        subject_id=partner.id,
        facts={"partner": partner.name, "expires_at": expires_at.isoformat()},
        secrets={"token": token},
        occasion=occasion,
        expires_at=expires_at,
    )


def waiting(partner: Partner, to: Recipient) -> Message:
    """Tell a coordinator that a registration is to be checked."""
    return Message(
        kind="partner_waiting",
        recipient=to,
        subject_id=partner.id,
        facts={"partner": partner.name, "partner_id": partner.id},
        occasion=str(partner.version),
    )


_DECISIONS = {PartnerEvent.VERIFY: "partner_verified", PartnerEvent.RETURN: "partner_returned"}


def decided(partner: Partner, event: PartnerEvent, to: Recipient) -> Message:
    """Tell the institution what was decided about it, and why."""
    return Message(
        kind=_DECISIONS.get(event, "partner_decided"),
        recipient=to,
        subject_id=partner.id,
        facts={
            "partner": partner.name,
            "partner_id": partner.id,
            "decision": str(event),
            "reason": partner.state_reason,
        },
        occasion=str(partner.version),
    )


def invited(
    partner: Partner, invitation: PartnerInvitation, by: str, locale: str, token: str, expires_at: datetime
) -> Message:
    """Ask a colleague to act for the institution too."""
    return Message(
        kind="partner_invitation",
        recipient=Recipient(None, invitation.name, invitation.email, locale),
        subject_id=invitation.id,
        facts={"partner": partner.name, "invited_by": by, "expires_at": expires_at.isoformat()},
        secrets={"token": token},
        expires_at=expires_at,
    )
