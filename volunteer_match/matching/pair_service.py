"""Keeps pairs in coming plans, keeps people apart, and lifts both again."""

from sqlalchemy.exc import IntegrityError

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.errors import ConflictError
from volunteer_match.matching import pair_queries
from volunteer_match.matching.models import Pair
from volunteer_match.matching.rules import PairKind


def keep(actor: Actor, opening_id: str, volunteer_id: str) -> Pair:
    """Let a proposal stay in coming plans, as far as the rules allow."""
    return _set(actor, PairKind.KEEP, volunteer_id, "", opening_id=opening_id)


def never_at_need(actor: Actor, volunteer_id: str, need_id: str, reason: str) -> Pair:
    """Propose the person for this need never again."""
    return _set(actor, PairKind.NEVER, volunteer_id, reason, need_id=need_id)


def never_at_partner(actor: Actor, volunteer_id: str, partner_id: str, reason: str) -> Pair:
    """Propose the person for this institution never again."""
    return _set(actor, PairKind.NEVER, volunteer_id, reason, partner_id=partner_id)


def _set(actor: Actor, kind: PairKind, volunteer_id: str, reason: str, **target: str) -> Pair:
    known = pair_queries.same(volunteer_id, **target)
    if known is not None:
        return known
    made = Pair(
        kind=kind,
        volunteer_id=volunteer_id,
        reason=reason,
        set_at=clock.now(),
        set_by_id=actor.user_id,
        **target,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:  # somebody else decided the same a moment ago
        raise ConflictError() from error
    audit.record(
        actor, f"pair_{kind}", "match_pair", made.id, volunteer=volunteer_id, reason=reason, **target
    )
    return made


def lift(actor: Actor, pair_id: str) -> Pair:
    """Take a decision about a pair back; what it changed meanwhile stays."""
    found = pair_queries.pair(pair_id)
    if found.lifted_at is None:
        found.lifted_at, found.lifted_by_id = clock.now(), actor.user_id
        audit.record(actor, "pair_lift", "match_pair", found.id, kind=found.kind)
    return found
