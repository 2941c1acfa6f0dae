"""Processes killed without warning: no mail is lost, none arrives three times, no approval is half done."""

import random
import time
from collections import Counter
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.crash.nursery import Nursery, is_alive, kill
from tests.factories import make_need, make_volunteer, save
from tests.notifications.postmaster import running_postmaster
from volunteer_match import clock
from volunteer_match.audit.models import AuditEvent
from volunteer_match.db import db, new_id, transaction
from volunteer_match.needs.models import NeedSession, Opening
from volunteer_match.notifications import outbox
from volunteer_match.notifications.message import KINDS, Kind, Message, Recipient
from volunteer_match.notifications.models import EmailMessage
from volunteer_match.notifications.rules import MailState
from volunteer_match.placements.models import Match
from volunteer_match.placements.rules import MatchState

MAILS = 40
APPROVALS = 200
STEPS = 9
A_MOMENT = 0.05
GLANCE = 0.05
PATIENCE = 400
ERRORS = ("451 4.3.0 try later", "452 4.2.2 full", "421 4.3.2 closing")
OPEN = (MailState.QUEUED, MailState.CLAIMED, MailState.SENDING)


@pytest.fixture(scope="module")
def _postmaster():
    with running_postmaster() as master:
        yield master


@pytest.fixture
def postmaster(_postmaster):
    """A mail server that answers every tenth mail with an error."""
    chance = random.Random(20261122)  # noqa: S311 - the same errors every time
    _postmaster.trouble = lambda: chance.choice(ERRORS) if chance.random() < 0.1 else None
    _postmaster.taken.clear()
    _postmaster.recipients.clear()
    return _postmaster


@pytest.fixture(scope="module")
def _nurseries():
    made = {}
    yield made
    for nursery in made.values():
        nursery.close()


@pytest.fixture
def nursery(_nurseries, app, engine_name, database, postmaster, monkeypatch):
    """A parent of workers that send through that server, on the database of the test."""
    monkeypatch.setitem(KINDS, "test_notice", Kind("test_notice"))
    if engine_name not in _nurseries:
        settings = {**asdict(app.config["SETTINGS"]), "smtp_url": postmaster.url}
        _nurseries[engine_name] = Nursery(settings)
    made = _nurseries[engine_name]
    yield made
    made.end_children()


def put(count):
    """Put that many mails into the outbox."""
    with transaction():
        for number in range(count):
            recipient = Recipient(None, f"Osoba {number}", f"osoba{number}@poczta.example")
            outbox.put(Message("test_notice", recipient, str(number), {"title": f"Spotkanie {number}"}))


def open_mails():
    """Return how many mails somebody still has to send."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(EmailMessage.state.in_(OPEN)))


def states():
    """Return how many mails are in which state."""
    db.session.rollback()
    return Counter(db.session.scalars(select(EmailMessage.state)))


def copies(postmaster):
    """Return how often each mail of the outbox arrived, those that never arrived too."""
    db.session.rollback()
    arrived = postmaster.copies()
    ids = db.session.scalars(select(EmailMessage.id))
    return [arrived[f"<{mail_id}@gromada.example>"] for mail_id in ids]


def kill_at_random(is_done, start, progress):
    """Kill one process after the other, each a moment after it got a few steps further, until all is done."""
    chance = random.Random(1)  # noqa: S311 - where in a step it hits differs from run to run anyway
    deaths, deadline = 0, time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < deadline, "it was never done"
        child, wanted = start(), progress() + chance.randint(0, STEPS)
        while is_alive(child) and progress() < wanted and not is_done():
            time.sleep(GLANCE)
        time.sleep(chance.uniform(0, A_MOMENT))
        kill(child)
        deaths += 1
    return deaths


def test_no_mail_is_lost_when_workers_die_at_random(nursery, postmaster):
    put(MAILS)

    deaths = kill_at_random(
        lambda: open_mails() == 0, lambda: nursery.start("mail"), lambda: len(postmaster.taken)
    )

    assert set(states()) <= {MailState.SENT, MailState.UNCERTAIN}
    assert states()[MailState.SENT] >= MAILS - 1
    assert set(copies(postmaster)) <= {1, 2}
    assert deaths >= 5


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("claimed", 1), ("connected", 1), ("envelope", 1), ("marked", 1), ("answered", 2), ("finished", 1)],
)
def test_a_death_at_each_step_costs_at_most_a_second_copy(nursery, postmaster, moment, expected):
    postmaster.trouble = lambda: None
    put(1)
    dying = nursery.start("mail", dies=moment)
    wait_until(lambda: not is_alive(dying))

    heir = nursery.start("mail")
    wait_until(lambda: open_mails() == 0)
    kill(heir)

    assert copies(postmaster) == [expected]
    assert states() == {MailState.SENT: 1}


def test_two_workers_at_once_send_every_mail_once(nursery, postmaster):
    postmaster.trouble = lambda: None
    put(60)

    # Nobody dies here; with a short lease a busy machine alone would make one take over from the other.
    workers = [nursery.start("mail", lease=300) for _ in range(2)]
    wait_until(lambda: open_mails() == 0)
    for worker in workers:
        kill(worker)

    assert copies(postmaster) == [1] * 60


@pytest.mark.parametrize("approvals", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_no_approval_is_half_done_when_web_and_worker_die(nursery, postmaster, approvals):
    matches = propose(approvals)

    def start():
        return nursery.start("approve", matches=list(undecided())), nursery.start("mail")

    def done():
        return approved() == approvals and open_mails() == 0

    kill_pairs_at_random(done, start, lambda: approved() + len(postmaster.taken))

    assert approved() == approvals
    assert db.session.scalar(select(func.sum(Opening.filled))) == approvals
    assert recorded() == dict.fromkeys(matches, 1)
    assert set(states()) <= {MailState.SENT, MailState.UNCERTAIN}
    assert sum(states().values()) == approvals
    assert set(copies(postmaster)) <= {1, 2}


def propose(count):
    """Propose two people for the two places of as many weekly meetings as it takes; return the matches."""
    role = make_need(minimum=1, preferred=2).roles[0]
    people = [make_volunteer(max_hours_per_week=40, max_sessions_per_week=14) for _ in range(2)]
    rows, now = [], clock.now()
    for week in range(2, 2 + count // 2):
        starts_at = (now + timedelta(weeks=week)).replace(minute=0, second=0, microsecond=0)
        meeting = NeedSession(
            id=new_id(), need_id=role.need_id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
        )
        opening = Opening(
            id=new_id(), need_id=role.need_id, role_id=role.id, session_id=meeting.id, minimum=1, capacity=2
        )
        rows += [meeting, opening]
        rows += [proposal(meeting, opening, person, now) for person in people]
    save(*rows)
    return [row.id for row in rows if isinstance(row, Match)]


def proposal(meeting, opening, person, now):
    """Return the match of one person with one place, as a run would propose it."""
    return Match(
        id=new_id(),
        opening_id=opening.id,
        session_id=meeting.id,
        volunteer_id=person.id,
        state=MatchState.PROPOSED,
        created_at=now,
        changed_at=now,
    )


def undecided():
    """Return the matches that still wait for the coordinator."""
    db.session.rollback()
    return db.session.scalars(select(Match.id).where(Match.state == MatchState.PROPOSED)).all()


def approved():
    """Return how many matches are offered."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Match.state == MatchState.OFFERED))


def recorded():
    """Return how often the history tells of the approval of each match."""
    return Counter(
        db.session.scalars(select(AuditEvent.subject_id).where(AuditEvent.verb == "match_approve"))
    )


def kill_pairs_at_random(is_done, start, progress):
    """Kill two processes that work side by side, again and again, until all is done."""
    chance = random.Random(2)  # noqa: S311 - where in a step it hits differs from run to run anyway
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < deadline, "it was never done"
        children, wanted = start(), progress() + chance.randint(0, 6 * STEPS)
        while progress() < wanted and not is_done() and time.monotonic() < deadline:
            time.sleep(GLANCE)
        for child in chance.sample(children, 2):
            time.sleep(chance.uniform(0, A_MOMENT))
            kill(child)


def wait_until(is_done):
    """Look again and again until it is done, and fail when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(GLANCE)
