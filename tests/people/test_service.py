"""The one place that moves an application: every pair of state and event, who, and what follows."""

import pytest

from tests.factories import actor_of, make_user, make_volunteer
from tests.people.forms import mails
from volunteer_match.actor import SYSTEM, Actor, Channel, Role
from volunteer_match.audit import queries as audit
from volunteer_match.db import db, transaction
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.people import messages, service
from volunteer_match.people.rules import TRANSITIONS, VolunteerEvent, VolunteerState

LEGAL = [
    (state, event, target)
    for state, row in TRANSITIONS.items()
    for event, targets in row.items()
    for target in targets
]
ILLEGAL = [(s, e) for s in VolunteerState for e in VolunteerEvent if e not in TRANSITIONS[s]]


@pytest.fixture
def coordinator(database):
    """A coordinator."""
    return actor_of(make_user(Role.COORDINATOR, password_hash="x"))


@pytest.mark.parametrize(("state", "event", "target"), LEGAL)
def test_a_legal_step_is_taken_recorded_and_told(database, coordinator, state, event, target):
    volunteer = make_volunteer(state=state)
    with transaction():
        service.apply(coordinator, db.session.merge(volunteer), event, target=target, reason="Powód.")

    assert service.queries.volunteer(volunteer.id).state == target
    recorded = audit.history("volunteer", volunteer.id)[0]
    assert recorded.verb == f"volunteer_{event}"
    assert recorded.facts == {"before": state, "after": target}
    told = target in messages.ARRIVALS and target != state and event is not VolunteerEvent.RESUME
    assert len(mails(messages.ARRIVALS.get(target, "none"))) == told


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_an_illegal_step_is_refused_and_changes_nothing(database, coordinator, state, event):
    volunteer = make_volunteer(state=state)

    with pytest.raises(RuleBrokenError, match="not_possible_now"), transaction():
        service.apply(coordinator, db.session.merge(volunteer), event, reason="Powód.")
    db.session.expire_all()
    assert service.queries.volunteer(volunteer.id).state == state
    assert audit.history("volunteer", volunteer.id) == []


def test_admission_must_say_where_to(database, coordinator):
    volunteer = make_volunteer(state=VolunteerState.SUBMITTED)

    with pytest.raises(RuleBrokenError), transaction():
        service.apply(coordinator, db.session.merge(volunteer), VolunteerEvent.ADMIT)


def test_an_old_version_is_refused(database, coordinator):
    volunteer = make_volunteer(state=VolunteerState.SUBMITTED)

    with pytest.raises(ConflictError), transaction():
        service.apply(coordinator, db.session.merge(volunteer), VolunteerEvent.SCREEN, version=7)


def test_volunteers_do_not_decide_about_themselves(database):
    volunteer = make_volunteer(state=VolunteerState.SUBMITTED)

    with pytest.raises(ForbiddenError), transaction():
        service.apply(actor_of(volunteer.user), db.session.merge(volunteer), VolunteerEvent.SCREEN)


def test_nor_about_others_whose_page_does_not_exist_for_them(database):
    volunteer, other = make_volunteer(), make_volunteer()

    with pytest.raises(NotFoundError), transaction():
        service.move(actor_of(other.user), volunteer.id, VolunteerEvent.END, "Bo tak.")


def test_a_coordinator_who_volunteers_decides_about_others_not_by_the_role_of_a_volunteer(database):
    partner = make_user(Role.PARTNER, Role.VOLUNTEER)
    volunteer = make_volunteer()

    with pytest.raises(NotFoundError), transaction():
        service.move(actor_of(partner), volunteer.id, VolunteerEvent.END, "Bo tak.")


def test_the_system_may_reassess(database):
    volunteer = make_volunteer()
    with transaction():
        target = VolunteerState.AWAITING_CLEARANCE
        service.apply(SYSTEM, db.session.merge(volunteer), VolunteerEvent.REASSESS, target=target,
                      facts={"papers": ["krk"]})  # fmt: skip

    assert mails("papers_needed")[0].facts["papers"] == ["krk"]


def test_who_acts_for_somebody_is_recorded_with_the_channel(database, coordinator):
    volunteer = make_volunteer(state=VolunteerState.SUBMITTED)
    with transaction():
        service.move(coordinator.by(Channel.PHONE), volunteer.id, VolunteerEvent.WITHDRAW)

    event = audit.history("volunteer", volunteer.id)[0]
    assert (event.actor_id, event.on_behalf_of, event.channel) == (
        coordinator.user_id, volunteer.user_id, "phone",
    )  # fmt: skip


def test_people_without_an_address_are_put_on_the_phone_list(database, coordinator):
    volunteer = make_volunteer(email=None, state=VolunteerState.SCREENING)
    with transaction():
        service.move(coordinator, volunteer.id, VolunteerEvent.REJECT, "Komplet osób.")

    assert [m.state for m in mails("application_decided")] == ["suppressed"]


def test_a_break_can_only_be_taken_by_the_active(database, coordinator):
    volunteer = make_volunteer(state=VolunteerState.SUBMITTED)

    with pytest.raises(RuleBrokenError), transaction():
        service.pause(coordinator, volunteer.id, today(), None)


def test_a_closed_application_is_not_edited(database, coordinator):
    volunteer = make_volunteer(state=VolunteerState.ENDED)

    with pytest.raises(RuleBrokenError, match="application_closed"):
        service.editable(coordinator, volunteer.id)


def test_leaving_wakes_the_reconciliation(app, database, coordinator):
    woken = []
    app.extensions["tasks"]["reconcile"] = lambda: woken.append(1)
    volunteer = make_volunteer()
    try:
        with transaction():
            service.move(coordinator, volunteer.id, VolunteerEvent.END, "Wyjazd.")
    finally:
        del app.extensions["tasks"]["reconcile"]

    assert woken == [1]


def test_nobody_reads_somebody_elses_volunteer(database):
    volunteer = make_volunteer()

    with pytest.raises(NotFoundError):
        service.visible(Actor("nobody", frozenset({Role.PARTNER})), volunteer.id)
