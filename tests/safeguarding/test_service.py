"""Papers, agreements and consents: what is recorded, what follows, who may."""

from datetime import timedelta

import pytest

from tests.database import count_queries
from tests.days import today
from tests.factories import actor_of, make_papers, make_partner, make_user, make_volunteer
from tests.people.forms import mails
from volunteer_match.actor import Role
from volunteer_match.db import db, transaction
from volunteer_match.errors import NotFoundError, RuleBrokenError
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people import queries as people
from volunteer_match.people.rules import VolunteerState
from volunteer_match.safeguarding import overview, queries, service
from volunteer_match.safeguarding.rules import ClearanceKind

S = VolunteerState


@pytest.fixture
def coordinator(database):
    """A coordinator."""
    return actor_of(make_user(Role.COORDINATOR, password_hash="x"))


@pytest.fixture
def officer(database):
    """A safeguarding officer."""
    return actor_of(make_user(Role.OFFICER, password_hash="x"))


def _born(years: int):
    return today().replace(year=today().year - years, day=1)


def _paper(organiser, kind="krk", outcome="met", **changes):
    return {
        "organiser_id": organiser.id, "kind": kind, "outcome": outcome, "document_date": today(),
        "seen_on": today(), "valid_until": None, "dossier_ref": "", **changes,
    }  # fmt: skip


def _agreement(organiser, days=300, **changes):
    return {
        "organiser_id": organiser.id, "signed_on": today(), "valid_from": today(), "written": True,
        "valid_until": today() + timedelta(days=days - 1), "insurance_ref": "", "dossier_ref": "", **changes,
    }  # fmt: skip


def _state(volunteer) -> str:
    db.session.expire_all()
    return people.volunteer(volunteer.id).state


def test_admitting_asks_for_the_papers_the_person_needs(coordinator):
    organiser = make_partner()
    volunteer = make_volunteer(state=S.SCREENING, foreign_citizen=True)
    with transaction():
        service.admit(coordinator, volunteer.id, organiser.id)

    assert {p.kind for p in queries.papers_of(volunteer.id)} == {"rspts", "krk", "foreign_record"}
    assert _state(volunteer) == S.AWAITING_CLEARANCE


def test_the_oldest_verified_organiser_is_meant_when_none_is_named(coordinator):
    first = make_partner()
    make_partner(organiser=False)
    make_partner(state=PartnerState.SUSPENDED)
    volunteer = make_volunteer(state=S.SUBMITTED)
    with transaction():
        service.admit(coordinator, volunteer.id, None)

    assert {p.organiser_id for p in queries.papers_of(volunteer.id)} == {first.id}


def test_without_an_organiser_nobody_is_admitted_to_children(coordinator):
    volunteer = make_volunteer(state=S.SUBMITTED)

    with pytest.raises(RuleBrokenError, match="no_organiser"), transaction():
        service.admit(coordinator, volunteer.id, None)


def test_who_only_helps_from_home_needs_no_papers(coordinator):
    volunteer = make_volunteer(state=S.SUBMITTED, remote_only=True)
    with transaction():
        service.admit(coordinator, volunteer.id, None)

    assert _state(volunteer) == S.AWAITING_AGREEMENT
    assert queries.papers_of(volunteer.id) == []


def test_minors_wait_for_their_guardian_first(coordinator):
    organiser = make_partner()
    volunteer = make_volunteer(state=S.SUBMITTED, birth_date=_born(15))
    with transaction():
        service.admit(coordinator, volunteer.id, organiser.id)
    waiting = _state(volunteer)
    with transaction():
        service.record_consent(coordinator, volunteer.id, {"signed_on": today(), "dossier_ref": ""})

    assert (waiting, _state(volunteer)) == (S.AWAITING_GUARDIAN, S.AWAITING_CLEARANCE)
    assert len(mails("guardian_consent_needed")) == 1


def test_a_consent_taken_back_takes_the_volunteer_out(coordinator):
    volunteer = make_volunteer(birth_date=_born(15), cleared_for=make_partner())
    with transaction():
        consent = service.record_consent(coordinator, volunteer.id, {"signed_on": today(), "dossier_ref": ""})
    with transaction():
        service.withdraw_consent(coordinator, consent.id)

    assert _state(volunteer) == S.AWAITING_GUARDIAN


def test_nobody_is_admitted_without_a_date_of_birth(coordinator):
    volunteer = make_volunteer(state=S.SUBMITTED, birth_date=None)

    with pytest.raises(RuleBrokenError, match="birth_date_missing"), transaction():
        service.admit(coordinator, volunteer.id, None)


def test_papers_there_already_are_enough_at_admission(coordinator):
    volunteer = make_volunteer(state=S.SUBMITTED, cleared_for=make_partner())
    with transaction():
        service.admit(coordinator, volunteer.id, None)

    assert _state(volunteer) == S.ACTIVE


def test_papers_of_one_organiser_do_not_count_for_another(coordinator):
    first, second = make_partner(), make_partner()
    volunteer = make_volunteer(cleared_for=first)

    cleared = queries.cleared_until_by_organiser([volunteer.id], today())

    assert set(cleared[volunteer.id]) == {first.id}
    assert second.id not in cleared[volunteer.id]


def test_a_paper_counts_a_year_from_the_day_it_was_seen(coordinator):
    organiser, volunteer = make_partner(), make_volunteer()
    with transaction():
        paper = service.record_paper(coordinator, volunteer.id, _paper(organiser))

    assert paper.valid_until == today() + timedelta(days=365)
    assert paper.seen_by_id == coordinator.user_id


def test_recording_fills_the_paper_that_was_asked_for(coordinator):
    organiser, volunteer = make_partner(), make_volunteer(state=S.SUBMITTED)
    with transaction():
        service.admit(coordinator, volunteer.id, organiser.id)
        service.record_paper(coordinator, volunteer.id, _paper(organiser))

    assert len([p for p in queries.papers_of(volunteer.id) if p.kind == "krk"]) == 1


def test_a_renewal_is_kept_beside_the_old_paper(coordinator):
    organiser = make_partner()
    volunteer = make_volunteer(cleared_for=organiser)
    with transaction():
        service.record_paper(coordinator, volunteer.id, _paper(organiser))

    assert len([p for p in queries.papers_of(volunteer.id) if p.kind == "krk"]) == 2


def test_a_condition_not_met_ends_clearance_without_a_mail(officer):
    organiser = make_partner()
    volunteer = make_volunteer(cleared_for=organiser)
    with transaction():
        service.record_paper(officer, volunteer.id, _paper(organiser, outcome="not_met"))

    assert _state(volunteer) == S.AWAITING_CLEARANCE
    assert queries.cleared_until_by_organiser([volunteer.id], today()) == {}
    assert mails("papers_needed") == []


def test_an_exemption_counts_and_keeps_its_reason(coordinator, officer):
    organiser = make_partner()
    volunteer = make_volunteer(state=S.SUBMITTED)
    given = {"organiser_id": organiser.id, "reason": "Art. 21 ust. 10", "valid_until": None}
    with transaction():
        service.admit(coordinator, volunteer.id, organiser.id)
        service.exempt(officer, volunteer.id, {**given, "kind": "krk"})
        service.exempt(officer, volunteer.id, {**given, "kind": "rspts"})

    assert _state(volunteer) == S.AWAITING_AGREEMENT
    assert {p.reason for p in queries.papers_of(volunteer.id)} == {"Art. 21 ust. 10"}


def test_a_revoked_paper_wakes_the_reconciliation(app, coordinator):
    woken = []
    app.extensions["tasks"]["reconcile"] = lambda: woken.append(1)
    volunteer = make_volunteer()
    paper = make_papers(volunteer, make_partner())[0]
    try:
        with transaction():
            service.revoke(coordinator, paper.id, "Pomyłka")
    finally:
        del app.extensions["tasks"]["reconcile"]

    assert woken == [1]


def test_a_paper_is_revoked_once(coordinator):
    paper = make_papers(make_volunteer(), make_partner())[0]
    with transaction():
        service.revoke(coordinator, paper.id, "Pomyłka")

    with pytest.raises(RuleBrokenError), transaction():
        service.revoke(coordinator, paper.id, "Pomyłka")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"valid_until": None, "valid_from": None}, None),
        ({"signed_on": "tomorrow"}, "signed_in_future"),
    ],
)
def test_an_agreement_with_wrong_dates_is_refused(coordinator, changes, rule):
    organiser, volunteer = make_partner(), make_volunteer()
    wrong = _agreement(organiser)
    if rule is None:
        wrong |= {"valid_until": today() - timedelta(days=1)}
    else:
        wrong |= {"signed_on": today() + timedelta(days=1)}

    with pytest.raises(RuleBrokenError, match=rule or "ends_before_start"), transaction():
        service.record_agreement(coordinator, volunteer.id, wrong)


def test_agreements_the_law_misses_something_in_cover_nothing(coordinator):
    organiser, volunteer = make_partner(), make_volunteer()
    with transaction():
        service.record_agreement(coordinator, volunteer.id, _agreement(organiser, days=21))

    assert queries.agreed_spans([volunteer.id]) == {}


def test_an_agreement_ended_early_covers_until_then(coordinator):
    organiser = make_partner()
    volunteer = make_volunteer(cleared_for=organiser)
    (agreement,) = queries.agreements_of(volunteer.id)
    last = today() + timedelta(days=5)
    with transaction():
        service.end_agreement(coordinator, agreement.id, last)

    assert queries.agreed_spans([volunteer.id]) == {volunteer.id: ((today(), last),)}


def test_time_moves_people_whose_papers_ran_out(coordinator):
    organiser = make_partner()
    kept = make_volunteer(cleared_for=organiser)
    lapsed = make_volunteer()
    make_papers(lapsed, organiser, until=today() + timedelta(days=3))
    with transaction():
        moved = service.reassess_due(today() + timedelta(days=4))

    assert moved == 1
    assert (_state(kept), _state(lapsed)) == (S.ACTIVE, S.AWAITING_CLEARANCE)
    with transaction():
        assert service.reassess_due(today() + timedelta(days=4)) == 0


def test_coming_of_age_ends_the_wait_for_a_guardian(coordinator):
    birth = today().replace(year=today().year - 18, day=min(today().day, 28))
    volunteer = make_volunteer(birth_date=birth, state=S.AWAITING_GUARDIAN, cleared_for=make_partner())
    with transaction():
        service.reassess_due(today())

    assert _state(volunteer) == S.ACTIVE


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.PARTNER, Role.ADMINISTRATOR])
def test_others_keep_no_papers(database, role):
    organiser, volunteer = make_partner(), make_volunteer()
    actor = actor_of(make_user(role, password_hash="x"))

    for act in (
        lambda: service.open_papers(actor, volunteer.id),
        lambda: service.record_paper(actor, volunteer.id, _paper(organiser)),
        lambda: service.record_agreement(actor, volunteer.id, _agreement(organiser)),
        lambda: service.admit(actor, volunteer.id, organiser.id),
    ):
        with pytest.raises(NotFoundError), transaction():
            act()


def test_what_matching_reads_takes_four_queries_whatever_the_number(coordinator):
    organiser = make_partner()
    ids = [make_volunteer(cleared_for=organiser).id for _ in range(8)]

    with count_queries(at_most=4):
        cleared = queries.cleared_until_by_organiser(ids, today())
        agreed = queries.agreed_spans(ids)
    assert set(cleared) == set(agreed) == set(ids)


def test_the_list_of_papers_sorts_by_what_is_pressing(coordinator):
    organiser = make_partner()
    soon = make_volunteer(name="Kończy Się")
    make_papers(soon, organiser, until=today() + timedelta(days=20))
    waiting = make_volunteer(name="Ktoś Dostarczył", state=S.SUBMITTED)
    with transaction():
        service.admit(coordinator, waiting.id, organiser.id)
        service.record_paper(coordinator, waiting.id, _paper(organiser, outcome="received"))
    entries = overview.worklist(today())

    assert (entries[0].name, entries[0].what, entries[0].kind) == (
        "Ktoś Dostarczył", "received", ClearanceKind.KRK,
    )  # fmt: skip
    assert {(e.name, e.what) for e in entries if e.what == "expiring"} == {("Kończy Się", "expiring")}
    assert [e.what for e in entries] == sorted((e.what for e in entries), key=overview._ORDER.index)


def test_the_list_of_papers_takes_the_same_queries_whatever_the_number(coordinator):
    organiser = make_partner()
    for _ in range(10):
        make_papers(make_volunteer(), organiser, until=today() + timedelta(days=20))

    with count_queries(at_most=6):
        assert len(overview.worklist(today())) == 20
