"""Lists of institutions, each with its contact person."""

from collections.abc import Mapping, Sequence
from typing import Any

from volunteer_match.accounts import service as accounts
from volunteer_match.actor import Actor, Role
from volunteer_match.i18n import LOCALES
from volunteer_match.imports import names, volunteers_target
from volunteer_match.imports.rules import Column
from volunteer_match.imports.schemas import PartnerRowSchema
from volunteer_match.imports.target import Draft, Line, Names, Target
from volunteer_match.partners import queries, service
from volunteer_match.partners.labels import KINDS, REGISTRIES
from volunteer_match.partners.rules import PartnerState
from volunteer_match.polish import fold

COLUMNS = (
    Column("name", ("nazwa", "name", "partner", "organizacja", "instytucja"), required=True),
    Column("kind", ("rodzaj", "kind", "typ"), required=True),
    Column("registry_kind", ("rejestr", "register")),
    Column("registry_number", ("numer rejestru", "registry number", "numer")),
    Column("address", ("adres", "address")),
    Column("district_id", ("dzielnica", "district", "osiedle")),
    Column("phone", ("telefon", "phone")),
    Column("step_free", ("bez schodów", "step free")),
    Column("organiser", ("organizator", "organiser")),
    Column("standards_adopted_on", ("standardy od", "standards adopted on")),
    Column("standards_reviewed_on", ("przegląd standardów", "standards reviewed on")),
    Column("about", ("opis", "about")),
    Column("contact_name", ("osoba kontaktowa", "contact name", "kontakt")),
    Column("contact_email", ("e-mail osoby", "contact email", "e-mail")),
    Column("contact_phone", ("telefon osoby", "contact phone")),
    Column("verified", ("zweryfikowany", "verified")),
)
_YES_NO = ("step_free", "organiser", "verified")


def make() -> Target:
    """Return how lists of partners are read."""
    return Target(COLUMNS, _drafts, _store)


def _drafts(lines: Sequence[Line]) -> list[Draft]:
    lookups = {
        "kind": names.of_labels(KINDS),
        "registry_kind": names.of_labels(REGISTRIES),
        "district_id": volunteers_target.district_names(),
    }
    seen: dict[str, int] = {}
    drafts = []
    for line, values in lines:
        draft = _draft(line, values, lookups)
        name = fold(values.get("name", ""))
        if name in seen:
            draft.complain("name", "twice", line=seen[name])
        elif name and queries.name_taken(values["name"]):
            draft.complain("name", "already_there", value=values["name"])
        seen.setdefault(name, line)
        draft.load(PartnerRowSchema())
        drafts.append(draft)
    return drafts


def _draft(line: int, values: Mapping[str, str], lookups: Mapping[str, Names]) -> Draft:
    draft = Draft(line)
    for column, cell in values.items():
        if column in _YES_NO:
            said = names.yes_or_no(cell)
            if said is None:
                draft.complain(column, "unknown", value=cell, known="tak, nie")
            draft.put(column, said or "", column)
        elif cell and column in lookups:
            draft.put(column, draft.lookup(lookups[column], cell, column), column)
        elif cell:
            draft.put(column, cell, column)
    return draft


def _store(actor: Actor, data: Mapping[str, Any]) -> None:
    state = PartnerState.VERIFIED if data["verified"] else PartnerState.UNDER_REVIEW
    partner = service.enter(actor, data, state)
    service.set_standing(
        actor,
        partner.id,
        None,
        organiser=data["organiser"],
        standards_adopted_on=data["standards_adopted_on"],
        standards_reviewed_on=data["standards_reviewed_on"],
    )
    if data["contact_name"]:
        person = accounts.register_person(
            actor,
            data["contact_name"],
            data["contact_email"],
            data["contact_phone"],
            LOCALES[0],
            Role.PARTNER,
        )
        service.add_member(partner, person, contact=True)
