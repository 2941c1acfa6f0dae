"""Words for broken rules; each capability adds the codes it raises."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from volunteer_match.errors import RuleBrokenError

_WORDS: dict[str, object] = {
    "changed_meanwhile": _l("Somebody changed this a moment ago. Look at it again and repeat."),
    "reason_missing": _l("Write the reason: whoever it concerns will read it."),
    "not_possible_now": _l("This is not possible in the present state."),
}


def add(words: Mapping[str, object]) -> None:
    """Add lazy texts by rule code; `%(name)s` takes the facts of the error. A code has one text."""
    twice = sorted(code for code in words if code in _WORDS and _WORDS[code] is not words[code])
    if twice:
        raise ValueError(f"worded already: {', '.join(twice)}")
    _WORDS.update(words)


def words_for(error: RuleBrokenError) -> str:
    """Return the sentence that tells a person which rule stands in the way."""
    text = str(_WORDS.get(error.code, _WORDS["not_possible_now"]))
    return text % error.facts if error.facts and "%(" in text else text
