"""What is kept for ranking is never older than the last change, whoever made it and whatever it touched."""

from datetime import time, timedelta
from types import SimpleNamespace
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import delete, select, update

from tests.database import count_queries
from tests.factories import (
    make_district,
    make_need,
    make_partner,
    make_skill,
    make_user,
    make_volunteer,
    save,
)
from tests.placements.builders import make_match, opening_of
from tests.sign_in import sign_in
from volunteer_match import changes, clock
from volunteer_match.actor import Role
from volunteer_match.app import create_app
from volunteer_match.db import db, transaction
from volunteer_match.i18n import from_local
from volunteer_match.matching import club_service
from volunteer_match.matching.models import Pair, Wishes
from volunteer_match.needs.models import Need, NeedRole, NeedRoleSkill, NeedSession, Opening
from volunteer_match.needs.rules import Contact, NeedState, SessionState, Supervision
from volunteer_match.partners.models import Partner, Venue
from volunteer_match.people.models import (
    AvailabilityRule,
    Skill,
    Volunteer,
    VolunteerLanguage,
    VolunteerSkill,
)
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import history_queries
from volunteer_match.placements.rules import MatchState
from volunteer_match.safeguarding.models import Agreement, Clearance

DAY = clock.now().date() + timedelta(days=9)


class Scene:
    """Two people who could take one place among children, and everything around them."""

    def __init__(self):
        self.coordinator = make_user(Role.COORDINATOR).id
        partner = make_partner(organiser=True)
        need = make_need(
            partner,
            day=DAY,
            contact=Contact.CHILDREN,
            supervision=Supervision.ORGANISER,
            children_count=5,
            age_from=7,
            required_skills=["painting"],
            wanted_skills=["guitar"],
            languages=["pl"],
        )
        place = {"district_id": make_district(latitude=50.6).id, "radius_km": 10}
        person = make_volunteer(skills=["painting", "guitar"], cleared_for=partner, **place)
        make_volunteer(skills=["painting"], cleared_for=partner, **place)
        self.opening = opening_of(need).id
        self.address = f"/desk/openings/{self.opening}/people"
        # Rows belong to the session, and so to the application, that made them: only their ids go elsewhere.
        self.partner, self.need, self.person = (SimpleNamespace(id=row.id) for row in (partner, need, person))


def written(model, **values):
    """Return a change that writes these values into every row of a table."""

    def change(_scene):
        with transaction():
            db.session.execute(update(model).values(**values))

    return change


def gone(model):
    """Return a change that takes every row of a table away."""

    def change(_scene):
        with transaction():
            db.session.execute(delete(model))

    return change


def kept_apart(scene):
    save(Pair(kind="never", volunteer_id=scene.person.id, need_id=scene.need.id, set_at=clock.now()))


def declined(scene):
    make_match(db.session.get(Need, scene.need.id), scene.person, state=MatchState.DECLINED)


def held_here(scene):
    make_match(db.session.get(Need, scene.need.id), scene.person, state=MatchState.CONFIRMED)


def held_elsewhere(scene):
    make_match(make_need(day=DAY), scene.person, state=MatchState.CONFIRMED)


def asked_before(scene):
    make_match(make_need(day=DAY + timedelta(days=1)), scene.person, state=MatchState.EXPIRED)


def wish_weighed_anew(_scene):
    save(Wishes(set_at=clock.now(), steps={"wanted_skill": 0}))


def one_person_paused(scene):
    with transaction() as session:
        session.get(Volunteer, scene.person.id).state = VolunteerState.PAUSED


def away_that_day(scene):
    with transaction() as session:
        person = session.get(Volunteer, scene.person.id)
        person.paused_from = person.paused_until = DAY


def somebody_new(scene):
    make_volunteer(skills=["painting"], cleared_for=scene.partner)


def skill_asked_for(scene):
    role = db.session.scalars(select(NeedRole.id).where(NeedRole.need_id == scene.need.id)).one()
    save(NeedRoleSkill(role_id=role, skill_code=make_skill("chess").code, required=True))


CHANGES = {
    "one person paused": one_person_paused,
    "everybody paused": written(Volunteer, state=VolunteerState.PAUSED),
    "away that day": away_that_day,
    "somebody new": somebody_new,
    "kept apart": kept_apart,
    "said no": declined,
    "holds the place": held_here,
    "holds another at that time": held_elsewhere,
    "asked before": asked_before,
    "papers gone": written(Clearance, state="revoked"),
    "papers end": written(Clearance, valid_until=DAY - timedelta(days=1)),
    "agreement ended": written(Agreement, ended_on=DAY - timedelta(days=1)),
    "skill gone": gone(VolunteerSkill),
    "language gone": gone(VolunteerLanguage),
    "hours gone": gone(AvailabilityRule),
    "born too late": written(Volunteer, birth_date=DAY - timedelta(days=17 * 365)),
    "no hours left": written(Volunteer, max_hours_per_week=1),
    "short way only": written(Volunteer, radius_km=1),
    "from home only": written(Volunteer, remote_only=True),
    "needs to be step-free": written(Volunteer, step_free=True),
    "skill asks for proof": written(Skill, qualification=True),
    "another skill asked for": skill_asked_for,
    "older people asked for": written(NeedRole, minimum_age=80),
    "driving asked for": written(Need, driving=True),
    "need withdrawn": written(Need, state=NeedState.CANCELLED),
    "session called off": written(NeedSession, state=SessionState.CANCELLED),
    "session moved": written(NeedSession, starts_at=clock.now() + timedelta(days=400),
                             ends_at=clock.now() + timedelta(days=400, hours=1)),
    "place taken": written(Opening, filled=2),
    "institution suspended": written(Partner, state="suspended"),
    "another place": written(Venue, latitude=50.0, longitude=22.0),
    "wishes weighed anew": wish_weighed_anew,
}  # fmt: skip


@pytest.fixture
def scene(database):
    """People and a place."""
    return Scene()


@pytest.fixture
def another(bench):
    """The same club served by another process: an application with connections of its own."""
    app = create_app(bench.settings)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def told(browser, scene):
    db.session.rollback()
    return browser.get(scene.address, headers={"Accept": "application/json"}).json


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_made_elsewhere_is_in_the_next_answer(scene, app, another, monkeypatch, change):
    desk, elsewhere = sign_in(app, scene.coordinator), sign_in(another, scene.coordinator)
    before = told(desk, scene)
    assert before["eligible"] == 2
    assert told(elsewhere, scene) == before == told(desk, scene)

    with another.app_context():
        change(scene)
        db.session.remove()

    after = told(desk, scene)
    monkeypatch.setattr(club_service, "_kept", WeakKeyDictionary())
    assert after == told(elsewhere, scene)
    assert after != before


def test_what_was_shown_a_moment_ago_is_not_proposed_when_it_no_longer_holds(scene, app, another):
    desk = sign_in(app, scene.coordinator)
    told(desk, scene)
    with another.app_context():
        one_person_paused(scene)
        db.session.remove()

    answer = desk.post(f"/desk/openings/{scene.opening}/propose/{scene.person.id}")

    assert answer.status_code == 422


def test_time_alone_changes_the_answer(scene, app, monkeypatch):
    desk, now = sign_in(app, scene.coordinator), clock.now()
    tomorrow = now.date() + timedelta(days=1)
    make_match(make_need(day=tomorrow), scene.person, state=MatchState.CONFIRMED)
    before = told(desk, scene)
    monkeypatch.setattr(clock, "now", lambda: from_local(tomorrow, time(12, 1)))
    desk = sign_in(app, scene.coordinator)

    after = told(desk, scene)

    # What was served an hour ago is load that is carried.
    assert after["people"] != before["people"]
    monkeypatch.setattr(club_service, "_kept", WeakKeyDictionary())
    assert told(desk, scene) == after


def test_inside_a_transaction_its_own_changes_count(scene):
    def eligible():
        return club_service.ranking(DAY, clock.now(), history_queries.history).eligible(scene.opening)

    assert eligible() == 2
    with transaction() as session:
        session.get(Volunteer, scene.person.id).state = VolunteerState.PAUSED
        assert eligible() == 1


def test_a_large_club_keeps_one_week_and_a_small_one_several(scene, monkeypatch):
    def kept_after(weeks):
        for week in range(weeks):
            club_service.ranking(DAY + timedelta(weeks=week), clock.now(), history_queries.history)
        (kept,) = [each for each in club_service._kept.values() if each.state]
        return len(kept.state.weeks)

    monkeypatch.setattr(club_service, "_kept", WeakKeyDictionary())
    assert kept_after(3) == 3
    monkeypatch.setattr(club_service, "_kept", WeakKeyDictionary())
    monkeypatch.setattr(club_service, "MOST_KEPT", 2)
    assert kept_after(3) == 1


def test_nothing_is_kept_from_tables_that_leave_no_mark(scene, database):
    with count_queries() as count:
        club_service.ranking(DAY, clock.now(), history_queries.history)
    read = {
        table for table in changes.QUIET if any(f" {table}" in statement for statement in count.statements)
    }
    assert read == set()


def test_people_are_kept_from_tables_of_people_alone(scene, database):
    with count_queries() as count:
        club_service.everybody(clock.now())
    others = changes.OF_PLACES | changes.QUIET
    assert {t for t in others if any(f" {t} " in f"{s} " for s in count.statements)} == set()
    assert len(count) > 5
