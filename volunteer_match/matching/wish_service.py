"""Puts wishes in force."""

from collections.abc import Mapping

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.matching import wish_queries
from volunteer_match.matching.models import Wishes
from volunteer_match.matching.rules import USUAL_STEP, WISHES


def save(actor: Actor, steps: Mapping[str, int]) -> None:
    """Let every coming run weigh the wishes like this."""
    wanted = {name: int(steps.get(name, USUAL_STEP)) for name in WISHES}
    if wanted == wish_queries.steps():
        return
    made = Wishes(set_at=clock.now(), set_by_id=actor.user_id, steps=wanted)
    db.session.add(made)
    db.session.flush()  # the history needs the id
    audit.record(actor, "wishes_set", "match_wishes", made.id, **wanted)
