"""Somebody is kept apart or pauses at the moment they are proposed."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select, text

from tests.days import today
from tests.factories import make_need, make_volunteer
from tests.placements.builders import COORDINATOR, opening_of
from volunteer_match import clock
from volunteer_match.db import db, transaction
from volunteer_match.matching import mend_service
from volunteer_match.matching import rank_service as ranking
from volunteer_match.people import service as people
from volunteer_match.placements import mend_steps, pair_service, rank_service, reconcile_service, run_steps
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState

DAY = today() + timedelta(days=9)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def keep_apart(session_id, volunteer_id):
    pair_service.keep_apart(COORDINATOR, session_id, volunteer_id, everywhere=False, reason="wish_person")


def pause(_session_id, volunteer_id):
    people.pause(COORDINATOR, volunteer_id, today(), None)


class Other:
    """Somebody else at work in a thread with a connection of its own."""

    def __init__(self, app, act):
        self.app, self.act, self.begun = app, act, Event()
        self.thread = Thread(target=self._work)

    def _work(self):
        with self.app.app_context():
            self.begun.set()
            with transaction():
                self.act()

    def begin(self):
        """Let it work until it is done or has to wait; tell whether it waits."""
        self.thread.start()
        self.begun.wait()
        while self.thread.is_alive() and not self._held_up():
            self.thread.join(0.01)
        return self.thread.is_alive()

    def _held_up(self):
        # On SQLite there is one writer at a time, and that is who asks.
        return db.engine.dialect.name == "sqlite" or db.session.scalar(text(WAITING)) > 0


@pytest.mark.parametrize("happening", [keep_apart, pause])
def test_who_is_kept_apart_or_pauses_while_being_proposed_leaves_the_desk(
    app, database, monkeypatch, happening
):
    need, person = make_need(day=DAY, minimum=1, preferred=1), make_volunteer()
    opening, session_id, volunteer_id = opening_of(need).id, need.sessions[0].id, person.id
    other, look, waits = Other(app, lambda: happening(session_id, volunteer_id)), ranking.fits, []

    def look_then_let_the_other_begin(*args):
        found = look(*args)
        waits.append(other.begin())
        return found

    monkeypatch.setattr(ranking, "fits", look_then_let_the_other_begin)

    rank_service.propose(COORDINATOR, opening, volunteer_id)
    other.thread.join()
    db.session.expire_all()
    with transaction():
        reconcile_service.check_grounds(clock.now())

    assert waits == [True]
    assert db.session.scalars(select(Match.state)).all() == [MatchState.SUPERSEDED]


@pytest.mark.parametrize("step", [(run_steps, "_still_possible"), (mend_service, "all_allowed")])
def test_who_is_kept_apart_between_look_and_proposal_is_not_left_on_the_desk(
    app, database, monkeypatch, step
):
    need, person = make_need(day=DAY, minimum=1, preferred=1), make_volunteer()
    opening, session_id, volunteer_id = opening_of(need).id, need.sessions[0].id, person.id
    other, look, looked = Other(app, lambda: keep_apart(session_id, volunteer_id)), getattr(*step), []

    def look_then_let_the_other_begin(*args):
        looked.append(look(*args))
        other.begin()
        return looked[-1]

    monkeypatch.setattr(*step, look_then_let_the_other_begin)

    if step[0] is run_steps:
        run_steps.propose(COORDINATOR, today(), DAY, wait=True)
    else:
        with transaction():
            mend_steps.ask(COORDINATOR, opening)
        mend_steps.mend_waiting(clock.now())
    other.thread.join()

    db.session.rollback()
    assert len(looked) == 1
    assert MatchState.PROPOSED not in db.session.scalars(select(Match.state)).all()
