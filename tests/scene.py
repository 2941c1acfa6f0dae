"""A small club in the middle of its week, for tests that look at many pages."""

from tests import factories
from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.matching.models import Pair
from volunteer_match.matching.rules import PairKind
from volunteer_match.needs.rules import Contact, NeedState
from volunteer_match.partners.models import Partner
from volunteer_match.people.models import Volunteer

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
    factories.make_need(partner, weeks=3, **reading)
    factories.make_need(partner, title="Sprzątanie po balu", state=NeedState.DRAFT)
    factories.make_need(partner, title="Malowanie płotu", state=NeedState.SUBMITTED)
    _keep_apart(oleh, partner)
    staff = {role: factories.make_user(role, name=f"Marta Zielińska ({role})").id for role in STAFF}
    return {**staff, Role.PARTNER: partner.members[0].user_id, Role.VOLUNTEER: volunteer.user_id}


def _keep_apart(volunteer: Volunteer, partner: Partner) -> None:
    never = Pair(
        kind=PairKind.NEVER,
        volunteer_id=volunteer.id,
        partner_id=partner.id,
        reason="wish",
        set_at=clock.now(),
    )
    factories.save(never)
