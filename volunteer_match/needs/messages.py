"""Mails to the institution that posted a need, and to the coordinators who check it."""

from datetime import datetime

from volunteer_match.needs.models import Need, NeedSession
from volunteer_match.notifications.message import Kind, Message, Recipient, register

register(
    Kind("need_submitted"),
    Kind("need_published"),
    Kind("need_returned"),
    Kind("need_cancelled"),
    Kind("session_cancelled"),
    Kind("need_halted"),
)


def submitted(need: Need, to: Recipient) -> Message:
    """Tell a coordinator that a need is to be checked."""
    first_on = need.first_day.isoformat() if need.first_day else None
    facts = {"need": need.title, "need_id": need.id, "partner": need.posted_by.name, "first_on": first_on}
    return Message("need_submitted", to, need.id, facts, occasion=str(need.version))


def published(need: Need, begins: list[datetime], to: Recipient) -> Message:
    """Tell the institution that its need is public."""
    facts = {
        "need": need.title,
        "need_id": need.id,
        "sessions": len(begins),
        "first_at": begins[0].isoformat(),
        "last_at": begins[-1].isoformat(),
    }
    return Message("need_published", to, need.id, facts, occasion=str(need.version))


def returned(need: Need, to: Recipient) -> Message:
    """Tell the institution what to complete."""
    facts = {"need": need.title, "need_id": need.id, "reason": need.state_reason}
    return Message("need_returned", to, need.id, facts, occasion=str(need.version))


def cancelled(need: Need, to: Recipient, *, by: str, manages: bool) -> Message:
    """Tell an institution that a need was cancelled: by another one, or by a coordinator (`by` is empty)."""
    facts = {
        "need": need.title,
        "need_id": need.id,
        "reason": need.state_reason,
        "by": by,
        "manages": manages,
    }
    return Message("need_cancelled", to, need.id, facts, occasion=str(need.version))


def session_cancelled(meeting: NeedSession, to: Recipient, *, by: str, manages: bool) -> Message:
    """Tell an institution that one date was called off: by another one, or by a coordinator."""
    facts = {
        "need": meeting.need.title,
        "need_id": meeting.need_id,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "reason": meeting.state_reason,
        "by": by,
        "manages": manages,
    }
    occasion = str(meeting.version)
    return Message("session_cancelled", to, meeting.id, facts, occasion=occasion, expires_at=meeting.ends_at)


def halted(need: Need, to: Recipient, *, occasion: str, manages: bool) -> Message:
    """Tell an institution that the other one cannot organise at the moment, so that nobody comes."""
    facts = {"need": need.title, "need_id": need.id, "manages": manages}
    return Message("need_halted", to, need.id, facts, occasion=occasion)
