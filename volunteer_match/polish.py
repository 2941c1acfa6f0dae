"""Polish letters: sorting as a dictionary does, and folding for search."""

import unicodedata

_POLISH_ORDER = {c: i for i, c in enumerate("aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż")}


def sort_key(text: str) -> tuple[int, ...]:
    """Return a key that sorts as a Polish dictionary does."""
    return tuple(_POLISH_ORDER.get(c, 100 + ord(c)) for c in text.lower())


def fold(text: str) -> str:
    """Return the text in lower case without diacritics, for searching."""
    plain = text.lower().replace("ł", "l")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
