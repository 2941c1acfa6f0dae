"""The page that ranks people for one place; the same as JSON for whoever asks for that."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from volunteer_match.actor import Role
from volunteer_match.db import writes_in_steps
from volunteer_match.matching import labels as words
from volunteer_match.matching import queries as matching
from volunteer_match.placements import labels, rank_service
from volunteer_match.placements.rank_service import Place
from volunteer_match.web.access import allow, current_actor

bp = Blueprint("ranking", __name__)
__all__ = ["bp", "labels"]
JSON = "application/json"


@bp.get("/desk/openings/<opening_id>/people")
@allow(Role.COORDINATOR)
def people(opening_id: str) -> ResponseReturnValue:
    """Show who could take one place, the best first."""
    place = rank_service.place(opening_id)
    if request.accept_mimetypes.best_match(["text/html", JSON]) == JSON:
        return _varied(jsonify(_content(place)))
    names = words.Names(skills=matching.skill_names(str(get_locale())))
    page = render_template("placements/people.html", place=place, words=words, names=names)
    return _varied(Response(page, mimetype="text/html"))


def _varied(answer: Response) -> Response:
    answer.vary.add("Accept")
    return answer


def _content(place: Place) -> dict[str, object]:
    return {
        "opening": place.opening_id,
        "session": place.session_id,
        "starts": place.starts_at.isoformat(),
        "open": place.open,
        "eligible": place.eligible,
        "people": [
            {
                "volunteer": each.volunteer_id,
                "name": each.name,
                "points": each.points,
                "reasons": list(each.reasons),
                "proposed_here": each.here,
                "proposed_elsewhere": each.elsewhere or None,
            }
            for each in place.candidates
        ],
        "blocked": [{"rule": each["rule"], "people": each["people"]} for each in place.blocked],
    }


@bp.post("/desk/openings/<opening_id>/propose/<volunteer_id>")
@allow(Role.COORDINATOR)
@writes_in_steps
def propose(opening_id: str, volunteer_id: str) -> ResponseReturnValue:
    """Put one of the ranked people on the desk."""
    match = rank_service.propose(current_actor(), opening_id, volunteer_id)
    flash(
        _("%(name)s is proposed. Nothing is sent before you approve.", name=match.volunteer.user.name),
        "success",
    )
    return redirect(url_for("placements.show_session", session_id=match.session_id))
