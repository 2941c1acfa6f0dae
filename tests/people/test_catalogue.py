"""The lists people choose from."""

import pytest
from sqlalchemy import func, select

from tests.factories import make_district, make_skill, make_volunteer
from tests.people.forms import volunteer_named
from tests.safeguarding.papers import staff
from tests.sign_in import sign_in
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.i18n import sort_key
from volunteer_match.people import catalogue_queries, catalogue_service, queries
from volunteer_match.people.models import District, Skill, SkillSuggestion

SKILL = {
    "theme_code": "arts",
    "name_pl": "Ceramika",
    "name_en": "Pottery",
    "synonyms": " glina , garncarstwo,",
}


def _count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def seeded(database):
    """The usual lists."""
    with transaction():
        catalogue_service.seed_catalogue()


@pytest.fixture
def suggestion(app):
    """The id of a free text about skills that waits."""
    with app.app_context():
        make_skill("painting")
        volunteer = make_volunteer(name="Ada Demowska")
        with transaction() as session:
            waiting = SkillSuggestion(volunteer_id=volunteer.id, text="rysuję", created_at=clock.now())
            session.add(waiting)
        return waiting.id


def test_the_usual_lists_are_there_in_both_languages(seeded):
    skills = catalogue_queries.skills()

    assert len(skills) >= 45
    assert len(catalogue_queries.themes()) >= 9
    assert all(s.name_pl and s.name_en for s in skills)
    assert "Nibywola" in [d.name for d in catalogue_queries.districts()]


def test_seeding_again_adds_nothing_and_keeps_what_was_changed(seeded):
    with transaction() as session:
        session.get_one(Skill, "painting").name_pl = "malowanie farbami"
    with transaction():
        added = catalogue_service.seed_catalogue()

    assert added == 0
    assert db.session.get(Skill, "painting").name_pl == "malowanie farbami"


def test_a_club_with_its_own_districts_gets_no_invented_ones(database):
    make_district("Osiedle Fabryczne")
    with transaction():
        catalogue_service.seed_catalogue()

    assert _count(District) == 1


def test_skills_are_grouped_in_the_language_of_the_page(seeded):
    polish, english = (dict(catalogue_queries.skill_groups(locale)) for locale in ("pl", "en"))

    assert ("reading", "czytanie na głos") in polish["Nauka i czytanie"]
    assert ("reading", "reading aloud") in english["Learning and reading"]


def test_skills_of_a_theme_stand_in_polish_order(seeded):
    for _theme, chips in catalogue_queries.skill_groups("pl"):
        assert [name for _code, name in chips] == sorted((name for _code, name in chips), key=sort_key)


def test_choices_for_other_pages(seeded):
    assert ("maths", "matematyka") in queries.skill_choices()
    assert "Stare Nibymiasto" in [name for _id, name in queries.district_choices()]


def test_a_skill_is_added_and_changed(app):
    with app.app_context():
        make_skill("painting")
    browser = staff(app)
    browser.post("/skills/new", data=SKILL)
    browser.post("/skills/pottery/edit", data={**SKILL, "name_pl": "Lepienie", "qualification": "1"})

    with app.app_context():
        skill = db.session.get(Skill, "pottery")
        assert (skill.name_pl, skill.synonyms, skill.qualification) == ("Lepienie", "glina,garncarstwo", True)


def test_the_same_name_twice_is_refused_beside_the_field(app):
    with app.app_context():
        make_skill("painting")
    browser = staff(app)
    browser.post("/skills/new", data=SKILL)
    refused = browser.post("/skills/new", data={**SKILL, "name_en": "Clay"})

    assert refused.status_code == 422
    assert 'id="name_pl-error"' in refused.text


def test_a_retired_skill_is_offered_only_to_those_who_have_it(app):
    with app.app_context():
        make_skill("painting")
        owner = sign_in(app, make_volunteer(skills=["painting"]).user)
        other = sign_in(app, make_volunteer().user)
    form = {"theme_code": "arts", "name_pl": "Malowanie", "name_en": "Painting", "retired": "1"}
    staff(app).post("/skills/painting/edit", data=form)

    assert 'value="painting"' in owner.get("/me/edit/skills").text
    assert 'value="painting"' not in other.get("/me/edit/skills").text


def test_themes_are_added_and_changed(app):
    browser = staff(app)
    browser.post("/skills/themes/new", data={"name_pl": "Kosmos", "name_en": "Space"})
    changed = {"name_pl": "Kosmos", "name_en": "Outer space", "position": "3"}
    browser.post("/skills/themes/space/edit", data=changed)

    with app.app_context():
        theme = catalogue_queries.theme("space")
        assert (theme.name_en, theme.position) == ("Outer space", 3)


def test_districts_are_added_and_changed(app):
    browser = staff(app)
    browser.post("/districts/new", data={"name": "Zapole", "latitude": "50.5", "longitude": "22.1"})
    with app.app_context():
        district_id = catalogue_queries.districts()[0].id
    form = {"name": "Zapole Górne", "latitude": "50.6", "longitude": "22.2"}
    browser.post(f"/districts/{district_id}/edit", data=form)

    with app.app_context():
        district = catalogue_queries.district(district_id)
        assert (district.name, district.latitude) == ("Zapole Górne", 50.6)


@pytest.mark.parametrize("latitude", ["", "abc", "91", "nan", "inf"])
def test_a_point_that_is_nowhere_is_refused(app, latitude):
    form = {"name": "Zapole", "latitude": latitude, "longitude": "22.1"}

    assert staff(app).post("/districts/new", data=form).status_code == 422


def test_a_free_text_becomes_skills(app, suggestion):
    staff(app).post(f"/skills/suggestions/{suggestion}", data={"skills": ["painting"], "decision": "turn"})

    with app.app_context():
        assert [s.skill_code for s in volunteer_named("Ada Demowska").skills] == ["painting"]
        assert catalogue_queries.waiting_suggestions() == 0


def test_a_free_text_is_set_aside(app, suggestion):
    staff(app).post(f"/skills/suggestions/{suggestion}", data={"decision": "aside"})

    with app.app_context():
        assert volunteer_named("Ada Demowska").skills == []
        assert catalogue_queries.waiting_suggestions() == 0


def test_turning_a_text_into_nothing_is_refused(app, suggestion):
    refused = staff(app).post(f"/skills/suggestions/{suggestion}", data={"decision": "turn"})

    assert refused.status_code == 422
    assert "rysuję" in refused.text


def test_a_text_is_handled_once(app, suggestion):
    browser = staff(app)
    browser.post(f"/skills/suggestions/{suggestion}", data={"decision": "aside"})

    assert browser.post(f"/skills/suggestions/{suggestion}", data={"decision": "aside"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/skills", "/skills/new", "/skills/themes/new", "/skills/suggestions", "/districts/new"]
)
def test_the_pages_open_for_coordinators_only(app, suggestion, path):
    with app.app_context():
        volunteer = sign_in(app, make_volunteer().user)

    assert staff(app).get(path).status_code == 200
    assert staff(app, Role.OFFICER).get(path).status_code == 404
    assert volunteer.get(path).status_code == 404
