"""Small random problems where every rule has a chance to matter."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.matching.core.documents import at, document, role, session, volunteer

MOST_PEOPLE = 3


def often(value, *others):
    return st.sampled_from([value, value, *others])


def without_none(given):
    return {key: value for key, value in given.items() if value is not None}


@st.composite
def sessions(draw, name):
    starts = draw(st.integers(8, 12))
    children = draw(st.sampled_from([None, 10]))
    more = {
        "children": children,
        "min_cleared_adults": draw(st.sampled_from([0, 1, 2])) if children else None,
        "staff_cleared_adults": draw(often(None, 1)),
        "priority": draw(often(None, 2)),
        "partner": draw(st.sampled_from(["p1", "p2"])),
        "newcomers_alone": draw(often(None, True)),
        "remote": draw(often(None, None, True)),
        "rotating": draw(often(None, True)),
    }
    return session(name, starts, starts + draw(st.sampled_from([1, 1.5, 2])), **without_none(more))


@st.composite
def roles(draw, name, of):
    least = draw(st.integers(0, 2))
    more = {
        "required_skills": draw(often(None, {"painting": 2})),
        "min_age": draw(often(None, 18)),
        "languages": draw(often(None, None, ["uk"])),
    }
    return role(name, of, least, least + draw(st.integers(0, 1)), **without_none(more))


@st.composite
def requests(draw, name, of):
    least = draw(st.integers(0, 1))
    return role(
        name, of, least, 1, resource=True, required_skills={"chairs": draw(st.sampled_from([10, 20]))}
    )


@st.composite
def things(draw, name):
    more = {
        "skills": draw(often({"chairs": 20}, {"chairs": 10}, {"projector": 1})),
        "available": draw(often(None, [[at(8), at(12)]])),
        "newcomer": draw(often(None, True)),
    }
    return {"id": name, "resource": True, **without_none(more)}


@st.composite
def volunteers(draw, name):
    more = {
        "age": draw(often(30, 16)),
        "cleared_until": draw(often("2027-06-30", None, "2026-11-27")),
        "cleared_for": draw(often(None, {"p2": "2026-12-31"})),
        "skills": draw(st.sampled_from([{"painting": 3}, {"painting": 2}, {"painting": 1}, {}])),
        "languages": draw(often(["pl", "uk"], ["pl"])),
        "available": draw(often(None, [[at(8), at(12)]], [[at(7), at(10)], [at(10), at(15)]])),
        "busy": draw(often(None, None, [[at(9), at(10)]])),
        "max_hours_per_week": draw(often(None, 2, 3)),
        "max_sessions_per_week": draw(often(None, 1, 2)),
        "max_new": draw(often(None, None, 0, 1)),
        "used": draw(often(None, [["2026-11-23", 1, 1]])),
        "newcomer": draw(often(None, True)),
        "recent_sessions": draw(st.integers(0, 3)),
    }
    given = volunteer(name, **without_none(more))
    return given if more["cleared_until"] else {k: v for k, v in given.items() if k != "cleared_until"}


@st.composite
def problems(draw):
    """Draw a document with up to three sessions, four roles and three people."""
    meetings = [draw(sessions(f"s{n}")) for n in range(draw(st.integers(1, 3)))]
    places = [draw(roles(f"r{n}", meetings[n % len(meetings)]["id"])) for n in range(draw(st.integers(1, 4)))]
    people = [draw(volunteers(f"v{n}")) for n in range(draw(st.integers(1, MOST_PEOPLE)))]
    if draw(often(False, False, True)):
        places = [*places[:3], draw(requests("r9", meetings[-1]["id"]))]
        people = [*people[:2], draw(things("v9"))]
    return document(meetings, places, people, **draw(extras(places, people)))


acquaintance = st.sampled_from([(0,), (1,), (2, False), (5,), (5, False)])


@st.composite
def extras(draw, places, people):
    names = [(place["id"], person["id"]) for place in places for person in people]
    points = st.integers(-20, 200)
    given = {
        "travel_buffer_minutes": draw(st.sampled_from([0, 30, 60])),
        "availability_buffer_minutes": draw(st.sampled_from([0, 30])),
        "weights": {"spread_load": draw(st.sampled_from([0, 1, 4]))},
        "partner_deficit": draw(often({}, {"p1": 0.35})),
        "fixed": [list(each) for each in draw(often([], [draw(st.sampled_from(names))]))],
        "pairs": [[*each, {"quality": draw(points)}] for each in names],
        "forbidden": draw(often([], [["v0", "p2"]])),
        "familiar": [[each["id"], "n1", *draw(acquaintance)] for each in people],
    }
    if draw(st.booleans()):
        given["pairs"] = given["pairs"][::2]
    if {"v0", "v1"} <= {person["id"] for person in people}:
        given["together"] = draw(often([], [["v0", "v1"]]))
    return given
