"""What people type into the form of a need."""

from datetime import date, timedelta
from typing import Any

from tests.days import today


def next_weekday(weekday: int, weeks: int = 1) -> date:
    """Return that weekday of a coming week."""
    this_day = today()
    return this_day + timedelta(days=(weekday - this_day.weekday()) % 7, weeks=weeks)


def need_form(partner: Any, **changes: Any) -> dict[str, Any]:
    """Return a complete form for a need of the partner, with changes; None leaves a field out."""
    typed = {
        "posted_by_id": partner.id,
        "title": "Malowanie w sobotę",
        "what": "Pomoc przy stolikach.",
        "organiser_id": partner.id,
        "venue_id": partner.venues[0].id,
        "contact": "children",
        "supervision": "organiser",
        "children_count": "20",
        "age_from": "6",
        "age_to": "10",
        "roles-0-name": "Pomoc przy stolikach",
        "roles-0-minimum": "1",
        "roles-0-preferred": "2",
        "recurrence": "once",
        "first_day": next_weekday(5).isoformat(),
        "starts_local": "10:00",
        "ends_local": "12:00",
        "action": "save",
    } | changes
    return {name: value for name, value in typed.items() if value is not None}
