"""Records what happened, in the same transaction as the happening."""

from typing import Any

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db


def record(actor: Actor, verb: str, subject_kind: str, subject_id: str, **facts: Any) -> None:
    """Append one event; facts are plain values without names, contacts or paper contents."""
    event = AuditEvent(
        at=clock.now(),
        actor_id=actor.user_id,
        on_behalf_of=actor.on_behalf_of,
        channel=actor.channel,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        facts=facts,
    )
    db.session.add(event)
