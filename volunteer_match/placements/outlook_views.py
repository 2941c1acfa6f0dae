"""The page on which volunteers see why there is no invitation, or what would bring one."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from volunteer_match.actor import Role
from volunteer_match.matching import own_labels
from volunteer_match.matching.labels import Names
from volunteer_match.matching.queries import skill_names
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
