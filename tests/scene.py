"""A small club in the middle of its week, for tests that look at many pages."""

from typing import Any

from tests import factories
from tests.lending.builders import COORDINATOR, make_asking_need, make_loan, make_offer
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.db import transaction
from volunteer_match.i18n import today
from volunteer_match.lending import service as lending
from volunteer_match.matching import figures
from volunteer_match.matching import service as matching
from volunteer_match.matching.core import api
from volunteer_match.matching.core.format import plan_to_json
from volunteer_match.matching.core.instance import build
from volunteer_match.matching.models import MatchRun, Pair
from volunteer_match.matching.rules import PairKind, RunKind, horizon
from volunteer_match.matching.service import Solved
from volunteer_match.needs.models import Need
from volunteer_match.needs.rules import Contact, NeedState
from volunteer_match.partners.models import Partner
from volunteer_match.people.models import Volunteer
from volunteer_match.placements import history_queries
from volunteer_match.placements.models import Mend

STAFF = (Role.COORDINATOR, Role.OFFICER, Role.ADMINISTRATOR)


def make_scene() -> dict[Role, str]:
    """Save partners, needs in several states and volunteers; return the account of somebody of each role."""
    partner = factories.make_partner(name="Świetlica Pod Lipą")
    volunteer = factories.make_volunteer(
        name="Halina Wójcicka", skills=["crafts", "cooking"], cleared_for=partner
    )
    oleh = factories.make_volunteer(
        name="Oleh Marczenko", email=None, skills=["football"], languages=("pl", "uk")
    )
    reading = {"title": "Czytanie w piątki", "required_skills": ["crafts"], "contact": Contact.CHILDREN}
    readings = factories.make_need(partner, weeks=3, **reading)
    _mended(readings, volunteer, oleh)
    factories.make_need(partner, title="Sprzątanie po balu", state=NeedState.DRAFT)
    factories.make_need(partner, title="Malowanie płotu", state=NeedState.SUBMITTED)
    _keep_apart(oleh, partner)
    _lend(partner)
    run = make_run()
    make_run(kind=RunKind.TRIAL, steps={"distance": 4}, based_on_id=run.id)
    make_run(kind=RunKind.REPLAY, based_on_id=run.id)
    make_run_at_work()
    staff = {role: factories.make_user(role, name=f"Marta Zielińska ({role})").id for role in STAFF}
    return {**staff, Role.PARTNER: partner.members[0].user_id, Role.VOLUNTEER: volunteer.user_id}


def _mended(need: Need, *people: Volunteer) -> None:
    """Save that a gap was filled by an exchange, and one for which nobody was found."""
    first, second = (meeting.openings[0].id for meeting in need.sessions[:2])
    moves = [
        {"volunteer": people[0].id, "left": second, "joined": first, "why": "moves"},
        {"volunteer": people[1].id, "left": None, "joined": second, "why": "fills"},
    ]
    now = clock.now()
    worth = {"before": [2.0, 2.0, 0.0, 340.0], "after": [3.0, 3.0, 0.0, 296.0]}
    done = Mend(cause="freed", openings=[first], asked_at=now, done_at=now, moves=moves, **worth)
    factories.save(done, Mend(cause="asked", openings=[second], asked_at=now, done_at=now))


def _lend(partner: Partner) -> None:
    asking = make_asking_need(partner=partner, title="Kino pod chmurką")
    offer = make_offer(partner, venue_id=partner.venues[0].id, description="z ekranem")
    loan = make_loan(asking, offer)
    with transaction():
        lending.ask(COORDINATOR, loan.id)
    make_loan(make_asking_need("chairs", title="Dzień sąsiada"), make_offer(kind="chairs"))


def _keep_apart(volunteer: Volunteer, partner: Partner) -> None:
    never = Pair(
        kind=PairKind.NEVER,
        volunteer_id=volunteer.id,
        partner_id=partner.id,
        reason="wish_person",
        set_at=clock.now(),
    )
    factories.save(never)


def make_run(weeks: int = 4, **fields: Any) -> MatchRun:
    """Save a finished run over everything there is, solved in this process."""
    first_day, last_day = horizon(today(), weeks)
    run = MatchRun(created_at=clock.now(), first_day=first_day, last_day=last_day, state="running", **fields)
    factories.save(run)
    problem = matching.gather(run, history_queries.history(clock.now()))
    plan = plan_to_json(api.solve(problem, time_limit_s=5))
    with transaction():
        matching.finish(run, Solved(problem, plan, (), figures.of(build(problem), plan)))
    return run


def make_run_at_work(**fields: Any) -> MatchRun:
    """Save a run that a worker is busy with."""
    first_day, last_day = horizon(today(), 8)
    told = {"stage": "cover", "seconds": 3.2, "values": [3, 3, 0, 336], "bounds": [3, 3, 0, 400]}
    run = MatchRun(
        **{"state": "running", "started_at": clock.now(), "progress": told, **fields},
        created_at=clock.now(),
        first_day=first_day,
        last_day=last_day,
    )
    factories.save(run)
    return run
