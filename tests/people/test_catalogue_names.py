"""Names in the lists people choose from, with Polish letters and Polish numbers."""

import pytest

from tests.factories import make_skill
from tests.safeguarding.papers import staff
from volunteer_match.db import db
from volunteer_match.people.models import District, Skill

SINGING = {"theme_code": "arts", "name_pl": "Śpiew", "name_en": "Singing", "synonyms": ""}


@pytest.fixture
def browser(app):
    """A coordinator's browser, with a theme to put skills in."""
    with app.app_context():
        make_skill("painting")
    return staff(app)


@pytest.mark.parametrize("name", ["Śpiew", "śpiew", "ŚPIEW"])
def test_a_skill_that_is_there_is_refused_beside_its_name(app, browser, name):
    browser.post("/skills/new", data=SINGING)

    again = browser.post("/skills/new", data={**SINGING, "name_pl": name, "name_en": "Song"})

    assert again.status_code == 422
    assert 'id="name_pl-error"' in again.text
    assert "Song" in again.text


def test_a_skill_may_keep_its_own_name(app, browser):
    browser.post("/skills/new", data=SINGING)
    with app.app_context():
        code = db.session.query(Skill).filter_by(name_pl="Śpiew").one().code

    assert browser.post(f"/skills/{code}/edit", data={**SINGING, "name_en": "Choir"}).status_code == 302


@pytest.mark.parametrize(("latitude", "longitude"), [("50,57", "22,05"), ("50.57", "22.05")])
def test_degrees_are_written_with_a_comma_or_a_point(app, browser, latitude, longitude):
    data = {"name": "Nowe Nibymiasto", "latitude": latitude, "longitude": longitude}

    assert browser.post("/districts/new", data=data).status_code == 302
    with app.app_context():
        district = db.session.query(District).filter_by(name="Nowe Nibymiasto").one()
        assert (district.latitude, district.longitude) == (50.57, 22.05)


def test_degrees_off_the_earth_are_refused(browser):
    page = browser.post("/districts/new", data={"name": "Nigdzie", "latitude": "91", "longitude": "nan"})

    assert page.status_code == 422
    assert 'id="latitude-error"' in page.text
    assert 'id="longitude-error"' in page.text
