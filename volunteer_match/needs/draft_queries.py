"""Reads a need that is still being written as the sessions it would have, for asking who could come."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from volunteer_match.db import db
from volunteer_match.i18n import from_local
from volunteer_match.needs import calendar_queries
from volunteer_match.needs.queries import OpenRole, OpenSession
from volunteer_match.needs.recurrence import Plan
from volunteer_match.needs.rules import Contact, Recurrence, Supervision
from volunteer_match.partners.models import Venue
from volunteer_match.partners.rules import PartnerState

MOST_MEETINGS = 4


def plan_of(answers: Mapping[str, Any]) -> Plan | None:
    """Return when the need would happen, or None while it is not said."""
    if not (answers["first_day"] and answers["starts_local"] and answers["ends_local"]):
        return None
    return Plan(
        recurrence=Recurrence(answers["recurrence"]),
        first_day=answers["first_day"],
        last_day=answers["last_day"] or answers["first_day"],
        starts=answers["starts_local"],
        ends=answers["ends_local"],
        weekdays=frozenset(answers["weekdays"]),
    )


def meetings(answers: Mapping[str, Any], now: datetime) -> tuple[OpenSession, ...]:
    """Return the next few sessions the answers of the form describe, none while they cannot be told."""
    plan = plan_of(answers)
    if plan is None or not answers["roles"]:
        return ()
    days = calendar_queries.planned(
        plan, skip_holidays=answers["skip_holidays"], skip_breaks=answers["skip_breaks"]
    )
    ahead = [each.day for each in days if not each.skipped and from_local(each.day, plan.starts) > now]
    venue = db.session.get(Venue, answers["venue_id"]) if answers["venue_id"] else None
    return tuple(_meeting(answers, plan, day, venue) for day in ahead[:MOST_MEETINGS])


def _meeting(answers: Mapping[str, Any], plan: Plan, day: date, venue: Venue | None) -> OpenSession:
    return OpenSession(
        id=f"draft {day.isoformat()}",
        need_id="draft",
        title=answers["title"],
        starts_at=from_local(day, plan.starts),
        ends_at=from_local(day, plan.ends),
        contact=Contact(answers["contact"]),
        supervision=Supervision(answers["supervision"]) if answers["supervision"] else None,
        children_count=answers["children_count"] or 0,
        age_from=answers["age_from"],
        staff_adults=answers["staff_adults"],
        driving=answers["driving"],
        priority=1,
        posted_by_id=answers["posted_by_id"],
        posted_by_state=PartnerState.VERIFIED,
        organiser_id=answers["organiser_id"] or None,
        organiser_state=PartnerState.VERIFIED,
        venue_id=venue.id if venue else None,
        venue_name=venue.name if venue else None,
        district_id=venue.district_id if venue else None,
        **_point(venue),
        step_free=venue is None or venue.step_free,
        series=plan.recurrence != Recurrence.ONCE,
        roles=tuple(_role(number, role) for number, role in enumerate(answers["roles"])),
        items=(),
    )


def _point(venue: Venue | None) -> dict[str, float | None]:
    if venue is None:
        return {"latitude": None, "longitude": None}
    own = venue.latitude is not None and venue.longitude is not None
    where = venue if own else venue.district
    return {"latitude": where.latitude, "longitude": where.longitude}


def _role(number: int, role: Mapping[str, Any]) -> OpenRole:
    return OpenRole(
        opening_id=str(number),
        role_id=str(number),
        name=role["name"],
        minimum=role["minimum"],
        capacity=role["preferred"],
        filled=0,
        minimum_age=role["minimum_age"],
        required=tuple((code, 1) for code in sorted(role["required_skills"])),
        wanted=tuple(role["wanted_skills"]),
        languages=tuple(role["languages"]),
    )
