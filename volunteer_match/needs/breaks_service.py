"""School breaks: kept by coordinators, begun with the national calendar."""

from datetime import date

from volunteer_match.actor import Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.needs import calendar_queries
from volunteer_match.needs.models import SchoolBreak

# The national calendar of 2026/27; the winter break is that of the Podkarpackie province.
NATIONAL = (
    ("Zimowa przerwa świąteczna", date(2026, 12, 23), date(2026, 12, 31)),
    ("Ferie zimowe", date(2027, 1, 18), date(2027, 1, 31)),
    ("Wiosenna przerwa świąteczna", date(2027, 3, 25), date(2027, 3, 30)),
    ("Wakacje", date(2027, 6, 26), date(2027, 8, 31)),
)


def add(actor: Actor, name: str, first_day: date, last_day: date) -> SchoolBreak:
    """Add a school break."""
    found = SchoolBreak(id=new_id(), name=name, first_day=first_day, last_day=last_day)
    db.session.add(found)
    audit.record(actor, "school_break_added", "school_break", found.id, first_day=first_day.isoformat())
    return found


def edit(actor: Actor, break_id: str, name: str, first_day: date, last_day: date) -> SchoolBreak:
    """Change a school break."""
    found = calendar_queries.school_break(break_id)
    found.name, found.first_day, found.last_day = name, first_day, last_day
    audit.record(actor, "school_break_edited", "school_break", found.id)
    return found


def remove(actor: Actor, break_id: str) -> None:
    """Remove a school break."""
    found = calendar_queries.school_break(break_id)
    db.session.delete(found)
    audit.record(actor, "school_break_removed", "school_break", break_id)


def seed_breaks(actor: Actor) -> int:
    """Fill an empty table with the national calendar; return how many breaks were added."""
    if calendar_queries.breaks():
        return 0
    for name, first_day, last_day in NATIONAL:
        add(actor, name, first_day, last_day)
    return len(NATIONAL)
