"""Adds the rooms and things that needs ask for, and those on offer, to the problem of the people."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from volunteer_match.i18n import local_zone
from volunteer_match.matching.core import types as core
from volunteer_match.matching.rules import Lendable, Lending, Lent, request_id
from volunteer_match.needs.queries import OpenSession
from volunteer_match.people.availability import Interval, free_intervals


def with_things(
    problem: core.Problem, sessions: Sequence[OpenSession], days: tuple[date, date], lending: Lending
) -> core.Problem:
    """Return the problem with the requests of these sessions and everything on offer on those days."""
    roles = tuple(_requests(sessions))
    if not roles:
        return problem
    asked, known = {role.id for role in roles}, {offer.offer_id for offer in lending.offers}
    here = [lent for lent in lending.lent if lent.offer_id in known and _role(lent) in asked]
    return replace(
        problem,
        roles=(*problem.roles, *roles),
        volunteers=(*problem.volunteers, *_things(lending, asked, days, problem.now)),
        fixed=(*problem.fixed, *((_role(lent), lent.offer_id) for lent in here)),
        forbidden=(*problem.forbidden, *_settled(lending, asked, known), *_own(lending)),
        familiar=(*problem.familiar, *_familiar(lending, sessions, known)),
    )


def _role(lent: Lent) -> str:
    return request_id(lent.session_id, lent.item_id)


def _requests(sessions: Sequence[OpenSession]) -> Iterator[core.Role]:
    for session in sessions:
        for item in session.items:
            yield core.Role(
                id=request_id(session.id, item.item_id),
                session=session.id,
                min=int(item.needed),
                preferred=1,
                required_skills={item.kind: item.quantity},
                resource=True,
            )


def _things(
    lending: Lending, asked: set[str], days: tuple[date, date], now: datetime
) -> Iterator[core.Volunteer]:
    for offer in lending.offers:
        elsewhere = [e for e in lending.lent if e.offer_id == offer.offer_id and _role(e) not in asked]
        yield core.Volunteer(
            id=offer.offer_id,
            skills={offer.kind: offer.quantity},
            available=_open(offer, days),
            busy=tuple((e.starts_at, e.ends_at) for e in elsewhere if e.ends_at > now),
            place=offer.place,
            last_asked=offer.last_asked,
            resource=True,
        )


def _open(offer: Lendable, days: tuple[date, date]) -> tuple[Interval, ...]:
    first, last = max(days[0], offer.first_day or days[0]), min(days[1], offer.last_day or days[1])
    return free_intervals(offer.weekly, (), first, last, local_zone())


def _settled(lending: Lending, asked: set[str], known: set[str]) -> Iterator[core.Forbidden]:
    for session_id, item_id, offer_id, state in lending.settled:
        role = request_id(session_id, item_id)
        if role in asked and offer_id in known:
            yield core.Forbidden(offer_id, role, state)


def _own(lending: Lending) -> Iterator[core.Forbidden]:
    # Nobody needs us to borrow from themselves.
    return (core.Forbidden(offer.offer_id, offer.partner_id, "own") for offer in lending.offers)


def _familiar(lending: Lending, sessions: Sequence[OpenSession], known: set[str]) -> Iterator[core.Familiar]:
    needs = {session.need_id for session in sessions}
    for (offer_id, need_id), times in sorted(lending.familiar.items()):
        if offer_id in known and need_id in needs:
            yield core.Familiar(offer_id, need_id, times)
