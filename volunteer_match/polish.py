"""Polish letters: sorting as a dictionary does, and folding for search."""

import unicodedata

_LETTERS = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_PLACE = {char: place for place, char in enumerate(" -'.0123456789" + _LETTERS, start=1)}
_OTHERS = 0xFF


def sort_key(text: str) -> tuple[int, ...]:
    """Return a key that sorts as a Polish dictionary does: gaps, digits, letters, everything else."""
    return tuple(_PLACE.get(char, _OTHERS) for char in text.lower())


def sort_text(text: str) -> str:
    """Return the same key as text of hexadecimal digits, which every database sorts alike."""
    return "".join(f"{place:02x}" for place in sort_key(text))


def fold(text: str) -> str:
    """Return the text in lower case without diacritics, for searching."""
    plain = text.lower().replace("ł", "l")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
