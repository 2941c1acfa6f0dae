"""Who hears what, and that every mail can be written in both languages."""

from datetime import time, timedelta
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar
from sqlalchemy import select

from tests.days import today
from tests.factories import make_need, make_partner, make_volunteer
from tests.placements.builders import COORDINATOR, apply, make_coordinator, make_match, volunteer_actor
from volunteer_match import clock
from volunteer_match.actor import SYSTEM
from volunteer_match.db import db, transaction
from volunteer_match.i18n import from_local
from volunteer_match.notifications import outbox
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.render import Outgoing, render
from volunteer_match.partners import service as partners_service
from volunteer_match.partners.rules import PartnerEvent
from volunteer_match.placements import reconcile_service, risk_service
from volunteer_match.placements.rules import SELF_APPLIED, MatchEvent, MatchState


def told():
    """Return kind and recipient of every message in the outbox."""
    rows = db.session.scalars(select(EmailMessage).order_by(EmailMessage.kind)).all()
    return [(row.kind, row.user_id) for row in rows]


def letters(locale):
    """Render everything in the outbox in a language."""
    for row in db.session.scalars(select(EmailMessage)):
        address = row.recipient_email or "nikt@poczta.example"
        mail = Outgoing(
            row.id, row.kind, row.recipient_name, address, locale, row.facts, outbox.unseal(row.sealed)
        )
        yield message_from_bytes(render(mail).data, policy=policy.default)


EVENTS = [
    (MatchState.PROPOSED, MatchEvent.APPROVE, ["offer_made"], []),
    (MatchState.OFFERED, MatchEvent.ACCEPT, ["placement_confirmed"], ["helper_confirmed"]),
    (MatchState.OFFERED, MatchEvent.DECLINE, ["placement_released"], []),
    (MatchState.CONFIRMED, MatchEvent.DECLINE, ["placement_released"], ["helper_lost"]),
    (MatchState.OFFERED, MatchEvent.EXPIRE, ["placement_released"], []),
    (MatchState.OFFERED, MatchEvent.CANCEL, ["placement_cancelled"], []),
    (MatchState.CONFIRMED, MatchEvent.CANCEL, ["placement_cancelled"], ["helper_lost"]),
    (MatchState.CONFIRMED, MatchEvent.HOLD, ["placement_held"], ["helper_lost"]),
    (MatchState.HELD, MatchEvent.RELEASE, ["placement_confirmed"], ["helper_confirmed"]),
    (MatchState.HELD, MatchEvent.CANCEL, ["placement_cancelled"], ["helper_lost"]),
    (MatchState.PROPOSED, MatchEvent.REJECT, [], []),
]


@pytest.mark.parametrize(("state", "event", "to_volunteer", "to_partner"), EVENTS)
def test_everyone_concerned_hears_of_it(database, state, event, to_volunteer, to_partner):
    match = make_match(state=state)
    actor = SYSTEM if event == MatchEvent.EXPIRE else COORDINATOR

    apply(actor, match, event, reason="clearance_missing")

    volunteer, partner = match.volunteer.user_id, match.session.need.posted_by.members[0].user_id
    assert sorted(told()) == sorted(
        [(k, volunteer) for k in to_volunteer] + [(k, partner) for k in to_partner]
    )


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_every_mail_can_be_written(database, locale):
    make_coordinator()
    for state, event, _volunteer, _partner in EVENTS:
        reason = "clearance_missing" if event == MatchEvent.HOLD else "Plany się zmieniły <b>"
        apply(
            SYSTEM if event == MatchEvent.EXPIRE else COORDINATOR,
            make_match(state=state),
            event,
            reason=reason,
        )
    soon = make_need(day=today() + timedelta(days=2), title="Zagrożone")
    with transaction():
        risk_service.warn(clock.now())
        risk_service.tell_what_waits(from_local(today(), time(9)))

    kinds = {row.kind for row in db.session.scalars(select(EmailMessage))}
    written = list(letters(locale))

    assert len(kinds) == 9
    assert soon.sessions[0].at_risk_since is not None
    assert all(letter["Subject"] for letter in written)


def test_an_institution_learns_the_contact_only_with_the_confirmation(database):
    volunteer = make_volunteer(name="Ada Demowska", email="ada@poczta.example")
    match = make_match(volunteer=volunteer, state=MatchState.OFFERED)

    apply(volunteer_actor(match), match, MatchEvent.ACCEPT)
    confirmed = _facts("helper_confirmed")
    apply(volunteer_actor(match), match, MatchEvent.DECLINE)
    lost = _facts("helper_lost")

    assert confirmed["volunteer_email"] == "ada@poczta.example"
    assert lost["volunteer"] == "Ada"
    assert "ada@poczta.example" not in str(lost)


def asked_for(**fields):
    return make_match(reasons=[{"code": SELF_APPLIED, "points": 0}], **fields)


@pytest.mark.parametrize("locale", ["pl", "en"])
@pytest.mark.parametrize("event", [MatchEvent.REJECT, MatchEvent.SUPERSEDE])
def test_somebody_who_asked_to_help_hears_that_it_does_not_work_out(database, event, locale):
    match = asked_for(volunteer=make_volunteer(name="Ada Demowska"))

    apply(COORDINATOR, match, event, reason="Nie radzi sobie")

    assert told() == [("not_this_time", match.volunteer.user_id)]
    text = next(letters(locale)).get_body(["plain"]).get_content()
    assert match.session.need.title in text
    assert "Nie radzi sobie" not in text


def test_an_institution_is_told_the_truth_about_a_hold(database):
    match = make_match(state=MatchState.CONFIRMED)

    apply(SYSTEM, match, MatchEvent.HOLD, reason="clearance_missing")

    text = partner_text("helper_lost")
    assert "It is not certain that" in text
    assert "looking for somebody else" not in text


def partner_text(kind):
    row = db.session.scalars(select(EmailMessage).where(EmailMessage.kind == kind)).one()
    mail = Outgoing(row.id, kind, row.recipient_name, row.recipient_email or "", "en", row.facts, {})
    return message_from_bytes(render(mail).data, policy=policy.default).get_body(["plain"]).get_content()


def suspend(partner):
    with transaction():
        partners_service.apply(COORDINATOR, partner.id, PartnerEvent.SUSPEND, reason="Kontrola")


def reconcile():
    with transaction():
        reconcile_service.reconcile(clock.now())


def told_of(kind):
    return [user for found, user in told() if found == kind]


@pytest.mark.parametrize("placed", [True, False])
def test_a_poster_hears_once_that_a_suspended_organiser_stops_everything(database, placed):
    organiser = make_partner()
    need = make_need(organiser_id=organiser.id)
    if placed:
        make_match(need, state=MatchState.CONFIRMED)
    suspend(organiser)

    reconcile()
    reconcile()

    assert told_of("need_halted") == [need.posted_by.members[0].user_id]
    assert told_of("helper_lost") == []


def test_an_organiser_hears_that_the_one_that_posted_was_suspended(database):
    organiser = make_partner()
    need = make_need(organiser_id=organiser.id)
    suspend(need.posted_by)

    reconcile()

    assert told_of("need_halted") == [organiser.members[0].user_id]


def test_a_second_suspension_is_news_again(database):
    organiser = make_partner()
    make_need(organiser_id=organiser.id)
    suspend(organiser)
    reconcile()
    with transaction():
        partners_service.apply(COORDINATOR, organiser.id, PartnerEvent.REINSTATE)
    suspend(organiser)

    reconcile()

    assert len(told_of("need_halted")) == 2


def test_a_cause_is_said_to_the_volunteer_in_words(database):
    match = make_match(state=MatchState.CONFIRMED)

    apply(SYSTEM, match, MatchEvent.CANCEL, reason="papers_not_in_time")

    assert (
        "The missing papers did not arrive in time." in next(letters("en")).get_body(["plain"]).get_content()
    )


def test_older_news_that_still_waits_is_not_sent_after_newer(database):
    match = make_match()

    apply(COORDINATOR, match, MatchEvent.APPROVE)
    apply(COORDINATOR, match, MatchEvent.CANCEL, reason="mistake")

    rows = db.session.scalars(select(EmailMessage)).all()
    assert {row.kind: row.state for row in rows} == {"offer_made": "expired", "placement_cancelled": "queued"}


def test_the_morning_mail_names_what_waits_when_nothing_is_to_decide(database):
    make_coordinator()
    make_need(day=today() + timedelta(days=2), title="Zagrożone")
    with transaction():
        risk_service.warn(clock.now())
        risk_service.tell_what_waits(from_local(today(), time(9)))

    subjects = {str(letter["Subject"]) for letter in letters("en")}

    assert "1 session in danger" in subjects


def _facts(kind):
    return db.session.scalars(select(EmailMessage).where(EmailMessage.kind == kind)).one().facts


def test_the_confirmation_brings_a_calendar_entry_in_utc(database):
    match = make_match(state=MatchState.OFFERED)

    apply(volunteer_actor(match), match, MatchEvent.ACCEPT)

    calendar = Calendar.from_ical(_facts("placement_confirmed")["calendar"])
    event = calendar.walk("VEVENT")[0]
    assert calendar["METHOD"] == "PUBLISH"
    assert event["UID"] == match.id
    assert event.decoded("DTSTART") == match.session.starts_at


def test_first_names_of_the_others_are_told(database):
    need = make_need(minimum=1, preferred=3)
    make_match(need, make_volunteer(name="Bolek Fikcyjny"), state=MatchState.CONFIRMED)
    match = make_match(need)

    apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert _facts("offer_made")["companions"] == ["Bolek"]


def test_who_has_no_address_is_on_the_phone_list(database, login):
    match = make_match(volunteer=make_volunteer(name="Bolek Fikcyjny", email=None))

    apply(COORDINATOR, match, MatchEvent.APPROVE)
    page = login(make_coordinator()).get("/week/phone").get_data(as_text=True)

    assert db.session.scalars(select(EmailMessage.state)).all() == ["suppressed"]
    assert "Bolek Fikcyjny" in page


def test_a_second_offer_to_the_same_person_is_a_mail_of_its_own(database):
    match = make_match()

    apply(COORDINATOR, match, MatchEvent.APPROVE)
    apply(COORDINATOR, match, MatchEvent.CANCEL, reason="mistake")
    apply(COORDINATOR, match, MatchEvent.PROPOSE)
    apply(COORDINATOR, match, MatchEvent.APPROVE)

    assert [kind for kind, _user in told()].count("offer_made") == 2


def test_an_organiser_beside_the_institution_hears_of_it_too(database):
    organiser = make_partner()
    match = make_match(make_need(organiser_id=organiser.id), state=MatchState.OFFERED)

    apply(volunteer_actor(match), match, MatchEvent.ACCEPT)

    assert ("helper_confirmed", organiser.members[0].user_id) in told()


def offered(**reasons):
    """The offer mail in both languages, as text, for a match with these reasons."""
    need = make_need(required_skills=["guitar"], wanted_skills=["singing", "chess"])
    parts = [{"code": code, "points": 5, **facts} for code, facts in reasons.items()]
    apply(COORDINATOR, make_match(need, reasons=parts), MatchEvent.APPROVE)
    return [
        " ".join(letter.get_body(preferencelist=(kind,)).get_content().split())
        for kind in ("plain", "html")
        for locale in ("pl", "en")
        for letter in letters(locale)
    ]


def test_an_offer_says_why_this_person_in_both_languages_and_forms(database):
    texts = offered(wanted_skills={"skills": "singing"}, continuity={"times": 2}, distance={"km": 1.2})

    polish = "Dlaczego właśnie to pytanie: w profilu jest to, co tu potrzebne: guitar (pl), singing (pl), "
    assert all("pomoc była tu już 2 razy, to niedaleko." in text for text in texts[::2])
    assert all(polish in text for text in texts[::2])
    assert all("you have helped here 2 times, it is near you." in text for text in texts[1::2])
    assert not any("chess" in text for text in texts)


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        ("interest", {}, "w profilu jest chęć pomocy właśnie tutaj"),
        (SELF_APPLIED, {}, "mamy zgłoszenie do tego spotkania"),
        ("newcomer_first", {}, "to dobre miejsce na początek"),
    ],
)
def test_each_reason_to_ask_has_words(database, code, facts, words):
    assert words in offered(**{code: facts})[0]


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("distance", {"km": 18.0}),
        ("distance", {"km": None}),
        ("waiting", {"days": 60}),
        ("load", {"carried": 3}),
    ],
)
def test_what_is_not_pleasant_to_read_stays_on_the_desk(database, code, facts):
    assert "co tu potrzebne: guitar (pl)." in offered(**{code: facts})[0]


def test_an_offer_with_nothing_to_say_about_it_says_nothing(database):
    apply(COORDINATOR, make_match(make_need()), MatchEvent.APPROVE)

    assert not any("Dlaczego" in letter.get_body(("plain",)).get_content() for letter in letters("pl"))
