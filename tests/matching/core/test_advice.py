"""What a need being written is told, against the plain rules tried one change at a time."""

from copy import deepcopy
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from tests.matching.core.checker import World, when
from tests.matching.core.documents import at, document, problem, role, session, volunteer
from tests.matching.core.strategies import problems
from tests.matching.core.test_optimum import EXAMPLES
from volunteer_match.matching.core.advice import DAYS, STEPS_MINUTES
from volunteer_match.matching.core.api import advise
from volunteer_match.matching.core.format import problem_from_json

WARSAW = ZoneInfo("Europe/Warsaw")


def advised(doc, of="s0", **more):
    """Ask about one session of a document as if it were not there yet."""
    whole = problem_from_json(doc)
    meeting = next(each for each in whole.sessions if each.id == of)
    places = [each for each in whole.roles if each.session == of]
    return advise(problem_from_json(without(doc, of)), meeting, places, **more)


def without(doc, of):
    rest = deepcopy(doc)
    gone = {each["id"] for each in rest["roles"] if each["session"] == of}
    rest["sessions"] = [each for each in rest["sessions"] if each["id"] != of]
    rest["roles"] = [each for each in rest["roles"] if each["id"] not in gone]
    for name in ("fixed", "pairs"):
        rest[name] = [each for each in rest.get(name, []) if each[0] not in gone]
    return rest


def plain_doc(doc):
    """The document with the first session unstaffed: a need being written has nobody yet."""
    return without(doc, "s0") | {"sessions": doc["sessions"], "roles": doc["roles"]}


def people_for(doc, place):
    world = World(doc)
    return {
        who for who in world.people if world.eligible(place, who) and not world.broken_caps([(place, who)])
    }


def changed(doc, name, **more):
    told = deepcopy(doc)
    for each in (*told["sessions"], *told["roles"]):
        if each["id"] == name:
            each.update(more)
    return told


def moved(doc, **by):
    meeting = next(each for each in doc["sessions"] if each["id"] == "s0")
    times = {name: (when(meeting[name]) + timedelta(**by)).isoformat() for name in ("starts", "ends")}
    return changed(doc, "s0", **times)


@given(problems())
@settings(EXAMPLES, max_examples=80)
def test_those_who_could_come_are_counted_as_the_rules_say(doc):
    doc = plain_doc(doc)
    for told in advised(doc):
        assert told.eligible == len(people_for(doc, told.role))


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_every_other_time_opens_as_many_as_the_rules_say(doc):
    doc = plain_doc(doc)
    tried = [("other_time", "minutes", n) for n in STEPS_MINUTES] + [("other_day", "days", n) for n in DAYS]
    for told in advised(doc):
        now = people_for(doc, told.role)
        found = {
            (e.code, e.facts.get("minutes", e.facts.get("days"))): e.facts["people"] for e in told.openers
        }
        for code, unit, by in tried:
            more = people_for(moved(doc, **{unit: by}), told.role) - now
            assert found.get((code, by), 0) == len(more)


@given(problems())
@settings(EXAMPLES, max_examples=60)
def test_every_wish_less_opens_as_many_as_the_rules_say(doc):
    doc = plain_doc(doc)
    for told in advised(doc):
        now = people_for(doc, told.role)
        found = {each.code: each.facts["people"] for each in told.openers}
        for code, less in (
            ("without_skill", {"required_skills": {}}),
            ("without_language", {"languages": []}),
            ("lower_min_age", {"min_age": 0}),
        ):
            assert found.get(code, 0) == len(people_for(changed(doc, told.role, **less), told.role) - now)


def draft(*, meeting=None, place=None, **more):
    given = document([meeting or session("s0")], [place or role("r1", "s0")], **more)
    (told,) = advised(given)
    return told


def test_half_an_hour_later_opens_a_place():
    told = draft(volunteers=[volunteer(available=[[at(9.5), at(11.5)]])])
    assert told.eligible == 0
    assert [(each.code, each.facts["minutes"]) for each in told.openers] == [("other_time", 30)]


def test_another_day_keeps_the_hours_of_the_clock():
    # On 25 October 2026 the clocks go back: 10:00 in Warsaw is 8:00 UTC on Saturday and 9:00 on Sunday.
    free = [["2026-10-25T09:00:00Z", "2026-10-25T11:00:00Z"]]
    meeting = session("s0") | {"starts": "2026-10-24T08:00:00Z", "ends": "2026-10-24T10:00:00Z"}
    given = document([meeting], [role("r1", "s0")], [volunteer(available=free)], now="2026-10-01T08:00:00Z")
    (told,) = advised(given, zone=WARSAW)
    assert [(each.code, each.facts["days"]) for each in told.openers] == [("other_day", 1)]


def test_another_day_counts_to_the_caps_of_its_own_week():
    # The draft is on Saturday; three days later another week begins, with nothing used in it.
    crowd = [volunteer(max_sessions_per_week=1, used=[["2026-11-23", 2, 1]])]
    told = draft(meeting=session("s0", week="2026-11-23"), volunteers=crowd)
    assert {each.facts["days"] for each in told.openers if each.code == "other_day"} == {2, 3}


def test_times_already_past_are_not_advised():
    told = draft(now=at(8.75), volunteers=[volunteer(available=[[at(6), at(10)]])])
    assert told.openers == ()


def test_only_who_can_come_each_time_is_counted_for_every_time():
    week_later = {"starts": "2026-12-05T09:00:00Z", "ends": "2026-12-05T11:00:00Z"}
    free = [[at(8), at(12)]]
    given = document([session("s0")], [role("r1", "s0")], [volunteer("v1"), volunteer("v2", available=free)])
    again = problem([session("s9") | week_later], [], []).sessions
    (told,) = advised(given, repeats=again)
    assert (told.eligible, told.every_time) == (2, 1)


def test_what_keeps_people_away_is_counted():
    told = draft(volunteers=[volunteer("v1", withheld=["paused"]), volunteer("v2", withheld=["paused"])])
    assert [each.facts for each in told.blocked] == [{"rule": "withheld", "people": 2}]


def test_people_who_are_busy_elsewhere_are_not_counted():
    given = document(
        [session("s0"), session("s1")], [role("r0", "s0"), role("r1", "s1")], fixed=[["r1", "v1"]]
    )
    (told,) = advised(given)
    assert told.eligible == 0


def test_a_session_of_the_problem_is_refused():
    given = problem()
    with pytest.raises(ValueError, match="s1"):
        advise(given, given.sessions[0], given.roles)
