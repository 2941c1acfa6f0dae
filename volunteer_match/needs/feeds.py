"""A need for other programs: calendar file and schema.org event, without anything personal."""

from datetime import datetime
from typing import Any

from icalendar import Calendar, Event

from volunteer_match.needs.models import Need, NeedSession
from volunteer_match.needs.rules import SessionState

_MOST_EVENTS = 60


def ahead(need: Need, now: datetime) -> list[NeedSession]:
    """Return the planned sessions that have not begun."""
    return [m for m in need.sessions if m.state == SessionState.SCHEDULED and m.starts_at > now]


def gaps(meetings: list[NeedSession]) -> tuple[int, int]:
    """Return the most people any of the sessions lacks, and the most places still free in one."""
    missing = [sum(max(0, o.minimum - o.filled) for o in m.openings) for m in meetings]
    free = [sum(o.capacity - o.filled for o in m.openings) for m in meetings]
    return max(missing, default=0), max(free, default=0)


def calendar(need: Need, now: datetime, address: str) -> bytes:
    """Return the coming sessions as an iCalendar file in UTC."""
    file = Calendar()
    file.add("prodid", "-//Volunteer Match//Needs//")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    for meeting in ahead(need, now)[:_MOST_EVENTS]:
        entry = Event()
        entry.add("uid", f"{meeting.id}@{address.split('/')[2]}")
        entry.add("dtstamp", need.published_at or now)
        entry.add("dtstart", meeting.starts_at)
        entry.add("dtend", meeting.ends_at)
        entry.add("summary", need.title)
        entry.add("description", f"{need.what}\n\n{address}")
        entry.add("url", address)
        if need.venue:
            entry.add("location", f"{need.venue.name}, {need.venue.district.name}")
        file.add_component(entry)
    return bytes(file.to_ical())


def event(need: Need, now: datetime, address: str) -> dict[str, Any]:
    """Return the need as a schema.org Event, a series when it has several sessions."""
    meetings = ahead(need, now)[:_MOST_EVENTS]
    facts: dict[str, Any] = {"@context": "https://schema.org", **_event(need, address)}
    if len(meetings) == 1:
        return facts | _times(meetings[0])
    facts["@type"] = "EventSeries"
    facts["subEvent"] = [{"@type": "Event", "name": need.title, **_times(m)} for m in meetings]
    if meetings:
        facts |= {"startDate": meetings[0].starts_at.isoformat(), "endDate": meetings[-1].ends_at.isoformat()}
    return facts


def _event(need: Need, address: str) -> dict[str, Any]:
    organiser = need.organiser or need.posted_by
    return {
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": need.title,
        "description": need.what,
        "eventStatus": "https://schema.org/EventScheduled",
        "organizer": {"@type": "Organization", "name": organiser.name},
        "location": _location(need, address),
    }


def _location(need: Need, address: str) -> dict[str, Any]:
    if need.venue is None:
        return {"@type": "VirtualLocation", "url": address}
    return {
        "@type": "Place",
        "name": need.venue.name,
        "address": {"@type": "PostalAddress", "addressRegion": need.venue.district.name},
    }


def _times(meeting: NeedSession) -> dict[str, str]:
    return {"startDate": meeting.starts_at.isoformat(), "endDate": meeting.ends_at.isoformat()}
