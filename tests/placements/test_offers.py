"""The page of an offer: looking changes nothing, answers do, and every state explains itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.days import today
from tests.factories import make_need, make_skill, make_volunteer
from tests.placements.builders import COORDINATOR, apply, make_coordinator, make_match, volunteer_actor
from volunteer_match import clock
from volunteer_match.accounts import service as accounts
from volunteer_match.db import db, transaction
from volunteer_match.matching.queries import skill_names
from volunteer_match.notifications import outbox
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.placements import notices
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchEvent, MatchState


def link_to(match, lifetime=timedelta(days=7)):
    """The path of a mailed link about the match."""
    with transaction():
        return "/o/" + accounts.issue_token("offer", match.id, lifetime, notices.link_facts(match))


def state_of(match):
    db.session.expire_all()
    return db.session.get(Match, match.id).state


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(database, client, method):
    match = make_match(state=MatchState.OFFERED)
    link, version = link_to(match), match.version

    for _scanner in range(3):
        assert getattr(client, method)(link).status_code == 200

    db.session.expire_all()
    assert (db.session.get(Match, match.id).state, match.version) == (MatchState.OFFERED, version)


def test_a_yes_confirms(database, client):
    match = make_match(state=MatchState.OFFERED)
    link = link_to(match)

    answer = client.post(link, data={"answer": "accept"})

    assert answer.status_code == 302
    assert state_of(match) == MatchState.CONFIRMED


def test_an_answer_can_be_changed_and_changed_back(database, client):
    match = make_match(state=MatchState.OFFERED)
    link = link_to(match)
    states = []

    for answer in ("accept", "decline", "accept"):
        client.post(link, data={"answer": answer})
        states.append(state_of(match))

    assert states == ["confirmed", "declined", "confirmed"]


def test_the_same_answer_twice_is_no_mistake(database, client):
    match = make_match(state=MatchState.OFFERED)
    link = link_to(match)

    codes = [client.post(link, data={"answer": "accept"}).status_code for _press in range(2)]

    assert codes == [302, 302]


def test_a_word_to_the_organisers_is_kept(database, client):
    match = make_match(state=MatchState.OFFERED)

    client.post(link_to(match), data={"answer": "decline", "reason": "Wyjeżdżam"})

    db.session.expire_all()
    assert db.session.get(Match, match.id).reason == "Wyjeżdżam"


def test_an_answer_that_is_none_is_asked_for_again(database, client):
    match = make_match(state=MatchState.OFFERED)

    answer = client.post(link_to(match), data={"answer": "maybe", "reason": "hm"})

    assert answer.status_code == 422
    assert state_of(match) == MatchState.OFFERED


def test_a_yes_that_comes_too_late_hears_who_was_faster(database, client):
    need = make_need(minimum=1, preferred=1)
    match = make_match(need, state=MatchState.EXPIRED)
    make_match(need, state=MatchState.CONFIRMED)

    answer = client.post(link_to(match), data={"answer": "accept"}, headers={"Accept-Language": "en"})

    assert answer.status_code == 409
    assert "Somebody else was faster" in answer.get_data(as_text=True)
    assert state_of(match) == MatchState.EXPIRED


SENTENCES = [
    (MatchState.OFFERED, "Can you help?"),
    (MatchState.CONFIRMED, "See you there"),
    (MatchState.DECLINED, "Thank you for telling us"),
    (MatchState.EXPIRED, "The time to answer is over"),
    (MatchState.CANCELLED, "This is off"),
    (MatchState.HELD, "Something is missing first"),
]


@pytest.mark.parametrize(("state", "sentence"), SENTENCES)
def test_every_state_explains_itself(database, client, state, sentence):
    page = client.get(link_to(make_match(state=state)), headers={"Accept-Language": "en"})

    assert page.status_code == 200
    assert sentence in page.get_data(as_text=True)


def test_an_unanswered_offer_that_expired_can_still_be_taken_while_free(database, client):
    match = make_match(state=MatchState.EXPIRED)
    link = link_to(match)

    page = client.get(link, headers={"Accept-Language": "en"}).get_data(as_text=True)
    client.post(link, data={"answer": "accept"})

    assert "The place is still free" in page
    assert state_of(match) == MatchState.CONFIRMED


def test_an_unknown_link_is_answered_kindly(client, database):
    assert client.get("/o/" + "x" * 43).status_code == 410


def test_an_old_link_is_answered_kindly(database, client):
    link = link_to(make_match(state=MatchState.OFFERED), lifetime=timedelta(seconds=-1))

    assert client.get(link).status_code == 410


def _change(row, **fields):
    with transaction():
        for name, value in fields.items():
            setattr(row, name, value)


@pytest.mark.parametrize("fields", [{"disabled_at": clock.now()}, {"email": "nowy@poczta.example"}])
def test_a_link_mailed_to_an_account_that_changed_opens_nothing(database, client, fields):
    match = make_match()
    apply(COORDINATOR, match, MatchEvent.APPROVE)
    mail = db.session.scalars(select(EmailMessage).where(EmailMessage.kind == "offer_made")).one()
    link = f"/o/{outbox.unseal(mail.sealed)['token']}"
    _change(match.volunteer.user, **fields)

    codes = [client.get(link).status_code, client.post(link, data={"answer": "accept"}).status_code]

    assert codes == [410, 410]
    assert state_of(match) == MatchState.OFFERED


@pytest.mark.parametrize("state", [MatchState.PROPOSED, MatchState.REJECTED, MatchState.SUPERSEDED])
def test_a_link_to_an_offer_that_no_longer_stands_explains_itself(database, client, state):
    page = client.get(link_to(make_match(state=state)), headers={"Accept-Language": "en"})

    assert page.status_code == 410
    assert "no longer stands" in page.get_data(as_text=True)


def test_a_link_opens_nothing_but_its_own_offer(database, client):
    match, other = make_match(state=MatchState.OFFERED), make_match(state=MatchState.OFFERED)

    client.post(link_to(match), data={"answer": "accept"})

    assert state_of(other) == MatchState.OFFERED


def test_contacts_appear_only_after_the_confirmation(database, client):
    match = make_match(state=MatchState.OFFERED)
    link = link_to(match)

    before = client.get(link).get_data(as_text=True)
    client.post(link, data={"answer": "accept"})
    after = client.get(link).get_data(as_text=True)

    assert "100 200 300" not in before
    assert "100 200 300" in after


def test_a_signed_in_volunteer_answers_on_the_site(database, login):
    match = make_match(state=MatchState.OFFERED)
    browser = login(match.volunteer.user_id)

    assert browser.get(f"/offers/{match.id}").status_code == 200
    browser.post(f"/offers/{match.id}", data={"answer": "accept"})

    assert state_of(match) == MatchState.CONFIRMED


def test_somebody_elses_offer_does_not_exist(database, login):
    match = make_match(state=MatchState.OFFERED)
    browser = login(make_volunteer().user_id)

    codes = [browser.get(f"/offers/{match.id}").status_code]
    codes.append(browser.post(f"/offers/{match.id}", data={"answer": "accept"}).status_code)

    assert codes == [404, 404]
    assert state_of(match) == MatchState.OFFERED


def test_a_proposal_is_not_shown_to_the_volunteer(database, login):
    match = make_match(state=MatchState.PROPOSED)

    assert login(match.volunteer.user_id).get(f"/offers/{match.id}").status_code == 404


@pytest.mark.parametrize(("answer", "state"), [("accept", "confirmed"), ("decline", "declined")])
def test_an_answer_by_phone_is_recorded_as_such(database, login, answer, state):
    match = make_match(state=MatchState.OFFERED)
    coordinator = make_coordinator()

    login(coordinator).post(f"/desk/matches/{match.id}/phone", data={"answer": answer})

    db.session.expire_all()
    found = db.session.get(Match, match.id)
    assert (found.state, found.answer_channel) == (state, "phone")


def test_the_own_page_shows_the_next_session_and_open_offers(database, login):
    volunteer = make_volunteer()
    make_match(make_need(title="Teatrzyk lalek"), volunteer, state=MatchState.CONFIRMED)
    day = today() + timedelta(days=9)
    make_match(make_need(title="Klub szachowy", day=day), volunteer, state=MatchState.OFFERED)

    page = login(volunteer.user_id).get("/me").get_data(as_text=True)

    assert "Teatrzyk lalek" in page
    assert "Klub szachowy" in page


def test_an_institution_sees_first_names_before_and_contacts_after(database, login):
    volunteer = make_volunteer(name="Ada Demowska", email="ada@poczta.example")
    match = make_match(volunteer=volunteer, state=MatchState.OFFERED)
    need = match.session.need
    browser = login(need.posted_by.members[0].user_id)

    before = browser.get(f"/needs/{need.id}/manage").get_data(as_text=True)
    apply(volunteer_actor(match), match, MatchEvent.ACCEPT)
    after = browser.get(f"/needs/{need.id}/manage").get_data(as_text=True)

    assert "Ada" in before
    assert "Demowska" not in before
    assert "ada@poczta.example" not in before
    assert "Ada Demowska" in after
    assert "ada@poczta.example" in after


def test_why_you_calls_skills_by_their_names(database, client):
    make_skill("szycie")
    match = make_match(
        state=MatchState.OFFERED,
        reasons=[{"code": "wanted_skills", "points": 9, "skills": "szycie"}],
    )

    page = client.get(link_to(match)).get_data(as_text=True)

    assert f"umiejętności: {skill_names('pl')['szycie']}" in page
