"""Pairs that are kept in coming plans, and two who are kept apart."""

import re

import pytest
from sqlalchemy import select

from tests.factories import make_need, make_partner, make_volunteer
from tests.placements.builders import COORDINATOR, make_coordinator, make_match, opening_of
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, transaction
from volunteer_match.matching import service as matching
from volunteer_match.matching.models import MatchRun, Pair
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.people.models import Volunteer
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements import pair_service
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState


@pytest.fixture
def desk(database, login):
    return login(make_coordinator())


def run(desk):
    """Match again and return who is proposed for what."""
    desk.post("/desk/run", data={"weeks": "4"})
    db.session.expire_all()
    found = db.session.scalars(select(Match).where(Match.state == MatchState.PROPOSED))
    return {(match.opening_id, match.volunteer_id) for match in found}


def keep(desk, match):
    return desk.post(
        f"/desk/openings/{match.opening_id}/keep/{match.volunteer_id}?session={match.session_id}"
    )


def never(desk, match, where="need", why="no_match"):
    address = f"/desk/sessions/{match.session_id}/never/{match.volunteer_id}"
    return desk.post(address, data={"where": where, "why": why}, follow_redirects=True)


def one_place(title="Szachy", partner=None, **more):
    """Return a need with one place that somebody skilled fits better than others."""
    return make_need(partner, title=title, minimum=1, preferred=1, wanted_skills=["chess"], **more)


def pair_of(match):
    return (match.opening_id, match.volunteer_id)


def test_a_kept_pair_stays_though_somebody_fits_better(desk):
    kept = make_match(one_place(), make_volunteer())
    make_volunteer(skills=["chess"])

    keep(desk, kept)

    assert run(desk) == {pair_of(kept)}


def test_without_the_wish_the_better_one_is_proposed(desk):
    old = make_match(one_place(), make_volunteer())
    better = make_volunteer(skills=["chess"])

    assert run(desk) == {(old.opening_id, better.id)}


def test_a_kept_pair_still_has_its_reasons(desk):
    kept = make_match(one_place(), make_volunteer(skills=["chess"]))
    keep(desk, kept)
    run(desk)

    assert "wanted_skills" in {part["code"] for part in db.session.get(Match, kept.id).reasons}


def test_a_kept_pair_is_not_counted_as_settled(desk):
    kept = make_match(one_place(), make_volunteer())
    keep(desk, kept)
    run(desk)

    figures = db.session.scalars(select(MatchRun)).one().figures
    assert (figures["before"]["filled"], figures["after"]["filled"]) == (0, 1)


@pytest.mark.parametrize("state", [VolunteerState.ENDED, VolunteerState.PAUSED])
def test_a_rule_is_stronger_than_the_wish_to_keep(desk, state):
    person = make_volunteer()
    kept = make_match(one_place(), person)
    keep(desk, kept)
    with transaction():
        db.session.get(Volunteer, person.id).state = state

    assert run(desk) == set()


def test_two_wishes_that_exclude_each_other_leave_the_first(desk):
    person = make_volunteer()
    first, second = make_match(one_place("Szachy"), person), make_match(one_place("Teatr"), person)
    keep(desk, first)
    keep(desk, second)

    assert run(desk) == {pair_of(first)}


def test_a_wish_can_be_taken_back(desk):
    kept, better = make_match(one_place(), make_volunteer()), make_volunteer(skills=["chess"])
    keep(desk, kept)
    pair = db.session.scalars(select(Pair)).one()

    desk.post(f"/desk/pairs/{pair.id}/lift")

    assert run(desk) == {(kept.opening_id, better.id)}


def test_what_is_not_a_proposal_cannot_be_kept(desk):
    match = make_match(state=MatchState.CONFIRMED)

    page = desk.post(
        f"/desk/openings/{match.opening_id}/keep/{match.volunteer_id}", follow_redirects=True
    ).text

    assert "This is not a proposal any more." in page
    assert db.session.scalars(select(Pair)).all() == []


def test_keeping_twice_is_keeping_once(desk):
    match = make_match()
    keep(desk, match)
    keep(desk, match)

    assert len(db.session.scalars(select(Pair)).all()) == 1


def test_two_kept_apart_leave_the_desk_and_do_not_come_back(desk):
    match = make_match(one_place(), make_volunteer())

    never(desk, match)

    db.session.expire_all()
    assert db.session.get(Match, match.id).state == MatchState.SUPERSEDED
    assert run(desk) == set()


def test_kept_from_one_activity_a_person_may_help_in_another_of_the_institution(desk):
    partner, person = make_partner(), make_volunteer()
    match = make_match(one_place("Szachy", partner), person)
    other = opening_of(one_place("Teatr", partner))

    never(desk, match, "need")

    assert run(desk) == {(other.id, person.id)}


def test_kept_from_an_institution_a_person_helps_nowhere_there(desk):
    partner, person = make_partner(), make_volunteer()
    match = make_match(one_place("Szachy", partner), person)
    one_place("Teatr", partner)

    never(desk, match, "partner")

    assert run(desk) == set()


def test_what_is_agreed_stays_and_the_page_says_so(desk):
    person = make_volunteer()
    agreed = make_match(one_place(), person, state=MatchState.CONFIRMED)

    page = never(desk, agreed).text

    db.session.expire_all()
    assert db.session.get(Match, agreed.id).state == MatchState.CONFIRMED
    assert "1 place is already agreed" in page


def test_a_reason_is_asked_for(desk):
    match = make_match()

    answer = desk.post(
        f"/desk/sessions/{match.session_id}/never/{match.volunteer_id}", data={"where": "need"}
    )

    assert answer.status_code == 422
    assert db.session.scalars(select(Pair)).all() == []


def test_the_next_suggestion_obeys_as_well(desk):
    need, apart = one_place(), make_volunteer(name="Bolek Fikcyjny")
    match = make_match(need, make_volunteer())
    never(desk, make_match(need, apart))

    page = desk.post(
        f"/desk/matches/{match.id}/decline",
        data={"version": match.version, "why": "spare"},
        follow_redirects=True,
    ).text

    assert "Nobody who is free fits" in page


def test_who_decided_what_and_when_is_listed_and_remembered(desk):
    match = make_match(volunteer=make_volunteer(name="Ada Demowska"))
    keep(desk, match)
    never(desk, make_match(volunteer=make_volunteer(name="Bolek Fikcyjny")), why="wish_person")

    page = desk.get("/desk/pairs").text
    verbs = db.session.scalars(select(AuditEvent.verb).where(AuditEvent.subject_kind == "match_pair")).all()

    assert "Ada Demowska" in page
    assert "The volunteer asked for it" in page
    assert "Koordynatorka Wymyślona" in page
    assert sorted(verbs) == ["pair_keep", "pair_never"]


def test_the_session_page_shows_decisions_and_takes_them_back(desk):
    match = make_match()
    keep(desk, match)
    pair = db.session.scalars(select(Pair)).one()

    page = desk.get(f"/desk/sessions/{match.session_id}").text
    desk.post(f"/desk/pairs/{pair.id}/lift?session={match.session_id}")

    assert "Let the next run decide" in page
    assert "Keep this pair" in desk.get(f"/desk/sessions/{match.session_id}").text


def test_running_again_shows_who_came_instead_of_whom(desk):
    need, person = one_place(), make_volunteer(name="Ada Demowska")
    make_volunteer(name="Bolek Fikcyjny", skills=["chess"])
    run(desk)
    first = db.session.scalars(select(MatchRun)).one()
    match = db.session.scalars(select(Match)).one()
    never(desk, match)

    page = desk.post(f"/runs/{first.id}/again", follow_redirects=True).text

    assert opening_of(need).id == match.opening_id
    assert person.id != match.volunteer_id
    assert "Ada Demowska instead of Bolek Fikcyjny" in page


def test_running_again_without_a_change_says_so(desk):
    one_place()
    make_volunteer()
    run(desk)

    page = desk.post(
        f"/runs/{db.session.scalars(select(MatchRun)).one().id}/again", follow_redirects=True
    ).text

    assert "Nothing changed." in page
    assert "1 pair is the same." in page


def test_deciding_about_pairs_sends_nothing(desk):
    match = make_match()
    keep(desk, match)
    never(desk, match)
    run(desk)

    assert db.session.scalars(select(EmailMessage)).all() == []


def test_the_plan_offers_the_same_decisions(desk):
    one_place()
    make_volunteer(name="Ada Demowska")
    run(desk)
    made = db.session.scalars(select(MatchRun)).one()

    page = desk.get(f"/runs/{made.id}").text
    address = re.search(r'action="(/desk/openings/[^"]+)"', page).group(1)
    after = desk.post(address, follow_redirects=True).text

    assert "The pair stays in coming plans" in after
    assert "Let the next run decide" in after


def test_whom_somebody_keeps_apart_while_a_run_thinks_is_not_put_on_the_desk(desk, monkeypatch):
    match, solve = make_match(one_place()), matching.solved

    def slow(*args):
        found = solve(*args)
        with transaction():
            pair_service.keep_apart(
                COORDINATOR, match.session_id, match.volunteer_id, everywhere=True, reason="wish_person"
            )
        return found

    monkeypatch.setattr(matching, "solved", slow)

    assert run(desk) == set()


def test_two_kept_apart_are_not_approved_even_where_a_proposal_is_left(desk):
    match = make_match(one_place())
    never(desk, match)
    with transaction():
        match.state = MatchState.PROPOSED

    page = desk.post(
        f"/desk/matches/{match.id}/approve", data={"version": match.version}, follow_redirects=True
    ).text

    assert "It was decided that" in page
    assert db.session.scalars(select(Match.state)).all() == [MatchState.PROPOSED]
    assert db.session.scalars(select(EmailMessage)).all() == []
