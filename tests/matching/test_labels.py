"""Every code of the core has words, in both languages."""

import re

import pytest

from volunteer_match.config import ROOT
from volunteer_match.i18n import force_locale
from volunteer_match.matching import labels, own_labels
from volunteer_match.matching.core.eligible import BIT
from volunteer_match.matching.core.openers import RELAXED
from volunteer_match.matching.core.types import LEVELS

CORE = ROOT / "volunteer_match" / "matching" / "core"


def _codes(module, call):
    """The codes a module of the core makes reasons or components of."""
    return set(re.findall(rf"{call}\(\s*\"([a-z_]+)\"", (CORE / module).read_text(encoding="utf-8")))


def test_every_component_is_worded():
    assert (_codes("score.py", "Component") | _codes("api.py", "Component")) - set(labels.COMPONENTS) == set()


def test_every_blocker_is_worded():
    special = {"withheld", "forbidden", "skill_missing"}

    assert (set(BIT) | _codes("blockers.py", "Reason")) - set(labels.BLOCKERS) - special == set()


def test_every_rule_is_worded_for_the_person_concerned():
    special = {"wrong_kind"}

    assert set(BIT) - set(own_labels.BLOCKERS) - special == set()


def test_every_settled_pair_is_worded_for_the_person_concerned():
    assert set(labels.FORBIDDEN) - set(own_labels.FORBIDDEN) == {"conflict", "kept_apart"}


def test_everything_that_may_speak_for_others_is_worded():
    special = {"wanted_skills", "distance", "load"}

    assert _codes("outlook.py", "Reason") == special | set(own_labels.BEHIND)


def test_every_page_to_mend_something_is_worded():
    assert set(own_labels.MENDED_AT.values()) <= set(own_labels.MENDING)


def test_every_rule_is_worded_in_short():
    assert set(BIT) - set(labels._RULES_SHORT) == set()


def test_every_opener_is_worded():
    assert set(RELAXED.values()) - set(labels.OPENERS) == set()


def test_every_level_is_worded():
    assert set(LEVELS) == set(labels.LEVELS)


def test_every_other_reason_is_worded():
    codes = _codes("explain.py", "Reason") | _codes("draft.py", "Reason")

    assert codes - set(labels.BLOCKERS) - {"candidates", "blocked"} == set()


SENTENCES = [
    (labels.component, {"code": "distance", "points": 3, "km": 0.4}, "Mieszka blisko: mniej niż 1 km"),
    (labels.component, {"code": "distance", "points": 3, "km": 2.25}, "Mieszka blisko: 2,2 km"),
    (
        labels.component,
        {"code": "distance", "points": 3, "km": None},
        "Odległość nieznana, liczona jako średnia",
    ),
    (labels.component, {"code": "continuity", "points": 3, "times": 2}, "Zna już tę grupę: pomoc 2 razy"),
    (labels.component, {"code": "waiting", "points": 3, "days": 5}, "Czeka na zaproszenie: 5 dni"),
    (
        labels.blocker,
        {"code": "too_far", "km": 12.3, "radius_km": 5.0},
        "Za daleko: 12 km, granica to 5 km",
    ),
    (
        labels.blocker,
        {"code": "clearance_expires", "until": "2026-11-28", "needed": "2026-12-01"},
        "Dokumenty do pracy z dziećmi są ważne tylko do sob. 28 listopada",
    ),
    (
        labels.blocker,
        {"code": "language_missing", "language": "uk"},
        "Nie prowadzi zajęć w języku: ukraiński",
    ),
    (labels.blocker, {"code": "busy", "role": "r1"}, "Pomaga wtedy gdzie indziej"),
    (
        labels.opener,
        {"code": "other_time", "minutes": -120, "people": 3},
        "2 godziny wcześniej: mogą przyjść 3 osoby",
    ),
    (labels.opener, {"code": "lower_min_age", "people": 1}, "niższy wiek: może przyjść 1 osoba"),
    (labels.why_empty, {"code": "blocked", "rule": "not_available", "people": 4}, "4 × nie ma wtedy czasu"),
    (labels.why_empty, {"code": "candidates", "eligible": 0}, "0 osób w ogóle mogłoby przyjść"),
]


@pytest.mark.parametrize(("word", "reason", "sentence"), SENTENCES)
def test_reasons_are_good_polish(app, word, reason, sentence):
    with app.app_context(), force_locale("pl"):
        assert word(reason) == sentence


def test_a_skill_is_called_by_its_name(app):
    names = labels.Names(skills={"chess": "szachy"})
    reason = {"code": "skill_missing", "skill": "chess", "level": 1, "has": 0}

    with app.app_context(), force_locale("pl"):
        assert labels.blocker(reason, names) == "Brak umiejętności: szachy"


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("quality", "12 points of fit"),
        ("coverage", "fewer sessions could take place, or less important ones"),
        ("places", "12 places more stay empty"),
    ],
)
def test_a_loss_is_worded(app, level, words):
    with app.app_context(), force_locale("en"):
        assert labels.loss(level, 12.0) == words


@pytest.mark.parametrize(
    ("regret", "words"),
    [
        ({"losses": {}, "exact": True}, "nothing, both choices are equally good"),
        ({"losses": {"quality": 1}, "exact": True}, "1 point of fit"),
        ({"losses": {"quality": 12}, "exact": False}, "at most 12 points of fit"),
        ({"losses": {"places": 1, "quality": -30}, "exact": True}, "1 place more stays empty"),
    ],
)
def test_the_price_of_an_exchange_is_worded(app, regret, words):
    with app.app_context(), force_locale("en"):
        assert labels.cost(regret) == words
