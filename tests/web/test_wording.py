"""Every rule has its own words, and no capability can change those of another."""

import ast

import pytest

from volunteer_match.config import ROOT
from volunteer_match.errors import RuleBrokenError
from volunteer_match.web import wording

_RAISED = {"RuleBrokenError", "Problem"}


def _codes() -> set[str]:
    """Return the codes that sources name where they raise or return a broken rule."""
    found = set()
    for path in (ROOT / "volunteer_match").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in _RAISED and call.args:
                code = call.args[-1 if call.func.id == "RuleBrokenError" else min(1, len(call.args) - 1)]
                found |= {code.value} if isinstance(code, ast.Constant) else set()
    return found


def test_a_code_is_worded_once(app):
    with pytest.raises(ValueError, match="not_possible_now"):
        wording.add({"not_possible_now": "Inaczej."})


def test_every_rule_that_is_raised_has_words(app):
    codes = _codes()

    assert len(codes) > 50
    assert codes - wording._WORDS.keys() == set()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("address_taken", "belongs to another account"),
        ("address_known", "Look for the person"),
    ],
)
def test_two_situations_keep_their_two_sentences(app, code, words):
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert words in wording.words_for(RuleBrokenError(code))
