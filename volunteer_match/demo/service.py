"""Loads the invented club: lists by the import users have, papers and decisions by the services they use."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from volunteer_match import clock
from volunteer_match.accounts import demo_views, team_service
from volunteer_match.accounts import service as accounts
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.db import db, retrying
from volunteer_match.demo import history, labels, lending
from volunteer_match.demo.rules import fill_dates
from volunteer_match.i18n import to_local
from volunteer_match.imports import service as imports
from volunteer_match.imports.labels import ImportKind
from volunteer_match.needs import breaks_service
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.partners.models import Partner
from volunteer_match.people import answers_service, catalogue_service
from volunteer_match.people import service as people
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerEvent
from volunteer_match.placements import offers_service, run_steps
from volunteer_match.placements import queries as placements_queries
from volunteer_match.placements import service as placements
from volunteer_match.safeguarding import service as safeguarding
from volunteer_match.safeguarding.rules import ClearanceKind, ClearanceState

_DATA = Path(__file__).parent / "data"
_STAFF = (
    ("Koordynatorka Pogodna", "koordynatorka@demo-gromadka.example", (Role.COORDINATOR,)),
    ("Koordynator Uważny", "koordynator@demo-gromadka.example", (Role.COORDINATOR,)),
    ("Strażniczka Standardów", "ochrona@demo-gromadka.example", (Role.OFFICER,)),
    ("Admin Wymyślony", "admin@demo-gromadka.example", (Role.ADMINISTRATOR,)),
)
_UNCONFIRMED = "xena.literowka@poczta.example"
_AWAY = "natan.atrapa@poczta.example"
_WEEKS = 4
_PAPERS = {
    "rspts": ClearanceKind.RSPTS,
    "krk": ClearanceKind.KRK,
    "zapis obcy": ClearanceKind.FOREIGN_RECORD,
    "zapis pobytu": ClearanceKind.RESIDENCE_RECORD,
}
_BY_LIST = Actor(None, frozenset({Role.COORDINATOR, Role.OFFICER, Role.ADMINISTRATOR}), Channel.IMPORT)


def describe_people() -> None:
    """Say on the page that lets people in what is special about each."""
    for address, note in labels.NOTES.items():
        demo_views.describe(address, note)


@retrying
def load() -> bool:
    """Load the demo club into an empty database; return whether anything was done."""
    if db.session.scalars(select(Partner).limit(1)).first() is not None:
        return False
    today = to_local(clock.now()).date()
    catalogue_service.seed_catalogue()
    breaks_service.seed_breaks(_BY_LIST)
    coordinator = _add_staff()
    _take(ImportKind.PARTNERS, today)
    _take(ImportKind.VOLUNTEERS, today)
    volunteers = {v.user.name: v for v in db.session.scalars(select(Volunteer))}
    _confirm_addresses(volunteers.values())
    _decide(coordinator, volunteers, today)
    history.add(volunteers, today)
    _take(ImportKind.NEEDS, today)
    lending.add(_rows("offers", today), _rows("requests", today))
    db.session.execute(delete(EmailMessage))  # nobody wants a hundred old letters in a new mail box
    _fill_desk(coordinator, today)
    return True


def _add_staff() -> Actor:
    actors = []
    for name, email, roles in _STAFF:
        user = team_service.add(_BY_LIST, name, email, roles[0], "pl")
        accounts.confirm_address(user.id)
        actors.append(Actor(user.id, frozenset(roles)))
    return actors[0]


def _take(kind: ImportKind, today: date) -> None:
    text = (_DATA / f"{kind}.csv").read_text(encoding="utf-8")
    imports.take(_BY_LIST, kind, fill_dates(text, today).encode())


def _confirm_addresses(volunteers: Any) -> None:
    for volunteer in volunteers:
        if volunteer.user.email and volunteer.user.email != _UNCONFIRMED:
            accounts.confirm_address(volunteer.user_id)


def _rows(name: str, today: date) -> Iterator[dict[str, str]]:
    text = fill_dates((_DATA / f"{name}.csv").read_text(encoding="utf-8"), today)
    yield from csv.DictReader(text.splitlines(), delimiter=";")


def _decide(coordinator: Actor, volunteers: Mapping[str, Volunteer], today: date) -> None:
    partners = {p.name: p.id for p in db.session.scalars(select(Partner))}
    by_list = Actor(coordinator.user_id, _BY_LIST.roles, Channel.IMPORT)
    for row in _rows("papers", today):
        volunteer, organiser = volunteers[row["wolontariusz"]], partners.get(row["organizator"], "")
        if row["decyzja"] == "odmowa":
            people.move(coordinator, volunteer.id, VolunteerEvent.REJECT, labels.REFUSAL)
            continue
        _record(by_list, volunteer, organiser, row)
        if row["decyzja"] == "przyjęcie":
            safeguarding.admit(coordinator, volunteer.id, organiser)
    for volunteer in volunteers.values():
        for offered in volunteer.skills:
            if offered.skill.qualification:
                answers_service.confirm_qualification(
                    coordinator, volunteer.id, offered.skill_code, seen=True
                )
        if volunteer.user.email == _AWAY:
            people.pause(coordinator, volunteer.id, today - timedelta(days=7), today + timedelta(days=40))


def _record(actor: Actor, volunteer: Volunteer, organiser: str, row: Mapping[str, str]) -> None:
    number = f"D/{volunteer.user.name.split()[0]}"
    if row["zgoda opiekuna"]:
        signed = {"signed_on": date.fromisoformat(row["zgoda opiekuna"]), "dossier_ref": number}
        safeguarding.record_consent(actor, volunteer.id, signed)
    for column, kind in _PAPERS.items():
        if row[column]:
            safeguarding.record_paper(actor, volunteer.id, _paper(organiser, kind, row, column, number))
    if row["porozumienie od"]:
        safeguarding.record_agreement(actor, volunteer.id, _agreement(organiser, row, number))


def _paper(
    organiser: str, kind: ClearanceKind, row: Mapping[str, str], column: str, number: str
) -> dict[str, Any]:
    dated = row["dokument krk"] if kind is ClearanceKind.KRK else row[column]
    return {
        "organiser_id": organiser,
        "kind": kind,
        "outcome": ClearanceState.MET,
        "document_date": date.fromisoformat(dated),
        "seen_on": date.fromisoformat(row[column]),
        "valid_until": None,
        "dossier_ref": number,
    }


def _agreement(organiser: str, row: Mapping[str, str], number: str) -> dict[str, Any]:
    begins = date.fromisoformat(row["porozumienie od"])
    return {
        "organiser_id": organiser,
        "signed_on": begins,
        "valid_from": begins,
        "valid_until": date.fromisoformat(row["porozumienie do"]),
        "written": row["pisemne"] == "tak",
        "insurance_ref": row["ubezpieczenie"],
        "dossier_ref": number,
    }


def _fill_desk(coordinator: Actor, today: date) -> None:
    """Match the coming weeks, approve some proposals and let some people answer."""
    run_steps.propose(coordinator, today, today + timedelta(weeks=_WEEKS))
    proposals = placements_queries.proposals_between(clock.now(), clock.now() + timedelta(weeks=1, days=3))
    for number, match in enumerate(sorted(proposals, key=lambda m: (m.session.starts_at, m.id))):
        if number % 2 == 0:
            offered = placements.approve(coordinator, match.id)
            if number % 4 == 0:
                offers_service.answer_by_phone(coordinator, offered.id, accept=True, reason="")
    lending.decide(coordinator)
