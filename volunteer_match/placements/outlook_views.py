"""The page on which volunteers see why there is no invitation, or what would bring one."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from volunteer_match.actor import Actor, Role
from volunteer_match.matching import own_labels
from volunteer_match.matching.labels import Names
from volunteer_match.matching.queries import skill_names
from volunteer_match.needs.sections import add_public_section
from volunteer_match.people import queries as people
from volunteer_match.people.labels import STATE_SENTENCES
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import outlook_service
from volunteer_match.placements.outlook_service import Line, Standing
from volunteer_match.web.access import allow, current_actor

bp = Blueprint("outlook", __name__)


@bp.get("/me/why")
@allow(Role.VOLUNTEER)
def why() -> ResponseReturnValue:
    """Show a volunteer what the needs of the coming weeks look like to them."""
    volunteer = people.own_volunteer(current_actor().user_id)
    state = VolunteerState(volunteer.state)
    lines, more = outlook_service.lines(volunteer.id) if state == VolunteerState.ACTIVE else ([], 0)
    names = Names(skills=skill_names(str(get_locale())))
    return render_template(
        "placements/why.html",
        waiting="" if state == VolunteerState.ACTIVE else STATE_SENTENCES[state],
        lines=[_words(line, names) for line in lines],
        more=more,
        weeks=outlook_service.WEEKS,
        standing=Standing,
    )


def suits(actor: Actor, need_id: str) -> Mapping[str, Any] | None:
    """Return how a need stands to the volunteer who reads its page; None for everybody else."""
    volunteer = people.volunteer_of_user(actor.user_id) if actor.has(Role.VOLUNTEER) else None
    if volunteer is None or volunteer.state != VolunteerState.ACTIVE:
        return None
    line = outlook_service.line_of(volunteer.id, need_id)
    # With an open place the button that is there anyway says enough.
    if line is None or line.standing == Standing.OPEN:
        return None
    return {"each": _words(line, Names(skills=skill_names(str(get_locale())))), "standing": Standing}


def _words(line: Line, names: Names) -> dict[str, Any]:
    pages = dict.fromkeys(page for each in line.blockers if (page := own_labels.mended_at(each)))
    return {
        "line": line,
        "blockers": [own_labels.blocker(each, names) for each in line.blockers],
        "behind": [own_labels.behind(each, names) for each in line.behind],
        "mending": [(_address(page), own_labels.MENDING[page]) for page in pages],
    }


def _address(page: str) -> str:
    if page in ("home", "away"):
        return url_for(f"people.{page}")
    return url_for("people.edit_own", code=page)


add_public_section("placements/_suits.html", suits)
