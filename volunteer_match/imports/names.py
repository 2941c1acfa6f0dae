"""Names that stand for codes: labels of choices in every language, and things of this installation."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from volunteer_match.i18n import LOCALES
from volunteer_match.imports.target import Names
from volunteer_match.polish import fold

_YES = frozenset({"tak", "t", "yes", "y", "1", "x", "true", "prawda"})
_NO = frozenset({"nie", "n", "no", "0", "", "-", "false", "falsz"})


def of_labels(labels: Mapping[Any, object], more: Mapping[str, str] | None = None) -> Names:
    """Return the codes by their labels in every language, by themselves, and by further words."""
    pairs = [(str(code), str(code)) for code in labels]
    for locale in LOCALES:
        with force_locale(locale):
            pairs += [(str(label), str(code)) for code, label in labels.items()]
    return Names.of([*pairs, *(more or {}).items()])


def yes_or_no(cell: str) -> str | None:
    """Return `1` for yes, an empty text for no, or None when the cell says neither."""
    word = fold(cell).strip()
    if word in _YES:
        return "1"
    return "" if word in _NO else None
