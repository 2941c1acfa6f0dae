"""A choice left blank is the usual answer, or a mistake said beside the field."""

import pytest
from marshmallow import ValidationError

from tests.factories import make_partner, make_user, make_volunteer
from tests.needs.typed import need_form
from volunteer_match.actor import Role
from volunteer_match.web.fields import Choice, InputSchema


class _Asked(InputSchema):
    usual = Choice(("web", "phone"), load_default="web")
    optional = Choice(("web", "phone"), load_default="")
    nothing = Choice(("web", "phone"), load_default=None, allow_none=True)
    needed = Choice(("web", "phone"), required=True)
    bare = Choice(("web", "phone"))


def _load(**given):
    return _Asked(only=given.keys()).load(given)


@pytest.mark.parametrize(("name", "default"), [("usual", "web"), ("optional", ""), ("nothing", None)])
def test_a_blank_answer_is_the_usual_one(app, name, default):
    assert _load(**{name: ""}) == {name: default}


@pytest.mark.parametrize("name", ["needed", "bare"])
def test_a_blank_answer_without_a_usual_one_is_refused(app, name):
    with pytest.raises(ValidationError):
        _load(**{name: ""})


@pytest.mark.parametrize("field", ["contact", "recurrence"])
def test_a_need_with_a_blank_choice_is_no_breakdown(app, login, field):
    with app.app_context():
        partner = make_partner()
        typed = need_form(partner, **{field: ""})
        browser = login(partner.members[0].user)

    assert browser.post("/needs/new", data=typed).status_code == 302


def test_a_person_moved_without_a_channel_is_no_breakdown(app, login):
    with app.app_context():
        volunteer_id = make_volunteer().id
        browser = login(make_user(Role.COORDINATOR))

    data = {"event": "end", "reason": "Wyjazd.", "channel": ""}
    assert browser.post(f"/people/{volunteer_id}/move", data=data).status_code == 302
