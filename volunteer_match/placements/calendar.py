"""Calendar files of confirmed places, as every calendar program reads them."""

from datetime import datetime

from icalendar import Calendar, Event

from volunteer_match.placements.messages import Case


def entry(case: Case, now: datetime) -> str:
    """Return the session as an iCalendar file for the person who comes."""
    return _file(case, now, case.match_id, case.title)


def entry_for_partner(case: Case, now: datetime) -> str:
    """Return the session as an iCalendar file that names who comes to help."""
    return _file(case, now, f"{case.match_id}-p", f"{case.title}: {case.volunteer}")


def _file(case: Case, now: datetime, uid: str, summary: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Volunteer Match//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", case.version)
    event.add("dtstamp", now)
    event.add("dtstart", case.starts_at)
    event.add("dtend", case.ends_at)
    event.add("summary", summary)
    event.add("location", case.where)
    event.add("description", "\n".join(part for part in (case.partner, case.directions, case.bring) if part))
    calendar.add_component(event)
    return bytes(calendar.to_ical()).decode("utf-8")
