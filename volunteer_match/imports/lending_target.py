"""Lists of rooms and things that institutions lend."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from volunteer_match.actor import Actor
from volunteer_match.errors import RuleBrokenError
from volunteer_match.imports import availability
from volunteer_match.imports.rules import Column
from volunteer_match.imports.target import Draft, Line, Names, Target
from volunteer_match.lending import offers_service, queries
from volunteer_match.lending.schemas import OfferSchema
from volunteer_match.needs.item_rules import NAMES
from volunteer_match.partners import queries as partners

COLUMNS = (
    Column("partner_id", ("partner", "institution", "instytucja"), required=True),
    Column("kind", ("rodzaj", "kind", "co"), required=True),
    Column("quantity", ("ile", "quantity", "liczba")),
    Column("description", ("opis", "description")),
    Column("venue_id", ("miejsce", "venue", "gdzie")),
    Column("note", ("jak odebrać", "how to fetch it", "uwagi")),
    Column("weekdays", ("dni tygodnia", "weekdays")),
    Column("starts_local", ("od", "from", "od godziny")),
    Column("ends_local", ("do", "to", "do godziny")),
    Column("first_day", ("pierwszy dzień", "first day")),
    Column("last_day", ("ostatni dzień", "last day")),
)
_OF_VENUE = ("venue_unknown", "room_without_place")
_LOOKED_UP = ("partner_id", "kind", "venue_id")


def make() -> Target:
    """Return how lists of things to lend are read."""
    return Target(COLUMNS, _drafts, _store)


def _drafts(lines: Sequence[Line]) -> list[Draft]:
    lookups = _lookups()
    there, listed = queries.identities(), dict[tuple[Any, ...], int]()
    drafts = []
    for line, values in lines:
        draft = _draft(line, values, lookups)
        draft.load(OfferSchema())
        _check_new(draft, there, listed)
        drafts.append(draft)
    return drafts


def _lookups() -> dict[str, Names]:
    return {
        "partner_id": Names.of((name, partner_id) for partner_id, name in partners.choices()),
        "kind": Names.of((word, kind) for kind, words in NAMES.items() for word in (*words, kind)),
        "venue_id": Names.of(
            (name, venue.id)
            for venue in partners.venue_choices(())
            for name in (venue.name, f"{venue.owner}: {venue.name}")
        ),
    }


def _draft(line: int, values: Mapping[str, str], lookups: Mapping[str, Names]) -> Draft:
    draft = Draft(line)
    for column, cell in values.items():
        if cell and column in _LOOKED_UP:
            draft.put(column, draft.lookup(lookups[column], cell, column), column)
        elif cell and column != "weekdays":
            draft.put(column, cell, column)
    try:
        draft.put("weekdays", availability.weekdays(values.get("weekdays", "")), "weekdays")
    except ValueError as error:
        draft.complain("weekdays", "availability", value=str(error))
    return draft


def _check_new(draft: Draft, there: set[tuple[Any, ...]], listed: dict[tuple[Any, ...], int]) -> None:
    """Complain of what the institution already lends in the same words, place and hours."""
    if draft.data is None:
        return
    same = _identity(draft.data)
    if same in listed:
        draft.complain("kind", "twice", line=listed[same])
    elif same in there:
        draft.complain("kind", "already_there", value=draft.data["description"] or draft.data["kind"])
    listed.setdefault(same, draft.line)


def _identity(data: Mapping[str, Any]) -> tuple[str, str, str, str | None, time | None, str]:
    days = "".join(str(day) for day in data["weekdays"])
    venue = data["venue_id"] or None
    return data["partner_id"], data["kind"], data["description"], venue, data["starts_local"], days


def _store(actor: Actor, data: Mapping[str, Any]) -> None:
    try:
        offers_service.offer(actor, data)
    except RuleBrokenError as error:
        if error.code in _OF_VENUE:
            raise RuleBrokenError(error.code, field="venue_id") from error
        raise
