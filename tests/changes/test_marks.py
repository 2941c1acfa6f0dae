"""Every committed change leaves a mark, whoever makes it and however it is written."""

import pytest
from sqlalchemy import text, update

from tests.factories import make_user, make_volunteer
from volunteer_match import changes, clock
from volunteer_match.actor import Role
from volunteer_match.app import create_app
from volunteer_match.audit.models import AuditEvent
from volunteer_match.changes import OF_PLACES, PEOPLE, PLACES, QUIET
from volunteer_match.db import all_or_nothing, db, transaction
from volunteer_match.matching.models import Pair, Wishes
from volunteer_match.people.models import Skill, Volunteer


@pytest.fixture
def person(database):
    """Somebody whose row can be changed."""
    return make_volunteer()


def marks():
    db.session.rollback()
    return changes.marks()


def parts_marked(change):
    before = marks()
    with transaction():
        change()
    return {part for part, _slot, _token in marks() - before}


def test_a_changed_object_leaves_a_mark(person):
    def change():
        db.session.get(Volunteer, person.id).radius_km = 3

    assert parts_marked(change) == {PEOPLE}


def test_a_changing_statement_leaves_a_mark(person):
    assert parts_marked(lambda: db.session.execute(update(Volunteer).values(radius_km=4))) == {PEOPLE}


def test_a_statement_of_the_core_and_plain_text_leave_marks(person):
    connection = db.session.connection
    skill = Skill.__table__.update().values(name_en="Chess")
    assert parts_marked(lambda: connection().execute(skill)) == {PEOPLE}
    plain = text("UPDATE volunteer SET radius_km = 5")
    assert parts_marked(lambda: connection().execute(plain)) == {PEOPLE}
    assert parts_marked(lambda: connection().exec_driver_sql("UPDATE need SET priority = 1")) == {PEOPLE}


def test_rows_that_go_leave_a_mark(person):
    assert parts_marked(lambda: db.session.execute(Wishes.__table__.delete())) == {PLACES}


def test_what_belongs_to_needs_and_matches_is_told_apart_from_people(person):
    assert parts_marked(lambda: db.session.execute(Pair.__table__.delete())) == {PLACES}


def test_what_is_taken_back_leaves_no_mark(person):
    def change():
        db.session.execute(update(Volunteer).values(radius_km=6))
        raise ZeroDivisionError

    before = marks()
    with pytest.raises(ZeroDivisionError):
        parts_marked(change)
    assert marks() == before


def test_a_part_that_is_kept_is_marked_though_another_was_undone(person):
    def change():
        db.session.execute(update(Volunteer).values(radius_km=7))
        with pytest.raises(ZeroDivisionError), all_or_nothing():
            _ = 1 / 0

    assert parts_marked(change) == {PEOPLE}


def test_reading_and_quiet_tables_leave_no_mark(person):
    event = AuditEvent(at=clock.now(), channel="web", verb="seen", subject_kind="x", subject_id="y", facts={})
    assert parts_marked(lambda: db.session.add(event)) == set()
    assert parts_marked(lambda: db.session.get(Volunteer, person.id)) == set()


def test_two_changes_never_leave_the_same_marks(person):
    seen = set()
    for radius in range(1, 20):
        with transaction():
            db.session.execute(update(Volunteer).values(radius_km=radius))
        seen.add(marks())
    assert len(seen) == 19


def test_another_process_sees_the_mark(bench, person):
    before = marks()
    other = create_app(bench.settings)
    with other.app_context():
        make_user(Role.COORDINATOR)
        db.session.remove()
        db.engine.dispose()
    assert marks() != before


def test_the_tables_named_exist():
    assert set(db.metadata.tables) >= OF_PLACES | QUIET
    assert not OF_PLACES & QUIET
