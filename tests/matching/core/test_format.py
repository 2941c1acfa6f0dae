"""The JSON format: what it reads, what it refuses and how clearly it says so."""

import json

import pytest

from tests.matching.core.documents import at, document, problem, role, session, volunteer
from volunteer_match.matching.core.api import solve
from volunteer_match.matching.core.format import plan_to_json, problem_from_json, problem_to_json
from volunteer_match.matching.core.reader import FormatError


def faults(doc):
    with pytest.raises(FormatError) as caught:
        problem_from_json(doc)
    return {(each.path, each.code) for each in caught.value.errors}


def changed(**more):
    return document() | more


FULL = document(
    [session(organiser="o1", week="2026-W48", children=8, priority=2, place=[50.57, 22.05], step_free=True)],
    [role(preferred=3, required_skills={"painting": 1}, wanted_skills={"guitar": 2.0}, languages=["pl"])],
    [
        volunteer("v1", born="2008-12-01", cleared_for={"o1": "2026-12-31"}, available=[[at(8), at(13)]]),
        volunteer("v2", used=[["2026-11-28", 1.5, 1]], busy=[[at(6), at(7)]], withheld=["paused"]),
    ],
    familiar=[["v1", "n1", 4], ["v2", "n1", 1, False]],
    interested=[["v1", "p1"]],
    forbidden=[["v1", "p2"], ["v2", "n1", "declined"]],
    together=[["v1", "v2"]],
    fixed=[["r1", "v1"]],
    offered=[["r1", "v2"]],
    pairs=[["r1", "v1", {"hours": 2.5, "quality": 7}]],
    partner_deficit={"p1": 0.5},
    travel_buffer_minutes=30,
    weights={"spread_load": 4},
)


def test_what_is_written_reads_back_equal():
    read = problem_from_json(json.dumps(FULL))
    assert problem_from_json(json.dumps(problem_to_json(read))) == read


def test_text_and_parsed_documents_read_the_same():
    assert problem_from_json(json.dumps(FULL).encode()) == problem_from_json(FULL)


def test_children_ask_for_two_cleared_adults_unless_said_otherwise():
    assert problem([session(children=5)]).sessions[0].min_cleared_adults == 2


def test_availability_keeps_the_travel_buffer_unless_said_otherwise():
    assert problem(travel_buffer_minutes=30).availability_buffer_minutes == 30


def test_a_date_stands_for_the_monday_of_its_week():
    read = problem(volunteers=[volunteer(used=[["2026-11-28", 1, 1]])])
    assert read.volunteers[0].used[0].week == "2026-11-23"


def test_times_are_turned_into_utc():
    read = problem([session() | {"starts": "2026-11-28T10:00:00+01:00"}])
    assert problem_to_json(read)["sessions"][0]["starts"] == "2026-11-28T09:00:00Z"


@pytest.mark.parametrize(
    ("doc", "path", "code"),
    [
        (changed(version=2), "$.version", "version"),
        (changed(now=None), "$.now", "missing"),
        (changed(now="2026-11-22T10:00:00"), "$.now", "naive_time"),
        (changed(now="yesterday"), "$.now", "bad_time"),
        (changed(now="0001-01-01T00:00:00+14:00"), "$.now", "bad_time"),
        (changed(extra=1), "$.extra", "unknown_key"),
        (changed(seed=1.5), "$.seed", "wrong_type"),
        (changed(seed=True), "$.seed", "wrong_type"),
        (changed(sessions={}), "$.sessions", "wrong_type"),
        (document([session(starts=11, ends=9)]), "$.sessions[0].ends", "ends_before_starts"),
        (document([session(children=-1)]), "$.sessions[0].children", "out_of_range"),
        (document([session(place=[91, 0])]), "$.sessions[0].place[0]", "out_of_range"),
        (document([session(place=[1])]), "$.sessions[0].place", "wrong_length"),
        (document([session(), session()]), "$.sessions[1].id", "duplicate"),
        (document(roles=[role(of="s9")]), "$.roles[0].session", "unknown_id"),
        (document(roles=[role(least=-1)]), "$.roles[0].min", "out_of_range"),
        (document(roles=[role(least=3, preferred=2)]), "$.roles[0].preferred", "below_minimum"),
        (document(roles=[role(required_skills={"a": "x"})]), "$.roles[0].required_skills.a", "wrong_type"),
        (document(volunteers=[volunteer(name="")]), "$.volunteers[0].id", "empty"),
        (document(volunteers=[volunteer(name="a\x00")]), "$.volunteers[0].id", "bad_character"),
        (document(volunteers=[volunteer(name="\ud800")]), "$.volunteers[0].id", "bad_character"),
        (
            document(volunteers=[volunteer(cleared_until="30.06.2027")]),
            "$.volunteers[0].cleared_until",
            "bad_date",
        ),
        (document(volunteers=[volunteer(radius_km=float("nan"))]), "$.volunteers[0].radius_km", "not_finite"),
        (
            document(volunteers=[volunteer(available=[[at(9), at(9)]])]),
            "$.volunteers[0].available[0][1]",
            "ends_before_starts",
        ),
        (changed(fixed=[["r1", "v9"]]), "$.fixed[0][1]", "unknown_id"),
        (changed(fixed=[["r1", "v1"], ["r1", "v1"]]), "$.fixed[1]", "duplicate"),
        (changed(together=[["v1"]]), "$.together[0]", "wrong_length"),
        (changed(together=[["v1", "v1"]]), "$.together[0]", "same_person"),
        (changed(weights={"luck": 1}), "$.weights.luck", "unknown_key"),
    ],
)
def test_a_fault_is_named_with_its_place(doc, path, code):
    assert (path, code) in faults(doc)


def test_all_faults_are_listed_at_once():
    doc = document([session(children=-1)], [role(of="s9")], [volunteer(age="old")], extra=1)
    assert {code for _, code in faults(doc)} == {"out_of_range", "unknown_id", "wrong_type", "unknown_key"}


def test_a_message_is_one_sentence_for_a_person():
    with pytest.raises(FormatError, match=r"^\$\.roles\[0\]\.session names session s9, which is not in"):
        problem_from_json(document(roles=[role(of="s9")]))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 1, "version": 1}', "[" * 100_000])
def test_what_is_no_document_is_refused(text):
    with pytest.raises(FormatError):
        problem_from_json(text)


def test_a_plan_is_plain_json():
    written = plan_to_json(solve(problem()))
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    assert [level["name"] for level in written["levels"]] == ["coverage", "places", "extras", "quality"]
