"""Answers the form of a need while it is written: how many people could come, and what would bring more.

Only numbers leave this module. An institution reads them rounded (`advice_labels`), because a small number
together with a wish such as a rare language could point at one neighbour: below three it learns "one or two",
above ten "more than ten", nothing about the papers, promises or doings of people, and about steps only from
three people on. An institution nobody has verified yet learns nothing at all.
"""

from collections.abc import Mapping
from typing import Any

from volunteer_match import clock
from volunteer_match.actor import Actor
from volunteer_match.matching import advice_service
from volunteer_match.matching.advice_labels import FEW
from volunteer_match.matching.advice_service import RoleAdvice
from volunteer_match.needs import draft_queries
from volunteer_match.partners import queries as partners
from volunteer_match.partners.rules import PartnerState
from volunteer_match.placements import history_queries

IN_THE_HANDS_OF_A_PARTNER = (
    "other_time", "other_day", "without_skill", "without_language", "lower_min_age", "without_licence",
    "nearer_place", "step_free_place",
)  # fmt: skip
SEEN_BY_A_PARTNER = (
    "too_young", "skill_missing", "language_missing", "no_licence", "too_far", "not_available",
)  # fmt: skip


def advise(actor: Actor, answers: Mapping[str, Any]) -> tuple[RoleAdvice, ...] | None:
    """Return the advice for each role; None while too little is said or the actor may not know."""
    if not _may_know(actor, answers["posted_by_id"]):
        return None
    now = clock.now()
    meetings = draft_queries.meetings(answers, now)
    if not meetings:
        return None
    found = advice_service.advise(meetings, history_queries.history(now), now)
    return found if partners.coordinates(actor) else tuple(_for_a_partner(each) for each in found)


def _may_know(actor: Actor, partner_id: str) -> bool:
    if partners.coordinates(actor):
        return True
    own = {each.id: each for each in partners.own(actor.user_id)}
    return partner_id in own and own[partner_id].state == PartnerState.VERIFIED


def _for_a_partner(role: RoleAdvice) -> RoleAdvice:
    def tells_nothing_private(opener: Mapping[str, Any]) -> bool:
        enough = opener["code"] != "step_free_place" or opener["people"] >= FEW
        return enough and opener["code"] in IN_THE_HANDS_OF_A_PARTNER

    def usual(cause: Mapping[str, Any]) -> bool:
        return cause["rule"] in SEEN_BY_A_PARTNER and cause["people"] >= FEW

    return RoleAdvice(
        name=role.name,
        minimum=role.minimum,
        meetings=role.meetings,
        eligible=role.eligible,
        every_time=role.every_time,
        blocked=tuple(each for each in role.blocked if usual(each)),
        openers=tuple(each for each in role.openers if tells_nothing_private(each)),
    )
