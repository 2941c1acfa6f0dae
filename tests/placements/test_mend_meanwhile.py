"""Gaps filled again while people decide: what is forbidden meanwhile is not proposed, choices stay open."""

import pytest

from tests.factories import make_volunteer
from tests.placements.builders import COORDINATOR, apply, make_match, opening_of, volunteer_actor
from tests.placements.test_mend import exchange, mend, one_place, proposed, solved_while
from volunteer_match import clock
from volunteer_match.db import db, transaction
from volunteer_match.needs.models import NeedSession
from volunteer_match.needs.rules import SessionState
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import mend_steps, pair_service
from volunteer_match.placements.rules import MatchEvent, MatchState

__all__ = ["exchange"]


def keep_apart(exchange):
    session, who = exchange["painting"].sessions[0].id, exchange["painter"].id
    pair_service.keep_apart(COORDINATOR, session, who, everywhere=False, reason="wish_person")


def pause(exchange):
    db.session.get(Volunteer, exchange["painter"].id).state = VolunteerState.PAUSED


def call_off(exchange):
    db.session.get(NeedSession, exchange["painting"].sessions[0].id).state = SessionState.CANCELLED


@pytest.mark.parametrize("happening", [keep_apart, pause, call_off])
def test_what_the_rules_forbid_meanwhile_is_not_proposed(exchange, monkeypatch, happening):
    def meanwhile():
        with transaction():
            happening(exchange)

    solved_while(monkeypatch, meanwhile)

    mend()

    assert proposed() == {(opening_of(exchange["games"]).id, exchange["painter"].id)}


def declined():
    match = make_match(one_place("painting"), make_volunteer(skills=("painting",)), state=MatchState.OFFERED)
    apply(volunteer_actor(match), match, MatchEvent.DECLINE)
    return match


def test_several_people_for_one_place_stay_to_choose_from(database):
    games = one_place()
    chosen = {make_match(games, make_volunteer()).volunteer_id for _number in range(2)}
    declined()

    mend()

    assert proposed() == {(opening_of(games).id, who) for who in chosen}


def test_somebody_for_two_places_at_one_time_stays_to_choose_from(database):
    person = make_volunteer()
    places = {make_match(one_place(), person).opening_id for _number in range(2)}
    declined()

    mend()

    assert proposed() == {(place, person.id) for place in places}


def test_a_place_with_more_people_than_places_is_not_opened_for_others(database):
    games, painter = one_place("games"), make_volunteer(skills=("painting", "games"))
    rival = make_volunteer(skills=("games",))
    for person in (painter, rival):
        make_match(games, person)
    make_volunteer(skills=("games",))
    declined()

    mend()

    assert {who for place, who in proposed() if place == opening_of(games).id} == {painter.id, rival.id}
    assert mend_steps.mend_queries.weeks(clock.now()) == []


def test_who_cannot_come_any_more_gives_the_place_to_somebody_who_can(database):
    games = one_place("games")
    make_match(games, make_volunteer(skills=("painting",)))
    gamer = make_volunteer(skills=("games",))
    with transaction():
        mend_steps.ask(COORDINATOR, opening_of(games).id)

    mend()

    assert proposed() == {(opening_of(games).id, gamer.id)}


def test_where_an_institution_may_not_organise_nobody_is_looked_for(database, caplog):
    need = one_place()
    make_volunteer()
    with transaction():
        mend_steps.ask(COORDINATOR, opening_of(need).id)
        need.posted_by.state = PartnerState.SUSPENDED

    mend()

    assert proposed() == set()
    assert "without the solver" not in caplog.text
