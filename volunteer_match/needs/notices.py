"""Who hears of a need at the institutions: the one that posted it and the one that organises it."""

from collections.abc import Iterable

from volunteer_match.actor import Actor
from volunteer_match.audit import queries as audit
from volunteer_match.needs import messages
from volunteer_match.needs.models import Need, NeedSession
from volunteer_match.notifications import outbox
from volunteer_match.notifications.message import Recipient
from volunteer_match.partners import queries as partners
from volunteer_match.partners.models import Partner
from volunteer_match.partners.rules import PartnerState


def parties(need: Need) -> list[Partner]:
    """Return the institution that posted the need and, when it is another one, the organiser."""
    known = {partner.id: partner for partner in (need.posted_by, need.organiser) if partner is not None}
    return list(known.values())


def contacts(some: Iterable[Partner]) -> list[Recipient]:
    """Return the contact people of the institutions, each once."""
    found = {to.user_id: to for partner in some for to in partners.contacts(partner)}
    return list(found.values())


def others(need: Need, actor: Actor) -> list[Recipient]:
    """Return whom to tell what somebody did: both institutions, except the one the person acts for."""
    return contacts(p for p in parties(need) if not partners.is_member(p, actor.user_id))


def tell_cancelled(actor: Actor, need: Need, *, posters: bool, organiser: bool) -> None:
    """Tell those institutions that a need is not to take place."""
    own = {to.user_id for to in partners.contacts(need.posted_by)}
    for to in others(need, actor):
        manages = to.user_id in own
        if posters if manages else organiser:
            outbox.put(messages.cancelled(need, to, by=_acting(need, actor), manages=manages))


def tell_session_cancelled(actor: Actor, meeting: NeedSession) -> None:
    """Tell the institutions that one date was called off."""
    need = meeting.need
    posters = {to.user_id for to in partners.contacts(need.posted_by)}
    for to in others(need, actor):
        by = _acting(need, actor)
        outbox.put(messages.session_cancelled(meeting, to, by=by, manages=to.user_id in posters))


def tell_halted(need: Need) -> None:
    """Tell the institution that still stands that the other one may not organise at the moment; once."""
    lost = [p for p in parties(need) if p.state != PartnerState.VERIFIED]
    times = sum(event.verb == "partner_suspend" for p in lost for event in audit.history("partner", p.id))
    posters = {to.user_id for to in partners.contacts(need.posted_by)}
    for to in contacts(p for p in parties(need) if p not in lost):
        occasion, manages = f"{need.version}.{times}", to.user_id in posters
        outbox.put(messages.halted(need, to, occasion=occasion, manages=manages))


def _acting(need: Need, actor: Actor) -> str:
    """Return the name of the institution that acts, or nothing when a coordinator does."""
    return next((p.name for p in parties(need) if partners.is_member(p, actor.user_id)), "")
