"""Mails about matches: offers, answers, cancellations, sessions in danger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from volunteer_match.notifications.message import Kind, Message, Recipient, register
from volunteer_match.placements.rules import AUTOMATIC

register(
    Kind("offer_made"),
    Kind("placement_confirmed", calendar=True),
    Kind("placement_released"),
    Kind("placement_cancelled"),
    Kind("placement_held"),
    Kind("not_this_time"),
    Kind("helper_confirmed", calendar=True),
    Kind("helper_lost"),
    Kind("session_at_risk"),
    Kind("desk_digest"),
)


@dataclass(frozen=True)
class Case:
    """One match as the mails tell it: what, where, when, with whom."""

    match_id: str
    version: int
    session_id: str
    need_id: str
    title: str
    role: str
    starts_at: datetime
    ends_at: datetime
    where: str
    directions: str
    bring: str
    partner: str
    contact_name: str
    contact_phone: str
    volunteer: str
    volunteer_phone: str
    volunteer_email: str
    companions: tuple[str, ...]
    """First names of the others who come or were asked."""
    answer_by: datetime | None = None


def offer_made(case: Case, to: Recipient, token: str, why: Mapping[str, Any]) -> Message:
    """Ask a volunteer whether they can come, and say why them."""
    facts = _facts(case) | {"answer_by_at": _iso(case.answer_by), "why": dict(why)}
    return Message(
        "offer_made", to, case.match_id, facts, {"token": token}, str(case.version), expires_at=case.starts_at
    )


def placement_confirmed(case: Case, to: Recipient, token: str, calendar: str) -> Message:
    """Tell a volunteer that everything is set, with the calendar entry."""
    facts = _facts(case) | _contacts(case) | {"calendar": calendar}
    return Message(
        "placement_confirmed",
        to,
        case.match_id,
        facts,
        {"token": token},
        str(case.version),
        expires_at=case.ends_at,
    )


def placement_released(case: Case, to: Recipient, token: str, answered: bool) -> Message:
    """Tell a volunteer that the place is free for others: a no was noted, or no answer came."""
    facts = _facts(case) | {"answered": answered}
    return Message(
        "placement_released",
        to,
        case.match_id,
        facts,
        {"token": token},
        str(case.version),
        expires_at=case.starts_at,
    )


def placement_cancelled(case: Case, to: Recipient, reason: str, confirmed: bool) -> Message:
    """Tell a volunteer not to come."""
    facts = _facts(case) | {"reason": reason, "confirmed": confirmed}
    return Message("placement_cancelled", to, case.match_id, facts, {}, str(case.version))


def placement_held(case: Case, to: Recipient, reason: str) -> Message:
    """Tell a volunteer that something is missing before they can come."""
    facts = _facts(case) | {"reason": reason}
    return Message(
        "placement_held", to, case.match_id, facts, {}, str(case.version), expires_at=case.starts_at
    )


def helper_confirmed(case: Case, to: Recipient, calendar: str) -> Message:
    """Tell the institution who comes and how to reach them."""
    person = {"volunteer_phone": case.volunteer_phone, "volunteer_email": case.volunteer_email}
    facts = _facts(case) | person | {"volunteer": case.volunteer, "calendar": calendar}
    return Message(
        "helper_confirmed", to, case.match_id, facts, {}, str(case.version), expires_at=case.ends_at
    )


def not_this_time(case: Case, to: Recipient, reason: str) -> Message:
    """Tell somebody who asked to help that it does not work out this time."""
    facts = _facts(case) | {"reason": reason if reason in AUTOMATIC else ""}  # the rest is the desk's own
    return Message(
        "not_this_time", to, case.match_id, facts, {}, str(case.version), expires_at=case.starts_at
    )


def helper_lost(case: Case, to: Recipient, *, held: bool) -> Message:
    """Tell the institution that somebody who had agreed cannot come, or that it is not certain yet."""
    facts = _facts(case) | {"volunteer": _first(case.volunteer), "held": held}
    return Message("helper_lost", to, case.match_id, facts, {}, str(case.version), expires_at=case.ends_at)


def session_at_risk(
    session_id: str, to: Recipient, facts: Mapping[str, Any], occasion: str, expires_at: datetime
) -> Message:
    """Warn that a session soon has too few people."""
    facts = {"session_id": session_id, **facts}
    return Message("session_at_risk", to, session_id, facts, {}, occasion, expires_at=expires_at)


def desk_digest(to: Recipient, day: str, facts: Mapping[str, Any], expires_at: datetime) -> Message:
    """Tell a coordinator once in the morning what waits on the desk."""
    return Message("desk_digest", to, "desk", dict(facts), {}, day, expires_at=expires_at)


def _facts(case: Case) -> dict[str, Any]:
    return {
        "need_id": case.need_id,
        "title": case.title,
        "role": case.role,
        "starts_at": _iso(case.starts_at),
        "ends_at": _iso(case.ends_at),
        "where": case.where,
        "partner": case.partner,
        "companions": list(case.companions),
    }


def _contacts(case: Case) -> dict[str, Any]:
    return {
        "directions": case.directions,
        "bring": case.bring,
        "contact_name": case.contact_name,
        "contact_phone": case.contact_phone,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _first(name: str) -> str:
    return first_names([name])[0]


def first_names(names: Sequence[str]) -> list[str]:
    """Return the first names only."""
    return [name.split()[0] if name.split() else name for name in names]
