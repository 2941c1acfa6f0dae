"""Searching in Polish: folded words, cut so that endings do not matter."""

import re
from collections.abc import Iterable

from volunteer_match.needs.models import Need
from volunteer_match.polish import fold

_WORD = re.compile(r"[a-z0-9]+")
LONGEST = 4000
MOST_WORDS = 8


def words(text: str) -> list[str]:
    """Return the words of a text in lower case without diacritics."""
    return _WORD.findall(fold(text))


def stem(word: str) -> str:
    """Return the beginning of a word that its inflected forms share."""
    return word[: max(4, len(word) - 3)]


def stems(query: str) -> list[str]:
    """Return what to look for, at most a handful of different beginnings of words."""
    return list(dict.fromkeys(stem(word) for word in words(query)))[:MOST_WORDS]


def search_text(need: Need) -> str:
    """Return everything people may search a need by, each word after a blank."""
    texts = [need.title, need.what, need.why, need.posted_by.name, *_places(need), *_roles(need)]
    return f" {' '.join(dict.fromkeys(word for text in texts for word in words(text)))}"[:LONGEST]


def _places(need: Need) -> Iterable[str]:
    if need.organiser:
        yield need.organiser.name
    if need.venue:
        yield from (need.venue.name, need.venue.district.name)


def _roles(need: Need) -> Iterable[str]:
    for role in need.roles:
        yield role.name
        for wish in role.skills:
            yield from (wish.skill.name_pl, wish.skill.name_en, wish.skill.synonyms)
