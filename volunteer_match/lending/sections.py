"""What lending adds to the pages of a need: what is still sought, and what comes from whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale

from volunteer_match import clock
from volunteer_match.actor import Actor, Role
from volunteer_match.lending import labels, queries
from volunteer_match.lending.models import Loan
from volunteer_match.lending.rules import LoanState
from volunteer_match.matching.rules import request_id
from volunteer_match.needs import sections as needs
from volunteer_match.needs.item_rules import item_words


@dataclass(frozen=True)
class Thing:
    """One request of one session and who may lend it, in words."""

    words: str
    needed: bool
    note: str
    loans: tuple[Loan, ...]
    why: tuple[Mapping[str, Any], ...] = ()
    openers: tuple[Mapping[str, Any], ...] = ()
    """Of what is missing, as the newest run saw it: what stands in the way, and what would help."""

    @property
    def missing(self) -> bool:
        """Tell whether nobody has been asked yet."""
        return not any(loan.state in (LoanState.ASKED, LoanState.AGREED) for loan in self.loans)


def things_of(session_id: str, need_id: str, gaps: Mapping[str, Mapping[str, Any]]) -> list[Thing]:
    """Return what a session borrows, for the desk; `gaps` are what the newest run left empty, by role."""
    found = _by_item(queries.of_sessions([session_id]))
    return [
        _thing(item, found.get((session_id, item.id), ()), gaps.get(request_id(session_id, item.id), {}))
        for item in queries.items_of(need_id)
    ]


def _thing(item: Any, loans: Sequence[Loan], gap: Mapping[str, Any]) -> Thing:
    left = {} if loans else gap
    why, openers = tuple(left.get("why", ())), tuple(left.get("openers", ()))
    return Thing(_words(item), item.needed, item.note, tuple(loans), why, openers)


def promised(session_ids: Collection[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Return for each session what will be lent and by whom, for the week's sheet."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for loan in queries.of_sessions(session_ids):
        if loan.state == LoanState.AGREED:
            found[loan.session_id].append((_words(loan.item), loan.offer.partner.name))
    return found


def _by_item(loans: Sequence[Loan]) -> Mapping[tuple[str, str], list[Loan]]:
    found: dict[tuple[str, str], list[Loan]] = defaultdict(list)
    for loan in loans:
        found[loan.session_id, loan.item_id].append(loan)
    return found


def _words(item: Any) -> str:
    return item_words(item.kind, item.quantity, str(get_locale()))


def sought(actor: Actor, need_id: str) -> Mapping[str, Any] | None:
    """Return what a need still wants to borrow for some coming session, or None."""
    items = queries.items_of(need_id)
    if not items:
        return None
    sessions = queries.coming_sessions(need_id, clock.now())
    agreed = {
        (loan.session_id, loan.item_id)
        for loan in queries.of_sessions(sessions)
        if loan.state == LoanState.AGREED
    }
    left = [item for item in items if any((session, item.id) not in agreed for session in sessions)]
    if not left:
        return None
    return {
        "things": [(_words(item), item.note) for item in left],
        "may_offer": actor.has(Role.PARTNER, Role.COORDINATOR),
    }


def arranged(_actor: Actor, need_id: str) -> Mapping[str, Any] | None:
    """Return what comes to each session of a need and from whom, for those who look after it."""
    items = queries.items_of(need_id)
    if not items:
        return None
    sessions = queries.coming_sessions(need_id, clock.now())
    shown = (LoanState.ASKED, LoanState.AGREED)
    loans = [loan for loan in queries.of_sessions(sessions) if loan.state in shown]
    return {
        "things": [(_words(item), item.needed, item.note) for item in items],
        "loans": sorted(loans, key=lambda loan: (loan.session.starts_at, loan.item.position)),
        "words": _words,
        "labels": labels,
    }


needs.add_public_section("lending/_sought.html", sought, position=30)
needs.add_manage_section("lending/_arranged.html", arranged, position=30)
