"""What people type into the pages of the sign-up, and how tests look at what came of it."""

from typing import Any

from sqlalchemy import select

from volunteer_match.accounts.models import User
from volunteer_match.db import db
from volunteer_match.notifications import outbox
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.people.models import Volunteer

ADDRESS = "ada.demowska@poczta.example"
LIMITS = {
    "birth_date": "1992-03-08",
    "foreign_citizen": "no",
    "lived_abroad": "no",
    "max_hours": "5",
    "max_sessions": "2",
}
ABOUT = {"languages": ["pl", "uk"], "phone": "601000001", "radius_km": "8"}
CALLER = {"name": "Bolek Fikcyjny", "phone": "602 000 002", "notice_read": "1"}


def mails(kind: str) -> list[EmailMessage]:
    """Return the mails of a kind, oldest first."""
    query = select(EmailMessage).where(EmailMessage.kind == kind).order_by(EmailMessage.created_at)
    return list(db.session.scalars(query))


def link_token(kind: str) -> str:
    """Return the secret of the link in the latest mail of the kind."""
    return outbox.unseal(mails(kind)[-1].sealed)["token"]


def volunteer_named(name: str) -> Volunteer:
    """Return the volunteer as the database has it now."""
    db.session.expire_all()
    query = select(Volunteer).join(User).where(User.name == name)
    return db.session.scalars(query).one()


def week_of(volunteer: Volunteer) -> list[tuple[int, int, int]]:
    """Return the usual week as (weekday, first minute, last minute), in order."""
    return sorted((r.weekday, r.starts_minute, r.ends_minute) for r in volunteer.availability)


def join(client: Any, **changes: str) -> Any:
    """Send the first page of the sign-up."""
    return client.post("/join", data={"name": "Ada Demowska", "email": ADDRESS, **changes})


def speaking(browser: Any, locale: str) -> Any:
    """Return the browser with its pages in the language."""
    with browser.session_transaction() as cookie:
        cookie["locale"] = locale
    return browser
