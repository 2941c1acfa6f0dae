"""Eight real processes approve and answer for the same places at once; nothing may be taken twice.

`CONTEST_ROUNDS=200 pytest tests/concurrency` is the long contest; it takes some minutes on each database.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import func, insert, select

from tests.days import today
from tests.factories import make_need, make_volunteer
from tests.placements.builders import apply, make_match, opening_of, volunteer_actor
from volunteer_match import clock
from volunteer_match.config import ROOT
from volunteer_match.db import db, new_id, transaction
from volunteer_match.needs.models import NeedSession, Opening
from volunteer_match.placements.models import Match, VolunteerSlot
from volunteer_match.placements.rules import OCCUPYING, MatchEvent, MatchState

PROCESSES = 8
VOLUNTEERS = 4
PLACES = 2
QUARTERS = 8
CLEAR = {
    "ConflictError:place_taken:True",
    "ConflictError:already_busy:True",
    "RuleBrokenError:illegal_transition:True",
}


ROUNDS = int(os.environ.get("CONTEST_ROUNDS", "10"))


def test_nothing_is_taken_twice(database, app, tmp_path):
    plan = _prepare(ROUNDS)
    outcomes = _compete(plan, app, tmp_path)

    db.session.rollback()
    assert _overfilled() == []
    assert _double_booked() == []
    assert _miscounted() == []
    assert set(outcomes) - CLEAR == {"won"}
    assert sum(outcomes.values()) == ROUNDS * PROCESSES * 2
    # Each round has four people for four places at one time: everybody finds one, nobody two.
    assert _confirmed() == ROUNDS * VOLUNTEERS


def test_filling_a_gap_and_deciding_about_its_people_at_once_leaves_one_of_both(database, app, tmp_path):
    """Two workers fill the same gap by an exchange while two coordinators approve the person it moves."""
    day = {"day": today() + timedelta(days=9), "minimum": 1, "preferred": 1}
    painting, games = make_need(required_skills=["painting"], **day), make_need(**day)
    painter = make_volunteer(skills=["painting"])
    make_volunteer()
    gone = make_match(painting, make_volunteer(skills=["painting"]), state=MatchState.OFFERED)
    moving = make_match(games, painter)
    apply(volunteer_actor(gone), gone, MatchEvent.DECLINE)
    places = {opening_of(painting).id, moving.opening_id}
    acts = [[[("mend", "", "")]], [[("approve", moving.id, "")]]] * 2

    _let_act(acts, app, tmp_path)

    db.session.rollback()
    query = select(Match.opening_id, Match.volunteer_id, Match.state).where(Match.opening_id.in_(places))
    states = {(opening, who): state for opening, who, state in db.session.execute(query)}
    approved = states[moving.opening_id, painter.id] == MatchState.OFFERED
    exchanged = states.get((opening_of(painting).id, painter.id)) == MatchState.PROPOSED
    assert approved != exchanged
    assert _double_booked() == _overfilled() == _miscounted() == []


def _prepare(rounds):
    """Two activities at the same hours every week, the same four people proposed for both of them."""
    needs = [make_need(minimum=1, preferred=PLACES) for _ in range(2)]
    people = [make_volunteer(max_hours_per_week=40, max_sessions_per_week=14) for _ in range(VOLUNTEERS)]
    plan, rows = [], {NeedSession: [], Opening: [], Match: []}
    for number in range(rounds):
        starts_at = (clock.now() + timedelta(weeks=number + 2)).replace(minute=0, second=0, microsecond=0)
        plan.append(
            [_pair(rows, need, person, starts_at, i) for i, need in enumerate(needs) for person in people]
        )
    with transaction() as session:
        for model, values in rows.items():
            session.execute(insert(model), values)
    return plan


def _pair(rows, need, person, starts_at, kind):
    opening_id = f"o{kind}-{starts_at:%Y%m%d}"
    session_id = f"s{kind}-{starts_at:%Y%m%d}"
    if not any(row["id"] == opening_id for row in rows[Opening][-2:]):
        role = need.roles[0]
        rows[NeedSession].append(
            {
                "id": session_id,
                "need_id": need.id,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(hours=2),
                "version": 1,
            }
        )
        rows[Opening].append(
            {
                "id": opening_id,
                "need_id": need.id,
                "session_id": session_id,
                "role_id": role.id,
                "minimum": 1,
                "capacity": PLACES,
            }
        )
    match_id, now = new_id(), clock.now()
    rows[Match].append(
        {
            "id": match_id,
            "opening_id": opening_id,
            "session_id": session_id,
            "volunteer_id": person.id,
            "state": MatchState.PROPOSED,
            "created_at": now,
            "changed_at": now,
            "version": 1,
        }
    )
    return match_id, person.user_id


def _compete(plan, app, tmp_path):
    acts = [
        [[("approve", *pairs[number]), ("accept", *pairs[number])] for pairs in plan]
        for number in range(PROCESSES)
    ]
    return _let_act(acts, app, tmp_path)


def _let_act(acts, app, tmp_path):
    """Let every contestant do its acts, round by round, and count what came of them."""
    contestants = []
    for number, mine in enumerate(acts):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps({"settings": asdict(app.config["SETTINGS"]), "rounds": mine}))
        contestants.append(_start(path))
    try:
        _each_says(contestants, "ready")
        for _round in acts[0]:
            for contestant in contestants:
                contestant.stdin.write("go\n")
                contestant.stdin.flush()
            _each_says(contestants, "done")
        return sum((Counter(json.loads(c.stdout.readline())) for c in contestants), Counter())
    finally:
        for contestant in contestants:
            contestant.stdin.close()
            contestant.stdout.close()
            contestant.terminate()
            contestant.wait(timeout=20)


def _start(path):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.concurrency.contest", str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _each_says(contestants, word):
    assert [contestant.stdout.readline().strip() for contestant in contestants] == [word] * len(contestants)


def _overfilled():
    return db.session.scalars(select(Opening.id).where(Opening.filled > Opening.capacity)).all()


def _double_booked():
    """People who hold two places whose hours overlap, counted from the matches and not from the guard."""
    query = (
        select(Match.volunteer_id, NeedSession.starts_at)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(Match.state.in_(OCCUPYING))
        .group_by(Match.volunteer_id, NeedSession.starts_at)
        .having(func.count() > 1)
    )
    return db.session.execute(query).all()


def _miscounted():
    """Openings whose counter differs from the matches that hold places, or people with a wrong booking."""
    held = dict(
        db.session.execute(
            select(Match.opening_id, func.count())
            .where(Match.state.in_(OCCUPYING))
            .group_by(Match.opening_id)
        ).all()
    )
    openings = db.session.execute(select(Opening.id, Opening.filled)).all()
    wrong = [row.id for row in openings if row.filled != held.get(row.id, 0)]
    booked = db.session.scalar(select(func.count()).select_from(VolunteerSlot))
    return wrong + (["slots"] if booked != QUARTERS * sum(held.values()) else [])


def _confirmed():
    return db.session.scalar(
        select(func.count()).select_from(Match).where(Match.state == MatchState.CONFIRMED)
    )
