"""Builders of evidently invented rows, saved and ready to use; call them inside an app context."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.days import today
from volunteer_match import clock
from volunteer_match.accounts.models import RoleGrant, User
from volunteer_match.actor import Actor, Role
from volunteer_match.db import db, transaction
from volunteer_match.i18n import from_local
from volunteer_match.needs.models import (
    Need,
    NeedRole,
    NeedRoleLanguage,
    NeedRoleSkill,
    NeedSession,
    Opening,
)
from volunteer_match.needs.rules import Contact, NeedState
from volunteer_match.partners.models import Partner, PartnerMember, Venue
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.models import (
    AvailabilityRule,
    District,
    Skill,
    SkillTheme,
    Volunteer,
    VolunteerLanguage,
    VolunteerSkill,
)
from volunteer_match.people.rules import VolunteerState
from volunteer_match.safeguarding.models import Agreement, Clearance
from volunteer_match.safeguarding.rules import ClearanceKind, ClearanceState

_numbers = itertools.count(1)
ADULT_BIRTH = date(1990, 5, 17)


def save(*rows: Any) -> None:
    """Store the rows: in the open transaction, else in one of their own."""
    with transaction() as session:
        session.add_all(rows)
        session.flush()


def actor_of(user: User) -> Actor:
    """Return the user as an acting person."""
    return Actor(user_id=user.id, roles=user.roles)


def make_user(*roles: Role, name: str = "", email: str | None = "", **fields: Any) -> User:
    """Return a saved account with a confirmed address (`email=None`: without any)."""
    number = next(_numbers)
    address = f"osoba{number}@poczta.example" if email == "" else email
    user = User(
        name=name or f"Osoba Zmyślona {number}",
        email=address,
        email_confirmed_at=clock.now() if address else None,
        created_at=clock.now(),
        grants=[RoleGrant(role=role) for role in roles],
        **fields,
    )
    save(user)
    return user


def make_district(name: str = "", latitude: float = 50.57, longitude: float = 22.05) -> District:
    """Return a saved district."""
    district = District(name=name or f"Osiedle {next(_numbers)}", latitude=latitude, longitude=longitude)
    save(district)
    return district


def make_skill(code: str = "", *, qualification: bool = False) -> Skill:
    """Return the saved skill of that code, made when it is not there."""
    code = code or f"skill{next(_numbers)}"
    found = db.session.get(Skill, code)
    if found:
        return found
    theme = db.session.get(SkillTheme, "arts") or SkillTheme(code="arts", name_pl="Plastyka", name_en="Arts")
    skill = Skill(
        code=code, theme=theme, name_pl=f"{code} (pl)", name_en=f"{code} (en)", qualification=qualification
    )
    save(theme, skill)
    return skill


@transaction()
def make_volunteer(
    *,
    name: str = "",
    email: str | None = "",
    skills: Iterable[str] = (),
    languages: Iterable[str] = ("pl",),
    free: Sequence[tuple[int, int, int]] | None = None,
    state: VolunteerState = VolunteerState.ACTIVE,
    cleared_for: Partner | None = None,
    **fields: Any,
) -> Volunteer:
    """Return a saved volunteer, active and always free unless said otherwise.

    `free` is a list of (weekday, first minute, last minute); `cleared_for` adds papers and an agreement
    for an organiser, valid for a year.
    """
    user = make_user(Role.VOLUNTEER, name=name, email=email)
    weekly = [(day, 0, 1440) for day in range(7)] if free is None else free
    volunteer = Volunteer(
        user_id=user.id,
        state=state,
        created_at=clock.now(),
        **{"birth_date": ADULT_BIRTH, **fields},
        skills=[VolunteerSkill(skill_code=make_skill(code).code, level=2) for code in skills],
        languages=[VolunteerLanguage(language=code) for code in languages],
        availability=[AvailabilityRule(weekday=d, starts_minute=a, ends_minute=b) for d, a, b in weekly],
    )
    save(volunteer)
    if cleared_for is not None:
        make_papers(volunteer, cleared_for)
    return volunteer


@transaction()
def make_papers(volunteer: Volunteer, organiser: Partner, until: date | None = None) -> list[Clearance]:
    """Give the volunteer every usual paper and an agreement for the organiser."""
    this_day = today()
    until = until or this_day + timedelta(days=365)
    seen_by = make_user(Role.COORDINATOR)
    papers = [
        Clearance(
            volunteer_id=volunteer.id,
            organiser_id=organiser.id,
            kind=kind,
            state=ClearanceState.MET,
            document_date=this_day,
            seen_on=this_day,
            seen_by_id=seen_by.id,
            valid_until=until,
            dossier_ref="T/1",
            recorded_at=clock.now(),
        )
        for kind in (ClearanceKind.RSPTS, ClearanceKind.KRK)
    ]
    agreement = Agreement(
        volunteer_id=volunteer.id,
        organiser_id=organiser.id,
        signed_on=this_day,
        valid_from=this_day,
        valid_until=this_day + timedelta(days=365),
        written=True,
        recorded_at=clock.now(),
    )
    save(*papers, agreement)
    return papers


@transaction()
def make_partner(
    *, name: str = "", state: PartnerState = PartnerState.VERIFIED, organiser: bool = True, **fields: Any
) -> Partner:
    """Return a saved, verified partner with one contact person and one venue."""
    number = next(_numbers)
    if organiser:
        fields.setdefault("standards_adopted_on", today() - timedelta(days=30))
    member = make_user(Role.PARTNER, name=f"Kontakt Wymyślony {number}", phone="+48 100 200 300")
    partner = Partner(
        name=name or f"Fundacja Nieistniejąca {number}",
        kind=fields.pop("kind", "ngo"),
        state=state,
        organiser=organiser,
        created_at=clock.now(),
        members=[PartnerMember(user_id=member.id, contact=True, added_at=clock.now())],
        **fields,
    )
    save(partner)
    make_venue(partner)
    db.session.refresh(partner)
    return partner


@transaction()
def make_venue(partner: Partner | None = None, **fields: Any) -> Venue:
    """Return a saved place in a district of its own."""
    number = next(_numbers)
    district = fields.pop("district", None) or make_district()
    venue = Venue(
        partner=partner,
        name=fields.pop("name", f"Sala {number}"),
        address=f"ul. Zmyślona {number}",
        district=district,
        latitude=district.latitude,
        longitude=district.longitude,
        **fields,
    )
    save(venue)
    return venue


@transaction()
def make_need(
    partner: Partner | None = None,
    *,
    state: NeedState = NeedState.PUBLISHED,
    day: date | None = None,
    starts: time = time(10),
    ends: time = time(12),
    weeks: int = 1,
    minimum: int = 1,
    preferred: int = 2,
    required_skills: Iterable[str] = (),
    wanted_skills: Iterable[str] = (),
    languages: Iterable[str] = (),
    minimum_age: int = 18,
    contact: Contact = Contact.NO_CHILDREN,
    **fields: Any,
) -> Need:
    """Return a saved need with one role and, when published, weekly sessions with their places.

    Without `day` the first session is a week ahead. The default has no children there.
    """
    partner = partner or make_partner()
    day = day or today() + timedelta(days=7)
    role = NeedRole(
        name=fields.pop("role_name", "Pomoc"),
        minimum=minimum,
        preferred=preferred,
        minimum_age=minimum_age,
        skills=[NeedRoleSkill(skill_code=make_skill(c).code, required=True) for c in required_skills]
        + [NeedRoleSkill(skill_code=make_skill(c).code, required=False) for c in wanted_skills],
        languages=[NeedRoleLanguage(language=code) for code in languages],
    )
    need = Need(
        title=fields.pop("title", f"Zajęcia {next(_numbers)}"),
        what="Pomoc przy zajęciach.",
        posted_by_id=partner.id,
        organiser_id=fields.pop("organiser_id", partner.id),
        venue_id=fields.pop("venue_id", partner.venues[0].id if partner.venues else make_venue(partner).id),
        state=state,
        contact=contact,
        recurrence="weekly" if weeks > 1 else "once",
        first_day=day,
        last_day=day + timedelta(weeks=weeks - 1),
        starts_local=starts,
        ends_local=ends,
        created_at=clock.now(),
        published_at=clock.now() if state == NeedState.PUBLISHED else None,
        roles=[role],
        **fields,
    )
    save(need)
    if state == NeedState.PUBLISHED:
        for week in range(weeks):
            make_session(need, day + timedelta(weeks=week), starts, ends)
    return need


@transaction()
def make_session(need: Need, day: date, starts: time = time(10), ends: time = time(12)) -> NeedSession:
    """Add one session with the places of every role."""
    meeting = NeedSession(need_id=need.id, starts_at=from_local(day, starts), ends_at=from_local(day, ends))
    save(meeting)
    for role in need.roles:
        save(
            Opening(
                need_id=need.id,
                session_id=meeting.id,
                role_id=role.id,
                minimum=role.minimum,
                capacity=role.preferred,
            )
        )
    db.session.expire(meeting)
    db.session.expire(need, ["sessions"])
    return meeting


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a UTC moment."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
