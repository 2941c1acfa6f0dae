"""A club of any size in the application's own tables, its people written in bulk."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import insert

from tests import factories
from volunteer_match import clock
from volunteer_match.accounts.models import User
from volunteer_match.db import new_id, transaction
from volunteer_match.i18n import to_local
from volunteer_match.needs.rules import Contact, Supervision
from volunteer_match.partners.models import Partner
from volunteer_match.people.models import (
    AvailabilityRule,
    District,
    Volunteer,
    VolunteerLanguage,
    VolunteerSkill,
)
from volunteer_match.people.rules import VolunteerState
from volunteer_match.safeguarding.models import Agreement, Clearance
from volunteer_match.safeguarding.rules import ClearanceKind, ClearanceState

SKILLS = tuple(f"skill-{number}" for number in range(40))
PEOPLE_PER_DISTRICT = 400
SHEAF = 2_000
Rows = dict[type, list[dict[str, Any]]]


def make(people: int, places: int, seed: int = 1) -> list[str]:
    """Write a club and return the openings of one week, seven days, spread over its districts."""
    draw = random.Random(seed)  # noqa: S311 - figures must come out again
    partner = factories.make_partner()
    seen_by = factories.make_user().id
    for code in SKILLS:
        factories.make_skill(code)
    districts = [
        factories.make_district(latitude=draw.uniform(49.5, 54), longitude=draw.uniform(15, 23))
        for _ in range(max(3, people // PEOPLE_PER_DISTRICT))
    ]
    for first in range(0, people, SHEAF):
        rows: Rows = {}
        for number in range(first, min(first + SHEAF, people)):
            _person(rows, draw, number, draw.choice(districts), partner, seen_by)
        with transaction() as session:
            for model, values in rows.items():
                session.execute(insert(model), values)
    return list(_places(draw, places, districts, partner))


def _person(
    rows: Rows, draw: random.Random, number: int, home: District, partner: Partner, seen_by: str
) -> None:
    now, today = clock.now(), to_local(clock.now()).date()
    user, volunteer = new_id(), new_id()

    def add(model: type, **values: Any) -> None:
        rows.setdefault(model, []).append(values)

    add(
        User,
        id=user,
        name=f"Osoba Zmyślona {number}",
        name_order=f"{number:08}",
        email=f"wiele{number}@poczta.example",
        email_confirmed_at=now,
        created_at=now,
    )
    add(
        Volunteer,
        id=volunteer,
        user_id=user,
        state=VolunteerState.ACTIVE,
        created_at=now,
        birth_date=date(draw.randint(1950, 2005), 3, 1),
        district_id=home.id,
        radius_km=draw.choice((3, 5, 10, 20, 40)),
    )
    for code in draw.sample(SKILLS, 3):
        add(VolunteerSkill, volunteer_id=volunteer, skill_code=code, level=draw.randint(1, 3))
    add(VolunteerLanguage, volunteer_id=volunteer, language="pl")
    for day in draw.sample(range(7), 3):
        add(
            AvailabilityRule,
            id=new_id(),
            volunteer_id=volunteer,
            weekday=day,
            starts_minute=draw.randint(8, 14) * 60,
            ends_minute=draw.randint(17, 21) * 60,
        )
    _papers(add, volunteer, partner.id, seen_by, today)


def _papers(add: Any, volunteer: str, organiser: str, seen_by: str, today: date) -> None:
    until = today + timedelta(days=365)
    for kind in (ClearanceKind.RSPTS, ClearanceKind.KRK):
        add(
            Clearance,
            id=new_id(),
            volunteer_id=volunteer,
            organiser_id=organiser,
            kind=kind,
            state=ClearanceState.MET,
            document_date=today,
            seen_on=today,
            seen_by_id=seen_by,
            valid_until=until,
            dossier_ref="T/1",
            recorded_at=clock.now(),
        )
    add(
        Agreement,
        id=new_id(),
        volunteer_id=volunteer,
        organiser_id=organiser,
        signed_on=today,
        valid_from=today,
        valid_until=until,
        written=True,
        recorded_at=clock.now(),
    )


def _places(draw: random.Random, count: int, districts: list[District], partner: Partner) -> Iterator[str]:
    today = to_local(clock.now()).date()
    monday = today + timedelta(days=7 - today.weekday())
    for number in range(count):
        venue = factories.make_venue(partner, district=draw.choice(districts))
        need = factories.make_need(
            partner,
            venue_id=venue.id,
            day=monday + timedelta(days=number % 7),
            starts=time(14 + number % 3),
            ends=time(16 + number % 3),
            contact=Contact.CHILDREN,
            supervision=Supervision.ORGANISER,
            children_count=8,
            required_skills=[SKILLS[number % 20]] if number % 3 == 0 else [],
            wanted_skills=[SKILLS[number % 20 + 20]],
            languages=["pl"],
        )
        yield need.sessions[0].openings[0].id
